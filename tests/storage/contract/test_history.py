"""The history has acts and entries, newest first, in pages that neither skip nor repeat a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.acts import Written
from jobs.quotas import Booked, HistoryPage, Place, Quotas
from tests.fakes import FakeClock
from tests.storage.contract.desk import GUILD, HOUR, member

if TYPE_CHECKING:
    from jobs.quotas import HistoryLine
    from tests.storage.contract.desk import Desk

ALICE, BOB = member(), member(8)


def words(line: HistoryLine) -> str:
    if isinstance(line, Written):
        return f"{line.act.kind} {line.act.subject_id}"
    return f"{line.kind} {line.user_id} {line.credits}"


async def read(desk: Desk, user_id: int | None = None) -> list[HistoryPage]:
    """Leaf through all of it."""
    quotas = Quotas(desk.store, FakeClock())
    pages = [await quotas.history(GUILD, user_id)]
    while pages[-1].older is not None:
        pages.append(await quotas.history(GUILD, user_id, pages[-1].older))
    return pages


async def told(desk: Desk, user_id: int | None = None) -> list[str]:
    return [words(line) for page in await read(desk, user_id) for line in page.lines]


async def test_grants_are_told_as_acts_and_what_the_bot_books_as_entries(desk: Desk) -> None:
    await desk.allow(0, "month")
    desk.now += 1
    grant = await desk.grant(ALICE, 50, expires_at=desk.now + HOUR)
    desk.now += 1
    ordered = await desk.place(ALICE)
    desk.now += 1
    await desk.store.freeze(desk.doing(ALICE), frozen=True, now=desk.now)
    await desk.store.cancel_order(ordered.order_id, desk.now)
    desk.now += HOUR
    await desk.grant(ALICE, 1)
    assert await told(desk) == [
        "grant 7",
        "expire 7 50",
        "freeze 7",
        "release 7 10",
        "hold 7 10",
        "grant 7",
        "allowance 0",
    ]
    (page,) = await read(desk, ALICE.user_id)
    assert [words(line) for line in page.lines] == (await told(desk))[:-1]
    hold = next(line for line in page.lines if isinstance(line, Booked) and line.kind == "hold")
    assert (hold.order_id, hold.number) == (ordered.order_id, 0)
    first = page.lines[-1]
    assert isinstance(first, Written)
    assert (first.id, first.act.after) == (grant, "50")
    assert await told(desk, BOB.user_id) == []


@pytest.mark.parametrize("tick", [0, 1])
async def test_pages_neither_skip_nor_repeat_a_line_also_of_one_moment(
    desk: Desk, tick: int
) -> None:
    for _ in range(5):
        await desk.grant(ALICE, 10)
        desk.now += tick
        await desk.place(ALICE, clips=4, price=1)
        desk.now += tick
        await desk.store.freeze(desk.doing(BOB), frozen=True, now=desk.now)
        await desk.store.freeze(desk.doing(BOB), frozen=False, now=desk.now)
        desk.now += tick
    pages = await read(desk)
    keys = [
        line.id if isinstance(line, Written) else line.key for page in pages for line in page.lines
    ]
    assert len(keys) == len(set(keys)) == 5 * (1 + 4 + 2)
    assert [len(page.lines) for page in pages] == [10, 10, 10, 5]
    times = [line.at for page in pages for line in page.lines]
    assert times == sorted(times, reverse=True)


async def test_a_place_that_was_never_there_ends_the_history_or_begins_it(desk: Desk) -> None:
    await desk.grant(ALICE, 10)
    quotas = Quotas(desk.store, FakeClock())
    assert (await quotas.history(GUILD, None, Place(at=1, key="x"))).lines == ()
    assert len((await quotas.history(GUILD, None, Place(at=2**62, key="x"))).lines) == 1
    assert (await quotas.history(GUILD + 1, None)).lines == ()
