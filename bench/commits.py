"""Compare SQLite transactions that share commits with the same ones committed one by one."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiosqlite

from storage.sqlite import GROUP_LIMIT, SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from storage.database import Transaction

ROUNDS: Final = 5
PER_ROUND: Final = 600
MEMBERS: Final = 100

_TABLES: Final = (
    "CREATE TABLE entries (key TEXT PRIMARY KEY, credits INTEGER NOT NULL) STRICT",
    "CREATE TABLE wallets (id INTEGER PRIMARY KEY, held INTEGER NOT NULL) STRICT",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, member INTEGER NOT NULL) STRICT",
)
_ENTRY: Final = "INSERT INTO entries (key, credits) VALUES ($1, $2)"
_HOLD: Final = "UPDATE wallets SET held = held + $1 WHERE id = $2 AND held >= 0 RETURNING held"
_ORDER: Final = "INSERT INTO orders (id, member) VALUES ($1, $2)"


@dataclass(slots=True, kw_only=True)
class Way:
    """A way to commit, how many call it at once, and its transactions/s in each round."""

    name: str
    callers: int
    once: Callable[[int], Awaitable[None]]
    rates: list[float] = field(default_factory=list)


def create() -> Transaction[None]:
    """Make the tables, with a wallet for each member."""
    for table in _TABLES:
        yield table, ()
    for member in range(MEMBERS):
        yield "INSERT INTO wallets (id, held) VALUES ($1, 0)", (member,)


def place(order: int) -> Transaction[None]:
    """Write what an order writes: an entry of its own, a guarded counter, a row."""
    yield _ENTRY, (f"clip:{order}:hold", 1)
    if not (yield _HOLD, (1, order % MEMBERS)):
        raise LookupError(order)
    yield _ORDER, (order, order % MEMBERS)


def through_the_driver(database: SqliteDatabase) -> Callable[[int], Awaitable[None]]:
    """Return one transaction as the bot runs it."""

    async def once(order: int) -> None:
        await database.run(place, order)

    return once


def a_hop_per_statement(connection: aiosqlite.Connection) -> Callable[[int], Awaitable[None]]:
    """Return the same transaction over aiosqlite's public methods, one caller at a time."""
    turn = asyncio.Lock()

    async def once(order: int) -> None:
        async with turn:
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute(_ENTRY.replace("$", "?"), (f"clip:{order}:hold", 1))
            await connection.execute_fetchall(_HOLD.replace("$", "?"), (1, order % MEMBERS))
            await connection.execute(_ORDER.replace("$", "?"), (order, order % MEMBERS))
            await connection.execute("COMMIT")

    return once


@asynccontextmanager
async def plain(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    """Open aiosqlite with the driver's settings but without the driver."""
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = FULL")
        yield connection


@asynccontextmanager
async def driver(path: Path, group_limit: int) -> AsyncIterator[SqliteDatabase]:
    """Open the driver on a new file with the tables made."""
    database = await SqliteDatabase.open(path, group_limit=group_limit)
    try:
        await database.run(create)
        yield database
    finally:
        await database.close()


async def measure(way: Way, orders: itertools.count[int]) -> None:
    """Run one round of a way, and note its rate."""
    mine = iter(list(itertools.islice(orders, PER_ROUND)))

    async def caller() -> None:
        for order in mine:
            await way.once(order)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(way.callers)))
    way.rates.append(PER_ROUND / (time.perf_counter() - began))


async def compare(folder: Path) -> list[Way]:
    """Measure all ways in turn, several times, so that a slow moment of the disk meets them all."""
    async with (
        driver(folder / "grouped.db", GROUP_LIMIT) as grouped,
        driver(folder / "single.db", 1) as single,
        driver(folder / "plain.db", 1),
        plain(folder / "plain.db") as connection,
    ):
        ways = [
            Way(name="a hop per statement", callers=64, once=a_hop_per_statement(connection)),
            Way(name="one by one", callers=64, once=through_the_driver(single)),
            *(
                Way(name="together", callers=callers, once=through_the_driver(grouped))
                for callers in (1, 16, 64)
            ),
        ]
        orders = itertools.count()
        for _ in range(ROUNDS):
            for way in ways:
                await measure(way, orders)
    return ways


def table(ways: list[Way]) -> str:
    """Draw medians, and their ratio to committing one by one."""
    medians = [statistics.median(way.rates) for way in ways]
    base = next(m for way, m in zip(ways, medians, strict=True) if way.name == "one by one")
    lines = [f"{'SQLite, synchronous=FULL':<26}{'callers':>8}{'per second':>12}{'ratio':>8}"]
    lines += [
        f"{way.name:<26}{way.callers:>8}{median:>12,.0f}{median / base:>8.2f}"
        for way, median in zip(ways, medians, strict=True)
    ]
    lines.append(f"medians of {ROUNDS} interleaved rounds of {PER_ROUND} transactions")
    return "\n".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(table(asyncio.run(compare(Path(scratch)))))
