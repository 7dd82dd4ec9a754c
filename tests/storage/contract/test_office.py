"""What an operator mends by hand: a lost clip ordered again, and the books against the bill."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest

from jobs.acts import OPERATOR, Act, ActKind, NewAct
from jobs.errors import CeilingReached, NotEnoughCredits
from jobs.model import Guards
from jobs.office import OrderSlice
from jobs.ports import MadeClip
from jobs.states import ClipState
from jobs.stores import SendResult
from tests.storage.contract.desk import DAY, GUILD, HOUR, Desk, member

if TYPE_CHECKING:
    from jobs.office import ClipLine, OrderLine, Page, WalletLine
    from jobs.stores import Cancelled, Placing


async def test_the_first_comparison_only_remembers(desk: Desk) -> None:
    found = await desk.store.reconcile(1000, desk.now)
    assert (found.since, found.balance, found.spent.total) == (None, 1000, 0)


async def test_what_the_vendor_took_and_the_books_lack_is_found(desk: Desk) -> None:
    await desk.store.reconcile(-20, desk.now)
    began = desk.now
    desk.now += 1
    await desk.ready(member(), clips=2, cost=7)
    agreed = await desk.store.reconcile(66, desk.now)
    assert (agreed.since, agreed.spent.charged, agreed.missing(100)) == (began, 14, 0)
    await desk.store.reconcile(66, desk.now, accept=True)
    await desk.ready(member(), cost=30)
    for _ in range(2):  # a gap stays until it is accepted
        lost = await desk.store.reconcile(26, desk.now)
        assert (lost.spent.charged, lost.spent.house, lost.missing(0)) == (24, 20, 10)
    await desk.store.reconcile(26, desk.now, accept=True)
    assert (await desk.store.reconcile(26, desk.now)).missing(0) == 0


async def test_what_was_held_then_is_remembered(desk: Desk) -> None:
    await desk.place(member(), clips=2)
    await desk.store.reconcile(100, desk.now)
    await desk.render()
    await desk.settle(cost=10)
    found = await desk.store.reconcile(100, desk.now)
    assert (found.held_then, found.spent.held, found.missing(0)) == (20, 0, -20)


# --- lists --------------------------------------------------------------------------------------


async def test_every_list_can_be_read_to_its_end_in_pages(desk: Desk) -> None:
    for user in (3, 1, 2, 9):
        await desk.place(member(user), price=10 if user < 9 else 20)
    await desk.place(member(1, guild=2))

    async def wallets(after: int | None) -> Page[WalletLine]:
        return await desk.store.wallet_lines(GUILD, 3, after)

    async def orders(after: int | None) -> Page[OrderLine]:
        return await desk.store.order_lines(OrderSlice(guild_id=GUILD, limit=3, after=after))

    async def clips(after: int | None) -> Page[ClipLine]:
        return await desk.store.clip_lines(frozenset({ClipState.QUEUED}), 3, after)

    first, last = await wallets(None), await wallets(2)
    assert [one.user_id for one in first.lines] == [9, 1, 2]
    assert (first.more, [one.user_id for one in last.lines], last.more) == (1, [3], 0)
    newest = await orders(None)
    oldest = await orders(newest.lines[-1].id)
    assert [one.user_id for one in (*newest.lines, *oldest.lines)] == [9, 2, 1, 3]
    assert (newest.more, oldest.more) == (1, 0)
    early = await clips(None)
    late = await clips(early.lines[-1].id)
    assert ([len(early.lines), early.more], [len(late.lines), late.more]) == ([3, 2], [2, 0])
    assert (await wallets(99)).lines == first.lines


# --- cancelling -----------------------------------------------------------------------------


IDS = itertools.count(1)


async def cancel(desk: Desk, order_id: int) -> Cancelled:
    act = Act(guild_id=GUILD, actor_id=OPERATOR, kind=ActKind.CANCEL, subject_id=order_id)
    return await desk.store.cancel_by_hand(order_id, NewAct(id=next(IDS), act=act), desk.now)


async def test_an_operator_cancels_what_waits_and_marks_what_is_on_its_way(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=3)
    (first,) = await desk.send_out(limit=1)
    done = await cancel(desk, ordered.order_id)
    assert (done.ended, done.wished, done.running) == (2, 1, 0)
    await desk.store.put_back(first, desk.now, "nothing was made", desk.now)
    assert await desk.states(ordered.order_id) == ["cancelled"] * 3
    again = await cancel(desk, ordered.order_id)
    assert (again.ended, again.wished) == (0, 0)
    assert await desk.value("SELECT held FROM wallets") == 0
    reasons = await desk.rows("SELECT reason FROM clips ORDER BY number")
    assert [row["reason"] for row in reasons] == ["by_operator"] * 3
    assert await acts(desk) == ["cancel"]


async def test_a_second_cancel_of_what_is_on_its_way_is_no_second_act(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2)
    await desk.send_out(limit=1)
    assert (await cancel(desk, ordered.order_id)).wished == 1
    assert (await cancel(desk, ordered.order_id)).wished == 1
    assert await acts(desk) == ["cancel"]


async def test_one_cancel_too_late_leaves_no_act(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    done = await cancel(desk, ordered.order_id)
    assert (done.ended, done.wished, done.running) == (0, 0, 1)
    assert await acts(desk) == []


# --- ordering a clip in doubt again -------------------------------------------------------------

PAID = 5
"""The role that has an allowance."""


async def lost(desk: Desk, price: int = 10) -> int:
    """Order a clip with the allowance of a role, and lose the reply; return the clip's id."""
    await desk.allow(0, "month")
    await desk.allow(price, "month", role_id=PAID)
    ordered = await desk.place(member(roles=(PAID,)), price=price)
    (send,) = await desk.send_out()
    doubt = SendResult(send_id=send.id, doubtful=send.clip_ids, doubt_until=desk.now + HOUR)
    await desk.store.finish_send(doubt, desk.now)
    return (await desk.clip(ordered.order_id)).id


async def once_more(desk: Desk, clip_id: int, price: int = 10) -> Placing:
    new = desk.new_draft(member(), price=price, interaction_id=clip_id)
    draft = await desk.store.add_draft(new, desk.now)
    return desk.placing(draft, member())


async def resubmit(desk: Desk, clip_id: int, placing: Placing) -> int | None:
    acts = [
        NewAct(
            id=id_,
            act=Act(guild_id=GUILD, actor_id=OPERATOR, kind=kind, subject_id=clip_id),
        )
        for id_, kind in ((desk.id(), ActKind.RELEASE), (clip_id, ActKind.RESUBMIT))
    ]
    return await desk.store.resubmit_by_hand(clip_id, placing, *acts)


async def acts(desk: Desk) -> list[str]:
    return [row["kind"] for row in await desk.rows("SELECT kind FROM acts ORDER BY at, kind")]


async def test_a_lost_clip_is_ordered_again_with_the_allowance_that_it_had(desk: Desk) -> None:
    clip_id = await lost(desk)
    placing = await once_more(desk, clip_id)
    both = await asyncio.gather(resubmit(desk, clip_id, placing), resubmit(desk, clip_id, placing))
    assert set(both) == {placing.order_id}
    assert (await acts(desk))[-2:] == ["release", "resubmit"]
    assert await desk.value("SELECT held FROM wallets") == 10
    assert await desk.house() == 10
    assert await desk.balanced()


async def test_one_that_was_released_before_has_that_allowance_too_and_no_more(desk: Desk) -> None:
    clip_id = await lost(desk)
    desk.now += HOUR
    (due,) = await desk.due("doubt")
    await desk.store.release_doubt(due, desk.now)
    await desk.place(member(roles=(PAID,)), price=4)
    with pytest.raises(NotEnoughCredits) as refused:
        await resubmit(desk, clip_id, await once_more(desk, clip_id))
    assert (refused.value.price, refused.value.spendable) == (10, 6)
    desk.now += 40 * DAY
    assert await resubmit(desk, clip_id, await once_more(desk, clip_id)) is not None
    assert await desk.balanced()


async def test_a_refused_one_stays_in_doubt(desk: Desk) -> None:
    clip_id = await lost(desk)
    narrow = Desk(desk.database, guards=Guards(per_day=19))
    narrow.ids = desk.ids
    narrow.now = desk.now
    before = await acts(desk)
    with pytest.raises(CeilingReached):
        await resubmit(narrow, clip_id, await once_more(desk, clip_id))
    states = await desk.rows("SELECT state FROM clips")
    assert [row["state"] for row in states] == ["unknown"]
    assert (await desk.house(), await acts(desk)) == (0, before)
    assert await desk.balanced()


async def test_one_that_turned_up_is_not_ordered_again(desk: Desk) -> None:
    clip_id = await lost(desk)
    placing = await once_more(desk, clip_id)
    assert await desk.store.adopt(
        (clip_id,), MadeClip(vendor_id="v1", cost=None), desk.now, desk.now
    )
    assert await resubmit(desk, clip_id, placing) is None
    assert await desk.value("SELECT COUNT(*) FROM orders") == 1
