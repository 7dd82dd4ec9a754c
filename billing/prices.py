"""Say what one clip will cost, from what such clips cost before or from the vendor's list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

LEARNED_FOR_MS: Final = 7 * 24 * 3600 * 1000
"""A real charge is trusted for seven days (DESIGN: money rules)."""

SINGLE_TABLE: Final = {
    (5, "720p"): 20,
    (5, "1080p"): 25,
    (5, "4k"): 30,
    (10, "720p"): 40,
    (10, "1080p"): 50,
    (10, "4k"): 60,
}
"""Credits per clip of the single endpoint by (seconds, resolution): AKOOL.md 5."""

SOUNDTRACK_TABLE: Final = {5: 5, 10: 10}
"""Credits for sound on a finished clip, by its seconds: AKOOL.md 5."""


class Endpoint(StrEnum):
    """Which of the vendor's paid calls makes the clip."""

    BATCH = "batch"
    SINGLE = "single"
    SOUNDTRACK = "soundtrack"


class PriceSource(StrEnum):
    """Where a price comes from."""

    CHARGED = "charged"
    LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceKey:
    """Everything the vendor's price of one clip depends on.

    `sound` is made by the vendor, a `track` is the member's own; nobody says that both cost alike.
    """

    endpoint: Endpoint
    model: str
    resolution: str
    seconds: int
    sound: bool = False
    fast: bool = False
    track: bool = False

    def __str__(self) -> str:
        """Return the form under which the price is stored."""
        sound, fast = 2 if self.track else int(self.sound), int(self.fast)
        return "|".join(
            (self.endpoint, self.model, self.resolution, str(self.seconds), str(sound), str(fast))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPrice:
    """A charge that the vendor really made: credits, when (epoch ms), and the list price then.

    `above_quote` tells that it was more than had been quoted: the next order asks first.
    """

    credits: int
    at: int
    unit_credit: str
    above_quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPrice:
    """What the vendor's list says of one price key.

    `unit_credit` is the list's figure (empty where the vendor's table rules), `multiplier` what
    sound multiplies it by.
    """

    unit_credit: str = ""
    multiplier: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Credits for one clip, and where the figure comes from."""

    credits: int
    source: PriceSource


def price_of(key: PriceKey, listed: ListedPrice, learned: LearnedPrice | None, now: int) -> Price:
    """Price one clip: the last real charge while it holds, else the vendor's list.

    A learned price is dropped after seven days, and when the model's list price has changed.
    """
    if learned is not None and _holds(learned, listed, now):
        return Price(credits=learned.credits, source=PriceSource.CHARGED)
    return Price(credits=_listed_credits(key, listed), source=PriceSource.LISTED)


def _holds(learned: LearnedPrice, listed: ListedPrice, now: int) -> bool:
    fresh = now - learned.at <= LEARNED_FOR_MS
    return learned.credits > 0 and fresh and learned.unit_credit == listed.unit_credit


def _listed_credits(key: PriceKey, listed: ListedPrice) -> int:
    if key.endpoint is Endpoint.SINGLE:
        return _from_table(SINGLE_TABLE, (key.seconds, key.resolution))
    if key.endpoint is Endpoint.SOUNDTRACK:
        return SOUNDTRACK_TABLE.get(key.seconds, max(5, key.seconds))
    return _batch_credits(key, listed)


def _batch_credits(key: PriceKey, listed: ListedPrice) -> int:
    # The unit of unit_credit is not documented; per second is the cautious reading (AKOOL.md 5).
    price = Fraction(listed.unit_credit or "0") * key.seconds
    if price <= 0:
        # A model without a price in the list is not free: the table is all that is documented.
        price = Fraction(_from_table(SINGLE_TABLE, (key.seconds, key.resolution)))
    if key.sound:
        price *= max(Fraction(listed.multiplier or "1"), Fraction(1))
    return math.ceil(price)


def _from_table(table: dict[tuple[int, str], int], at: tuple[int, str]) -> int:
    """Look a price up; what the table lacks costs as much as its dearest row."""
    return table.get(at, max(table.values()))
