"""After a clock was set back nothing is due later, or leased longer, than can have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.setting_right import HOUR_MS, LEASE_MS, LONGEST_MS
from tests.storage.contract.desk import member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk

DAY = 24 * HOUR_MS


async def test_due_times_and_leases_of_a_later_clock_are_pulled_forward(desk: Desk) -> None:
    await desk.place(member())
    await desk.claim()
    await desk.write("UPDATE sends SET due_at = $1, lease_until = $1", desk.now + DAY)
    await desk.write("UPDATE orders SET card_due_at = $1", desk.now + DAY)
    assert await desk.store.pull_forward(desk.now) == 2
    assert await desk.value("SELECT due_at FROM sends") == desk.now
    assert await desk.value("SELECT lease_until FROM sends") == desk.now + LEASE_MS
    assert await desk.value("SELECT card_due_at FROM orders") == desk.now
    assert await desk.store.pull_forward(desk.now) == 0


async def test_what_could_be_meant_so_stays(desk: Desk) -> None:
    await desk.place(member())
    due = desk.now + LONGEST_MS
    await desk.write("UPDATE sends SET due_at = $1, lease_until = $1", due)
    assert await desk.store.pull_forward(desk.now) == 0
    assert await desk.value("SELECT due_at FROM sends") == due


async def test_a_clip_in_doubt_keeps_an_hour(desk: Desk) -> None:
    await desk.place(member())
    await desk.write("UPDATE clips SET step = 'doubt', due_at = $1", desk.now + DAY)
    await desk.store.pull_forward(desk.now)
    assert await desk.value("SELECT due_at FROM clips") == desk.now + HOUR_MS
