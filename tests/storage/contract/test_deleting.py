"""All of an order, or what is to come of it, is deleted in one commit; the books stay right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.acts import Act, ActKind, ActSlice, NewAct
from jobs.ports import MadeClip
from jobs.stores import Deleted, SendResult
from storage.acts import read_acts
from tests.storage.contract.desk import GUILD, MINUTE, MODERATOR, member, message

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


async def one_sent(desk: Desk) -> int:
    """Place an order of three sends, of which the vendor has one; return its id."""
    ordered = await desk.place(member(), pictures=3)
    (send,) = await desk.send_out(limit=1)
    await desk.store.finish_send(desk.made(send), desk.now)
    return ordered.order_id


def by(desk: Desk, order_id: int) -> NewAct:
    act = Act(
        guild_id=GUILD,
        actor_id=MODERATOR,
        kind=ActKind.DELETE,
        subject_id=order_id,
        about="",
        reason="not here",
    )
    return NewAct(id=desk.id(), act=act)


async def test_what_is_in_the_line_is_given_back_and_what_renders_is_settled_unseen(
    desk: Desk,
) -> None:
    order_id = await one_sent(desk)
    assert await desk.store.delete_order(order_id, desk.now) == Deleted(clips=3, cancelled=2)
    assert await desk.states(order_id) == ["rendering", "cancelled", "cancelled"]
    assert (await desk.store.wallet(member(), desk.now)).spendable == 90
    assert await desk.claim() == ()
    await desk.settle(cost=10)
    assert await desk.due("post") == ()
    (left,) = await desk.due("remove")
    assert (left.deleted, left.charged) == (True, 10)


async def test_what_is_finished_is_removed_at_once_and_messages_may_stay(desk: Desk) -> None:
    order_id = await desk.ready(member(), clips=2)
    first, *_ = await desk.due("post", limit=1)
    await desk.store.begin_post(first, desk.now)
    await desk.store.record_posted(first, message(), desk.now)
    done = await desk.store.delete_order(order_id, desk.now, keep_message=True)
    assert done == Deleted(clips=2)
    assert [clip.keep_message for clip in (await desk.order(order_id)).clips] == [True, True]
    assert len(await desk.due("remove")) == 2


async def test_a_second_time_does_nothing_and_writes_no_act(desk: Desk) -> None:
    order_id = await desk.ready(member(), clips=2)
    assert (await desk.store.delete_order(order_id, desk.now, by=by(desk, order_id))).clips == 2
    assert (await desk.store.delete_order(order_id, desk.now, by=by(desk, order_id))).clips == 0
    acts = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=5))
    assert [(one.act.kind, one.act.reason) for one in acts] == [(ActKind.DELETE, "not here")]


async def test_a_send_that_is_leaving_is_cancelled_if_it_comes_back(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    assert await desk.store.delete_order(ordered.order_id, desk.now) == Deleted(clips=2)
    await desk.store.put_back(send, desk.now + MINUTE, "busy", desk.now)
    assert await desk.states(ordered.order_id) == ["cancelled", "cancelled"]
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100


async def test_what_is_hidden_is_only_what_is_to_come_and_counts_the_same_twice(
    desk: Desk,
) -> None:
    order_id = await desk.ready(member(), clips=1)
    (clip,) = await desk.due("post")
    await desk.store.begin_post(clip, desk.now)
    await desk.store.record_posted(clip, message(), desk.now)
    assert await desk.store.delete_coming(order_id, desk.now) == 0
    assert not (await desk.clip(order_id)).deleted
    coming = await one_sent(desk)
    await desk.store.cancel_order(coming, desk.now)
    assert [await desk.store.delete_coming(coming, desk.now) for _ in range(2)] == [1, 1]
    assert [clip.deleted for clip in (await desk.order(coming)).clips] == [True, False, False]


async def test_a_cancelled_order_says_so_when_it_is_cancelled_again(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    first = await desk.store.cancel_order(ordered.order_id, desk.now)
    again = await desk.store.cancel_order(ordered.order_id, desk.now)
    assert (first.ended, first.before, first.running) == (2, 0, 0)
    assert (again.ended, again.before, again.running, again.wished) == (0, 2, 0, 0)


async def test_deleting_while_everything_else_goes_on_ends_in_books_that_agree(
    desk: Desk,
) -> None:
    orders = [await one_sent(desk) for _ in range(3)]
    sends = await desk.send_out()
    clips = await desk.find_done(cost=10)
    fetched = await desk.due("fetch")
    assert len(clips) == len(fetched) == 3
    answers = (
        SendResult(
            send_id=send.id,
            made=tuple((id_, MadeClip(vendor_id=f"v{id_}", cost=10)) for id_ in send.clip_ids),
            look_at=desk.now,
        )
        for send in sends
    )
    await asyncio.gather(
        *(desk.store.record_stored(desk.stored(clip), desk.now) for clip in fetched),
        *(desk.store.delete_order(order_id, desk.now) for order_id in orders),
        *(desk.store.finish_send(answer, desk.now) for answer in answers),
        *(desk.store.delete_coming(order_id, desk.now) for order_id in orders),
        *(desk.store.cancel_order(order_id, desk.now) for order_id in orders),
        *(desk.store.delete_order(order_id, desk.now) for order_id in orders),
    )
    found = [clip for order_id in orders for clip in (await desk.order(order_id)).clips]
    assert all(clip.deleted for clip in found)
    assert await desk.due("post") == ()
