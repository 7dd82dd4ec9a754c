"""The books against the vendor's balance: what both changed by since the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.storage.contract.desk import member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk


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
    await desk.ready(member(), cost=30)
    lost = await desk.store.reconcile(26, desk.now)
    assert (lost.spent.charged, lost.spent.house, lost.missing(0)) == (24, 20, 10)
