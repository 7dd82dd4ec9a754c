"""Work out what a member can spend, and which credits pay for a clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billing.periods import Period


class NotEnough(Exception):  # noqa: N818 - the name says what happened, in the words of the product
    """A price is above what the wallet can spend; both in credits."""

    def __init__(self, *, price: int, spendable: int) -> None:
        super().__init__(f"the price is {price} credits and {spendable} can be spent")
        self.price = price
        self.spendable = spendable


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A limit on what may be spent in a period without grants, in credits."""

    credits: int
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is left of credits that a moderator gave; `expires_at` in epoch ms, or never."""

    id: int
    left: int
    expires_at: int | None = None

    def alive(self, now: int) -> bool:
        """Tell whether it can still be spent."""
        return self.left > 0 and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldParts:
    """Which credits a hold is made of: the allowance's part, and each grant's in spending order."""

    allowance: int
    grants: tuple[tuple[int, int], ...] = ()

    @property
    def granted(self) -> int:
        """Credits that come from grants."""
        return sum(part for _, part in self.grants)

    @property
    def credits(self) -> int:
        """Credits in all."""
        return self.allowance + self.granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What a wallet can spend from now: the allowance still free, and its living grants."""

    allowance_left: int
    grants: tuple[Grant, ...]

    @property
    def granted(self) -> int:
        """Credits that moderators gave and that are left."""
        return sum(grant.left for grant in self.grants)

    @property
    def spendable(self) -> int:
        """Credits that an order could take now."""
        return self.allowance_left + self.granted


def best_allowance(
    allowances: Sequence[Allowance], taken: Mapping[Period, int]
) -> tuple[Allowance | None, int]:
    """Choose the allowance that leaves most now, and say how many credits it leaves.

    `taken` is what was charged or is held in the present day, week and month.
    """
    best: Allowance | None = None
    most = 0
    for allowance in allowances:
        left = max(0, allowance.credits - taken.get(allowance.period, 0))
        if best is None or (left, allowance.credits) > (most, best.credits):
            best, most = allowance, left
    return best, most


def funds(allowance_left: int, grants: Sequence[Grant], now: int) -> Funds:
    """Line up what can be spent: grants in the order in which they expire."""
    alive = [grant for grant in grants if grant.alive(now)]
    alive.sort(key=lambda grant: (grant.expires_at is None, grant.expires_at or 0, grant.id))
    return Funds(allowance_left=allowance_left, grants=tuple(alive))


def split(price: int, available: Funds) -> tuple[HoldParts, Funds]:
    """Take a price out of the funds: the allowance first, then grants; and return what remains.

    Raises NotEnough when the funds do not cover it.
    """
    if price > available.spendable:
        raise NotEnough(price=price, spendable=available.spendable)
    allowance = min(price, available.allowance_left)
    rest = price - allowance
    parts: list[tuple[int, int]] = []
    left: list[Grant] = []
    for grant in available.grants:
        part = min(rest, grant.left)
        rest -= part
        if part:
            parts.append((grant.id, part))
        left.append(Grant(id=grant.id, left=grant.left - part, expires_at=grant.expires_at))
    remaining = Funds(
        allowance_left=available.allowance_left - allowance,
        grants=tuple(grant for grant in left if grant.left),
    )
    return HoldParts(allowance=allowance, grants=tuple(parts)), remaining


def use(parts: HoldParts, charge: int) -> HoldParts:
    """Say which parts of a hold a charge uses up: the allowance's first, then grants in order.

    A charge above the hold uses all of it: a member never pays more than the quote.
    """
    allowance = min(parts.allowance, charge)
    rest = charge - allowance
    used: list[tuple[int, int]] = []
    for grant_id, part in parts.grants:
        taken = min(rest, part)
        rest -= taken
        if taken:
            used.append((grant_id, taken))
    return HoldParts(allowance=allowance, grants=tuple(used))


def unused(parts: HoldParts, used: HoldParts) -> HoldParts:
    """Return what a hold gives back once `used` of it is spent."""
    spent = dict(used.grants)
    grants = tuple((grant_id, part - spent.get(grant_id, 0)) for grant_id, part in parts.grants)
    return HoldParts(
        allowance=parts.allowance - used.allowance,
        grants=tuple((grant_id, part) for grant_id, part in grants if part),
    )
