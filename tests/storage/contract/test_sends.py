"""Paid requests leave the line in turn, one process at a time, and none while the gate is shut."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobs.ports import MadeClip
from jobs.states import FailReason
from jobs.stores import Cancelled, SendResult
from tests.storage.contract.desk import LEASE, MINUTE, SECOND, member, message

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


async def test_a_send_carries_all_that_its_request_needs(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2, pictures=2)
    first, second = await desk.claim()
    order = await desk.order(ordered.order_id)
    assert first.clip_ids + second.clip_ids == tuple(clip.id for clip in order.clips)
    assert (first.picture.key, second.picture.key) == ("0.png", "1.png")
    assert (first.options, first.place, first.price) == (order.options, order.place, 10)
    assert first.member == member()
    assert (first.attempts, first.queued_at, first.card_message_id) == (1, desk.now, None)
    assert first.token != second.token


async def test_two_processes_never_claim_the_same_send(desk: Desk) -> None:
    for _ in range(5):
        await desk.place(member(), pictures=2)
    claims = await asyncio.gather(*(desk.claim(3) for _ in range(6)))
    claimed = [send.id for sends in claims for send in sends]
    assert len(claimed) == len(set(claimed)) == 10


async def test_a_claim_that_came_to_nothing_is_free_after_its_lease(desk: Desk) -> None:
    await desk.place(member())
    (stale,) = await desk.claim()
    assert await desk.claim() == ()
    desk.now += LEASE
    (fresh,) = await desk.claim()
    assert (fresh.id, fresh.attempts) == (stale.id, 2)
    assert not await desk.store.intend(stale, desk.now, desk.now + LEASE)
    assert await desk.store.intend(fresh, desk.now, desk.now + LEASE)


async def test_an_intent_is_committed_once(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.claim()
    assert await desk.store.intend(send, desk.now, desk.now + LEASE)
    assert not await desk.store.intend(send, desk.now, desk.now + LEASE)
    assert await desk.states(ordered.order_id) == ["submitting"] * 2
    desk.now += 10 * LEASE
    assert await desk.claim() == ()


async def test_what_made_nothing_goes_back_into_the_line(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    await desk.store.put_back(send, desk.now + MINUTE, "busy", desk.now)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.note, clip.submitted_at) == ("queued", "busy", None)
    assert await desk.claim() == ()
    desk.now += MINUTE
    (again,) = await desk.send_out()
    assert (again.id, again.attempts) == (send.id, 2)


async def test_a_stale_claimant_can_not_put_a_send_back(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    desk.now += LEASE
    (taken_over,) = await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)
    await desk.store.put_back(send, desk.now, "busy", desk.now)
    assert await desk.states(ordered.order_id) == ["submitting"]
    assert await desk.claim() == ()
    assert taken_over.fence > send.fence


async def test_a_send_of_which_a_clip_is_known_to_be_made_is_never_put_back(desk: Desk) -> None:
    # A webhook was faster than an answer that claims nothing was made.
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    made = MadeClip(vendor_id="v1", cost=None)
    assert await desk.store.adopt(send.clip_ids, made, desk.now, desk.now)
    await desk.store.put_back(send, desk.now, "busy", desk.now)
    assert await desk.states(ordered.order_id) == ["rendering", "submitting"]
    assert await desk.claim() == ()
    desk.now += LEASE
    (stale,) = await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)
    result = SendResult(send_id=stale.id, doubtful=stale.clip_ids)
    await desk.store.finish_send(result, desk.now)
    assert await desk.states(ordered.order_id) == ["rendering", "released"]


@pytest.mark.parametrize("end", ["refused", "in doubt", "cancelled", "given up"])
async def test_a_send_that_has_ended_is_never_put_back(desk: Desk, end: str) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.claim()
    if end in ("refused", "in doubt"):
        assert await desk.store.intend(send, desk.now, desk.now + LEASE)
        refused = ((send.clip_ids[0], "no"),) if end == "refused" else ()
        doubtful = () if refused else send.clip_ids
        result = SendResult(send_id=send.id, refused=refused, doubtful=doubtful)
        await desk.store.finish_send(result, desk.now)
    elif end == "cancelled":
        await desk.store.cancel_order(ordered.order_id, desk.now)
    else:
        await desk.store.give_up_send(send, FailReason.PICTURE_GONE, "gone", desk.now)
    before = await desk.states(ordered.order_id)
    await desk.store.put_back(send, desk.now, "busy", desk.now)
    assert await desk.claim() == ()
    assert await desk.states(ordered.order_id) == before


async def test_only_requests_whose_lease_is_over_are_stale(desk: Desk) -> None:
    await desk.place(member(), pictures=2)
    first, _ = await desk.claim()
    await desk.store.intend(first, desk.now, desk.now + LEASE)
    assert await desk.store.claim_stale(desk.now, desk.now + LEASE, 10) == ()
    desk.now += LEASE
    (stale,) = await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)
    assert stale.id == first.id
    assert await desk.store.claim_stale(desk.now, desk.now + LEASE, 10) == ()


async def test_a_fresh_start_frees_every_lease(desk: Desk) -> None:
    await desk.ready(member(8))
    await desk.place(member(), pictures=2)
    first, _ = await desk.claim()
    await desk.store.intend(first, desk.now, desk.now + LEASE)
    assert len(await desk.due("post")) == 1
    assert len(await desk.store.claim_cards(desk.now, desk.now + LEASE, 10)) == 2
    await desk.store.take_over()
    assert len(await desk.claim()) == 1
    assert len(await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)) == 1
    assert len(await desk.due("post")) == 1
    assert len(await desk.store.claim_cards(desk.now, desk.now + LEASE, 10)) == 2


async def test_a_member_with_many_sends_does_not_starve_one_with_few(desk: Desk) -> None:
    await desk.place(member(7), pictures=10, price=1)
    await desk.place(member(8), pictures=1, price=1)
    await desk.place(member(9), pictures=2, price=1)
    line = [(await desk.claim(1))[0].member.user_id for _ in range(13)]
    assert line == [7, 8, 9, 7, 9, 7, 7, 7, 7, 7, 7, 7, 7]


async def test_a_turn_counts_clips_and_later_orders_queue_behind_earlier_ones(desk: Desk) -> None:
    await desk.place(member(7), clips=10, price=1)
    await desk.place(member(8), clips=2, price=1)
    await desk.place(member(8), clips=2, price=1)
    await desk.place(member(9), clips=5, price=1)
    assert [send.member.user_id for send in await desk.claim()] == [8, 8, 9, 7]


async def test_a_newcomer_starts_behind_what_was_submitted_last_not_before_it(desk: Desk) -> None:
    await desk.place(member(7), pictures=5, price=1)
    for _ in range(4):
        await desk.send_out(1)
    await desk.place(member(7), price=1)
    await desk.place(member(8), price=1)
    # Turns: 5 and 6 for the old hand, 5 for the newcomer, whose send is younger.
    assert [send.member.user_id for send in await desk.claim()] == [7, 8, 7]


async def test_an_order_knows_how_many_sends_are_before_its_own(desk: Desk) -> None:
    await desk.place(member(7), pictures=3, price=1)
    ordered = await desk.place(member(8), pictures=2, price=1)
    assert (await desk.order(ordered.order_id)).ahead == 1
    await desk.send_out(2)
    assert (await desk.order(ordered.order_id)).ahead == 1
    await desk.send_out(10)
    assert (await desk.order(ordered.order_id)).ahead == 0


async def test_behind_a_closed_gate_one_send_probes_at_a_time(desk: Desk) -> None:
    await desk.place(member(), pictures=4)
    assert await desk.store.close_gate("no credits", desk.now + MINUTE)
    assert not await desk.store.close_gate("no credits", desk.now + MINUTE)
    assert await desk.claim() == ()
    desk.now += MINUTE
    probes = await asyncio.gather(*(desk.claim() for _ in range(5)))
    assert sum(len(sends) for sends in probes) == 1
    assert await desk.claim() == ()
    desk.now += LEASE
    assert len(await desk.claim()) == 1


async def test_a_probe_is_not_used_up_while_nothing_is_due(desk: Desk) -> None:
    await desk.store.close_gate("no credits", desk.now)
    assert await desk.claim() == ()
    desk.now += SECOND
    await desk.place(member())
    assert len(await desk.claim()) == 1


async def test_an_answer_to_a_request_opens_the_gate(desk: Desk) -> None:
    await desk.place(member(), pictures=3)
    await desk.store.close_gate("no credits", desk.now)
    (probe,) = await desk.send_out()
    assert await desk.store.finish_send(desk.made(probe), desk.now)
    first, _ = await desk.send_out()
    assert not await desk.store.finish_send(desk.made(first), desk.now)


async def test_a_lost_reply_does_not_open_the_gate(desk: Desk) -> None:
    await desk.place(member(), pictures=2)
    await desk.store.close_gate("no credits", desk.now)
    (probe,) = await desk.send_out()
    result = SendResult(send_id=probe.id, doubtful=probe.clip_ids)
    assert not await desk.store.finish_send(result, desk.now)
    assert await desk.claim() == ()


async def test_a_send_that_needs_the_card_waits_for_it(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2, card_picture=True)
    assert await desk.claim() == ()
    (order,) = await desk.store.claim_cards(desk.now, desk.now + LEASE, 10)
    assert await desk.store.begin_card(order, desk.now)
    await desk.store.record_card(order, message(), "queued", None, desk.now)
    sends = await desk.claim()
    assert {send.order_id for send in sends} == {ordered.order_id}
    assert {send.card_message_id for send in sends} == {1}


async def test_a_send_that_can_not_be_made_ends_and_costs_nothing(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2)
    first, second = await desk.claim()
    reason = FailReason.PICTURE_GONE
    await desk.store.give_up_send(first, reason, "gone", desk.now)
    await desk.store.give_up_send(first, reason, "gone", desk.now)
    await desk.store.give_up_send(replace(second, fence=0), reason, "gone", desk.now)
    assert await desk.states(ordered.order_id) == ["failed", "queued"]
    clip = await desk.clip(ordered.order_id)
    assert (clip.reason, clip.note, clip.charged) == (reason, "gone", None)
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.held, wallet.spendable) == (10, 90)


async def test_a_send_whose_request_has_left_can_not_be_given_up(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.give_up_send(send, FailReason.PICTURE_GONE, "gone", desk.now)
    assert await desk.states(ordered.order_id) == ["submitting"]


async def test_an_order_is_given_up_as_far_as_it_is_queued(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=3)
    await desk.send_out(1)
    order = await desk.order(ordered.order_id)
    for _ in range(2):
        await desk.store.give_up_order(order, FailReason.PICTURE_GONE, "gone", desk.now)
    assert await desk.states(ordered.order_id) == ["submitting", "failed", "failed"]
    assert (await desk.store.wallet(member(), desk.now)).held == 10


async def test_cancelling_ends_what_is_queued_and_returns_its_credits(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2, pictures=2)
    first, second = await desk.claim()
    assert await desk.store.intend(first, desk.now, desk.now + LEASE)
    assert await desk.store.cancel_order(ordered.order_id, desk.now) == Cancelled(ended=2, wished=2)
    again = await desk.store.cancel_order(ordered.order_id, desk.now)
    assert again == Cancelled(ended=0, wished=2, before=2)
    assert not await desk.store.intend(second, desk.now, desk.now + LEASE)
    assert await desk.states(ordered.order_id) == ["submitting"] * 2 + ["cancelled"] * 2
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.held, wallet.spendable) == (20, 80)
    assert await desk.ceiling() == 20


async def test_a_wish_to_cancel_counts_once_nothing_was_made(desk: Desk) -> None:
    """A member who pressed Cancel while the request was out had it sent again after a 429."""
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.claim()
    assert await desk.store.intend(send, desk.now, desk.now + LEASE)
    await desk.store.cancel_order(ordered.order_id, desk.now)
    for _ in range(2):
        await desk.store.put_back(send, desk.now, "busy", desk.now)
    assert await desk.states(ordered.order_id) == ["cancelled"] * 2
    assert await desk.claim() == ()
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.held, wallet.spendable) == (0, 100)
    (drawn,) = await desk.store.claim_cards(desk.now, desk.now + LEASE, 5)
    assert drawn.id == ordered.order_id


async def test_a_wish_to_cancel_takes_nothing_from_what_was_made_or_may_be(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2)
    made, doubted = await desk.claim()
    for send in (made, doubted):
        assert await desk.store.intend(send, desk.now, desk.now + LEASE)
    await desk.store.cancel_order(ordered.order_id, desk.now)
    clip = (made.clip_ids[0], MadeClip(vendor_id="a" * 24, cost=10))
    await desk.store.finish_send(SendResult(send_id=made.id, made=(clip,)), desk.now)
    doubt = SendResult(send_id=doubted.id, doubtful=doubted.clip_ids, doubt_until=desk.now + MINUTE)
    await desk.store.finish_send(doubt, desk.now)
    assert await desk.states(ordered.order_id) == ["rendering", "unknown"]


async def test_either_the_cancelling_or_the_request_wins(desk: Desk) -> None:
    for _ in range(10):
        ordered = await desk.place(member(), price=1)
        (send,) = await desk.claim()
        cancelled, intended = await asyncio.gather(
            desk.store.cancel_order(ordered.order_id, desk.now),
            desk.store.intend(send, desk.now, desk.now + LEASE),
        )
        assert (cancelled.ended == 1) is not intended
        assert (cancelled.wished == 1) is intended
