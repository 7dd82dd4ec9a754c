"""A usage report adds up what the ledger and the clips say, for one guild and its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.model import Member
from jobs.usage import window
from tests.storage.contract.desk import DAY, GUILD, SECOND

if TYPE_CHECKING:
    from jobs.usage import Used
    from tests.storage.contract.desk import Desk

ANNA = Member(guild_id=GUILD, user_id=2**60 + 1)
BERT = Member(guild_id=GUILD, user_id=2**60 + 2)
FAR = Member(guild_id=GUILD + 1, user_id=ANNA.user_id)


async def finish(desk: Desk, member: Member, *, cost: int, clips: int = 1) -> None:
    """Have clips made that took fifty seconds each."""
    await desk.place(member, clips=clips)
    await desk.render()
    desk.now += 50 * SECOND
    await desk.settle(cost=cost)


async def used(desk: Desk, *, user_id: int = 0, days: int = 2, back: int = 0) -> Used:
    return await desk.store.used(window(GUILD, user_id, days, "UTC", desk.now, back=back))


async def test_charges_stand_under_their_day_and_model(desk: Desk) -> None:
    await finish(desk, ANNA, cost=7)
    first = window(GUILD, 0, 1, "UTC", desk.now).first
    desk.now += DAY
    await finish(desk, BERT, cost=9, clips=2)
    second = window(GUILD, 0, 1, "UTC", desk.now).first
    assert (await used(desk)).credits == {(first, "m"): 7, (second, "m"): 18}


async def test_who_spent_most_comes_first(desk: Desk) -> None:
    await finish(desk, ANNA, cost=7)
    await finish(desk, BERT, cost=9, clips=2)
    assert (await used(desk)).spenders == ((BERT.user_id, 18), (ANNA.user_id, 7))


async def test_a_member_is_seen_alone(desk: Desk) -> None:
    await finish(desk, ANNA, cost=7)
    await finish(desk, BERT, cost=9)
    seen = await used(desk, user_id=ANNA.user_id)
    assert (seen.charged, seen.finished, seen.spenders) == (7, 1, ((ANNA.user_id, 7),))


async def test_another_guild_is_not_seen(desk: Desk) -> None:
    await finish(desk, FAR, cost=7)
    seen = await used(desk)
    assert (seen.charged, seen.finished, seen.waits, seen.spenders) == (0, 0, {}, ())


async def test_the_days_before_are_the_window_befores(desk: Desk) -> None:
    await finish(desk, ANNA, cost=7)
    desk.now += 2 * DAY
    assert ((await used(desk)).charged, (await used(desk, back=1)).charged) == (0, 7)


async def test_failures_and_waits_are_counted_and_cancelled_orders_are_not(desk: Desk) -> None:
    await finish(desk, ANNA, cost=7, clips=2)
    await desk.place(ANNA)
    await desk.render()
    failed = [desk.failed(clip) for clip in await desk.due("look")]
    await desk.store.record_looks((), (), failed, desk.now)
    cancelled = await desk.place(ANNA)
    await desk.store.cancel_order(cancelled.order_id, desk.now)
    seen = await used(desk)
    assert (seen.finished, seen.failed, dict(seen.waits)) == (2, 1, {50: 2})
