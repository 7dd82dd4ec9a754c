"""Compare transactions that share commits on SQLite with single ones there and on PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiosqlite

from sandbox.postgres_server import NoServerError, PostgresServer
from storage.postgres import PostgresDatabase
from storage.sqlite import GROUP_LIMIT, SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from storage.database import Database, Transaction

ROUNDS: Final = 5
PER_ROUND: Final = 600
MEMBERS: Final = 100
BASE: Final = "SQLite, one by one"

_TABLES: Final = (
    "CREATE TABLE entries (key TEXT PRIMARY KEY, credits BIGINT NOT NULL)",
    "CREATE TABLE wallets (id BIGINT PRIMARY KEY, held BIGINT NOT NULL)",
    "CREATE TABLE orders (id BIGINT PRIMARY KEY, member BIGINT NOT NULL)",
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


def through_the_driver(database: Database) -> Callable[[int], Awaitable[None]]:
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


@contextmanager
def server(name: str) -> Iterator[str | None]:
    """Yield a new database's address on a server that waits for the disk; None without one."""
    try:
        with PostgresServer.started(durable=True) as started:
            yield asyncio.run(started.new_database(name))
    except NoServerError as error:
        print(f"PostgreSQL is left out: {error}", flush=True)
        yield None


@asynccontextmanager
async def postgres(url: str | None) -> AsyncIterator[PostgresDatabase | None]:
    """Open the server's database; None where there is none."""
    if url is None:
        yield None
        return
    database = await PostgresDatabase.open(url)
    try:
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


async def measure_all(ways: list[Way]) -> None:
    """Measure all ways in turn, several times, so that a slow moment of the disk meets them all."""
    numbers = itertools.count()
    for _ in range(ROUNDS):
        for way in ways:
            await measure(way, numbers)


async def compare(folder: Path, url: str | None) -> list[Way]:
    """Measure every way to commit; those of a server only where there is one."""
    async with AsyncExitStack() as stack:
        grouped = await stack.enter_async_context(driver(folder / "grouped.db", GROUP_LIMIT))
        single = await stack.enter_async_context(driver(folder / "single.db", 1))
        await stack.enter_async_context(driver(folder / "plain.db", 1))
        connection = await stack.enter_async_context(plain(folder / "plain.db"))
        away = await stack.enter_async_context(postgres(url))
        ways = [
            Way(name="SQLite, a hop a statement", callers=64, once=a_hop_per_statement(connection)),
            Way(name=BASE, callers=64, once=through_the_driver(single)),
            *ways_of("SQLite, together", grouped),
        ]
        if away is not None:
            await away.run(create)
            ways += ways_of("PostgreSQL", away)
        await measure_all(ways)
    return ways


def ways_of(name: str, database: Database) -> list[Way]:
    """Return the driver's way for few callers and for many."""
    return [
        Way(name=name, callers=callers, once=through_the_driver(database))
        for callers in (1, 16, 64)
    ]


def table(head: str, base: str, ways: list[Way]) -> str:
    """Draw medians, and their ratio to the first way of the name `base`."""
    medians = [statistics.median(way.rates) for way in ways]
    unit = next(m for way, m in zip(ways, medians, strict=True) if way.name == base)
    lines = [f"{head:<26}{'callers':>8}{'per second':>12}{'ratio':>8}"]
    lines += [
        f"{way.name:<26}{way.callers:>8}{median:>12,.0f}{median / unit:>8.2f}"
        for way, median in zip(ways, medians, strict=True)
    ]
    lines.append(f"medians of {ROUNDS} interleaved rounds of {PER_ROUND}")
    return "\n".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, server("commits") as address:
        print(table("durable transactions", BASE, asyncio.run(compare(Path(scratch), address))))
