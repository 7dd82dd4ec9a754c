"""Troubles that pass: a vendor that is down for an hour, storms of refusals, clocks that jump."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from jobs.model import Member
from jobs.ports import (
    AccountBlocked,
    FetchLater,
    InDoubt,
    LookFailed,
    MessageKind,
    NothingMade,
    PostFailed,
    PostFault,
)
from jobs.submitting import Pacer
from tests.jobs.engine.world import PRICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.engine.world import Bot, World

HOUR: Final = 3600
LATER: Final = PostFailed(PostFault.LATER, "Discord is down")


async def for_an_hour(world: World, bot: Bot) -> None:
    """Let an hour pass, a minute at a time."""
    for _ in range(60):
        await bot.engine.drain()
        world.clock.advance(60)


async def test_a_vendor_that_is_down_for_an_hour_costs_an_hour_and_nothing_else(
    world: World, bot: Bot
) -> None:
    waiting = await world.order(bot, member=Member(guild_id=1, user_id=8))
    world.vendor.answers.extend([NothingMade(note="no connection")] * 1000)
    rendering = await world.order(bot)
    world.vendor.answers.rotate(1)
    await bot.engine.drain()
    world.vendor.look_faults.extend([LookFailed("timeout", refused=False)] * 1000)
    world.vendor.fetch_faults.extend([FetchLater("reset")] * 1000)
    await for_an_hour(world, bot)
    assert 10 < len(world.vendor.requests) < 60
    for queue in (world.vendor.answers, world.vendor.look_faults, world.vendor.fetch_faults):
        queue.clear()
    await world.settle(bot)
    for order_id in (waiting, rendering):
        assert await bot.states(order_id) == ["posted"]
        assert (await bot.clip(order_id)).charged == PRICE
    assert len(world.vendor.bill) == 2
    assert await bot.house() == 0
    assert world.courier.of(MessageKind.NOTICE) == []


async def test_a_storm_of_refusals_is_met_with_rarer_and_rarer_requests(
    world: World, bot: Bot
) -> None:
    orders = [
        await world.order(bot, member=Member(guild_id=1, user_id=user)) for user in range(20, 30)
    ]
    world.vendor.answers.extend([NothingMade(note="1005")] * 5000)
    await for_an_hour(world, bot)
    assert len(world.vendor.requests) < 10 * 30
    world.vendor.answers.clear()
    await world.settle(bot)
    assert [await bot.states(order_id) for order_id in orders] == [["posted"]] * 10
    assert len(world.vendor.bill) == 10


@pytest.mark.parametrize("jump", [-HOUR, -30 * 24 * HOUR, HOUR, 24 * HOUR])
@pytest.mark.parametrize("moment", ["submit:before", "look:before", "fetch:before", "clip:before"])
async def test_a_clock_that_jumps_loses_nothing_and_pays_for_nothing_twice(
    world: World, bot: Bot, jump: int, moment: str
) -> None:
    order_id = await world.order(bot)
    jumped: list[int] = []

    async def once() -> None:
        if not jumped:
            jumped.append(jump)
            world.clock.advance(jump)

    for fake in (world.vendor, world.courier):
        fake.hooks[moment] = once
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert jumped == [jump]
    assert (clip.state.value, clip.charged) == ("posted", PRICE)
    assert len(world.vendor.requests) == len(world.courier.of(MessageKind.CLIP)) == 1


WAITS: Final[dict[str, Callable[[World], None]]] = {
    "in the line": lambda world: world.vendor.answers.append(
        NothingMade(note="busy", retry_after=30)
    ),
    "for the vendor": lambda world: None,
    "for the file": lambda world: world.vendor.fetch_faults.append(FetchLater("reset")),
    "for its card": lambda world: world.courier.post_faults.append(LATER),
    "to be posted": lambda world: world.courier.post_faults.extend((None, LATER)),
    "for an account that can pay": lambda world: world.vendor.answers.append(
        AccountBlocked(note="no credits")
    ),
}


async def for_a_while(world: World, bot: Bot, seconds: int) -> None:
    """Let time pass, half a minute at a time; the vendor finishes what it was given."""
    for _ in range(seconds // 30):
        await bot.engine.drain()
        world.vendor.finish_all()
        world.clock.advance(30)


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("waits", WAITS)
async def test_work_does_not_wait_until_a_clock_that_was_set_back_is_where_it_was(
    world: World, bot: Bot, waits: str, restarts: bool
) -> None:
    """Due times are wall time: after a jump back of a month a clip waited for a month."""
    WAITS[waits](world)
    order_id = await world.order(bot)
    for _ in range(3):
        await bot.engine.drain()
        if waits != "for the vendor":
            world.vendor.finish_all()
        world.clock.advance(1)
    world.clock.advance(-30 * 24 * HOUR)
    if restarts:
        bot = await world.restart(bot)
    await for_a_while(world, bot, 15 * 60)
    assert await bot.states(order_id) == ["posted"]
    assert len(world.vendor.bill) == len(world.courier.of(MessageKind.CLIP)) == 1
    await bot.check_books()


async def test_a_clip_in_doubt_keeps_its_hour_when_the_clock_is_set_back(world: World) -> None:
    world.webhooks, world.public_url = True, "https://bot.invalid"
    bot = await world.boot()
    world.vendor.answers.append(InDoubt(note="reset"))
    order_id = await world.order(bot)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["unknown"]
    world.clock.advance(-24 * HOUR)
    await for_a_while(world, bot, 50 * 60)
    assert await bot.states(order_id) == ["unknown"]
    await for_a_while(world, bot, 20 * 60)
    assert await bot.states(order_id) == ["released"]


async def test_what_is_meant_to_wait_waits_on(world: World, bot: Bot) -> None:
    world.vendor.answers.append(NothingMade(note="busy", retry_after=90 * 60))
    await world.order(bot)
    await for_a_while(world, bot, 60)
    bot = await world.restart(bot)
    await for_a_while(world, bot, 80 * 60)
    assert len(world.vendor.requests) == 1


async def test_a_clock_set_back_does_not_hold_the_line_up(world: World, bot: Bot) -> None:
    """The next paid request waited until the clock was where it had been."""
    clock = world.clock
    pacer = Pacer(bot.store, clock, 2.0)
    await pacer.wait()
    clock.advance(-HOUR)
    waiting = asyncio.create_task(pacer.wait())
    await clock.until_asleep()
    clock.advance(0.5)
    await asyncio.wait_for(waiting, 5)


async def test_paid_requests_are_spaced_out_evenly(world: World, bot: Bot) -> None:
    clock, began, left = world.clock, world.clock.now(), list[int]()
    pacer = Pacer(bot.store, clock, per_second=4)

    async def leave() -> None:
        await pacer.wait()
        left.append(clock.now() - began)

    leaving = {asyncio.create_task(leave()) for _ in range(5)}
    await clock.until_asleep(4)
    await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
    for _ in range(4):
        clock.advance(0.25)
        await asyncio.sleep(0)
    await asyncio.wait(leaving)
    assert left == [0, 250, 500, 750, 1000]
    clock.advance(60)
    await leave()
    assert left[-1] == 61_000
