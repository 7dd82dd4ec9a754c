"""Moderators look at orders before they are paid for; nobody else decides about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cogs import content_words, quota_words, words
from cogs.review_desk import DiscordRooms
from cogs.reviewing import REJECT_FORM
from jobs.progress import progress_of
from jobs.reviews import ReviewState
from tests.cogs.deskhands import demote
from tests.cogs.forms_filled import form_of
from tests.cogs.moderating import Court, court_of
from tests.cogs.scenes import labels, last, said

if TYPE_CHECKING:
    import discord

    from jobs.catalogue import Catalogue
    from jobs.model import Order
    from jobs.ordering import Ordering
    from tests.cogs.scenes import Scene

HOUR = 3_600_000


@pytest.fixture
async def court(scene: Scene, catalogue: Catalogue) -> Court:
    """Have orders looked at in a channel for moderators."""
    made = await court_of(scene, catalogue)
    await made.review()
    return made


async def shown(court: Court, **options: object) -> tuple[Order, discord.Message]:
    """Have Alice order, and the engine show it."""
    order = await court.scene.ordered(**options)
    await court.look()
    return order, last(court.room)


async def state(court: Court, order: Order) -> set[str]:
    return {clip.state.value for clip in (await court.scene.ordering.order(order.id)).clips}


async def test_an_order_is_shown_with_its_picture_and_nothing_is_sent(court: Court) -> None:
    result = await court.scene.animate(prompt="a @everyone **fox**", avoid="blur")
    assert content_words.RECEIPT_REVIEW() in said(result)
    (order,) = await court.scene.orders()
    await court.look()
    message = last(court.room)
    assert labels(message) == ["Approve", "Reject"]
    assert "a @\u200beveryone \\*\\*fox\\*\\*" in message.content
    assert "10 credits, nothing is sent or charged yet" in message.content
    assert [one.filename for one in message.attachments] == ["picture-1.png"]
    assert court.scene.pings(message) == []
    assert await court.scene.store.claim_sends(court.scene.clock.now() + 1, 0, 5) == ()
    assert await court.scene.spendable() == 90
    assert await state(court, order) == {"review"}


async def test_the_card_says_that_a_moderator_looks_and_hides_the_prompt(court: Court) -> None:
    order = await court.scene.ordered(prompt="a secret garden")
    progress = progress_of(order, court.scene.clock.now())
    await court.scene.courier.post_card(order, progress, ())
    card = last(court.scene.studio)
    assert content_words.IN_REVIEW() in card.content
    assert "secret" not in card.content
    assert labels(card) == ["Cancel"]
    await court.scene.alice.click(card, label="Cancel")
    assert await state(court, order) == {"cancelled"}
    assert await court.scene.spendable() == 100


@pytest.mark.parametrize("who", ["mona", "rolf"])
async def test_a_moderator_of_either_kind_lets_an_order_go_on(court: Court, who: str) -> None:
    order, message = await shown(court)
    moderator = getattr(court, who)
    result = await moderator.click(message, label="Approve")
    assert said(result).startswith("Order #")
    assert await state(court, order) == {"queued"}
    (send,) = await court.scene.store.claim_sends(court.scene.clock.now(), 0, 5)
    assert send.order_id == order.id
    await court.look()
    told = last(court.room)
    assert f"approved by <@{moderator.id}>" in told.content
    assert labels(told) == []
    assert [one.filename for one in told.attachments] == ["picture-1.png"]


@pytest.mark.parametrize("who", ["alice", "bob", "eve"])
async def test_nobody_else_decides(court: Court, who: str) -> None:
    order, message = await shown(court)
    member = court.eve if who == "eve" else getattr(court.scene, who)
    for label in ("Approve", "Reject"):
        result = await member.click(message, label=label)
        assert said(result) == quota_words.MODERATORS_ONLY()
    assert await state(court, order) == {"review"}


async def test_a_moderator_of_another_server_can_not_decide_with_a_forged_button(
    court: Court,
) -> None:
    order, _ = await shown(court)
    elsewhere = court.away.create_text_channel("bench")
    forged = await court.forge(elsewhere, f"review-approve:{order.id}")
    result = await court.eve_away.click(forged, custom_id=f"review-approve:{order.id}")
    assert said(result) == words.ORDER_GONE()
    assert await state(court, order) == {"review"}


async def test_reject_asks_for_a_reason_that_the_member_reads(court: Court) -> None:
    order, message = await shown(court)
    opened = await court.rolf.click(message, label="Reject")
    assert form_of(opened)["custom_id"] == f"{REJECT_FORM}:{order.id}"
    result = await court.rolf.submit_modal(opened, {"reason": "no **real** people"})
    assert "All credits are back" in said(result)
    assert await state(court, order) == {"cancelled"}
    assert await court.scene.spendable() == 100
    order = await court.scene.ordering.order(order.id)
    await court.scene.courier.post_notice(order, direct=False)
    notice = last(court.scene.studio)
    assert "A moderator did not approve it (“no \\*\\*real\\*\\* people”)" in notice.content
    assert court.scene.pings(notice) == [court.scene.alice.id]
    await court.look()
    assert f"not approved by <@{court.rolf.id}>" in last(court.room).content
    assert "no \\*\\*real\\*\\* people" in last(court.room).content


async def test_who_moderates_no_more_by_then_ends_no_order_with_an_open_form(court: Court) -> None:
    order, message = await shown(court)
    opened = await court.rolf.click(message, label="Reject")
    demote(court.scene, court.rolf)
    late = await court.rolf.submit_modal(opened, {"reason": "no"})
    assert said(late) == quota_words.MODERATORS_ONLY()
    assert await state(court, order) == {"review"}


async def test_the_second_to_decide_is_told_who_was_first(court: Court) -> None:
    order, message = await shown(court)
    opened = await court.rolf.click(message, label="Reject")
    await court.mona.click(message, label="Approve")
    late = await court.rolf.submit_modal(opened, {"reason": "no"})
    again = await court.mona.click(message, label="Approve")
    closed = await court.rolf.click(message, label="Reject")
    for result in (late, again, closed):
        assert said(result) == f"That order is decided: approved by <@{court.mona.id}>."
    assert await state(court, order) == {"queued"}


async def test_after_a_day_without_a_decision_the_order_ends_and_says_so(court: Court) -> None:
    order, _ = await shown(court)
    court.scene.clock.advance(24 * 3600)
    await court.look()
    await court.look()
    assert await state(court, order) == {"cancelled"}
    assert content_words.EXPIRED() in last(court.room).content
    assert await court.scene.spendable() == 100
    order = await court.scene.ordering.order(order.id)
    await court.scene.courier.post_notice(order, direct=False)
    assert "No moderator decided about it in time." in last(court.scene.studio).content


async def test_who_has_a_trusted_role_is_not_looked_at(court: Court) -> None:
    crew = court.scene.guild.create_role("crew")
    await court.review(trusted=f"[{crew.id}]")
    member = court.scene.guild.add_member(court.scene.env.create_user("tara"), roles=[crew])
    result = await court.scene.animate(member)
    assert content_words.RECEIPT_REVIEW() not in said(result)
    (order,) = await court.scene.orders()
    assert await state(court, order) == {"queued"}


async def test_a_review_channel_that_is_gone_or_closed_refuses_before_credits_are_taken(
    court: Court, ordering: Ordering
) -> None:
    rooms = DiscordRooms()
    rooms.client = court.scene.bot
    ordering._screening._rooms = rooms
    court.scene.forbid(court.room, attach_files=False)
    assert said(await court.scene.animate()) == content_words.REVIEW_CLOSED()
    court.scene.forbid(court.room)
    assert content_words.RECEIPT_REVIEW() in said(await court.scene.animate())
    court.scene.env.backend.delete_channel(court.room.id)
    assert said(await court.scene.animate()) == content_words.REVIEW_CLOSED()
    assert len(await court.scene.orders()) == 1
    assert await court.scene.spendable() == 90


async def test_a_channel_that_closes_after_the_order_ends_it_and_says_why(court: Court) -> None:
    order = await court.scene.ordered()
    court.scene.forbid(court.room, send_messages=False)
    await court.look()
    assert await state(court, order) == {"cancelled"}
    assert await court.scene.spendable() == 100
    review = await court.scene.store.review(order.id)
    assert review is not None
    assert review.state is ReviewState.WITHDRAWN
    await court.scene.courier.post_notice(
        await court.scene.ordering.order(order.id), direct=False
    )  # fmt: skip
    assert "I could not show it to the moderators" in last(court.scene.studio).content
