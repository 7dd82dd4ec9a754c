"""In whatever state a clip is when the process dies, the next one knows what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from jobs.ports import InDoubt, MessageKind, RequestRefused
from jobs.states import ClipState
from tests.fakes import Accept
from tests.jobs.engine.world import CHANNEL, MEMBER, PRICE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.jobs.engine.world import Bot, World

MINUTE: Final = 60


async def queued(world: World, bot: Bot) -> None:
    await world.order(bot)


async def submitting(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "intend")


async def submitting_and_made(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "submit:after")


async def rendering(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "finish_send")


async def overdue(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    while await bot.states(order_id) != ["overdue"]:
        await bot.engine.drain()
        world.clock.advance(MINUTE)


async def unknown(world: World, bot: Bot) -> None:
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    await world.order(bot)
    await world.kill(bot, "finish_send")


async def ready(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "record_stored")


async def posting(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "begin_post")


async def posting_and_up(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "clip:after")


async def posted(world: World, bot: Bot) -> None:
    await world.order(bot)
    await world.kill(bot, "record_posted")


async def kept(world: World, bot: Bot) -> None:
    world.courier.shut.add(MEMBER.user_id)
    await world.order(bot, private=True)
    await world.kill(bot, "record_kept")


async def failed(world: World, bot: Bot) -> None:
    world.vendor.answers.append(RequestRefused(note="no"))
    await world.order(bot)
    await world.kill(bot, "finish_send")


async def released(world: World, bot: Bot) -> None:
    world.webhooks = False
    bot = await world.restart(bot)
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    await world.order(bot)
    await world.kill(bot, "finish_send")


async def cancelled(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await bot.ordering.cancel(order_id, MEMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a clip gets into a state, what that is, and how it ends after the restart."""

    bring: Callable[[World, Bot], Awaitable[None]]
    dies_in: str
    ends_in: str
    requests: int = 1
    notices: int = 0


CASES: Final = (
    Case(bring=queued, dies_in="queued", ends_in="posted"),
    Case(bring=submitting, dies_in="submitting", ends_in="released", requests=0, notices=1),
    Case(bring=submitting_and_made, dies_in="submitting", ends_in="released", notices=1),
    Case(bring=rendering, dies_in="rendering", ends_in="posted"),
    Case(bring=overdue, dies_in="overdue", ends_in="posted"),
    Case(bring=unknown, dies_in="unknown", ends_in="released", notices=1),
    Case(bring=ready, dies_in="ready", ends_in="posted"),
    Case(bring=posting, dies_in="posting", ends_in="posted"),
    Case(bring=posting_and_up, dies_in="posting", ends_in="posted"),
    Case(bring=posted, dies_in="posted", ends_in="posted"),
    Case(bring=kept, dies_in="kept", ends_in="kept"),
    Case(bring=failed, dies_in="failed", ends_in="failed", notices=1),
    Case(bring=released, dies_in="released", ends_in="released", notices=1),
    Case(bring=cancelled, dies_in="cancelled", ends_in="cancelled", requests=0),
)


def test_there_is_a_case_for_every_state_that_a_clip_can_die_in() -> None:
    # Nothing is put to review yet.
    assert {case.dies_in for case in CASES} == {*ClipState} - {ClipState.REVIEW}


@pytest.mark.parametrize("pause_s", [0, 10 * MINUTE])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.bring.__name__)
async def test_a_clip_goes_on_from_where_the_process_died(
    world: World, case: Case, pause_s: int
) -> None:
    world.public_url, world.webhooks = "https://bot.invalid", True
    await case.bring(world, await world.boot())
    bot = await world.restart(world.bots[-1])
    order_id = await bot.value("SELECT id FROM orders")
    assert await bot.states(order_id) == [case.dies_in]
    world.clock.advance(pause_s)
    await world.settle(bot)

    clip = await bot.clip(order_id)
    assert clip.state.value == case.ends_in
    assert len(world.vendor.requests) == case.requests
    delivered = case.ends_in in ("posted", "kept")
    assert clip.charged == (PRICE if delivered else None)
    assert len(world.courier.of(MessageKind.CLIP)) == (case.ends_in == "posted")
    assert len(world.courier.of(MessageKind.NOTICE)) == case.notices
    spendable = (await bot.ordering.wallet(MEMBER)).spendable
    assert spendable == (100 - PRICE if delivered else 100)


@pytest.mark.parametrize("point", ["claim_sends", "look:after", "keep:after", "begin_post"])
async def test_the_next_process_does_not_wait_for_the_leases_of_the_dead_one(
    world: World, bot: Bot, point: str
) -> None:
    order_id = await world.order(bot)
    bot = await world.kill(bot, point)
    for _ in range(2):
        world.vendor.finish_all()
        await bot.engine.drain()
        world.clock.advance(10)
    assert await bot.states(order_id) == ["posted"]
    await world.settle(bot)


@pytest.mark.parametrize("made", ["intend", "submit:after"])
async def test_a_death_during_the_paid_request_is_told_to_member_and_operator(
    world: World, bot: Bot, made: str
) -> None:
    order_id = await world.order(bot, variations=2)
    bot = await world.kill(bot, made)
    await world.settle(bot)
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert (notice.order_id, notice.mention) == (order_id, True)
    (told,) = world.courier.told
    assert f"2 clip(s), up to {2 * PRICE} credits" in told
    assert await bot.house() == 2 * PRICE
    assert len(world.vendor.requests) == (made == "submit:after")


async def test_with_a_public_address_a_death_during_the_request_can_still_end_well(
    world: World,
) -> None:
    world.public_url, world.webhooks = "https://bot.invalid", True
    bot = await world.boot()
    order_id = await world.order(bot)
    bot = await world.kill(bot, "submit:after")
    await bot.engine.drain()
    assert await bot.states(order_id) == ["unknown"]
    token = await bot.value("SELECT token FROM sends")
    (vendor_id,) = world.vendor.bill
    assert await bot.hints.take(token, vendor_id)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == PRICE
    assert len(world.courier.of(MessageKind.CLIP)) == 1


async def test_a_card_whose_post_was_cut_off_is_not_posted_twice(world: World, bot: Bot) -> None:
    for pause_s in (0, 10 * MINUTE):
        await world.order(bot)
        bot = await world.kill(bot, "card:after")
        world.clock.advance(pause_s)
        await world.settle(bot)
    cards = world.courier.of(MessageKind.CARD)
    assert [card.edits[-1] for card in cards] == ["done", "done"]


async def test_a_card_that_was_cut_off_is_found_when_all_is_over_and_shrinks_too(
    world: World, bot: Bot
) -> None:
    await world.order(bot)
    await bot.step("submit")
    bot = await world.kill(bot, "card:after")
    world.vendor.finish_all()
    world.clock.advance(10 * MINUTE)
    for name in ("look", "fetch", "post"):
        await bot.step(name)
    await world.settle(bot)
    (card,) = world.courier.of(MessageKind.CARD)
    assert card.edits[-1] == "done"


async def test_a_notice_that_was_cut_off_is_not_posted_twice(world: World, bot: Bot) -> None:
    for pause_s in (0, 10 * MINUTE):
        world.vendor.answers.append(RequestRefused(note="no"))
        await world.order(bot)
        bot = await world.kill(bot, "notice:after")
        world.clock.advance(pause_s)
        await world.settle(bot)
    assert len(world.courier.of(MessageKind.NOTICE)) == 2


async def test_a_notice_that_nobody_can_look_for_is_not_posted_again(
    world: World, bot: Bot
) -> None:
    world.courier.blind.add(CHANNEL)
    world.vendor.answers.append(RequestRefused(note="no"))
    await world.order(bot)
    bot = await world.kill(bot, "notice:after")
    world.clock.advance(10 * MINUTE)
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.NOTICE)) == 1
