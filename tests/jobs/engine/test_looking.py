"""One call asks for many clips, none is given up too soon, and no answer confuses two of them."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from jobs.looking import IDS_PER_CALL, chunks
from jobs.model import Clip, Guards, Member
from jobs.ports import LookFailed, MessageKind, Seen, SeenStatus
from jobs.schedule import Pace
from jobs.states import ClipState, FailReason
from tests.jobs.engine.world import MEMBER, PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


async def many(
    world: World, bot: Bot, members: int, variations: int = 10, guild: int = 1
) -> list[int]:
    """Order for many members, and bring it all to the vendor."""
    orders = [
        await world.order(bot, member=Member(guild_id=guild, user_id=user), variations=variations)
        for user in range(MEMBER.user_id, MEMBER.user_id + members)
    ]
    while await bot.step("submit"):
        pass
    return orders


async def look_for(world: World, bot: Bot, seconds: int) -> None:
    """Look whenever it is due, for so long."""
    for _ in range(seconds):
        while await bot.step("look"):
            pass
        world.clock.advance(1)


async def test_a_thousand_clips_take_a_fortieth_of_the_calls_of_a_loop_for_each(
    world: World,
) -> None:
    world.guards = Guards(per_day=100_000)
    bot = await world.boot()
    await many(world, bot, members=100)
    assert len(world.vendor.bill) == 1000
    rendering_s = 100
    await look_for(world, bot, rendering_s)
    world.vendor.finish_all()
    await look_for(world, bot, MINUTE)
    assert await bot.value("SELECT COUNT(*) FROM clips WHERE step = 'fetch'") == 1000
    asked = sum(len(ids) for ids in world.vendor.looks)
    assert len(world.vendor.looks) <= asked / 40
    # A loop that asks every five seconds makes many more calls than one that waits as we do.
    assert len(world.vendor.looks) <= 1000 * (rendering_s // 5) / 40


async def test_clips_that_come_in_one_by_one_share_their_calls(world: World) -> None:
    world.guards = Guards(per_day=100_000)
    world.pace = Pace(per_second=math.inf, concurrency=2)
    bot = await world.boot()
    for user in range(1, 201):
        await world.order(bot, member=Member(guild_id=1, user_id=user), variations=2)
    for _ in range(150):
        await bot.step("submit")
        while await bot.step("look"):
            pass
        world.clock.advance(1)
    in_flight_s = sum(
        (world.clock.now() - row["submitted_at"]) // 1000
        for row in await bot.rows("SELECT submitted_at FROM clips")
    )
    assert len(world.vendor.looks) <= in_flight_s / 5 / 40


async def test_looks_start_soon_and_grow_rarer(world: World, bot: Bot) -> None:
    await many(world, bot, members=1, variations=1)
    times = []
    for _ in range(5 * MINUTE):
        if await bot.step("look"):
            times.append(world.clock.now())
        world.clock.advance(1)
    gaps = [(later - earlier) // 1000 for earlier, later in itertools.pairwise(times)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (5, 30)


async def test_the_first_look_waits_until_such_clips_are_usually_ready(
    world: World, bot: Bot
) -> None:
    for _ in range(3):
        await many(world, bot, members=1, variations=1)
        world.clock.advance(100)
        world.vendor.finish_all()
        await bot.engine.drain()
    world.vendor.looks.clear()
    await many(world, bot, members=1, variations=1)
    await look_for(world, bot, 79)
    assert world.vendor.looks == []
    await look_for(world, bot, 4)
    assert len(world.vendor.looks) == 1


async def test_a_refused_call_is_halved_until_it_passes_and_the_next_start_from_there(
    world: World, bot: Bot
) -> None:
    await many(world, bot, members=4)
    world.vendor.most_ids = 12
    world.clock.advance(10)
    await bot.step("look")
    assert [len(ids) for ids in world.vendor.looks] == [40, 20, 10, 10, 20, 10, 10]
    world.vendor.looks.clear()
    world.clock.advance(MINUTE)
    while await bot.step("look"):
        pass
    assert sum(len(ids) for ids in world.vendor.looks) < 50
    assert max(len(ids) for ids in world.vendor.looks) <= 13
    assert await bot.value("SELECT MAX(misses) FROM clips") == 0


async def test_after_a_while_calls_are_long_again(world: World, bot: Bot) -> None:
    await many(world, bot, members=4)
    world.vendor.look_faults.append(LookFailed("1003", refused=True))
    await look_for(world, bot, 10 * MINUTE)
    assert max(len(ids) for ids in world.vendor.looks[5:]) == 40


async def test_one_id_that_the_vendor_chokes_on_does_not_hide_the_others(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many(world, bot, members=2)
    poison = next(iter(world.vendor.bill))
    look = world.vendor.look

    async def chokes(ids: list[str]) -> tuple[Seen, ...]:
        if poison in ids:
            world.vendor.looks.append(tuple(ids))
            raise LookFailed("1008", refused=True)
        return await look(ids)

    monkeypatch.setattr(world.vendor, "look", chokes)
    world.vendor.finish_all()
    world.clock.advance(10)
    await bot.step("look")
    waiting = await bot.rows("SELECT vendor_id, misses FROM clips WHERE step = 'look'")
    assert [(row["vendor_id"], row["misses"]) for row in waiting] == [(poison, 1)]
    # It was the id and not the length: the next calls are as long as ever.
    await many(world, bot, members=5, guild=2)
    world.vendor.looks.clear()
    world.clock.advance(10)
    await bot.step("look")
    assert max(len(ids) for ids in world.vendor.looks) == IDS_PER_CALL


async def test_a_call_without_an_answer_is_tried_later_and_not_halved(
    world: World, bot: Bot
) -> None:
    await many(world, bot, members=2)
    world.vendor.look_faults.append(LookFailed("timeout", refused=False))
    world.clock.advance(10)
    await bot.step("look")
    assert len(world.vendor.looks) == 1
    assert await bot.value("SELECT MAX(misses) FROM clips") == 0
    await world.settle(bot)
    assert await bot.value("SELECT COUNT(*) FROM clips WHERE state = 'posted'") == 20


async def test_a_missing_id_is_asked_for_in_a_smaller_call_then_alone_and_slowly(
    world: World, bot: Bot
) -> None:
    await many(world, bot, members=2)
    missing = next(iter(world.vendor.bill))
    world.vendor.hidden.add(missing)
    await look_for(world, bot, 30 * MINUTE)
    calls = [ids for ids in world.vendor.looks if missing in ids]
    assert [len(ids) for ids in calls[:3]] == [20, 1, 1]
    assert len(calls) <= 6
    world.vendor.hidden.clear()
    await world.settle(bot)
    assert await bot.value("SELECT COUNT(*) FROM clips WHERE state = 'posted'") == 20


def clip(number: int, misses: int) -> Clip:
    return Clip(
        id=number,
        order_id=1,
        send_id=1,
        number=number,
        state=ClipState.RENDERING,
        quote=1,
        misses=misses,
    )


def test_clips_are_cut_into_calls_by_how_often_they_were_missing() -> None:
    clips = [clip(number, misses=number % 4) for number in range(240)]
    calls = chunks(clips)
    assert sorted(one.id for call in calls for one in call) == list(range(240))
    sizes = {0: 50, 1: 10, 2: 1, 3: 1}
    for call in calls:
        assert len({min(one.misses, 2) for one in call}) == 1
        assert len(call) <= sizes[call[0].misses]
    assert [len(call) for call in calls if call[0].misses == 0] == [50, 10]
    assert all(len(call) <= 4 for call in chunks(clips, 4))


async def test_answers_in_another_order_and_strangers_among_them_change_nothing(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order_id,) = await many(world, bot, members=1)
    look = world.vendor.look
    stranger = Seen(vendor_id="stranger", status=SeenStatus.FAILED, cost=99)

    async def shuffled(ids: list[str]) -> tuple[Seen, ...]:
        seen = list(await look(ids))
        world.random.shuffle(seen)
        return (stranger, *seen)

    monkeypatch.setattr(world.vendor, "look", shuffled)
    for cost, vendor_id in enumerate(world.vendor.bill, start=1):
        world.vendor.finish(vendor_id, cost=cost)
    await world.settle(bot)
    order = await bot.get(order_id)
    assert {one.vendor_id: one.charged for one in order.clips} == world.vendor.bill


async def test_an_empty_answer_does_not_count_as_done(world: World, bot: Bot) -> None:
    (order_id,) = await many(world, bot, members=1, variations=2)
    world.vendor.hidden.update(world.vendor.bill)
    await look_for(world, bot, MINUTE)
    assert await bot.states(order_id) == ["rendering"] * 2


@pytest.mark.parametrize(
    "odd",
    [
        Seen(vendor_id="", status=SeenStatus.UNCLEAR),
        Seen(vendor_id="", status=SeenStatus.DONE, link="", cost=PRICE),
    ],
)
async def test_an_odd_status_is_asked_about_again(world: World, bot: Bot, odd: Seen) -> None:
    (order_id,) = await many(world, bot, members=1, variations=1)
    (vendor_id,) = world.vendor.bill
    world.vendor.seen[vendor_id] = replace(odd, vendor_id=vendor_id)
    await look_for(world, bot, MINUTE)
    assert await bot.states(order_id) == ["rendering"]
    assert len(world.vendor.looks) > 2
    world.vendor.finish(vendor_id)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]


async def test_what_takes_half_an_hour_is_overdue_and_asked_for_slowly(
    world: World, bot: Bot
) -> None:
    (order_id,) = await many(world, bot, members=1, variations=1)
    await look_for(world, bot, 30 * MINUTE + 31)
    assert await bot.states(order_id) == ["overdue"]
    world.vendor.looks.clear()
    await look_for(world, bot, HOUR)
    assert 5 <= len(world.vendor.looks) <= 7
    world.vendor.finish_all()
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged) == ("posted", PRICE)


async def test_what_is_not_heard_of_for_seven_days_is_released(world: World, bot: Bot) -> None:
    (order_id,) = await many(world, bot, members=1, variations=1)
    while await bot.states(order_id) != ["failed"]:
        await bot.step("look")
        world.clock.advance(10 * MINUTE)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.reason) == ("failed", FailReason.NEVER_FINISHED)
    assert clip.submitted_at is not None
    assert world.clock.now() - clip.submitted_at >= 7 * DAY * 1000
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100
    assert await bot.house() == PRICE
    (told,) = world.courier.told
    assert f"{PRICE} credits" in told
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_many_lone_ids_are_asked_for_by_as_few_at_a_time_as_ever(
    world: World, bot: Bot
) -> None:
    await many(world, bot, members=4)
    world.vendor.hidden.update(world.vendor.bill)
    while not await bot.value("SELECT MIN(misses) >= 2 FROM clips"):
        await look_for(world, bot, 1)
    world.clock.advance(HOUR)
    rounds = await bot.steps["look"].claim(2)
    assert len(rounds) == 2
    assert sum(len(call) for calls in rounds for call in calls) == 40
