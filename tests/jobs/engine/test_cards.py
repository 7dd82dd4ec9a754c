"""A card says what is new, rarely, and ends as one line; what came to nothing is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from jobs.noticing import TRIES
from jobs.ports import MessageKind, PostFailed, PostFault, RequestRefused
from jobs.quotas import Doing
from jobs.stores import Cancelled
from tests.fakes import Accept
from tests.jobs.engine.fuse import Fuse, Killed
from tests.jobs.engine.world import CHANNEL, MEMBER

if TYPE_CHECKING:
    from tests.fakes import Message
    from tests.jobs.engine.world import Bot, World

LATER: Final = PostFailed(PostFault.LATER, "503")
REFUSED: Final = PostFailed(PostFault.NO_ROOM, "403")
MINUTE: Final = 60


def card_of(world: World) -> Message:
    (card,) = world.courier.of(MessageKind.CARD)
    return card


async def live(world: World, bot: Bot, seconds: int) -> None:
    """Let the engine work for so long, a second at a time."""
    for _ in range(seconds):
        await bot.engine.drain()
        world.clock.advance(1)


async def test_a_card_tells_the_way_of_an_order_and_ends_as_one_line(
    world: World, bot: Bot
) -> None:
    await world.order(bot)
    await bot.step("draw")
    await bot.step("submit")
    await live(world, bot, 6 * MINUTE)
    world.vendor.finish_all()
    await live(world, bot, MINUTE)
    assert card_of(world).edits == ("queued", "rendering", "longer", "done")
    assert not await bot.value("SELECT card_due_at FROM orders")


async def test_the_card_of_a_clip_that_takes_three_minutes_is_edited_rarely(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await live(world, bot, 3 * MINUTE)
    world.vendor.finish_all()
    await live(world, bot, MINUTE)
    assert await bot.states(order_id) == ["posted"]
    assert len(card_of(world).edits) - 1 <= 6
    assert world.courier.hooks.calls.count("edit:before") <= 6


async def test_the_card_of_ten_clips_is_edited_at_most_once_a_clip_and_twice_more(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, variations=10)
    await live(world, bot, MINUTE)
    for vendor_id in world.vendor.bill:
        world.vendor.finish(vendor_id)
        await live(world, bot, 10)
    await live(world, bot, MINUTE)
    assert await bot.states(order_id) == ["posted"] * 10
    assert world.courier.hooks.calls.count("edit:before") <= 12
    assert card_of(world).edits[-1] == "done"


async def test_a_card_that_says_the_same_as_before_is_not_edited(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await live(world, bot, 10)
    edits = world.courier.hooks.calls.count("edit:before")
    # The owner's flag changes nothing that the card shows.
    await bot.ordering.delete((await bot.clip(order_id)).id, MEMBER)
    await live(world, bot, 10)
    assert world.courier.hooks.calls.count("edit:before") == edits


async def test_an_order_whose_results_are_up_first_gets_no_card(world: World, bot: Bot) -> None:
    await world.order(bot)
    for name in ("submit", "look", "fetch", "post"):
        await bot.step(name)
        world.vendor.finish_all()
        world.clock.advance(10)
    assert len(world.courier.of(MessageKind.CLIP)) == 1
    await world.settle(bot)
    assert world.courier.of(MessageKind.CARD) == []


async def test_what_happens_while_the_card_is_drawn_is_drawn_after_it(
    world: World, bot: Bot
) -> None:
    await world.order(bot)

    async def submit_meanwhile() -> None:
        await bot.step("submit")

    world.courier.hooks["card:after"] = submit_meanwhile
    await bot.step("draw")
    assert card_of(world).edits == ("queued",)
    await bot.step("draw")
    assert card_of(world).edits == ("queued", "rendering")
    await world.settle(bot)


async def test_a_lost_reply_does_not_leave_old_news_on_the_card(world: World, bot: Bot) -> None:
    await world.order(bot)
    world.courier.lost_replies = 1
    await bot.step("draw")
    await bot.step("submit")
    world.clock.advance(10)
    await bot.step("draw")
    assert card_of(world).edits == ("queued", "rendering")
    await world.settle(bot)


async def test_a_channel_that_takes_no_card_still_gets_its_videos_directly(
    world: World, bot: Bot
) -> None:
    world.courier.closed.add(CHANNEL)
    order_id = await world.order(bot)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    (message,) = world.courier.messages.values()
    assert (message.kind, message.direct) == (MessageKind.CLIP, True)


async def test_a_card_is_tried_again_while_discord_is_down(world: World, bot: Bot) -> None:
    await world.order(bot, converted=True)
    world.courier.post_faults.extend([LATER] * 5)
    await world.settle(bot)
    assert card_of(world).edits[-1] == "done"
    assert len(world.vendor.requests) == 1


async def test_discord_down_for_hours_ends_an_order_that_needs_its_card(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, converted=True)
    world.courier.post_faults.extend([LATER] * (TRIES + 1))
    await world.settle(bot)
    assert await bot.states(order_id) == ["failed"]
    assert world.vendor.requests == []
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_a_card_that_can_not_be_edited_does_not_stop_anything(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.step("draw")
    await bot.step("submit")
    world.courier.post_faults.append(REFUSED)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert card_of(world).edits == ("queued", "done")


async def test_a_card_that_a_moderator_deleted_is_not_put_up_again(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.step("draw")
    del world.courier.messages[card_of(world).ref.message_id]
    await world.settle(bot)
    assert world.courier.of(MessageKind.CARD) == []
    assert await bot.states(order_id) == ["posted"]


async def test_when_all_failed_the_asker_is_told_once_and_by_name(world: World, bot: Bot) -> None:
    world.vendor.answers.append(RequestRefused(note="no"))
    order_id = await world.order(bot, variations=3)
    await bot.step("draw")
    await world.settle(bot)
    for _ in range(3):
        await bot.store.delete_clip((await bot.clip(order_id)).id, world.clock.now())
        await world.settle(bot)
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert (notice.order_id, notice.direct, notice.mention) == (order_id, False, True)
    assert card_of(world).edits[-1] == "done"


async def test_when_some_failed_the_card_says_so_and_there_is_no_notice(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.append(Accept(refused=("no",)))
    await world.order(bot, variations=3)
    await world.settle(bot)
    assert world.courier.of(MessageKind.NOTICE) == []
    assert card_of(world).edits[-1] == "done"
    assert await bot.value("SELECT card_text FROM orders") == "done:2:1:0:3"


async def test_who_cancels_everything_is_not_told_of_a_failure(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, pictures=2)
    await bot.step("draw")
    assert await bot.ordering.cancel(order_id, MEMBER) == Cancelled(ended=2, wished=0)
    await world.settle(bot)
    assert world.courier.of(MessageKind.NOTICE) == []
    assert card_of(world).edits == ("queued", "done")


@pytest.mark.parametrize("private", [True, False])
async def test_a_notice_goes_where_the_result_would_have_gone(
    world: World, bot: Bot, *, private: bool
) -> None:
    world.vendor.answers.append(RequestRefused(note="no"))
    await world.order(bot, private=private)
    await world.settle(bot)
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert notice.direct == private


async def test_a_notice_without_a_place_is_given_up(world: World, bot: Bot) -> None:
    world.courier.closed.add(CHANNEL)
    world.courier.shut.add(MEMBER.user_id)
    world.vendor.answers.append(RequestRefused(note="no"))
    order_id = await world.order(bot)
    await world.settle(bot)
    assert world.courier.messages == {}
    assert (await bot.get(order_id)).notice_message_id == 0


async def test_a_notice_is_tried_again_while_discord_is_down_and_is_one(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.append(RequestRefused(note="no"))
    await world.order(bot, private=True)
    world.courier.post_faults.extend([LATER] * 3)
    world.courier.lost_replies = 1
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_a_notice_whose_channel_closes_on_a_lost_reply_is_not_told_twice(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.append(RequestRefused(note="no"))
    await world.order(bot)
    await bot.step("submit")
    world.courier.lost_replies = 1
    await bot.step("draw")
    assert len(world.courier.of(MessageKind.NOTICE)) == 1
    world.courier.closed.add(CHANNEL)
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


# --- private orders, which have no card -----------------------------------------------------------


async def test_of_a_private_order_that_failed_in_part_its_member_is_told_once(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.append(Accept(refused=("no", "no")))
    order_id = await world.order(bot, variations=3, private=True)
    await world.settle(bot)
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert (notice.order_id, notice.direct) == (order_id, True)
    assert len(world.courier.of(MessageKind.CLIP)) == 1
    await bot.store.delete_clip((await bot.get(order_id)).clips[0].id, world.clock.now())
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_nobody_is_told_before_the_order_is_over_or_of_what_they_cancelled(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, pictures=2, private=True)
    await bot.step("submit")
    assert world.courier.of(MessageKind.NOTICE) == []
    await bot.ordering.cancel(order_id, MEMBER)
    await world.settle(bot)
    assert world.courier.of(MessageKind.NOTICE) == []


async def pause(world: World, bot: Bot, click: int) -> None:
    doing = Doing(id=click, guild_id=MEMBER.guild_id, actor_id=9)
    await bot.store.pause(doing, world.clock.now())


async def test_who_waits_in_a_pause_with_a_private_order_is_told_once(
    world: World, bot: Bot
) -> None:
    private = await world.order(bot, private=True)
    await world.order(bot)
    for click in (1, 3):
        await pause(world, bot, click)
        await bot.step("draw")
        resumed = Doing(id=click + 1, guild_id=MEMBER.guild_id, actor_id=9)
        await bot.store.resume(resumed, world.clock.now())
    (told,) = world.courier.of(MessageKind.PAUSE)
    assert (told.order_id, told.direct) == (private, True)
    assert (await bot.get(private)).pause_message_id == told.ref.message_id
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.CLIP)) == 2


@pytest.mark.parametrize("later", [1, 3600])
@pytest.mark.parametrize("moment", ["begin_notice", "pause:after", "record_notice"])
async def test_a_kill_over_telling_of_a_pause_leaves_one_message(
    world: World, bot: Bot, moment: str, later: float
) -> None:
    await world.order(bot, private=True)
    await pause(world, bot, 1)
    dying = world.rewire(bot, Fuse(moment))
    with pytest.raises(Killed):
        await dying.step("draw")
    bot = await world.restart(dying)
    world.clock.advance(later)
    for _ in range(3):
        world.clock.advance(600)
        await bot.step("draw")
    assert len(world.courier.of(MessageKind.PAUSE)) == 1


async def test_who_takes_no_direct_messages_is_not_tried_for_ever(world: World, bot: Bot) -> None:
    world.courier.shut.add(MEMBER.user_id)
    order_id = await world.order(bot, private=True)
    await pause(world, bot, 1)
    await bot.step("draw")
    assert (await bot.get(order_id)).pause_message_id == 0
