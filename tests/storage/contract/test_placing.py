"""Orders are placed once, and never above what member, guild and operator allow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.errors import (
    CeilingReached,
    DraftGone,
    NotEnoughCredits,
    TooManyAtOnce,
    WalletFrozen,
)
from jobs.model import Guards, GuildRules, Ordered
from tests.storage.contract.desk import DAY, HOUR, Desk, member

if TYPE_CHECKING:
    from storage.database import Database


def desk_with(database: Database, **limits: int) -> Desk:
    guards = Guards(per_day=limits.pop("per_day", 1_000_000))
    at_once = limits.pop("at_once", 1000)
    rules = GuildRules(clips_at_once=at_once, allowance_credits=limits.pop("allowance", 100))
    assert not limits
    return Desk(database, rules=rules, guards=guards)


async def all_at_once(desk: Desk, users: list[int], price: int) -> list[Ordered | BaseException]:
    """Let each of these users confirm an order of one clip, all at the same time."""
    drafts = [
        await desk.store.add_draft(desk.new_draft(member(user), price=price), desk.now)
        for user in users
    ]
    return await asyncio.gather(
        *(desk.store.place(desk.placing(draft, draft.member)) for draft in drafts),
        return_exceptions=True,
    )


def went_through(outcomes: list[Ordered | BaseException], refusal: type[Exception]) -> int:
    """Count the orders; everything else was refused for that one reason."""
    refused = [one for one in outcomes if not isinstance(one, Ordered)]
    assert {type(one) for one in refused} <= {refusal}
    return len(outcomes) - len(refused)


async def test_ten_confirms_of_one_draft_make_one_order(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member(), clips=3, pictures=2), desk.now)
    placings = [desk.placing(draft, member()) for _ in range(10)]
    placed = await asyncio.gather(*(desk.store.place(one) for one in placings))
    assert len({one.order_id for one in placed}) == 1
    assert [one.again for one in placed].count(False) == 1
    assert {(one.quote.total, one.spendable) for one in placed} == {(60, 40)}
    for table, rows in (("orders", 1), ("sends", 2), ("clips", 6), ("holds", 6), ("entries", 6)):
        assert await desk.value(f"SELECT COUNT(*) FROM {table}") == rows  # noqa: S608
    assert (await desk.store.wallet(member(), desk.now)).held == 60


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_one_member_never_orders_above_the_allowance(database: Database, count: int) -> None:
    desk = desk_with(database, allowance=95)
    outcomes = await all_at_once(desk, [7] * count, 10)
    assert went_through(outcomes, NotEnoughCredits) == min(9, count)
    assert (await desk.store.wallet(member(), desk.now)).spendable == 95 - 10 * min(9, count)
    assert await desk.balanced()


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_one_member_never_has_more_clips_in_flight_than_allowed(
    database: Database, count: int
) -> None:
    desk = desk_with(database, at_once=7, allowance=10_000)
    outcomes = await all_at_once(desk, [7] * count, 1)
    assert went_through(outcomes, TooManyAtOnce) == min(7, count)
    assert await desk.balanced()


@pytest.mark.parametrize("users", [list(range(10, 110)), [7] * 100, [7, 8] * 50])
async def test_all_members_together_never_order_above_the_operators_day(
    database: Database, users: list[int]
) -> None:
    desk = desk_with(database, per_day=255, allowance=10_000)
    outcomes = await all_at_once(desk, users, 10)
    assert went_through(outcomes, CeilingReached) == 25
    assert await desk.ceiling() == 250
    assert await desk.balanced()


async def test_a_refused_order_leaves_nothing_behind(database: Database) -> None:
    desk = desk_with(database, per_day=25)
    with pytest.raises(CeilingReached) as caught:
        await desk.place(member(), clips=3)
    assert caught.value.opens_at == desk.now - desk.now % DAY + DAY
    for table in ("orders", "sends", "clips", "holds", "entries", "period_use"):
        assert await desk.value(f"SELECT COUNT(*) FROM {table}") == 0  # noqa: S608
    assert (await desk.place(member(), clips=2)).quote.total == 20
    assert await desk.balanced()


async def test_the_operators_day_is_utc_s_and_starts_afresh(database: Database) -> None:
    desk = desk_with(database, per_day=10)
    await desk.place(member())
    with pytest.raises(CeilingReached):
        await desk.place(member(8))
    desk.now += 12 * HOUR  # midnight
    await desk.place(member(8))
    assert await desk.balanced()


async def test_grants_are_spent_after_the_allowance_the_first_to_expire_first(desk: Desk) -> None:
    await desk.allow(5, "day")
    late = await desk.grant(member(), 10, expires_at=desk.now + 2 * DAY)
    never = await desk.grant(member(), 10)
    soon = await desk.grant(member(), 10, expires_at=desk.now + DAY)
    ordered = await desk.place(member(), clips=2, price=11)
    assert ordered.spendable == 13
    parts = await desk.rows("SELECT grant_id, credits FROM hold_grants ORDER BY clip_id, place")
    assert [(row["grant_id"], row["credits"]) for row in parts] == [
        (soon, 6), (soon, 4), (late, 7)
    ]  # fmt: skip
    left = await desk.rows("SELECT id, credits_left FROM grants ORDER BY id")
    assert {row["id"]: row["credits_left"] for row in left} == {late: 3, never: 10, soon: 0}
    wallet = await desk.store.wallet(member(), desk.now)
    assert (wallet.grants, wallet.held, wallet.allowance_left) == (13, 22, 0)


async def test_an_expired_grant_pays_for_nothing_and_is_written_off(desk: Desk) -> None:
    await desk.allow(0, "day")
    await desk.grant(member(), 30, expires_at=desk.now + HOUR)
    desk.now += HOUR
    assert (await desk.store.wallet(member(), desk.now)).spendable == 0
    with pytest.raises(NotEnoughCredits):
        await desk.place(member())
    await desk.grant(member(), 10)
    await desk.place(member())
    rows = await desk.rows("SELECT key, grants FROM entries WHERE kind = 'expire'")
    assert [row["grants"] for row in rows] == [-30]


async def test_the_refusal_says_what_can_be_spent_and_when_there_is_more(desk: Desk) -> None:
    await desk.allow(30, "day")
    await desk.place(member())
    with pytest.raises(NotEnoughCredits) as caught:
        await desk.place(member(), clips=3)
    refusal = caught.value
    assert (refusal.price, refusal.spendable) == (30, 20)
    assert refusal.renews_at == desk.now + 12 * HOUR


@pytest.mark.parametrize(("granted", "enough"), [(0, False), (4, False), (5, True)])
async def test_the_refusal_sends_nobody_to_wait_for_what_will_not_be_enough(
    desk: Desk, granted: int, enough: bool
) -> None:
    await desk.allow(25, "day")
    await desk.place(member())
    if granted:
        await desk.grant(member(), granted)
    with pytest.raises(NotEnoughCredits) as caught:
        await desk.place(member(), clips=3)
    assert (caught.value.renews_at is not None) == enough


async def test_a_role_can_raise_the_limit_and_never_forgets_what_was_used(desk: Desk) -> None:
    await desk.allow(50, "month")
    await desk.allow(80, "month", role_id=4)
    await desk.place(member(roles=[4]), clips=6)
    for roles, left in (([4], 20), ([], 0), ([5], 0), ([4, 5], 20)):
        wallet = await desk.store.wallet(member(roles=roles), desk.now)
        assert (wallet.spendable, wallet.allowance_left) == (left, left)
    with pytest.raises(NotEnoughCredits):
        await desk.place(member())
    await desk.place(member(roles=[4]), clips=2)


async def test_the_allowance_that_leaves_most_counts_whatever_its_period(desk: Desk) -> None:
    await desk.allow(20, "day")
    await desk.allow(100, "month", role_id=4)
    await desk.place(member(roles=[4]), clips=9)
    assert (await desk.store.wallet(member(roles=[4]), desk.now)).spendable == 10
    desk.now += DAY
    wallet = await desk.store.wallet(member(roles=[4]), desk.now)
    assert (wallet.spendable, wallet.allowance, wallet.period.value) == (20, 20, "day")


async def test_periods_follow_the_guilds_own_clock(desk: Desk) -> None:
    await desk.write("INSERT INTO guilds (guild_id, zone) VALUES ($1, $2)", 1, "Pacific/Kiritimati")
    await desk.allow(10, "day")
    await desk.place(member())  # it is two in the morning there
    desk.now += 21 * HOUR
    with pytest.raises(NotEnoughCredits):
        await desk.place(member())
    desk.now += HOUR
    await desk.place(member())


async def test_a_frozen_wallet_orders_nothing_and_its_own_order_is_still_its_own(
    desk: Desk,
) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    first = await desk.store.place(desk.placing(draft, member()))
    await desk.write("UPDATE wallets SET frozen = 1")
    with pytest.raises(WalletFrozen):
        await desk.place(member())
    assert (await desk.store.place(desk.placing(draft, member()))).order_id == first.order_id


async def test_nothing_is_ordered_from_a_draft_that_is_not_there(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    await desk.write("DELETE FROM drafts")
    with pytest.raises(DraftGone):
        await desk.store.place(desk.placing(draft, member()))
    assert await desk.value("SELECT COUNT(*) FROM wallets") == 0


async def test_members_and_guilds_do_not_share_an_allowance(desk: Desk) -> None:
    for who in (member(7), member(8), member(7, guild=2)):
        await desk.place(who, clips=10)
        assert (await desk.store.wallet(who, desk.now)).spendable == 0


async def test_in_flight_clips_are_counted_until_they_are_ready(database: Database) -> None:
    desk = desk_with(database, at_once=2)
    await desk.place(member(), clips=2)
    await desk.render()
    with pytest.raises(TooManyAtOnce) as caught:
        await desk.place(member())
    assert (caught.value.running, caught.value.asked, caught.value.limit) == (2, 1, 2)
    await desk.settle()
    await desk.place(member(), clips=2)
    assert await desk.balanced()
