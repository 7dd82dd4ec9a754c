"""Moderators grant, take and undo: once for each click, never below zero, and all of it audited."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.acts import Act, ActKind, ActSlice
from jobs.errors import NoSuchEntry, NothingGranted, NothingLeft, UndoneBefore, WalletFrozen
from jobs.ids import code
from jobs.quotas import Change
from storage.acts import read_acts
from tests.storage.contract.desk import GUILD, HOUR, MODERATOR, member

if TYPE_CHECKING:
    from jobs.quotas import Doing
    from tests.storage.contract.desk import Desk

ALICE = member()
CLICKS = 5


async def granted(desk: Desk) -> int:
    return (await desk.store.wallet(ALICE, desk.now)).grants


async def acts(desk: Desk) -> list[Act]:
    """Return the guild's acts, newest first."""
    found = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=50))
    return [one.act for one in found]


async def undo(desk: Desk, entry_id: int, doing: Doing | None = None) -> Change:
    doing = doing or desk.doing(member(0), "by mistake")
    return await desk.store.undo_entry(doing, entry_id, desk.now)


# --- granting ---------------------------------------------------------------------------------


async def test_a_grant_that_is_delivered_many_times_counts_once(desk: Desk) -> None:
    await desk.grant(ALICE, 20)
    doing = desk.doing(ALICE, "for the contest")
    calls = [desk.store.give_credits(doing, 50, None, desk.now) for _ in range(CLICKS)]
    changes = await asyncio.gather(*calls)
    assert set(changes) == {Change(user_id=7, before=20, after=70)}
    assert await granted(desk) == 70
    act = Act(
        guild_id=GUILD,
        actor_id=MODERATOR,
        kind=ActKind.GRANT,
        subject_id=7,
        before="20",
        after="70",
        reason="for the contest",
    )
    assert (await acts(desk))[0] == act
    assert len(await acts(desk)) == 2


async def test_the_end_of_a_grant_stands_in_its_act_and_in_the_export(desk: Desk) -> None:
    end = desk.now + HOUR
    await desk.grant(ALICE, 5)
    await desk.grant(ALICE, 20, expires_at=end)
    await desk.place(ALICE)
    assert [one.about for one in await acts(desk)] == [str(end), ""]
    desk.now += HOUR
    await desk.store.lapse_wallet(ALICE, desk.now)
    page = await desk.store.entry_page(GUILD, 0, desk.now + 1, (0, ""), 10)
    assert sorted((one.kind, one.expires_at) for one in page if one.expires_at) == [("grant", end)]
    assert len(page) == 4


async def test_what_has_expired_is_not_counted_before_a_grant(desk: Desk) -> None:
    await desk.grant(ALICE, 20, expires_at=desk.now + HOUR)
    desk.now += HOUR
    change = await desk.store.give_credits(desk.doing(ALICE), 5, None, desk.now)
    assert (change.before, change.after) == (0, 5)


# --- taking -----------------------------------------------------------------------------------


async def test_a_take_gets_what_expires_soonest_first_and_never_more_than_there_is(
    desk: Desk,
) -> None:
    late = await desk.grant(ALICE, 30)
    soon = await desk.grant(ALICE, 20, expires_at=desk.now + HOUR)
    await desk.take(ALICE, 25)
    rows = await desk.rows("SELECT id, credits_left FROM grants ORDER BY id")
    assert [(row["id"], row["credits_left"]) for row in rows] == [(late, 25), (soon, 0)]
    change = await desk.store.take_credits(desk.doing(ALICE), 1000, desk.now)
    assert change.credits == 25
    assert await granted(desk) == 0
    with pytest.raises(NothingGranted):
        await desk.take(ALICE, 1)


async def test_a_take_that_is_delivered_many_times_counts_once(desk: Desk) -> None:
    await desk.grant(ALICE, 50)
    doing = desk.doing(ALICE)
    calls = [desk.store.take_credits(doing, 20, desk.now) for _ in range(CLICKS)]
    assert {one.credits for one in await asyncio.gather(*calls)} == {20}
    assert await granted(desk) == 30


async def test_many_takes_at_once_never_get_more_than_there_is(desk: Desk) -> None:
    await desk.grant(ALICE, 50)
    calls = [desk.store.take_credits(desk.doing(ALICE), 20, desk.now) for _ in range(CLICKS)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert sorted(one.credits for one in found if isinstance(one, Change)) == [10, 20, 20]
    assert await granted(desk) == 0


async def test_held_credits_are_not_taken(desk: Desk) -> None:
    await desk.allow(0, "month")
    await desk.grant(ALICE, 50)
    await desk.place(ALICE, clips=2)
    change = await desk.store.take_credits(desk.doing(ALICE), 50, desk.now)
    assert change.credits == 30
    assert (await desk.store.wallet(ALICE, desk.now)).held == 20


# --- undoing ----------------------------------------------------------------------------------


async def test_a_grant_is_undone_once_up_to_what_is_unspent(desk: Desk) -> None:
    await desk.allow(0, "month")
    grant_id = await desk.grant(ALICE, 50)
    await desk.ready(ALICE)
    change = await undo(desk, grant_id)
    assert (change.user_id, change.before, change.after) == (7, 40, 0)
    with pytest.raises(UndoneBefore):
        await undo(desk, grant_id)
    (act, *_) = await acts(desk)
    assert (act.kind, act.subject_id, act.about) == (ActKind.UNDO, 7, code(grant_id))
    assert (act.before, act.after, act.reason) == ("40", "0", "by mistake")


async def test_an_undo_that_is_delivered_many_times_says_the_same_each_time(desk: Desk) -> None:
    grant_id = await desk.grant(ALICE, 50)
    doing = desk.doing(member(0))
    calls = [undo(desk, grant_id, doing) for _ in range(CLICKS)]
    assert {one.credits for one in await asyncio.gather(*calls)} == {50}
    assert await granted(desk) == 0


async def test_two_moderators_who_undo_the_same_grant_undo_it_once(desk: Desk) -> None:
    grant_id = await desk.grant(ALICE, 50)
    calls = [undo(desk, grant_id) for _ in range(CLICKS)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one) for one in found].count(UndoneBefore) == CLICKS - 1
    assert await granted(desk) == 0


async def test_what_is_held_of_an_undone_grant_lapses_when_its_clip_is_released(
    desk: Desk,
) -> None:
    await desk.allow(0, "month")
    grant_id = await desk.grant(ALICE, 50)
    ordered = await desk.place(ALICE)
    await undo(desk, grant_id)
    await desk.store.cancel_order(ordered.order_id, desk.now)
    wallet = await desk.store.wallet(ALICE, desk.now)
    assert (wallet.spendable, wallet.held) == (0, 0)


async def test_an_undone_take_goes_back_into_the_grants_it_came_from(desk: Desk) -> None:
    soon = desk.now + HOUR
    await desk.grant(ALICE, 20, expires_at=soon)
    await desk.grant(ALICE, 30)
    take_id = await desk.take(ALICE, 35)
    assert (await undo(desk, take_id)).credits == 35
    assert (await desk.store.wallet(ALICE, desk.now)).expiring == ((20, soon),)
    with pytest.raises(UndoneBefore):
        await undo(desk, take_id)


async def test_an_undone_take_does_not_bring_back_what_has_expired_or_was_undone(
    desk: Desk,
) -> None:
    await desk.grant(ALICE, 20, expires_at=desk.now + HOUR)
    second = await desk.grant(ALICE, 30)
    await desk.grant(ALICE, 5)
    take_id = await desk.take(ALICE, 45)
    await undo(desk, second)
    desk.now += HOUR
    with pytest.raises(NothingLeft):
        await undo(desk, take_id)
    assert await granted(desk) == 5


async def test_a_spent_or_expired_grant_has_nothing_to_undo(desk: Desk) -> None:
    expired = await desk.grant(ALICE, 20, expires_at=desk.now + HOUR)
    taken = await desk.grant(ALICE, 20)
    desk.now += HOUR
    await desk.take(ALICE, 20)
    for grant_id in (expired, taken):
        with pytest.raises(NothingLeft):
            await undo(desk, grant_id)


async def test_nothing_of_another_guild_and_nothing_but_grants_and_takes_can_be_undone(
    desk: Desk,
) -> None:
    theirs = await desk.grant(member(guild=GUILD + 1), 20)
    ordered = await desk.place(ALICE)
    clip = await desk.clip(ordered.order_id)
    for entry_id in (theirs, clip.id, 12345):
        with pytest.raises(NoSuchEntry):
            await undo(desk, entry_id)


async def test_what_can_be_undone_is_listed_newest_first(desk: Desk) -> None:
    first = await desk.grant(ALICE, 20)
    await desk.grant(ALICE, 10, expires_at=desk.now + HOUR)
    desk.now += 1
    take_id = await desk.take(ALICE, 15)
    desk.now += 1
    undone = await desk.grant(ALICE, 7)
    await undo(desk, undone)
    await desk.grant(member(guild=GUILD + 1), 20)
    found = await desk.store.undoable(GUILD, 10, desk.now)
    listed = [(one.id, one.kind, one.user_id, one.credits) for one in found]
    assert listed == [(take_id, ActKind.TAKE, 7, 15), (first, ActKind.GRANT, 7, 15)]
    assert await desk.store.undoable(GUILD, 1, desk.now) == found[:1]
    await undo(desk, take_id)
    found = await desk.store.undoable(GUILD, 10, desk.now)
    assert sorted(one.credits for one in found) == [10, 20]


# --- freezing ---------------------------------------------------------------------------------


async def test_a_frozen_member_orders_nothing_not_even_what_was_quoted_before(desk: Desk) -> None:
    draft = await desk.store.add_draft(desk.new_draft(ALICE), desk.now)
    ordered = await desk.place(ALICE)
    assert await desk.store.freeze(desk.doing(ALICE), frozen=True, now=desk.now)
    with pytest.raises(WalletFrozen):
        await desk.store.place(desk.placing(draft, ALICE))
    assert (await desk.store.wallet(ALICE, desk.now)).frozen
    await desk.render()
    await desk.settle()
    assert (await desk.clip(ordered.order_id)).charged == 10
    assert await desk.store.freeze(desk.doing(ALICE), frozen=False, now=desk.now)
    assert not (await desk.store.place(desk.placing(draft, ALICE))).again


async def test_freezing_twice_is_one_act(desk: Desk) -> None:
    doing = desk.doing(ALICE)
    assert await desk.store.freeze(doing, frozen=True, now=desk.now)
    assert await desk.store.freeze(doing, frozen=True, now=desk.now)
    assert not await desk.store.freeze(desk.doing(ALICE), frozen=True, now=desk.now)
    assert [one.kind for one in await acts(desk)] == [ActKind.FREEZE]


async def test_of_a_freeze_and_an_order_at_once_one_comes_first(desk: Desk) -> None:
    drafts = [await desk.store.add_draft(desk.new_draft(ALICE), desk.now) for _ in range(CLICKS)]
    freezing = desk.store.freeze(desk.doing(ALICE), frozen=True, now=desk.now)
    placing = [desk.store.place(desk.placing(draft, ALICE)) for draft in drafts]
    found = await asyncio.gather(freezing, *placing, return_exceptions=True)
    refused = [one for one in found if isinstance(one, BaseException)]
    assert {type(one) for one in refused} <= {WalletFrozen}
    with pytest.raises(WalletFrozen):
        await desk.place(ALICE)
