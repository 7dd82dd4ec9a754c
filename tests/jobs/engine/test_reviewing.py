"""Orders are shown to moderators once, with their pictures, which are kept while they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.ports import MessageKind, PostFailed, PostFault
from jobs.reviews import ReviewState
from tests.jobs.engine.stories import MODERATOR, reviewed
from tests.jobs.engine.world import MEMBER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.engine.world import Bot, World

HOUR_S = 3600


async def state(bot: Bot, order_id: int) -> ReviewState:
    review = await bot.store.review(order_id)
    assert review is not None
    return review.state


async def test_the_pictures_of_a_waiting_order_are_marked_as_used_again_and_again(
    world: World, bot: Bot
) -> None:
    order_id = await reviewed(world, bot)
    await bot.engine.drain()
    asked: list[str] = []
    known = world.library.picture_path

    def watched(key: str) -> Path | None:
        asked.append(key)
        return known(key)

    world.library.picture_path = watched  # type: ignore[method-assign]
    for _ in range(3):
        world.clock.advance(6 * HOUR_S)
        await bot.engine.drain()
    (picture,) = (await bot.get(order_id)).options.pictures
    assert asked == [picture.key]
    assert await bot.states(order_id) == ["review"]


async def test_pictures_that_are_too_large_are_left_out_and_that_is_said(
    world: World, bot: Bot
) -> None:
    world.review_desk.faults.append(PostFailed(PostFault.TOO_LARGE, "40005"))
    await reviewed(world, bot)
    await bot.engine.drain()
    (shown,) = world.review_desk.shown.values()
    assert (shown.files, shown.left_out) == ((), True)


async def test_pictures_that_only_the_message_can_carry_are_never_left_out(
    world: World, bot: Bot
) -> None:
    world.review_desk.faults.append(PostFailed(PostFault.TOO_LARGE, "40005"))
    order_id = await reviewed(world, bot, converted=True)
    await bot.engine.drain()
    assert world.review_desk.shown == {}
    assert await bot.states(order_id) == ["cancelled"]
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert notice.order_id == order_id


@pytest.mark.parametrize("pause_s", [60, 600])
async def test_a_lost_reply_shows_nothing_twice(world: World, bot: Bot, pause_s: int) -> None:
    world.review_desk.lost_replies = 1
    order_id = await reviewed(world, bot)
    await bot.step("review")
    world.clock.advance(pause_s)
    await bot.engine.drain()
    assert len(world.review_desk.shown) == 1
    assert await state(bot, order_id) is ReviewState.WAITING


async def test_where_nobody_can_look_and_the_nonce_is_forgotten_the_order_ends(
    world: World, bot: Bot
) -> None:
    world.review_desk.lost_replies = 1
    order_id = await reviewed(world, bot)
    await bot.step("review")
    world.review_desk.blind = True
    world.clock.advance(600)
    await bot.engine.drain()
    assert len(world.review_desk.shown) == 1
    assert await bot.states(order_id) == ["cancelled"]


async def test_an_edit_that_fails_for_good_leaves_the_decision_as_it_is(
    world: World, bot: Bot
) -> None:
    order_id = await reviewed(world, bot)
    await bot.engine.drain()
    world.review_desk.faults.append(PostFailed(PostFault.NO_ROOM, "50001"))
    await bot.reviews.approve(order_id, MODERATOR)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]


async def test_discord_down_while_an_order_waits_is_waited_for(world: World, bot: Bot) -> None:
    down = PostFailed(PostFault.LATER, "503", retry_after=5)
    world.review_desk.faults.extend([down, down])
    order_id = await reviewed(world, bot)
    for _ in range(6):
        await bot.engine.drain()
        world.clock.advance(600)
    assert len(world.review_desk.shown) == 1
    assert (await bot.get(order_id)).member == MEMBER
    assert await state(bot, order_id) is ReviewState.WAITING
