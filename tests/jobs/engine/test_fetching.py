"""A finished video is fetched before it is charged, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from jobs import schedule
from jobs.ports import FetchGone, FetchLater, MessageKind
from jobs.states import FailReason
from tests.fakes import NOT_A_VIDEO
from tests.jobs.engine.world import MEMBER, PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World

DAY_MS: Final = 24 * 3600 * 1000


async def done(world: World, bot: Bot) -> int:
    """Bring a clip to where its file can be fetched."""
    order_id = await world.order(bot)
    await bot.engine.drain()
    world.vendor.finish_all()
    world.clock.advance(60)
    await bot.step("look")
    return order_id


async def test_a_clip_is_charged_when_its_file_is_here_and_not_before(
    world: World, bot: Bot
) -> None:
    order_id = await done(world, bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged) == ("rendering", None)
    assert (await bot.ordering.wallet(MEMBER)).held == PRICE
    await bot.step("fetch")
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged) == ("ready", PRICE)
    assert (await bot.ordering.wallet(MEMBER)).held == 0


@pytest.mark.parametrize("fault", [FetchLater("reset"), FetchGone("404")])
async def test_a_file_that_does_not_come_is_fetched_again(
    world: World, bot: Bot, fault: FetchLater | FetchGone
) -> None:
    order_id = await done(world, bot)
    world.vendor.fetch_faults.extend([fault] * 5)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged) == ("posted", PRICE)
    assert len(world.vendor.fetched) == 6


async def test_a_file_that_is_no_good_for_half_an_hour_is_the_houses_loss(
    world: World, bot: Bot
) -> None:
    order_id = await done(world, bot)
    (link,) = world.vendor.videos
    began = world.clock.now()
    world.vendor.videos[link] = NOT_A_VIDEO
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.reason) == ("failed", FailReason.NOT_FETCHED)
    assert world.clock.now() - began > 20 * 60 * 1000
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100
    assert await bot.house() == PRICE
    (told,) = world.courier.told
    assert f"{PRICE} credits are lost" in told
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_a_dead_link_is_asked_for_afresh_and_the_new_one_is_fetched(
    world: World, bot: Bot
) -> None:
    """A link that answered 403 or 404 was tried for half an hour and then given up, though paid."""
    order_id = await done(world, bot)
    (link,) = world.vendor.videos
    video = world.vendor.videos.pop(link)
    looks, over = len(world.vendor.looks), world.clock.now() + 3 * DAY_MS
    while world.clock.now() < over:
        await bot.engine.drain()
        world.clock.advance(3600)
    await bot.engine.drain()
    assert await bot.value("SELECT due_at FROM clips") - world.clock.now() == schedule.SLOW_LOOK_MS
    assert await bot.states(order_id) == ["overdue"]
    assert len(world.vendor.looks) - looks == len(world.vendor.fetched) - 1 < 80
    (told,) = world.courier.told
    assert "link is dead" in told
    (vendor_id,) = world.vendor.bill
    fresh = replace(world.vendor.seen[vendor_id], link=f"{link}?fresh")
    world.vendor.seen[vendor_id], world.vendor.videos[fresh.link] = fresh, video
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged) == ("posted", PRICE)
    assert world.vendor.fetched[-1] == fresh.link


async def test_a_dead_link_is_given_up_when_the_vendor_has_thrown_the_file_away(
    world: World, bot: Bot
) -> None:
    order_id = await done(world, bot)
    world.vendor.videos.clear()
    last = world.clock.now()
    while await bot.states(order_id) in (["rendering"], ["overdue"]):
        last = world.clock.now()
        await bot.step("look")
        await bot.step("fetch")
        world.clock.advance(1800)
    clip = await bot.clip(order_id)
    assert clip.submitted_at is not None
    assert (clip.state.value, clip.reason) == ("failed", FailReason.NOT_FETCHED)
    assert 7 * DAY_MS <= last - clip.submitted_at < 7 * DAY_MS + 1800 * 1000
    await world.settle(bot)
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100
    assert await bot.house() == PRICE


async def test_a_slow_net_is_given_the_vendors_seven_days(world: World, bot: Bot) -> None:
    order_id = await done(world, bot)
    world.vendor.fetch_faults.extend([FetchLater("timeout")] * 10_000)
    while await bot.states(order_id) == ["rendering"]:
        await bot.step("fetch")
        world.clock.advance(3600)
    clip = await bot.clip(order_id)
    assert clip.submitted_at is not None
    assert world.clock.now() - clip.submitted_at >= 7 * DAY_MS
    assert clip.reason is FailReason.NOT_FETCHED
    await world.settle(bot)
    assert await bot.house() == PRICE


async def test_a_file_that_is_here_already_is_not_fetched_again(world: World, bot: Bot) -> None:
    order_id = await done(world, bot)
    bot = await world.kill(bot, "keep:after")
    assert await bot.states(order_id) == ["rendering"]
    await world.settle(bot)
    assert len(world.vendor.fetched) == 1
    assert (await bot.clip(order_id)).charged == PRICE
