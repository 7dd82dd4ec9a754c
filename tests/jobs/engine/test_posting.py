"""A finished clip goes up exactly once, as large as the place takes, or it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from jobs.ports import FittedVideo, MessageKind, PostFailed, PostFault
from jobs.posting import TRIES, limits
from tests.jobs.engine.world import CHANNEL, MEMBER

if TYPE_CHECKING:
    from tests.fakes import Message
    from tests.jobs.engine.world import Bot, World

MIB: Final = 1024 * 1024
MINUTE: Final = 60
LATER: Final = PostFailed(PostFault.LATER, "503")


async def ready(world: World, bot: Bot, *, size: int = 0, upload_limit: int = 10 * MIB) -> int:
    """Bring a clip of so many bytes to where it can be posted, with its card up."""
    order_id = await world.order(bot, upload_limit=upload_limit)
    for name in ("submit", "draw"):
        await bot.step(name)
    (vendor_id,) = world.vendor.bill
    if size:
        world.vendor.videos[f"https://vendor.invalid/{vendor_id}.mp4"] = bytes(size)
    world.vendor.finish(vendor_id)
    world.clock.advance(MINUTE)
    for name in ("look", "fetch"):
        await bot.step(name)
    assert await bot.states(order_id) == ["ready"]
    return order_id


def clips(world: World) -> list[Message]:
    return world.courier.of(MessageKind.CLIP)


@pytest.mark.parametrize(
    ("upload_limit", "direct", "expected"),
    [
        (10 * MIB, False, [10 * MIB, 8 * MIB, None]),
        (50 * MIB, False, [50 * MIB, 10 * MIB, 8 * MIB, None]),
        (50 * MIB, True, [10 * MIB, 8 * MIB, None]),
        (5 * MIB, False, [5 * MIB, None]),
    ],
)
def test_limits_are_tried_from_the_largest_to_none(
    upload_limit: int, *, direct: bool, expected: list[int | None]
) -> None:
    assert list(limits(upload_limit, direct=direct)) == expected


async def test_a_limit_that_is_lower_than_it_was_is_met_with_a_smaller_file(
    world: World, bot: Bot
) -> None:
    world.courier.upload_limit = 9 * MIB
    order_id = await ready(world, bot, size=12 * MIB, upload_limit=25 * MIB)
    await world.settle(bot)
    (message,) = clips(world)
    assert message.files == (f"{message.clip_id}.small.mp4",)
    assert await bot.states(order_id) == ["posted"]


async def test_a_video_that_can_not_be_made_small_enough_is_a_link(world: World, bot: Bot) -> None:
    world.courier.upload_limit = 9
    world.library.shrinks = False
    order_id = await ready(world, bot)
    await world.settle(bot)
    (message,) = clips(world)
    assert message.files == ()
    assert await bot.states(order_id) == ["posted"]


async def test_a_video_that_is_gone_from_the_store_is_a_link(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    await world.library.drop_video((await bot.clip(order_id)).file)
    await world.settle(bot)
    (message,) = clips(world)
    assert message.files == ()


async def test_a_closed_channel_makes_it_a_direct_message(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.closed.add(CHANNEL)
    await world.settle(bot)
    (message,) = clips(world)
    assert (message.direct, message.ref.channel_id) == (True, MEMBER.user_id)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.channel_id) == ("posted", MEMBER.user_id)


async def test_where_direct_messages_are_shut_too_it_is_kept(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.closed.add(CHANNEL)
    world.courier.shut.add(MEMBER.user_id)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.note) == ("kept", "nowhere to post it")
    assert clips(world) == []
    assert clip.charged == clip.quote
    assert world.library.picture_path(clip.file) is not None


async def test_a_private_clip_never_goes_to_the_channel(world: World, bot: Bot) -> None:
    world.courier.shut.add(MEMBER.user_id)
    order_id = await world.order(bot, private=True)
    await world.settle(bot)
    assert world.courier.messages == {}
    assert await bot.states(order_id) == ["kept"]


async def test_while_discord_is_down_it_is_tried_again(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.post_faults.extend([LATER, LATER])
    await bot.step("post")
    assert await bot.states(order_id) == ["posting"]
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert len(clips(world)) == 1


async def test_discord_says_how_long_to_wait(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.post_faults.append(PostFailed(PostFault.LATER, "429", retry_after=75.0))
    await bot.step("post")
    world.clock.advance(74)
    assert await bot.step("post") == 0
    world.clock.advance(1)
    assert await bot.step("post") == 1
    assert await bot.states(order_id) == ["posted"]


async def test_after_hours_of_trying_it_is_kept(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.post_faults.extend([LATER] * (TRIES + 5))
    began = world.clock.now()
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.note) == ("kept", "Discord did not take it")
    assert world.clock.now() - began > 2 * 3600 * 1000


@pytest.mark.parametrize("after_s", [0, 10 * MINUTE])
async def test_a_message_whose_reply_was_lost_is_found_again(
    world: World, bot: Bot, after_s: int
) -> None:
    order_id = await ready(world, bot)
    world.courier.lost_replies = 1
    await bot.step("post")
    (message,) = clips(world)
    assert await bot.states(order_id) == ["posting"]
    world.clock.advance(after_s)
    await world.settle(bot)
    assert clips(world) == [message]
    assert (await bot.clip(order_id)).message_id == message.ref.message_id


async def test_where_nobody_can_look_the_nonce_guards_for_two_minutes(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.blind.add(CHANNEL)
    world.courier.lost_replies = 1
    await bot.step("post")
    world.clock.advance(30)
    await bot.step("post")
    (message,) = clips(world)
    assert (await bot.clip(order_id)).message_id == message.ref.message_id


async def test_where_nobody_can_look_any_more_it_is_kept_and_not_posted_again(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.blind.add(CHANNEL)
    world.courier.lost_replies = 1
    await bot.step("post")
    world.clock.advance(3 * MINUTE)
    await world.settle(bot)
    assert len(clips(world)) == 1
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.note) == ("kept", "nobody could see whether it is posted")


async def test_the_two_minutes_count_from_the_first_try_and_not_from_the_last(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.blind.add(CHANNEL)
    world.courier.lost_replies = 2
    for wait in (0, 100, 90):
        world.clock.advance(wait)
        await bot.step("post")
    assert await bot.states(order_id) == ["kept"]
    assert len(clips(world)) == 1


async def test_what_is_not_in_the_history_is_posted(world: World, bot: Bot) -> None:
    order_id = await ready(world, bot)
    world.courier.post_faults.append(LATER)
    await bot.step("post")
    world.clock.advance(10 * MINUTE)
    await world.settle(bot)
    assert len(clips(world)) == 1
    assert await bot.states(order_id) == ["posted"]


async def test_a_first_try_does_not_search(world: World, bot: Bot) -> None:
    await ready(world, bot)
    await world.settle(bot)
    assert "find:before" not in world.courier.hooks.calls


async def test_while_discord_is_too_sick_to_be_searched_nothing_is_posted(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.lost_replies = 1
    await bot.step("post")
    world.clock.advance(10 * MINUTE)

    async def sick() -> None:
        raise PostFailed(PostFault.LATER, "503")

    world.courier.hooks["find:before"] = sick
    await bot.step("post")
    assert await bot.states(order_id) == ["posting"]
    assert len(clips(world)) == 1
    del world.courier.hooks["find:before"]
    await world.settle(bot)
    assert len(clips(world)) == 1
    assert await bot.states(order_id) == ["posted"]


async def test_a_channel_that_closes_on_a_lost_reply_does_not_make_it_two_messages(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.lost_replies = 1
    await bot.step("post")
    world.courier.closed.add(CHANNEL)
    await world.settle(bot)
    assert len(clips(world)) == 1
    assert await bot.states(order_id) == ["kept"]


async def test_a_channel_that_opens_on_a_lost_direct_reply_does_not_make_it_two_messages(
    world: World, bot: Bot
) -> None:
    order_id = await ready(world, bot)
    world.courier.closed.add(CHANNEL)
    world.courier.lost_replies = 1
    await bot.step("post")
    world.courier.closed.clear()
    await world.settle(bot)
    (message,) = clips(world)
    assert message.direct
    assert await bot.states(order_id) == ["posted"]


async def test_time_spent_on_fitting_is_no_try(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a channel that can't be read, a death while a video is shrunk must not look like a post.
    order_id = await ready(world, bot)
    world.courier.blind.add(CHANNEL)

    async def dies(file: str, limit: int) -> FittedVideo:
        world.clock.advance(10 * MINUTE)
        raise KeyError(file)

    monkeypatch.setattr(world.library, "fitted", dies)
    with pytest.raises(KeyError):
        await bot.step("post")
    monkeypatch.undo()
    bot = await world.restart(bot)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert len(clips(world)) == 1


async def test_the_first_clip_to_be_posted_mentions_the_asker_also_at_its_second_try(
    world: World, bot: Bot
) -> None:
    world.courier.lost_replies = 0
    await world.order(bot, variations=3)
    for name in ("submit", "draw"):
        await bot.step(name)
    world.vendor.finish_all()
    world.clock.advance(MINUTE)
    for name in ("look", "fetch"):
        await bot.step(name)
    world.courier.post_faults.append(LATER)
    await world.settle(bot)
    assert sum(message.mention for message in clips(world)) == 1
    assert len(clips(world)) == 3
