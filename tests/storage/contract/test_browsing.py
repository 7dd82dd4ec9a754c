"""A member's orders are read page by page, shelf by shelf, and never another's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobs.browsing import PAGE, TOP, Browsing, Cursor, Page, Shelf, Slice
from storage.database import Dialect
from tests.fakes import FakeClock, FakeLibrary
from tests.storage.contract.desk import GUILD, member, message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.storage.contract.desk import Desk

MINE = Slice(guild_id=GUILD, user_id=7, limit=100)


@pytest.fixture
def browsing(desk: Desk, tmp_path: Path) -> Browsing:
    """Look back over the desk's own orders."""
    return Browsing(desk.store, FakeLibrary(tmp_path), FakeClock())


async def placed(desk: Desk, count: int) -> list[int]:
    """Place so many orders of one clip; return their ids, newest first."""
    await desk.grant(member(), 1000)
    found = []
    for _ in range(count):
        found.append((await desk.place(member())).order_id)
        await desk.store.cancel_order(found[-1], desk.now)
    return found[::-1]


def ids(page: Page) -> list[int]:
    return [order.id for order in page.orders]


async def mine(browsing: Browsing, cursor: Cursor, shelf: Shelf = Shelf.ALL) -> Page:
    return await browsing.page(GUILD, 7, shelf, cursor)


async def test_pages_go_back_in_time_and_forth_again_without_gaps(
    desk: Desk, browsing: Browsing
) -> None:
    orders = await placed(desk, 2 * PAGE + 1)
    first = await mine(browsing, TOP)
    assert (ids(first), first.newer) == (orders[:PAGE], None)
    assert first.older is not None
    second = await mine(browsing, first.older)
    assert ids(second) == orders[PAGE : 2 * PAGE]
    assert second.older is not None
    third = await mine(browsing, second.older)
    assert (ids(third), third.older) == (orders[2 * PAGE :], None)
    assert third.newer is not None
    back = await mine(browsing, third.newer)
    assert ids(back) == orders[PAGE : 2 * PAGE]
    assert back.newer is not None
    top = await mine(browsing, back.newer)
    assert (ids(top), top.newer) == (orders[:PAGE], None)


async def test_a_full_last_page_leads_nowhere(desk: Desk, browsing: Browsing) -> None:
    orders = await placed(desk, PAGE)
    page = await mine(browsing, TOP)
    assert page == Page(orders=page.orders)
    assert ids(page) == orders


async def test_an_order_that_comes_meanwhile_moves_nothing_on_an_older_page(
    desk: Desk, browsing: Browsing
) -> None:
    orders = await placed(desk, 2 * PAGE)
    older = (await mine(browsing, TOP)).older
    assert older is not None
    await desk.place(member())
    assert ids(await mine(browsing, older)) == orders[PAGE:]


async def test_where_nothing_is_left_the_newest_are_shown(desk: Desk, browsing: Browsing) -> None:
    orders = await placed(desk, 2)
    assert ids(await mine(browsing, Cursor(before=orders[-1]))) == orders
    assert ids(await mine(browsing, Cursor(after=orders[0]))) == orders
    assert await mine(browsing, TOP, Shelf.KEPT) == Page(orders=())


async def test_nobody_reads_the_orders_of_another_member_or_guild(
    desk: Desk, browsing: Browsing
) -> None:
    await desk.place(member(8))
    await desk.place(member(7, guild=2))
    own = await desk.place(member(7))
    assert ids(await mine(browsing, TOP)) == [own.order_id]


async def test_every_state_has_its_shelf(desk: Desk) -> None:
    await desk.grant(member(), 1000)
    kept = await desk.ready(member())
    (clip,) = await desk.due("post")
    await desk.store.record_kept(clip, "nowhere", desk.now)
    posted = await desk.ready(member(), clips=2)
    for clip in await desk.due("post"):
        await desk.store.begin_post(clip, desk.now)
        await desk.store.record_posted(clip, message(clip.id), desk.now)
    failed = (await desk.place(member())).order_id
    await desk.render()
    (clip,) = await desk.due("look")
    await desk.store.record_looks((), (), [desk.failed(clip)], desk.now)
    queued = (await desk.place(member())).order_id

    async def on(shelf: Shelf) -> list[int]:
        wanted = Slice(guild_id=GUILD, user_id=7, shelf=shelf, limit=100)
        return [order.id for order in await desk.store.orders_of(wanted)]

    assert await on(Shelf.ALL) == [queued, failed, posted, kept]
    assert await on(Shelf.MAKING) == [queued]
    assert await on(Shelf.READY) == [posted, kept]
    assert await on(Shelf.KEPT) == [kept]
    assert await on(Shelf.FAILED) == [failed]


async def test_an_order_whose_every_clip_is_deleted_is_not_listed(desk: Desk) -> None:
    order = await desk.order(await desk.ready(member(), clips=2))
    await desk.store.delete_clip(order.clips[0].id, desk.now)
    assert [one.id for one in await desk.store.orders_of(MINE)] == [order.id]
    await desk.store.delete_clip(order.clips[1].id, desk.now)
    assert await desk.store.orders_of(MINE) == ()
    assert await desk.store.glimpses(MINE) == ()


async def test_listed_orders_are_as_whole_as_single_ones(desk: Desk) -> None:
    order_id = await desk.ready(member(), clips=3)
    assert await desk.store.orders_of(MINE) == (await desk.order(order_id),)


async def test_a_page_is_read_from_the_index_and_not_sorted(desk: Desk) -> None:
    if desk.database.dialect is not Dialect.SQLITE:
        pytest.skip("PostgreSQL plans by the size of the tables")
    await placed(desk, 3)
    plan = await desk.rows(
        """EXPLAIN QUERY PLAN SELECT o.* FROM orders o
           WHERE o.guild_id = 1 AND o.user_id = 7 AND o.id < 5 AND o.id > 0
           ORDER BY o.id DESC LIMIT 6"""
    )
    said = " ".join(row["detail"] for row in plan)
    assert "orders_of_member" in said
    assert "TEMP B-TREE" not in said


async def test_orders_are_suggested_by_code_and_by_words_of_their_prompt(
    desk: Desk, browsing: Browsing
) -> None:
    orders = await placed(desk, 4)
    found = await browsing.suggest(GUILD, 7, "", 3)
    assert [one.id for one in found] == orders[:3]
    assert found[0].prompt == "walk"
    assert len(await browsing.suggest(GUILD, 7, "WAL", 25)) == 4
    assert await browsing.suggest(GUILD, 7, "no such word", 25) == []


async def test_a_card_and_a_result_are_those_of_their_member_alone(
    desk: Desk, browsing: Browsing
) -> None:
    await placed(desk, 1)
    await desk.place(member())
    (order,) = await desk.store.claim_cards(desk.now, desk.now + 1000, 1)
    await desk.store.record_card(order, message(31), "queued", None, desk.now)
    assert await browsing.is_of(message(31).message_id, order.member)
    assert not await browsing.is_of(message(32).message_id, order.member)
    assert not await browsing.is_of(message(31).message_id, member(8))
    await desk.ready(member())
    clip, *_ = await desk.due("post")
    await desk.store.begin_post(clip, desk.now)
    await desk.store.record_posted(clip, message(33), desk.now)
    assert await browsing.is_of(message(33).message_id, order.member)
    assert not await browsing.is_of(message(33).message_id, member(8))
    elsewhere = replace(order.member, guild_id=GUILD + 1)
    assert not await browsing.is_of(message(31).message_id, elsewhere)
