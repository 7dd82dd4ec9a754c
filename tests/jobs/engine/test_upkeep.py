"""What keeps the house in order: the vendor's lists are fresh, and old files go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.engine import Engine
from jobs.lapsing import Lapse
from jobs.ports import LookFailed
from jobs.quotas import Doing
from jobs.sweeping import DAY_MS, EVERY_MS, Sweep
from storage import sweeping
from tests.jobs.engine.world import MODEL

if TYPE_CHECKING:
    import pytest

    from jobs.catalogue import Model
    from tests.jobs.engine.world import Bot, World

HOUR: Final = 3600


async def test_the_list_of_models_survives_a_vendor_that_is_down(world: World, bot: Bot) -> None:
    await bot.engine.drain()
    world.vendor.offered = ()
    world.clock.advance(HOUR)
    await bot.engine.drain()
    assert bot.catalogue.models == (MODEL,)
    assert bot.catalogue.stale
    world.vendor.offered = (MODEL,)
    world.clock.advance(15)
    await bot.engine.drain()
    assert bot.catalogue.read_at == world.clock.now()


async def test_an_empty_list_takes_the_place_of_none(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept, it would have been all that the next start finds."""
    await bot.engine.drain()

    async def empty() -> tuple[Model, ...]:
        return ()

    monkeypatch.setattr(world.vendor, "models", empty)
    world.clock.advance(HOUR)
    await bot.engine.drain()
    assert bot.catalogue.models == (MODEL,)
    kept = await bot.store.load_models()
    assert kept is not None
    assert kept[0] == (MODEL,)


async def test_a_list_that_is_not_due_is_not_read(world: World, bot: Bot) -> None:
    await bot.engine.drain()
    read = world.vendor.hooks.calls.count("models:before")
    world.clock.advance(9 * 60)
    await bot.engine.drain()
    assert world.vendor.hooks.calls.count("models:before") == read == 1
    world.clock.advance(60)
    await bot.engine.drain()
    assert world.vendor.hooks.calls.count("models:before") == 2


async def test_old_files_go_half_an_hour_after_the_start_and_four_times_a_day(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = list[int]()

    async def sweep(before: int) -> int:
        swept.append(world.clock.now() - before)
        return 0

    monkeypatch.setattr(world.library, "sweep", sweep)
    engine = Engine([Sweep(bot.outside, 30, bot.store)], world.clock)
    await engine.drain()
    assert swept == []
    world.clock.advance(HOUR / 2)
    for expected in (1, 2, 3):
        await engine.drain()
        await engine.drain()
        assert swept == [30 * DAY_MS] * expected
        world.clock.advance(EVERY_MS / 1000)


async def test_offers_that_never_became_orders_go_and_the_others_stay(
    world: World, bot: Bot
) -> None:
    ordered = await world.order(bot)
    left = await world.draft(bot)
    world.clock.advance(31 * DAY_MS / 1000)
    lately = await world.draft(bot)
    sweep = Sweep(bot.outside, 30, bot.store)
    for _ in range(2):
        await sweep.perform(world.clock.now())
    assert await bot.store.draft(left.id) is None
    assert await bot.store.draft(lately.id) == lately
    assert (await bot.get(ordered)).id == ordered
    assert await bot.value("SELECT COUNT(*) FROM drafts") == 2
    assert await bot.value("SELECT COUNT(*) FROM pictures") == 1
    await world.settle(bot)


async def test_many_offers_go_a_few_at_a_time(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for _ in range(5):
        await world.draft(bot)
    world.clock.advance(31 * DAY_MS / 1000)
    await Sweep(bot.outside, 30, bot.store).perform(world.clock.now())
    assert await bot.value("SELECT COUNT(*) FROM drafts") == 0


async def test_an_engine_without_a_vendor_still_brings_what_is_done(world: World, bot: Bot) -> None:
    # Looks fail for an hour; nothing is lost by it.
    order_id = await world.order(bot)
    await bot.engine.drain()
    world.vendor.look_faults.extend([LookFailed("500", refused=False)] * 20)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]


async def test_a_grant_ends_within_a_minute_of_its_time(world: World, bot: Bot) -> None:
    engine = Engine([Lapse(bot.store, world.clock)], world.clock)
    await engine.drain()
    doing = Doing(id=5, guild_id=1, actor_id=99, user_id=7)
    end = world.clock.now() + 90_000
    await bot.store.give_credits(doing, 50, end, world.clock.now())
    for left in (50, 0):
        world.clock.advance(60)
        await engine.drain()
        assert await bot.value("SELECT grants FROM wallets") == left
    assert await bot.value("SELECT at FROM entries WHERE kind = 'expire'") == end
    await bot.check_books()
