"""Reviews are decided once, end in time, and hold credits and the line until then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.acts import ActKind
from jobs.errors import ReviewClosed
from jobs.ports import MessageRef
from jobs.reviews import Decided, Decision, ReviewState
from jobs.states import FailReason
from storage.audit import audit
from storage.restoring import restored
from tests.storage.contract.desk import GUILD, HOUR, MINUTE, member
from tests.storage.contract.test_content import acts

if TYPE_CHECKING:
    from jobs.reviews import Review
    from tests.storage.contract.desk import Desk

ROOM = 50


async def look_first(desk: Desk, *, trusted: str = "[]", channel: int | None = ROOM) -> None:
    """Have the guild look at orders of members without a trusted role."""
    await desk.write(
        """INSERT INTO guilds (guild_id, review, review_channel_id, review_hours, trusted_roles)
           VALUES ($1, 1, $2, 12, $3)""",
        GUILD,
        channel,
        trusted,
    )


def decision(order_id: int, *, approved: bool = True, by: int = 99, guild: int = GUILD) -> Decision:
    reason = "" if approved else "too dark"
    return Decision(
        order_id=order_id, actor=member(by, guild=guild), approved=approved, reason=reason
    )


async def decide(desk: Desk, what: Decision) -> Decided | None:
    return await desk.store.decide(what, desk.id(), desk.now)


async def due(desk: Desk) -> list[Review]:
    return list(await desk.store.claim_reviews(desk.now, desk.now + MINUTE, 10))


async def test_an_order_in_review_holds_its_credits_and_is_not_sent(desk: Desk) -> None:
    await look_first(desk)
    ordered = await desk.place(member(), clips=2)
    assert ordered.review
    assert await desk.states(ordered.order_id) == ["review", "review"]
    assert (await desk.store.wallet(member(), desk.now)).held == 20
    assert await desk.claim() == ()
    (shown,) = await due(desk)
    assert (shown.channel_id, shown.expires_at) == (ROOM, desk.now + 12 * HOUR)


async def test_a_trusted_role_goes_without_review_and_no_channel_means_no_order(
    desk: Desk,
) -> None:
    await look_first(desk, trusted="[4]", channel=None)
    assert not (await desk.place(member(roles=[4]))).review
    with pytest.raises(ReviewClosed):
        await desk.place(member())
    assert (await desk.store.wallet(member(), desk.now)).held == 10


async def test_an_approved_order_lines_up_as_if_it_were_placed_now(desk: Desk) -> None:
    await look_first(desk, trusted="[4]")
    waiting = await desk.place(member(), clips=2)
    for _ in range(3):
        await desk.place(member(8, roles=[4]))
    sent = await desk.send_out(2)
    desk.now += HOUR
    assert await decide(desk, decision(waiting.order_id)) is not None
    assert await desk.states(waiting.order_id) == ["queued", "queued"]
    rest = await desk.claim()
    assert [send.order_id == waiting.order_id for send in rest] == [False, True]
    turn = await desk.value("SELECT turn FROM sends WHERE order_id = $1", waiting.order_id)
    assert (len(sent), turn) == (2, 4)
    assert rest[-1].queued_at == desk.now


async def test_two_moderators_at_once_decide_once_and_the_second_learns_who_was_first(
    desk: Desk,
) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    outcomes = await asyncio.gather(
        decide(desk, decision(order_id, by=98)),
        decide(desk, decision(order_id, by=99, approved=False)),
        decide(desk, decision(order_id, by=98)),
    )
    assert [one.mine for one in outcomes if one is not None].count(True) == 1
    assert len({(one.review.decided_by, one.review.state) for one in outcomes if one}) == 1
    assert len(await acts(desk)) == 1
    assert len(await desk.claim()) <= 1


async def test_nobody_decides_in_another_guild_or_about_other_orders(desk: Desk) -> None:
    free = (await desk.place(member())).order_id
    await look_first(desk)
    order_id = (await desk.place(member(), price=5)).order_id
    assert await decide(desk, decision(order_id, guild=GUILD + 1)) is None
    assert await decide(desk, decision(free)) is None
    assert await desk.states(order_id) == ["review"]
    assert await acts(desk) == []


async def test_a_rejected_order_is_released_in_full_with_its_reason(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member(), clips=2, pictures=2)).order_id
    await decide(desk, decision(order_id, approved=False))
    clips = (await desk.order(order_id)).clips
    assert {(one.state.value, one.reason, one.note) for one in clips} == {
        ("cancelled", FailReason.REJECTED, "too dark")
    }
    assert (await desk.store.wallet(member(), desk.now)).held == 0
    (act,) = await acts(desk)
    assert (act.kind, act.subject_id, act.reason) == (ActKind.REJECT, order_id, "too dark")


async def test_the_wait_ends_in_time_and_not_before(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    (review,) = await due(desk)
    assert not await desk.store.expire_review(review, desk.now + 12 * HOUR - 1)
    assert await desk.store.expire_review(review, desk.now + 12 * HOUR)
    assert not await desk.store.expire_review(review, desk.now + 13 * HOUR)
    (clip,) = (await desk.order(order_id)).clips
    assert (clip.state.value, clip.reason) == ("cancelled", FailReason.REVIEW_EXPIRED)
    late = await decide(desk, decision(order_id))
    assert late is not None
    assert (late.mine, late.review.state) == (False, ReviewState.EXPIRED)


async def test_a_decision_at_the_last_moment_and_the_end_of_the_wait_do_not_both_count(
    desk: Desk,
) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    (review,) = await due(desk)
    desk.now += 12 * HOUR
    decided, expired = await asyncio.gather(
        decide(desk, decision(order_id)), desk.store.expire_review(review, desk.now)
    )
    assert decided is not None
    assert decided.mine != expired


async def test_its_member_may_cancel_while_it_waits(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    assert (await desk.store.cancel_order(order_id, desk.now)).ended == 1
    decided = await decide(desk, decision(order_id))
    assert decided is not None
    assert (decided.mine, decided.review.state) == (False, ReviewState.WITHDRAWN)


async def test_a_card_that_is_posted_does_not_let_a_waiting_order_go(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member(), card_picture=True)).order_id
    (order,) = await desk.store.claim_cards(desk.now, desk.now + MINUTE, 1)
    assert not order.card_picture
    message = MessageRef(channel_id=3, message_id=9)
    await desk.store.record_card(order, message, "review", None, desk.now)
    assert await desk.claim() == ()
    shown = MessageRef(channel_id=ROOM, message_id=77)
    (review,) = await due(desk)
    assert review.carries
    await desk.store.record_review(review, shown, desk.now)
    await decide(desk, decision(order_id))
    (send,) = await desk.claim()
    assert (send.card_channel_id, send.card_message_id) == (ROOM, 77)


async def test_a_message_is_begun_recorded_and_told_by_whoever_holds_the_claim(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    (stale,) = await due(desk)
    desk.now += MINUTE
    (review,) = await due(desk)
    assert not await desk.store.begin_review(stale, desk.now)
    assert await desk.store.begin_review(review, desk.now)
    shown = MessageRef(channel_id=ROOM, message_id=77)
    await desk.store.record_review(stale, shown, desk.now)  # what is up is a fact
    await desk.store.record_review(review, shown, desk.now)
    (review,) = await due(desk)
    await desk.store.put_off_review(review, review.expires_at)
    assert await due(desk) == []
    await desk.store.record_review_told(review)  # it waits: there is something to say later
    await decide(desk, decision(order_id))
    (told,) = await due(desk)
    assert (told.message, told.state) == (shown, ReviewState.APPROVED)
    await desk.store.record_review_told(told)
    assert await due(desk) == []


async def test_an_order_that_can_not_be_shown_is_ended(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    (review,) = await due(desk)
    assert await desk.store.close_review(review, "", desk.now)
    assert not await desk.store.close_review(review, "", desk.now)
    (clip,) = (await desk.order(order_id)).clips
    assert (clip.state.value, clip.reason) == ("cancelled", FailReason.REVIEW_CLOSED)


async def test_a_restored_backup_ends_what_waits_and_looks_for_its_message(desk: Desk) -> None:
    await look_first(desk)
    order_id = (await desk.place(member())).order_id
    assert await desk.database.run(restored, desk.now) == 1
    assert await desk.states(order_id) == ["cancelled"]
    (review,) = await due(desk)
    assert (review.state, review.first_try_at) == (ReviewState.WITHDRAWN, desk.now)


async def test_the_audit_notices_a_review_that_nobody_waits_for(desk: Desk) -> None:
    await look_first(desk)
    await desk.place(member())
    await desk.write("UPDATE reviews SET state = 'expired'")
    found = await audit(desk.database)
    assert any("its review is expired" in one for one in found)
    await desk.write("UPDATE reviews SET state = 'waiting', due_at = NULL")
    assert any("for no time" in one for one in await audit(desk.database))
    await desk.write("UPDATE reviews SET due_at = 1")
