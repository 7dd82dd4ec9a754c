"""Troubles that pass: a vendor that is down for an hour, storms of refusals, clocks that jump."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from jobs.model import Member
from jobs.ports import FetchLater, LookFailed, MessageKind, NothingMade
from jobs.submitting import Pacer
from tests.jobs.engine.world import PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World

HOUR: Final = 3600


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
