"""An id that turns up is recorded wherever its send stands, and is never paid for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.ports import MadeClip
from tests.storage.contract.desk import HOUR, LEASE, MINUTE, member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk

LATE = MadeClip(vendor_id="v", cost=10)


async def put_back(desk: Desk, clips: int = 1) -> tuple[int, str]:
    """Send an order out, and have the vendor say that it made nothing; return order and token."""
    ordered = await desk.place(member(), clips=clips)
    (send,) = await desk.send_out()
    await desk.store.put_back(send, desk.now + MINUTE, "try again later", desk.now)
    return ordered.order_id, send.token


async def turn_up(desk: Desk, token: str) -> bool:
    waiting = await desk.store.clips_without_id(token)
    return bool(waiting) and await desk.store.adopt(waiting, LATE, desk.now, desk.now)


async def test_a_send_that_was_put_back_and_made_all_the_same_is_not_sent_again(
    desk: Desk,
) -> None:
    order_id, token = await put_back(desk)
    assert await turn_up(desk, token)
    assert not await turn_up(desk, token)
    desk.now += MINUTE
    assert await desk.claim() == ()
    await desk.settle(cost=10)
    clip = await desk.clip(order_id)
    assert (clip.state.value, clip.charged, clip.free) == ("ready", 10, False)
    assert await desk.balanced()


async def test_the_other_clips_of_such_a_send_are_in_doubt_for_an_hour(desk: Desk) -> None:
    order_id, token = await put_back(desk, clips=3)
    assert await turn_up(desk, token)
    assert await desk.states(order_id) == ["rendering", "unknown", "unknown"]
    assert await desk.due("doubt") == ()
    desk.now += HOUR
    for clip in await desk.due("doubt"):
        assert await desk.store.release_doubt(clip, desk.now)
    assert await desk.states(order_id) == ["rendering", "released", "released"]
    assert await desk.balanced()


async def test_a_claim_on_such_a_send_comes_too_late(desk: Desk) -> None:
    _, token = await put_back(desk)
    desk.now += MINUTE
    (claimed,) = await desk.claim()
    assert await turn_up(desk, token)
    assert not await desk.store.intend(claimed, desk.now, desk.now + LEASE)


async def test_a_clip_that_was_cancelled_meanwhile_comes_free(desk: Desk) -> None:
    order_id, token = await put_back(desk)
    assert (await desk.store.cancel_order(order_id, desk.now)).ended == 1
    assert await turn_up(desk, token)
    await desk.settle(cost=10)
    clip = await desk.clip(order_id)
    assert (clip.state.value, clip.charged, clip.free) == ("ready", 0, True)
    assert (await desk.house(), await desk.ceiling()) == (10, 10)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 100
    assert await desk.balanced()
