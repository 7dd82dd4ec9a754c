"""What its owner deletes is settled, never posted, and removed wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from jobs.ports import LookFailed, MessageKind, PostFailed, PostFault
from jobs.removing import MESSAGE_TRIES, VENDOR_TRIES
from tests.fakes import Accept
from tests.jobs.engine.world import CHANNEL, MEMBER, PRICE

if TYPE_CHECKING:
    from jobs.model import Clip
    from tests.jobs.engine.world import Bot, World

LATER: Final = PostFailed(PostFault.LATER, "503")


async def delete(bot: Bot, order_id: int) -> Clip:
    clip = await bot.clip(order_id)
    assert await bot.ordering.delete(clip.id, MEMBER)
    return clip


async def is_removed(world: World, bot: Bot, order_id: int) -> None:
    """Nothing of the clip is left anywhere, but its charge."""
    clip = await bot.clip(order_id)
    assert (clip.deleted, clip.file, clip.video_link) == (True, "", "")
    assert clip.charged == PRICE
    assert world.courier.of(MessageKind.CLIP) == []
    assert world.library.picture_path(f"{clip.id}.mp4") is None
    assert set(world.vendor.deleted) == set(world.vendor.bill)


async def run_to(world: World, bot: Bot, *names: str) -> int:
    """Take an order through these steps."""
    order_id = await world.order(bot)
    for name in names:
        if name == "look":
            world.vendor.finish_all()
            world.clock.advance(60)
        await bot.step(name)
    return order_id


TO_RENDERING: Final = ("submit", "draw")
TO_FETCH: Final = (*TO_RENDERING, "look")
TO_READY: Final = (*TO_FETCH, "fetch")
TO_POSTED: Final = (*TO_READY, "post")


@pytest.mark.parametrize("steps", [(), TO_RENDERING, TO_FETCH, TO_READY, TO_POSTED])
async def test_a_clip_can_be_deleted_at_any_time(
    world: World, bot: Bot, steps: tuple[str, ...]
) -> None:
    order_id = await run_to(world, bot, *steps)
    await delete(bot, order_id)
    await world.settle(bot)
    await is_removed(world, bot, order_id)
    posted = steps == TO_POSTED
    assert await bot.states(order_id) == ["posted" if posted else "kept"]
    assert world.courier.hooks.calls.count("clip:after") == posted


async def test_a_clip_deleted_while_it_is_kept_is_removed(world: World, bot: Bot) -> None:
    world.courier.closed.add(CHANNEL)
    world.courier.shut.add(MEMBER.user_id)
    order_id = await run_to(world, bot, *TO_POSTED)
    assert await bot.states(order_id) == ["kept"]
    await delete(bot, order_id)
    await world.settle(bot)
    await is_removed(world, bot, order_id)


async def test_a_clip_deleted_while_its_message_goes_up_is_removed_at_once_after(
    world: World, bot: Bot
) -> None:
    order_id = await run_to(world, bot, *TO_READY)

    async def delete_meanwhile() -> None:
        await delete(bot, order_id)

    world.courier.hooks["clip:after"] = delete_meanwhile
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    await is_removed(world, bot, order_id)


async def test_a_clip_deleted_before_its_message_goes_up_is_not_posted(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = await run_to(world, bot, *TO_READY)
    fitted = world.library.fitted

    async def delete_meanwhile(file: str, limit: int) -> object:
        await delete(bot, order_id)
        return await fitted(file, limit)

    monkeypatch.setattr(world.library, "fitted", delete_meanwhile)
    await bot.step("post")
    # Its lease is no hindrance: what is deleted goes at once.
    assert await bot.step("remove") == 1
    assert "clip:before" not in world.courier.hooks.calls
    await world.settle(bot)
    await is_removed(world, bot, order_id)


@pytest.mark.parametrize("lost", [0, 1])
async def test_a_clip_deleted_between_two_tries_is_not_posted_and_what_is_up_is_removed(
    world: World, bot: Bot, lost: int
) -> None:
    order_id = await run_to(world, bot, *TO_READY)
    world.courier.lost_replies = lost
    world.courier.post_faults.extend([] if lost else [LATER])
    await bot.step("post")
    assert len(world.courier.of(MessageKind.CLIP)) == lost
    await delete(bot, order_id)
    await world.settle(bot)
    await is_removed(world, bot, order_id)
    assert world.courier.hooks.calls.count("clip:after") == lost


async def test_a_message_that_turns_up_while_the_rest_is_removed_is_removed_too(
    world: World, bot: Bot
) -> None:
    # A process that was given up for dead says that its post got through.
    order_id = await run_to(world, bot, *TO_READY)
    world.courier.blind.add(CHANNEL)
    world.courier.lost_replies = 1
    await bot.step("post")
    (message,) = world.courier.of(MessageKind.CLIP)
    world.clock.advance(600)
    await bot.step("post")
    assert await bot.states(order_id) == ["kept"]
    clip = await delete(bot, order_id)
    (removal,) = await bot.steps["remove"].claim(1)
    await bot.store.record_posted(clip, message.ref, world.clock.now())
    await bot.steps["remove"].perform(removal)
    await world.settle(bot)
    await is_removed(world, bot, order_id)


async def test_a_message_that_is_to_be_kept_stays_and_the_rest_goes(world: World, bot: Bot) -> None:
    order_id = await run_to(world, bot, *TO_POSTED)
    clip = await bot.clip(order_id)
    assert await bot.ordering.delete(clip.id, MEMBER, keep_message=True)
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.CLIP)) == 1
    assert world.library.picture_path(f"{clip.id}.mp4") is None
    assert set(world.vendor.deleted) == set(world.vendor.bill)


async def test_a_failed_clip_has_nothing_to_be_removed(world: World, bot: Bot) -> None:
    order_id = await run_to(world, bot, *TO_RENDERING)
    (vendor_id,) = world.vendor.bill
    world.vendor.fail(vendor_id)
    await delete(bot, order_id)
    await world.settle(bot)
    assert await bot.states(order_id) == ["failed"]
    assert world.vendor.deleted == []


async def test_what_the_vendor_still_works_on_is_deleted_later(world: World, bot: Bot) -> None:
    order_id = await run_to(world, bot, *TO_POSTED)
    await delete(bot, order_id)
    world.vendor.delete_faults.extend([LookFailed("500", refused=False)] * 3)
    await bot.step("remove")
    assert world.courier.of(MessageKind.CLIP) == []
    assert world.vendor.deleted == []
    await world.settle(bot)
    await is_removed(world, bot, order_id)


async def test_a_vendor_that_never_deletes_is_left_alone_after_a_while(
    world: World, bot: Bot
) -> None:
    order_id = await run_to(world, bot, *TO_POSTED)
    await delete(bot, order_id)
    world.vendor.delete_faults.extend([LookFailed("1010", refused=True)] * 50)
    await world.settle(bot)
    assert len(world.vendor.delete_faults) == 50 - VENDOR_TRIES
    assert (await bot.clip(order_id)).file == ""


async def test_a_message_that_can_not_be_removed_now_is_removed_when_discord_is_back(
    world: World, bot: Bot
) -> None:
    order_id = await run_to(world, bot, *TO_POSTED)
    await world.settle(bot)
    await delete(bot, order_id)
    down = VENDOR_TRIES + 30
    assert down < MESSAGE_TRIES
    world.courier.post_faults.extend([LATER] * (down + 1))
    await world.settle(bot)
    await is_removed(world, bot, order_id)
    assert len(world.vendor.deleted) == VENDOR_TRIES


async def test_a_message_that_may_not_be_removed_does_not_hold_up_the_rest(
    world: World, bot: Bot
) -> None:
    order_id = await run_to(world, bot, *TO_POSTED)
    await world.settle(bot)
    await delete(bot, order_id)
    # The first fault is the card's.
    world.courier.post_faults.extend([None, PostFailed(PostFault.NO_ROOM, "403")])
    await world.settle(bot)
    assert world.vendor.deleted == list(world.vendor.bill)
    assert (await bot.clip(order_id)).file == ""


async def test_many_tries_to_post_do_not_use_up_the_tries_to_remove(world: World, bot: Bot) -> None:
    order_id = await run_to(world, bot, *TO_READY)
    world.courier.post_faults.extend([LATER] * 15)
    while await bot.states(order_id) != ["posted"]:
        world.clock.advance(300)
        await bot.step("post")
    await delete(bot, order_id)
    world.vendor.delete_faults.append(LookFailed("500", refused=False))
    await world.settle(bot)
    await is_removed(world, bot, order_id)


async def test_a_doubtful_clip_that_turns_up_after_it_was_deleted_is_removed(
    world: World,
) -> None:
    world.public_url, world.webhooks = "https://bot.invalid", True
    bot = await world.boot()
    world.vendor.answers.append(Accept(fewer=1, reply=None))
    order_id = await world.order(bot, variations=2)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["rendering", "unknown"]
    doubtful = await bot.clip(order_id, 1)
    await bot.ordering.delete(doubtful.id, MEMBER)
    late = world.vendor.make(PRICE)
    token = await bot.value("SELECT token FROM sends")
    assert await bot.hints.take(token, late.vendor_id)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted", "kept"]
    assert late.vendor_id in world.vendor.deleted
    assert len(world.courier.of(MessageKind.CLIP)) == 1
