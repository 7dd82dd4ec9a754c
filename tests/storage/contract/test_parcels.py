"""Messages with files ahead of a card are noted once, and each send knows where they are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.parcels import Tried
from tests.storage.contract.desk import SECOND, member, message

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


async def test_a_second_try_knows_of_the_first_and_where_it_is_up(desk: Desk) -> None:
    order_id = (await desk.place(member(), pictures=2, card_picture=True)).order_id
    store, now = desk.store, desk.now
    assert await store.begin_parcel(order_id, 0, now) == Tried(since=None, message=None)
    later = now + SECOND
    assert await store.begin_parcel(order_id, 0, later) == Tried(since=now, message=None)
    await store.record_parcel(order_id, 0, message(5))
    await store.record_parcel(order_id, 0, message(6))  # what was found first stays
    assert await store.begin_parcel(order_id, 0, later) == Tried(since=now, message=message(5))
    assert (await store.begin_parcel(order_id, 1, later)).since is None


async def test_of_many_that_begin_at_once_the_parcel_is_noted_once(desk: Desk) -> None:
    order_id = (await desk.place(member(), card_picture=True)).order_id
    await asyncio.gather(*(desk.store.begin_parcel(order_id, 0, desk.now) for _ in range(5)))
    assert await desk.value("SELECT COUNT(*) FROM parcels") == 1


async def test_sends_know_the_parcels_of_their_order_in_order(desk: Desk) -> None:
    order_id = (await desk.place(member(), pictures=2)).order_id
    for number in (1, 0):
        await desk.store.begin_parcel(order_id, number, desk.now)
        await desk.store.record_parcel(order_id, number, message(number + 1))
    await desk.store.begin_parcel(order_id, 2, desk.now)  # not up
    sends = await desk.claim()
    assert [send.parcels for send in sends] == [(message(1), message(2))] * 2
