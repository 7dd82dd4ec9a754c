"""What became of a paid request is recorded once, and a vendor's id is never lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.ports import MadeClip
from jobs.states import FailReason
from jobs.stores import SendResult
from storage.restoring import restored
from tests.storage.contract.desk import HOUR, LEASE, MINUTE, member

if TYPE_CHECKING:
    from jobs.model import Send
    from tests.storage.contract.desk import Desk


def made(send: Send, *numbers: int, cost: int | None = 10) -> SendResult:
    """Answer with the ids v0, v1, … for the clips of a send in that order."""
    pairs = tuple(
        (send.clip_ids[place], MadeClip(vendor_id=f"v{number}", cost=cost))
        for place, number in enumerate(numbers)
    )
    return SendResult(send_id=send.id, made=pairs)


def refused(send: Send) -> SendResult:
    notes = tuple((clip_id, "not this picture") for clip_id in send.clip_ids)
    return SendResult(send_id=send.id, refused=notes)


def doubtful(send: Send, until: int | None = None) -> SendResult:
    return SendResult(send_id=send.id, doubtful=send.clip_ids, doubt_until=until)


async def ids(desk: Desk, order_id: int) -> list[str | None]:
    return [clip.vendor_id for clip in (await desk.order(order_id)).clips]


async def test_a_made_clip_renders_and_is_looked_at_when_told(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    result = SendResult(
        send_id=send.id,
        made=((send.clip_ids[0], MadeClip(vendor_id="v", cost=10)),),
        look_at=desk.now + MINUTE,
    )
    for _ in range(2):
        await desk.store.finish_send(result, desk.now)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.vendor_id, clip.cost, clip.free) == ("rendering", "v", 10, False)
    assert await desk.due("look") == ()
    desk.now += MINUTE
    assert len(await desk.due("look")) == 1


async def test_an_answer_can_make_refuse_and_leave_in_doubt(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=3)
    (send,) = await desk.send_out()
    one, two, three = send.clip_ids
    result = SendResult(
        send_id=send.id,
        made=((one, MadeClip(vendor_id="v1", cost=None)),),
        refused=((two, "not this picture"),),
        doubtful=(three,),
    )
    for _ in range(3):
        await desk.store.finish_send(result, desk.now)
    assert await desk.states(ordered.order_id) == ["rendering", "failed", "released"]
    clip = await desk.clip(ordered.order_id, 1)
    assert (clip.reason, clip.note) == (FailReason.REFUSED, "not this picture")
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.held, wallet.spendable) == (10, 90)
    # What is in doubt may have been charged: the house carries it, and the ceiling with it.
    assert (await desk.house(), await desk.ceiling()) == (10, 20)


async def test_without_a_webhook_a_doubt_is_released_at_once(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    for _ in range(2):
        await desk.store.finish_send(doubtful(send), desk.now)
    assert await desk.states(ordered.order_id) == ["released"] * 2
    assert (await desk.clip(ordered.order_id)).reason is FailReason.IN_DOUBT
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100
    assert (await desk.house(), await desk.ceiling()) == (20, 20)


async def test_with_a_webhook_a_doubt_keeps_its_hold_until_its_hour_is_over(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(doubtful(send, desk.now + HOUR), desk.now)
    assert await desk.states(ordered.order_id) == ["unknown"]
    assert (await desk.store.wallet(member(), desk.now)).held == 10
    assert await desk.due("doubt") == ()
    desk.now += HOUR
    (clip,) = await desk.due("doubt")
    assert await desk.store.release_doubt(clip, desk.now)
    assert not await desk.store.release_doubt(clip, desk.now)
    assert await desk.states(ordered.order_id) == ["released"]
    assert (await desk.store.wallet(member(), desk.now)).held == 0
    assert await desk.house() == 10


async def test_an_id_that_turns_up_in_time_is_an_ordinary_clip(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(doubtful(send, desk.now + HOUR), desk.now)
    late = MadeClip(vendor_id="v", cost=10)
    assert await desk.store.adopt(send.clip_ids, late, desk.now, desk.now)
    assert not await desk.store.adopt(send.clip_ids, late, desk.now, desk.now)
    desk.now += HOUR
    assert await desk.due("doubt") == ()
    await desk.settle(cost=8)
    clip = await desk.clip(ordered.order_id)
    assert (clip.charged, clip.free) == (8, False)
    assert await desk.house() == 0


@pytest.mark.parametrize("cost", [0, 8, 10, 25])
async def test_a_released_clip_that_turns_up_is_free_and_the_house_pays_what_it_cost(
    desk: Desk, cost: int
) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(doubtful(send), desk.now)
    for _ in range(2):
        await desk.store.finish_send(made(send, 0), desk.now)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.free, clip.reason) == ("rendering", True, None)
    await desk.settle(cost=cost)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.charged) == ("ready", 0)
    assert (await desk.house(), await desk.ceiling()) == (cost, cost)
    corrections = await desk.value("SELECT COUNT(*) FROM entries WHERE kind = 'house'")
    assert corrections == (0 if cost == 10 else 1)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100


async def test_a_released_clip_that_turns_up_and_fails_costs_what_the_vendor_says(
    desk: Desk,
) -> None:
    await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(doubtful(send), desk.now)
    await desk.store.finish_send(made(send, 0), desk.now)
    (clip,) = await desk.due("look")
    await desk.store.record_looks((), (), (desk.failed(clip),), desk.now)
    assert (await desk.house(), await desk.ceiling()) == (0, 0)


async def test_the_answer_of_a_process_that_lost_its_lease_still_counts(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    desk.now += LEASE
    (stale,) = await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)
    await desk.store.finish_send(doubtful(stale), desk.now)
    await desk.store.finish_send(made(send, 0, 1), desk.now)
    assert await desk.states(ordered.order_id) == ["rendering"] * 2
    assert await ids(desk, ordered.order_id) == ["v0", "v1"]


async def test_a_doubt_can_not_take_back_an_answer(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    desk.now += LEASE
    (stale,) = await desk.store.claim_stale(desk.now, desk.now + LEASE, 10)
    await desk.store.finish_send(made(send, 0, 1), desk.now)
    for until in (None, desk.now + HOUR):
        await desk.store.finish_send(doubtful(stale, until), desk.now)
    assert await desk.states(ordered.order_id) == ["rendering"] * 2


async def test_a_late_refusal_ends_a_doubt_and_frees_the_house(desk: Desk) -> None:
    kept = await desk.place(member())
    let_go = await desk.place(member())
    first, second = await desk.send_out()
    await desk.store.finish_send(doubtful(first, desk.now + HOUR), desk.now)
    await desk.store.finish_send(doubtful(second), desk.now)
    for _ in range(2):
        for send in (first, second):
            await desk.store.finish_send(refused(send), desk.now)
    assert await desk.states(kept.order_id) == ["failed"]
    assert await desk.states(let_go.order_id) == ["released"]
    assert (await desk.house(), await desk.ceiling()) == (0, 0)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100


async def test_a_refused_clip_that_turns_up_all_the_same_is_on_the_house(desk: Desk) -> None:
    await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(doubtful(send), desk.now)
    await desk.store.finish_send(refused(send), desk.now)
    assert await desk.house() == 0
    await desk.store.finish_send(made(send, 0), desk.now)
    await desk.settle(cost=10)
    assert (await desk.house(), await desk.ceiling()) == (10, 10)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100


@pytest.mark.parametrize("how", ["refused", "restored"])
async def test_a_failed_clip_that_turns_up_by_its_webhook_is_free(desk: Desk, how: str) -> None:
    ordered = await desk.place(member())
    if how == "restored":
        (send,) = await desk.claim()
        assert await desk.database.run(restored, desk.now) == 1
    else:
        (send,) = await desk.send_out()
        await desk.store.finish_send(refused(send), desk.now)
    waiting = await desk.store.clips_without_id(send.token)
    late = MadeClip(vendor_id="v", cost=10)
    assert await desk.store.adopt(waiting, late, desk.now, desk.now)
    assert (await desk.clip(ordered.order_id)).free
    await desk.settle(cost=10)
    assert await desk.states(ordered.order_id) == ["ready"]
    assert (await desk.house(), await desk.ceiling()) == (10, 10)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100


async def test_a_refusal_does_not_fail_a_clip_that_the_vendor_has(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.adopt(send.clip_ids, MadeClip(vendor_id="v", cost=None), desk.now, desk.now)
    await desk.store.finish_send(refused(send), desk.now)
    assert await desk.states(ordered.order_id) == ["rendering"]
    assert (await desk.store.wallet(member(), desk.now)).held == 10


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_a_webhook_may_be_faster_than_the_answer_and_in_any_order(
    desk: Desk, first: int
) -> None:
    ordered = await desk.place(member(), clips=3)
    (send,) = await desk.send_out()
    early = MadeClip(vendor_id=f"v{first}", cost=10)
    assert await desk.store.adopt(send.clip_ids, early, desk.now, desk.now)
    await desk.store.finish_send(made(send, 0, 1, 2), desk.now)
    assert sorted(str(one) for one in await ids(desk, ordered.order_id)) == ["v0", "v1", "v2"]
    assert await desk.states(ordered.order_id) == ["rendering"] * 3


async def test_no_id_is_lost_when_the_answer_covers_fewer_clips_than_are_made(desk: Desk) -> None:
    # The webhook of the second clip took the first one's place; the answer names only the first,
    # and leaves the other in doubt.
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    one, two = send.clip_ids
    await desk.store.adopt(send.clip_ids, MadeClip(vendor_id="v1", cost=10), desk.now, desk.now)
    result = SendResult(
        send_id=send.id, made=((one, MadeClip(vendor_id="v0", cost=10)),), doubtful=(two,)
    )
    await desk.store.finish_send(result, desk.now)
    assert await ids(desk, ordered.order_id) == ["v1", "v0"]
    assert await desk.states(ordered.order_id) == ["rendering"] * 2


async def test_a_refusal_goes_to_a_clip_that_the_vendor_does_not_have(desk: Desk) -> None:
    # The answer makes one and refuses one; a webhook has brought the made one to the second clip.
    ordered = await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    one, two = send.clip_ids
    await desk.store.adopt((two,), MadeClip(vendor_id="v0", cost=10), desk.now, desk.now)
    result = SendResult(
        send_id=send.id,
        made=((one, MadeClip(vendor_id="v0", cost=10)),),
        refused=((two, "not this picture"),),
    )
    for _ in range(2):
        await desk.store.finish_send(result, desk.now)
    assert await desk.states(ordered.order_id) == ["failed", "rendering"]


async def test_the_same_id_twice_at_once_is_one_clip(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=3)
    (send,) = await desk.send_out()
    late = MadeClip(vendor_id="v0", cost=10)
    adopted = await asyncio.gather(
        *(desk.store.adopt(send.clip_ids, late, desk.now, desk.now) for _ in range(5)),
        desk.store.finish_send(made(send, 0, 1, 2), desk.now),
    )
    assert adopted[:5].count(True) <= 1
    assert sorted(str(one) for one in await ids(desk, ordered.order_id)) == ["v0", "v1", "v2"]


async def test_an_id_too_many_is_not_recorded_anywhere(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.render()
    extra = MadeClip(vendor_id="another", cost=10)
    assert not await desk.store.adopt(send.clip_ids, extra, desk.now, desk.now)
    assert await ids(desk, ordered.order_id) == [f"v{send.clip_ids[0]}"]


async def test_a_clip_that_failed_at_the_vendor_keeps_its_id(desk: Desk) -> None:
    ordered = await desk.place(member())
    (send,) = await desk.render()
    (clip,) = await desk.due("look")
    await desk.store.record_looks((), (), [desk.failed(clip)], desk.now)
    extra = MadeClip(vendor_id="another", cost=10)
    assert await desk.store.clips_without_id(send.token) == ()
    assert not await desk.store.adopt(send.clip_ids, extra, desk.now, desk.now)
    assert await desk.states(ordered.order_id) == ["failed"]
    assert await ids(desk, ordered.order_id) == [clip.vendor_id]


async def test_a_dearer_answer_is_the_next_quote_at_once(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2)
    key = (await desk.clip(ordered.order_id)).price_key
    first, second = await desk.send_out()
    await desk.store.finish_send(made(first, 0, cost=10), desk.now)
    assert await desk.store.learned_price(key) is None
    await desk.store.finish_send(made(second, 1, cost=12), desk.now)
    learned = await desk.store.learned_price(key)
    assert learned is not None
    assert (learned.credits, learned.at, learned.unit_credit) == (12, desk.now, "4")
    assert learned.above_quote


async def test_a_hint_makes_a_known_clip_due_and_an_unknown_one_is_told_apart(desk: Desk) -> None:
    await desk.place(member(), clips=2)
    (send,) = await desk.send_out()
    assert await desk.store.clips_without_id(send.token) == send.clip_ids
    pairs = ((send.clip_ids[0], MadeClip(vendor_id="v0", cost=None)),)
    result = SendResult(
        send_id=send.id,
        made=pairs,
        doubtful=send.clip_ids[1:],
        doubt_until=desk.now + HOUR,
        look_at=desk.now + HOUR,
    )
    await desk.store.finish_send(result, desk.now)
    assert not await desk.store.hint_clip("another token", "v0", desk.now)
    assert not await desk.store.hint_clip(send.token, "v1", desk.now)
    assert await desk.due("look") == ()
    assert await desk.store.hint_clip(send.token, "v0", desk.now)
    assert len(await desk.due("look")) == 1
    assert await desk.store.clips_without_id(send.token) == send.clip_ids[1:]
