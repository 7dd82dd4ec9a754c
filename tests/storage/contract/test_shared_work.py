"""Of processes that share a database each has its own work, and all of them one pace."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

from jobs.model import Guards
from storage import cards, clips, gates, logbook, reports, reviews, sends
from storage.postgres import PostgresDatabase
from storage.store import Store
from tests.storage.contract.desk import HOUR, LEASE, SECOND, member
from tests.storage.contract.test_asks import ask
from tests.storage.contract.test_reports import posted, report
from tests.storage.contract.test_reviews import look_first

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database, Transaction
    from tests.storage.conftest import Hurdle
    from tests.storage.contract.desk import Desk

GAP: Final = 500
ROWS: Final = 4


async def queued(desk: Desk) -> None:
    await desk.place(member(), pictures=ROWS)


async def stale(desk: Desk) -> None:
    await queued(desk)
    for send in await desk.claim():
        assert await desk.store.intend(send, desk.now, desk.now)


async def rendering(desk: Desk) -> None:
    await queued(desk)
    await desk.render()


async def drawn(desk: Desk) -> None:
    for user in range(ROWS):
        await desk.place(member(10 + user))


async def looked_at(desk: Desk) -> None:
    await look_first(desk)
    await drawn(desk)


async def reported(desk: Desk) -> None:
    for clip in await posted(desk, ROWS):
        await report(desk, clip)


async def acted(desk: Desk) -> None:
    """Act in so many guilds: of each one act is posted at a time."""
    for guild in range(1, ROWS + 1):
        await desk.store.freeze(desk.doing(member(guild=guild)), frozen=True, now=desk.now)
    await desk.write("UPDATE acts SET due_at = at")


CLAIMS: Final[dict[str, tuple[Callable[[Desk], Awaitable[None]], Any]]] = {
    "sends": (queued, sends.claim_sends),
    "stale sends": (stale, sends.claim_stale),
    "clips": (rendering, partial(clips.claim_clips, "look")),
    "cards": (drawn, cards.claim_cards),
    "reviews": (looked_at, reviews.claim_reviews),
    "cases": (reported, reports.claim_cases),
    "acts": (acted, logbook.claim_reports),
}
each_claim = pytest.mark.parametrize(("prepare", "claim"), CLAIMS.values(), ids=CLAIMS)


def numbers(claimed: Any) -> list[int]:  # noqa: ANN401 - whatever was claimed
    return [getattr(one, "id", None) or getattr(one, "clip_id", None) or one.order_id
            for one in claimed]  # fmt: skip


@each_claim
async def test_who_claims_while_another_is_at_it_gets_other_rows(
    desk: Desk,
    hurdle: Hurdle,
    prepare: Callable[[Desk], Awaitable[None]],
    claim: Any,  # noqa: ANN401
) -> None:
    await prepare(desk)
    until = desk.now + LEASE

    def held_up() -> Transaction[Any]:
        found = yield from claim(desk.now, until, 2, 5)
        yield from hurdle.stop()
        return found

    first = asyncio.create_task(desk.database.run(held_up))
    await hurdle.reached()
    second = asyncio.create_task(desk.database.run(claim, desk.now, until, 10, 6))
    if isinstance(desk.database, PostgresDatabase):
        await second  # it does not wait for the other one
    await hurdle.lift()
    mine, theirs = numbers(await first), numbers(await second)
    assert (len(mine), len(theirs)) == (2, ROWS - 2)
    assert not set(mine) & set(theirs)


@each_claim
async def test_of_many_that_claim_at_once_each_row_goes_to_one(
    desk: Desk,
    prepare: Callable[[Desk], Awaitable[None]],
    claim: Any,  # noqa: ANN401
) -> None:
    await prepare(desk)
    run = partial(desk.database.run, claim, desk.now, desk.now + LEASE, 1)
    found = [
        number for one in await asyncio.gather(*map(run, range(12))) for number in numbers(one)
    ]
    found += numbers(await desk.database.run(claim, desk.now, desk.now + LEASE, 10, 99))
    assert len(found) == len(set(found)) == ROWS


@each_claim
async def test_a_dead_processs_rows_are_freed_and_nobody_elses(
    desk: Desk,
    prepare: Callable[[Desk], Awaitable[None]],
    claim: Any,  # noqa: ANN401
) -> None:
    await prepare(desk)
    run = partial(desk.database.run, claim, desk.now, desk.now + LEASE)
    dead, alive = numbers(await run(2, 5)), numbers(await run(10, 6))
    assert len(dead) == len(alive) == 2
    await desk.store.take_over(5)
    assert set(numbers(await run(10, 7))) == set(dead)


# --- commands -----------------------------------------------------------------------------------


def stores(database: Database, desk: Desk, *owners: int) -> list[Store]:
    return [Store(database, desk.rules, Guards(), owner) for owner in owners]


async def test_a_command_that_a_living_process_answers_is_nobody_elses(desk: Desk) -> None:
    dead, alive, other = stores(desk.database, desk, 5, 6, 7)
    await dead.open_ask(ask(desk, 1))
    await alive.open_ask(ask(desk, 2))
    assert await other.claim_asks(0) == ()
    await other.take_over(5)
    assert await other.claim_asks(desk.now + 1) == ()
    assert await other.claim_asks(desk.now) == (ask(desk, 1),)
    await alive.take_over()
    assert await alive.claim_asks(0) == (ask(desk, 2),)


async def test_of_many_that_take_up_what_is_left_each_command_goes_to_one(desk: Desk) -> None:
    for number in range(6):
        await desk.store.open_ask(ask(desk, number + 1))
    await desk.store.close_ask(6)
    await desk.store.take_over()
    claimants = stores(desk.database, desk, *range(1, 9))
    taken = await asyncio.gather(*(one.claim_asks(0) for one in claimants))
    assert sorted(each.interaction_id for one in taken for each in one) == [1, 2, 3, 4, 5]


# --- one pace -----------------------------------------------------------------------------------


async def test_paid_requests_of_all_processes_leave_one_after_another(desk: Desk) -> None:
    several = stores(desk.database, desk, 5, 6, 7)
    at = await asyncio.gather(*(one.next_slot(desk.now, GAP) for _ in range(4) for one in several))
    assert sorted(at) == [desk.now + GAP * place for place in range(12)]
    desk.now += HOUR
    assert await desk.store.next_slot(desk.now, GAP) == desk.now


async def test_a_slot_waits_for_whoever_takes_one(desk: Desk, hurdle: Hurdle) -> None:
    def held_up() -> Transaction[int]:
        mine = yield from gates.next_slot(desk.now, GAP)
        yield from hurdle.stop()
        return mine

    await desk.store.next_slot(desk.now, GAP)
    first = asyncio.create_task(desk.database.run(held_up))
    await hurdle.reached()
    second = asyncio.create_task(desk.store.next_slot(desk.now, GAP))
    await hurdle.lift()
    assert (await first, await second) == (desk.now + GAP, desk.now + 2 * GAP)


async def test_a_clock_that_is_set_back_takes_the_line_with_it(desk: Desk) -> None:
    for place in range(3):
        assert await desk.store.next_slot(desk.now, GAP) == desk.now + place * GAP
    desk.now -= HOUR
    assert await desk.store.next_slot(desk.now, GAP) == desk.now + 3 * GAP
    desk.now -= SECOND // 2  # no more than two machines may differ
    assert await desk.store.next_slot(desk.now, GAP) == desk.now + SECOND // 2 + 4 * GAP


async def test_of_many_that_close_the_gate_at_once_one_tells_the_operator(desk: Desk) -> None:
    for _ in range(2):
        closing = (desk.store.close_gate("no credits", desk.now + HOUR) for _ in range(8))
        assert sorted(await asyncio.gather(*closing)) == [False] * 7 + [True]
        await desk.place(member())
        desk.now += HOUR
        await desk.render()  # the probe opens it


# --- a rush -------------------------------------------------------------------------------------


async def test_a_rush_of_orders_leaves_room_for_what_has_to_be_noted(desk: Desk) -> None:
    """All orders wait for one another at the operator's day, each on a connection."""
    if not isinstance(desk.database, PostgresDatabase):
        pytest.skip("a file has one writer, and nobody waits for a connection")
    await desk.place(member())
    placings = []
    for user in range(20, 32):
        draft = await desk.store.add_draft(desk.new_draft(member(user)), desk.now)
        placings.append(desk.placing(draft, member(user)))
    holder = await desk.database.connect()
    await holder.execute("BEGIN; SELECT 1 FROM period_use WHERE guild_id = 0 FOR UPDATE")
    rush = [asyncio.create_task(desk.store.place(placing)) for placing in placings]
    waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
    while not await holder.fetchval(waiting):  # noqa: ASYNC110 - the server's lock
        await asyncio.sleep(0.01)
    assert await desk.store.open_ask(ask(desk, 1))
    assert not any(order.done() for order in rush), "it waited until they gave up"
    await holder.close()
    assert len(await asyncio.gather(*rush)) == len(placings)
