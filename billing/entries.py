"""The lines of the ledger: what each event does to every counter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from billing.wallets import HoldParts, unused, use

if TYPE_CHECKING:
    from billing.periods import PeriodKeys


class EntryKind(StrEnum):
    """What happened to the credits."""

    GRANT = "grant"
    TAKE = "take"
    EXPIRE = "expire"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    HOUSE = "house"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose counters an entry moves, and the periods in which its hold was made.

    `keys` names the guild's day, week and month; `house_day` the operator's day, in UTC.
    """

    guild_id: int
    user_id: int
    keys: PeriodKeys
    house_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: a unique key, and the signed change of each counter in credits.

    `grants` the wallet's unspent grants; `held` its holds; `charged` what it paid in all;
    `allowance` the member's use of the periods; `pool` the guild's; `ceiling` the operator's;
    `house` what the vendor charged and no member pays.
    """

    key: str
    kind: EntryKind
    account: Account
    grants: int = 0
    held: int = 0
    charged: int = 0
    allowance: int = 0
    pool: int = 0
    ceiling: int = 0
    house: int = 0
    clip_id: int | None = None
    actor_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Credits set aside for one clip, with the parts they are made of."""

    clip_id: int
    account: Account
    parts: HoldParts

    @property
    def credits(self) -> int:
        """Credits held: the clip's quote."""
        return self.parts.credits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a hold ends: the ledger line, and the parts that go back to their grants."""

    entry: Entry
    returned: HoldParts = field(default_factory=lambda: HoldParts(allowance=0))


def hold_entry(hold: Hold) -> Entry:
    """Set the credits of one clip aside."""
    return Entry(
        key=f"clip:{hold.clip_id}:hold",
        kind=EntryKind.HOLD,
        account=hold.account,
        grants=-hold.parts.granted,
        held=hold.credits,
        allowance=hold.parts.allowance,
        pool=hold.credits,
        ceiling=hold.credits,
        clip_id=hold.clip_id,
    )


def settle(hold: Hold, cost: int, lapsed: frozenset[int] = frozenset()) -> Ending:
    """Charge a finished clip: the vendor's cost, at most the quote; the rest goes back.

    What the vendor charged above the quote is the house's. `lapsed` are the grants that have
    expired since: their part is not returned. A negative cost is none.
    """
    cost = max(0, cost)
    charge = min(cost, hold.credits)
    used = use(hold.parts, charge)
    returned = _living(unused(hold.parts, used), lapsed)
    entry = Entry(
        key=f"clip:{hold.clip_id}:settle",
        kind=EntryKind.SETTLE,
        account=hold.account,
        grants=returned.granted,
        held=-hold.credits,
        charged=charge,
        allowance=used.allowance - hold.parts.allowance,
        pool=charge - hold.credits,
        ceiling=cost - hold.credits,
        house=cost - charge,
        clip_id=hold.clip_id,
    )
    return Ending(entry=entry, returned=returned)


def release(hold: Hold, cost: int, reason: str, lapsed: frozenset[int] = frozenset()) -> Ending:
    """Give a hold back in full; `cost` is what the vendor charged, or may have charged, for it.

    The cost is the house's and stays counted in the operator's ceiling; a negative one is none.
    """
    cost = max(0, cost)
    returned = _living(hold.parts, lapsed)
    entry = Entry(
        key=f"clip:{hold.clip_id}:release",
        kind=EntryKind.RELEASE,
        account=hold.account,
        grants=returned.granted,
        held=-hold.credits,
        allowance=-hold.parts.allowance,
        pool=-hold.credits,
        ceiling=cost - hold.credits,
        house=cost,
        clip_id=hold.clip_id,
        reason=reason,
    )
    return Ending(entry=entry, returned=returned)


def correct_house(hold: Hold, booked: int, cost: int) -> Entry:
    """Put the house's loss right when a released clip turns up with its real cost.

    The key names both figures: a late refusal and a late clip can correct one after the other.
    """
    return Entry(
        key=f"clip:{hold.clip_id}:house:{booked}:{cost}",
        kind=EntryKind.HOUSE,
        account=hold.account,
        ceiling=cost - booked,
        house=cost - booked,
        clip_id=hold.clip_id,
        reason="the released clip turned up",
    )


def _living(parts: HoldParts, lapsed: frozenset[int]) -> HoldParts:
    kept = tuple((grant_id, part) for grant_id, part in parts.grants if grant_id not in lapsed)
    return HoldParts(allowance=parts.allowance, grants=kept)
