"""What autocomplete offers for `/effect`: names of effects, and the table's prices."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from discord.app_commands import Choice

from billing.prices import Endpoint, ListedPrice, PriceKey, price_of
from cogs import words
from cogs.escape import one_line
from cogs.offers import LONGEST, fitting
from jobs.effects import RESOLUTIONS, SECONDS

if TYPE_CHECKING:
    from discord.app_commands import Namespace

    from jobs.catalogue import Catalogue


def effects(catalogue: Catalogue, text: str) -> list[Choice[str]]:
    """Offer the effects whose name holds the text; the code serves where two share a name."""
    names = Counter(one.name for one in catalogue.effects)
    found = (
        Choice(
            name=one_line(one.name)[:LONGEST],
            value=one.name if names[one.name] == 1 else one.code,
        )
        for one in catalogue.effects
    )
    return fitting(found, text)


def resolutions(typed: Namespace, text: str) -> list[Choice[str]]:
    """Offer the resolutions with what a clip of the typed length costs by the vendor's table."""
    seconds_ = typed.seconds if typed.seconds in SECONDS else SECONDS[0]
    found = (Choice(name=_priced(one, one, seconds_), value=one) for one in RESOLUTIONS)
    return fitting(found, text)


def seconds(typed: Namespace, text: str) -> list[Choice[int]]:
    """Offer the lengths with what a clip of the typed resolution costs by the vendor's table."""
    resolution = typed.resolution if typed.resolution in RESOLUTIONS else RESOLUTIONS[0]
    found = (
        Choice(name=_priced(words.CHOICE_SECONDS(n=one), resolution, one), value=one)
        for one in SECONDS
    )
    return fitting(found, text)


def table_price(resolution: str, seconds_: int) -> int:
    """Return what a clip costs by the vendor's table, in credits; the quote may know better."""
    key = PriceKey(endpoint=Endpoint.SINGLE, model="", resolution=resolution, seconds=seconds_)
    return price_of(key, ListedPrice(), None, 0).credits


def _priced(label: str, resolution: str, seconds_: int) -> str:
    price = words.money(table_price(resolution, seconds_))
    return words.CHOICE(name=label, price=price)
