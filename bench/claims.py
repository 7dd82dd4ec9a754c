"""Compare the claims of due rows on SQLite and PostgreSQL, and of several callers at once."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.commits import Way, measure_all, postgres, server, table
from storage.database import SKIP_LOCKED
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database, Transaction

ROWS: Final = 5000
AT_ONCE: Final = 10
LEASE: Final = 1000
BASE: Final = "SQLite"


def create() -> Transaction[None]:
    """Make a table like those that the engine claims from, full of work that is due."""
    yield (
        """CREATE TABLE works (id BIGINT PRIMARY KEY, due_at BIGINT NOT NULL,
             lease_until BIGINT NOT NULL, fence BIGINT NOT NULL, owner BIGINT NOT NULL)""",
        (),
    )
    yield "CREATE INDEX works_due ON works (due_at)", ()
    for number in range(ROWS):
        yield "INSERT INTO works VALUES ($1, $1, 0, 0, 0)", (number,)


def claim(now: int, owner: int) -> Transaction[list[tuple[int, int]]]:
    """Claim some due rows, as every step of the engine does."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT id FROM works WHERE due_at <= $1 AND lease_until <= $1
              ORDER BY due_at, id LIMIT $2 {SKIP_LOCKED})
            UPDATE works SET fence = fence + 1, lease_until = $3, owner = $4
            WHERE id IN (SELECT id FROM due) RETURNING id, fence""",  # noqa: S608 - a constant
        (now, AT_ONCE, now + LEASE, owner),
    )
    return [(row["id"], row["fence"]) for row in rows]


def record(claimed: list[tuple[int, int]], due_at: int) -> Transaction[None]:
    """Record what came of each, if the claim still stands."""
    for number, fence in claimed:
        yield (
            "UPDATE works SET due_at = $1, lease_until = 0 WHERE id = $2 AND fence = $3",
            (due_at, number, fence),
        )


def claims_on(database: Database) -> Callable[[int], Awaitable[None]]:
    """Return one claim, and the record of its outcome, which puts the rows at the line's end."""

    async def once(number: int) -> None:
        now = ROWS + number
        claimed = await database.run(claim, now, number)
        if not claimed:
            raise LookupError(number)
        await database.run(record, claimed, now)

    return once


async def compare(folder: Path, url: str | None) -> list[Way]:
    """Measure claims on both; those of a server only where there is one."""
    async with AsyncExitStack() as stack:
        here = await SqliteDatabase.open(folder / "claims.db")
        stack.push_async_callback(here.close)
        away = await stack.enter_async_context(postgres(url))
        ways = []
        for name, database in ((BASE, here), ("PostgreSQL", away)):
            if database is not None:
                await database.run(create)
                ways += [
                    Way(name=name, callers=callers, once=claims_on(database))
                    for callers in (1, 4, 16)
                ]
        await measure_all(ways)
    return ways


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, server("claims") as address:
        found = asyncio.run(compare(Path(scratch), address))
        print(table(f"claims of {AT_ONCE}, recorded", BASE, found))
