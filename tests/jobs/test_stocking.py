"""The vendor's lists are read beside each other, and the last known ones outlive the vendor."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storage
from jobs.catalogue import Catalogue, Effect
from jobs.errors import BadOption, NoEffects
from jobs.model import Guards, GuildRules
from jobs.schedule import Pace
from jobs.stocking import REFRESH_MS, RETRY_MS, Stock
from jobs.submitting import Outside
from storage import migrate
from storage.sqlite import SqliteDatabase
from storage.store import Store
from tests.cogs.scenes import MODELS
from tests.fakes import START, FakeClock, FakeCourier, FakeLibrary, FakeRenderer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SQUISH = Effect(code="squish_1", name="Squish")
CAKE = Effect(code="cake_2", name="Cakeify")


@pytest.fixture
def vendor() -> FakeRenderer:
    made = FakeRenderer()
    made.offered = MODELS
    made.effects_offered = (SQUISH, CAKE)
    return made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def outside(tmp_path: Path, vendor: FakeRenderer, clock: FakeClock) -> AsyncIterator[Outside]:
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
    store = Store(database, GuildRules(), Guards())
    try:
        yield Outside(
            store=store,
            orders=store,
            renderer=vendor,
            library=FakeLibrary(tmp_path),
            courier=FakeCourier(clock),
            clock=clock,
            random=random.Random(1),  # noqa: S311 - no secrets here
            pace=Pace(),
        )
    finally:
        await database.close()


async def refresh(stock: Stock) -> list[str]:
    """Read whatever is due, one list after the other as the engine does."""
    done: list[str] = []
    while due := await stock.claim(1):
        await stock.perform(due[0])
        done += due
    return done


async def test_both_lists_are_read_at_first_and_then_every_ten_minutes(
    outside: Outside, clock: FakeClock
) -> None:
    catalogue = Catalogue()
    stock = Stock(outside, catalogue)
    assert await refresh(stock) == ["models", "effects"]
    assert [one.name for one in catalogue.effects] == ["Squish", "Cakeify"]
    assert catalogue.effects_read_at == clock.now()
    assert await refresh(stock) == []
    clock.advance(REFRESH_MS / 1000)
    assert await refresh(stock) == ["models", "effects"]


async def test_a_vendor_that_is_down_leaves_the_last_known_lists_also_after_a_restart(
    outside: Outside, vendor: FakeRenderer, clock: FakeClock
) -> None:
    await refresh(Stock(outside, Catalogue()))
    read_at = clock.now()
    vendor.offered = vendor.effects_offered = ()
    clock.advance(1)
    catalogue = Catalogue()
    stock = Stock(outside, catalogue)
    await stock.load()
    await refresh(stock)
    assert [one.name for one in catalogue.effects] == ["Squish", "Cakeify"]
    assert catalogue.models == MODELS
    assert catalogue.effects_read_at == read_at
    assert catalogue.stale
    vendor.offered, vendor.effects_offered = MODELS, (CAKE,)
    clock.advance(RETRY_MS / 1000)
    await refresh(stock)
    assert [one.name for one in catalogue.effects] == ["Cakeify"]
    assert not catalogue.stale


def test_an_effect_is_found_by_name_or_code_whatever_the_case() -> None:
    catalogue = Catalogue()
    with pytest.raises(NoEffects):
        catalogue.effect("Squish")
    catalogue.replace_effects((SQUISH, CAKE), START)
    assert catalogue.effect(" squish ") is SQUISH
    assert catalogue.effect("CAKE_2") is CAKE
    with pytest.raises(BadOption) as caught:
        catalogue.effect("nope")
    assert caught.value.offered == ("Squish", "Cakeify")
