"""A finished clip is charged once, at most its quote; a failed one costs its member nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobs.errors import NotEnoughCredits
from tests.storage.contract.desk import DAY, HOUR, LEASE, MINUTE, member

if TYPE_CHECKING:
    from jobs.model import WalletView
    from tests.storage.contract.desk import Desk


async def wallet(desk: Desk) -> WalletView:
    return await desk.store.wallet(member(), desk.now)


@pytest.mark.parametrize(
    ("cost", "charged", "house"),
    [(0, 0, 0), (1, 1, 0), (10, 10, 0), (25, 10, 15), (None, 10, 0)],
)
async def test_a_clip_is_charged_what_it_cost_and_never_above_its_quote(
    desk: Desk, cost: int | None, charged: int, house: int
) -> None:
    ordered = await desk.place(member())
    await desk.render()
    await desk.find_done(cost=cost)
    (clip,) = await desk.due("fetch")
    assert await desk.store.record_stored(desk.stored(clip), desk.now) == house
    assert await desk.store.record_stored(desk.stored(clip), desk.now) == 0
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.charged) == ("ready", charged)
    assert (clip.file, clip.bytes, clip.ready_at) == (f"{clip.id}.mp4", 7, desk.now)
    assert ((await wallet(desk)).held, (await wallet(desk)).spendable) == (0, 100 - charged)
    assert (await desk.house(), await desk.ceiling()) == (house, charged + house)


async def test_nothing_is_charged_before_the_file_is_stored(desk: Desk) -> None:
    await desk.place(member())
    await desk.render()
    await desk.find_done(cost=8)
    assert ((await wallet(desk)).held, (await wallet(desk)).spendable) == (10, 90)


async def test_the_create_s_cost_counts_when_the_look_names_none(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render(cost=6)
    await desk.settle(cost=None)
    assert (await desk.clip(ordered.order_id)).charged == 6


async def test_only_the_newest_claimant_of_a_clip_settles_it(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (looked,) = await desk.due("look")
    desk.now += LEASE
    (newer,) = await desk.due("look")
    await desk.store.record_looks((), [desk.done(looked, 99)], (), desk.now)
    await desk.store.record_looks([desk.again(looked)], (), [desk.failed(looked, 99)], desk.now)
    assert await desk.due("fetch") == ()
    await desk.store.record_looks((), [desk.done(newer, 4)], (), desk.now)
    (stale,) = await desk.due("fetch")
    desk.now += LEASE
    (fresh,) = await desk.due("fetch")
    await desk.store.record_stored(desk.stored(stale), desk.now)
    assert await desk.states(ordered.order_id) == ["rendering"]
    await desk.store.record_stored(desk.stored(fresh), desk.now)
    assert (await desk.clip(ordered.order_id)).charged == 4


async def test_a_stale_look_does_not_put_the_next_one_off(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (stale,) = await desk.due("look")
    desk.now += LEASE
    await desk.due("look")
    before = await desk.rows("SELECT * FROM clips")
    await desk.store.record_looks([desk.again(stale, overdue=True)], (), (), desk.now)
    assert await desk.rows("SELECT * FROM clips") == before
    assert await desk.states(ordered.order_id) == ["rendering"]


@pytest.mark.parametrize("first", ["done", "failed"])
async def test_one_claim_decides_once(desk: Desk, first: str) -> None:
    await desk.place(member())
    await desk.render()
    (clip,) = await desk.due("look")
    if first == "done":
        await desk.store.record_looks((), [desk.done(clip, 5)], (), desk.now)
    else:
        await desk.store.record_looks((), (), [desk.failed(clip, 5)], desk.now)
    before = await desk.rows("SELECT * FROM clips")
    await desk.store.record_looks([desk.again(clip)], [desk.done(clip, 5)], (), desk.now + 1)
    if first == "failed":
        await desk.store.record_looks((), (), [desk.failed(clip, 9)], desk.now + 1)
    assert await desk.rows("SELECT * FROM clips") == before
    assert await desk.house() == (5 if first == "failed" else 0)


async def test_many_recorders_of_one_file_charge_once(desk: Desk) -> None:
    await desk.place(member())
    await desk.render()
    await desk.find_done(cost=4)
    (clip,) = await desk.due("fetch")
    await asyncio.gather(
        *(desk.store.record_stored(desk.stored(clip), desk.now) for _ in range(10))
    )
    assert (await wallet(desk)).spendable == 96
    assert await desk.value("SELECT COUNT(*) FROM entries WHERE kind = 'settle'") == 1


@pytest.mark.parametrize("cost", [0, 10, 25])
async def test_a_failed_clip_costs_its_member_nothing(desk: Desk, cost: int) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (clip,) = await desk.due("look")
    for _ in range(2):
        await desk.store.record_looks((), (), [desk.failed(clip, cost)], desk.now)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.note, clip.charged) == ("failed", "moderation", None)
    assert ((await wallet(desk)).held, (await wallet(desk)).spendable) == (0, 100)
    assert (await desk.house(), await desk.ceiling()) == (cost, cost)


async def test_a_finished_clip_that_can_not_be_fetched_is_the_house_s_loss(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    await desk.find_done(cost=10)
    (clip,) = await desk.due("fetch")
    await desk.store.record_looks((), (), [desk.failed(clip, 10)], desk.now)
    assert await desk.store.record_stored(desk.stored(clip), desk.now) == 0
    assert await desk.states(ordered.order_id) == ["failed"]
    assert ((await wallet(desk)).spendable, await desk.house()) == (100, 10)


async def test_clips_of_many_members_can_fail_in_one_round(desk: Desk) -> None:
    for user in range(10, 30):
        await desk.place(member(user))
    await desk.render()
    clips = await desk.due("look")
    await desk.store.record_looks(
        [desk.again(clip) for clip in clips[:5]],
        [desk.done(clip, 5) for clip in clips[5:10]],
        [desk.failed(clip, 1) for clip in clips[10:]],
        desk.now,
    )
    assert await desk.house() == 10
    assert len(await desk.due("fetch")) == 5
    assert await desk.due("look") == ()


async def test_what_is_left_over_goes_back_to_allowance_and_grants(desk: Desk) -> None:
    await desk.allow(4, "day")
    soon = await desk.grant(member(), 3, expires_at=desk.now + DAY)
    never = await desk.grant(member(), 5)
    await desk.place(member(), price=12)
    await desk.render()
    await desk.settle(cost=5)
    left = await desk.rows("SELECT id, credits_left FROM grants ORDER BY id")
    assert {row["id"]: row["credits_left"] for row in left} == {soon: 2, never: 5}
    assert ((await wallet(desk)).allowance_left, (await wallet(desk)).spendable) == (0, 7)


async def test_a_released_hold_returns_each_part(desk: Desk) -> None:
    await desk.allow(4, "day")
    soon = await desk.grant(member(), 3, expires_at=desk.now + DAY)
    never = await desk.grant(member(), 5)
    ordered = await desk.place(member(), price=12)
    assert (await wallet(desk)).spendable == 0
    await desk.store.cancel_order(ordered.order_id, desk.now)
    left = await desk.rows("SELECT id, credits_left FROM grants ORDER BY id")
    assert {row["id"]: row["credits_left"] for row in left} == {soon: 3, never: 5}
    assert ((await wallet(desk)).allowance_left, (await wallet(desk)).spendable) == (4, 12)


async def test_the_part_of_a_grant_that_was_written_off_meanwhile_lapses(desk: Desk) -> None:
    await desk.allow(0, "day")
    await desk.grant(member(), 10, expires_at=desk.now + HOUR)
    await desk.grant(member(), 10)
    ordered = await desk.place(member(), price=9)
    desk.now += HOUR
    await desk.place(member(), price=9)  # this writes the rest of the first grant off
    await desk.store.cancel_order(ordered.order_id, desk.now)
    assert (await wallet(desk)).spendable == 1
    grants = await desk.rows("SELECT credits_left FROM grants ORDER BY id")
    assert [row["credits_left"] for row in grants] == [0, 1]


async def test_the_part_of_a_grant_that_nobody_wrote_off_yet_lapses_too(desk: Desk) -> None:
    await desk.allow(0, "day")
    await desk.grant(member(), 10, expires_at=desk.now + HOUR)
    ordered = await desk.place(member(), price=10)
    desk.now += HOUR
    await desk.store.cancel_order(ordered.order_id, desk.now)
    assert (await wallet(desk)).spendable == 0
    with pytest.raises(NotEnoughCredits):
        await desk.place(member())


async def test_a_hold_counts_in_the_period_it_was_made(desk: Desk) -> None:
    await desk.allow(10, "day")
    first = await desk.place(member())
    desk.now += 12 * HOUR
    assert (await wallet(desk)).spendable == 10
    second = await desk.place(member())
    await desk.store.cancel_order(first.order_id, desk.now)
    assert (await wallet(desk)).spendable == 0
    await desk.store.cancel_order(second.order_id, desk.now)
    assert (await wallet(desk)).spendable == 10
    taken = await desk.rows(
        "SELECT period_key, taken FROM period_use WHERE period = 'day' AND user_id = 7"
    )
    assert {row["period_key"]: row["taken"] for row in taken} == {"2026-11-20": 0, "2026-11-21": 0}


async def test_a_real_charge_is_the_next_quote_and_nothing_is_learned_from_zero(desk: Desk) -> None:
    ordered = await desk.place(member())
    key = (await desk.clip(ordered.order_id)).price_key
    await desk.render()
    await desk.settle(cost=0)
    assert await desk.store.learned_price(key) is None
    for cost in (8, 6, None):
        await desk.place(member())
        await desk.render()
        await desk.settle(cost=cost)
    learned = await desk.store.learned_price(key)
    assert learned is not None
    assert learned.credits == 6


async def test_a_charge_above_its_quote_has_such_orders_ask_first_until_one_fits(
    desk: Desk,
) -> None:
    flags = []
    for cost in (8, 25, 11, 10, 25, 0, 9):
        ordered = await desk.place(member())
        key = (await desk.clip(ordered.order_id)).price_key
        await desk.render()
        await desk.settle(cost=cost)
        learned = await desk.store.learned_price(key)
        assert learned is not None
        flags.append((cost, learned.above_quote))
    assert flags == [
        (8, False), (25, True), (11, True), (10, False), (25, True), (0, True), (9, False),
    ]  # fmt: skip


async def test_waits_are_those_of_the_last_thirty_clips_newest_first(desk: Desk) -> None:
    for minutes in range(1, 33):
        await desk.place(member(), price=1)
        await desk.render()
        desk.now += minutes * MINUTE
        await desk.settle(cost=0)
    key = await desk.value("SELECT MAX(price_key) FROM clips")
    waits = await desk.store.waits(key)
    assert waits == tuple(minutes * MINUTE for minutes in range(32, 2, -1))
    assert await desk.store.waits("another") == ()


async def test_an_overdue_clip_is_looked_at_until_it_is_done(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (clip,) = await desk.due("look")
    await desk.store.record_looks([desk.again(clip, overdue=True)], (), (), desk.now)
    await desk.store.record_looks([desk.again(clip, overdue=True)], (), (), desk.now)
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.polls) == ("overdue", 2)
    desk.now += MINUTE
    (clip,) = await desk.due("look")
    await desk.store.record_looks([replace(desk.again(clip), misses=3)], (), (), desk.now)
    assert (await desk.clip(ordered.order_id)).misses == 3
    desk.now += MINUTE
    await desk.settle(cost=3)
    assert (await desk.clip(ordered.order_id)).charged == 3


async def test_a_wallet_tells_what_happened_to_it(desk: Desk) -> None:
    await desk.grant(member(), 30, expires_at=desk.now + DAY)
    for cost in (4, 0):
        desk.now += MINUTE
        ordered = await desk.place(member())
        await desk.render()
        desk.now += MINUTE
        await desk.settle(cost=cost)
    desk.now += MINUTE
    ordered = await desk.place(member())
    desk.now += MINUTE
    await desk.store.cancel_order(ordered.order_id, desk.now)
    view = await wallet(desk)
    assert [(entry.kind, entry.credits) for entry in view.entries] == [
        ("release", 10),
        ("hold", 10),
        ("settle", 0),
        ("hold", 10),
        ("settle", 4),
        ("hold", 10),
        ("grant", 30),
    ]
    assert (view.spendable, view.allowance_left, view.grants) == (126, 96, 30)
    assert view.expiring == ((30, desk.now - 6 * MINUTE + DAY),)
