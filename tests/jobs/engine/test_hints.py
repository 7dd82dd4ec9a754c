"""A webhook is a hint: it hastens a look or brings a lost id, and is never believed by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from jobs import hinting
from jobs.ports import InDoubt, LookFailed, MessageKind, NothingMade, RequestRefused
from tests.fakes import Accept
from tests.jobs.engine.fuse import Fuse, Killed
from tests.jobs.engine.world import MEMBER, PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World

HOUR: Final = 3600


@pytest.fixture
async def bot(world: World) -> Bot:
    """Start a bot that the vendor can reach."""
    world.public_url, world.webhooks = "https://bot.invalid", True
    return await world.boot()


async def token_of(bot: Bot) -> str:
    return str(await bot.value("SELECT token FROM sends ORDER BY id LIMIT 1"))


async def lose_the_reply(world: World, bot: Bot, *, variations: int = 1) -> tuple[int, list[str]]:
    """Order; the vendor makes the clips and its reply is lost. Returns the order and their ids."""
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    order_id = await world.order(bot, variations=variations)
    await bot.engine.drain()
    return order_id, list(world.vendor.bill)


async def test_a_hint_about_a_known_clip_makes_it_due_at_once(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    world.vendor.finish_all()
    (vendor_id,) = world.vendor.bill
    world.vendor.looks.clear()
    assert await bot.hints.take(await token_of(bot), vendor_id)
    assert world.vendor.looks == []
    await bot.engine.drain()
    assert await bot.states(order_id) == ["posted"]


async def test_a_hint_that_comes_while_the_clip_is_asked_for_is_not_lost(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    (vendor_id,) = world.vendor.bill
    token = await token_of(bot)
    world.clock.advance(10)
    (calls,) = await bot.steps["look"].claim(1)
    hinted = list[bool]()

    async def finish_and_hint() -> None:
        if not hinted:
            # The vendor has answered already, and finishes right after.
            hinted.append(await bot.hints.take(token, vendor_id))

    world.vendor.hooks["look:after"] = finish_and_hint
    await bot.steps["look"].perform(calls)
    assert hinted == [True]
    world.vendor.finish_all()
    await bot.engine.drain()
    assert await bot.states(order_id) == ["posted"]


async def test_only_the_latest_hints_are_remembered(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can send good webhooks could else fill the memory with them."""
    monkeypatch.setattr(hinting, "REMEMBERED", 2)
    order_id = await world.order(bot, variations=3)
    await bot.engine.drain()
    token, vendor_ids = await token_of(bot), list(world.vendor.bill)
    for vendor_id in vendor_ids:
        assert await bot.hints.take(token, vendor_id)
    await bot.engine.drain()
    world.vendor.finish_all()
    for vendor_id in vendor_ids[1::-1]:  # the second is still known, the first is new again
        assert await bot.hints.take(token, vendor_id)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["posted", "rendering", "rendering"]


async def test_hints_again_and_for_a_clip_that_has_ended_are_heard_and_do_nothing(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    (vendor_id,) = world.vendor.bill
    token = await token_of(bot)
    for _ in range(3):
        assert await bot.hints.take(token, vendor_id)
    await world.settle(bot)
    looks = len(world.vendor.looks)
    assert await bot.hints.take(token, vendor_id)
    assert await bot.engine.drain() == 0
    assert len(world.vendor.looks) == looks
    assert (await bot.clip(order_id)).charged == PRICE


async def test_a_hint_under_a_strange_token_is_nobodys(world: World, bot: Bot) -> None:
    await world.order(bot)
    await bot.engine.drain()
    (vendor_id,) = world.vendor.bill
    assert not await bot.hints.take("a-strange-token", vendor_id)
    assert not await bot.hints.take(await token_of(bot), "an-id-too-many")


async def test_a_hint_that_is_faster_than_the_answer_makes_no_second_clip(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, variations=2)
    token = await token_of(bot)

    async def hint() -> None:
        for vendor_id in reversed(world.vendor.bill):
            assert await bot.hints.take(token, vendor_id)

    world.vendor.hooks["submit:after"] = hint
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"] * 2
    assert len(world.vendor.requests) == 1
    assert len(world.courier.of(MessageKind.CLIP)) == 2


@pytest.mark.parametrize(
    "reply", [InDoubt(note="reset"), NothingMade(note="429"), RequestRefused(note="no")]
)
async def test_a_hint_beats_an_answer_that_denies_the_clip(
    world: World, bot: Bot, reply: InDoubt | NothingMade | RequestRefused
) -> None:
    order_id = await world.order(bot)
    token = await token_of(bot)
    world.vendor.answers.append(Accept(reply=reply))

    async def hint() -> None:
        for vendor_id in world.vendor.bill:
            assert await bot.hints.take(token, vendor_id)

    world.vendor.hooks["submit:after"] = hint
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert len(world.vendor.requests) == 1
    assert (await bot.clip(order_id)).charged == PRICE
    assert world.courier.told == []


async def test_a_hint_brings_a_lost_clip_back_and_it_is_charged(world: World, bot: Bot) -> None:
    order_id, (vendor_id,) = await lose_the_reply(world, bot)
    assert await bot.hints.take(await token_of(bot), vendor_id)
    assert await bot.states(order_id) == ["rendering"]
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged, clip.free) == ("posted", PRICE, False)
    assert await bot.house() == 0


async def test_a_clip_that_turns_up_after_its_release_is_free(world: World, bot: Bot) -> None:
    order_id, (vendor_id,) = await lose_the_reply(world, bot)
    world.clock.advance(HOUR)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["released"]
    assert await bot.house() == PRICE
    world.vendor.finish(vendor_id, cost=PRICE - 2)
    assert await bot.hints.take(await token_of(bot), vendor_id)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.charged, clip.free) == ("posted", 0, True)
    assert await bot.house() == PRICE - 2
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_what_the_vendor_does_not_know_is_not_recorded(world: World, bot: Bot) -> None:
    order_id, _ = await lose_the_reply(world, bot)
    with pytest.raises(LookFailed):
        await bot.hints.take(await token_of(bot), "f" * 24)
    assert (await bot.clip(order_id)).vendor_id is None


async def test_while_the_vendor_can_not_be_asked_the_hint_has_to_come_again(
    world: World, bot: Bot
) -> None:
    order_id, (vendor_id,) = await lose_the_reply(world, bot)
    world.vendor.look_faults.append(LookFailed("timeout", refused=False))
    with pytest.raises(LookFailed):
        await bot.hints.take(await token_of(bot), vendor_id)
    assert await bot.states(order_id) == ["unknown"]
    assert await bot.hints.take(await token_of(bot), vendor_id)
    assert await bot.states(order_id) == ["rendering"]


async def test_the_same_hint_many_times_at_once_is_one_clip(world: World, bot: Bot) -> None:
    order_id, (first, second) = await lose_the_reply(world, bot, variations=2)
    token = await token_of(bot)
    taken = await asyncio.gather(
        *(bot.hints.take(token, vendor_id) for vendor_id in (first, second) * 4)
    )
    assert taken == [True] * 8
    ids = {clip.vendor_id for clip in (await bot.get(order_id)).clips}
    assert ids == {first, second}


async def test_an_id_of_another_send_is_not_taken_for_a_lost_one(world: World, bot: Bot) -> None:
    order_id, (lost,) = await lose_the_reply(world, bot)
    other = await world.order(bot)
    await bot.engine.drain()
    (known,) = set(world.vendor.bill) - {lost}
    assert await bot.hints.take(await token_of(bot), known)
    assert (await bot.clip(order_id)).vendor_id is None
    assert (await bot.clip(other)).vendor_id == known


async def test_what_is_still_awaited_gets_the_id_before_what_was_refused(
    world: World, bot: Bot
) -> None:
    # One of three refused, one in doubt: the id that turns up belongs to the doubt.
    world.vendor.answers.append(Accept(refused=("no",), fewer=1))
    order_id = await world.order(bot, variations=3)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["rendering", "failed", "unknown"]
    late = world.vendor.make(PRICE)
    assert await bot.hints.take(await token_of(bot), late.vendor_id)
    assert await bot.states(order_id) == ["rendering", "failed", "rendering"]
    await world.settle(bot)
    assert [clip.charged for clip in (await bot.get(order_id)).clips] == [PRICE, None, PRICE]


async def test_a_death_with_the_id_in_hand_does_not_lose_it_while_the_hint_comes_again(
    world: World, bot: Bot
) -> None:
    order_id, (vendor_id,) = await lose_the_reply(world, bot)
    token = await token_of(bot)
    bot = world.rewire(bot, Fuse("look:after"))
    with pytest.raises(Killed):
        await bot.hints.take(token, vendor_id)
    bot = await world.restart(bot)
    assert await bot.hints.take(token, vendor_id)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
