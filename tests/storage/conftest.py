"""Databases for the storage tests: real ones, migrated, one per driver."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import pytest

import storage
from storage import migrate
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from storage.database import Database, Transaction
    from storage.postgres_sessions import Connection
    from tests.postgres_cluster import Cluster

NOW = 1_700_000_000_000
PATIENCE = 30  # seconds; only a broken test waits so long
HURDLE = 4711


DRIVERS: Final = ("sqlite", "postgres")


@pytest.fixture
def migrations() -> Path:
    """Name the bot's own migrations; a test module with other tables overrides this."""
    return Path(storage.__file__).parent / "migrations"


@pytest.fixture(params=DRIVERS)
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, migrations: Path
) -> AsyncIterator[Database]:
    """Open an empty database with the migrations applied, and close it after the test."""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        async with cluster.database(migrations) as opened:
            yield opened
        return
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    try:
        await migrate.apply(database, migrations, NOW)
        yield database
    finally:
        await database.close()


class Gate:
    """Stops a transaction half-way, so that a test decides what happens meanwhile."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def stop(self) -> None:
        """Wait, in the database's thread, until the test opens the gate."""
        self._reached.set()
        if not self._opened.wait(PATIENCE):
            raise TimeoutError("the test never opened the gate")

    def hold_up(self) -> Transaction[None]:
        """Keep the database's thread busy; a transaction that does nothing else."""
        self.stop()
        yield "SELECT 1 AS one", ()

    async def reached(self) -> None:
        """Wait until a transaction stands at the gate."""
        assert await asyncio.to_thread(self._reached.wait, PATIENCE)

    def open(self) -> None:
        """Let the transaction, and any later one, pass."""
        self._opened.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Make a gate that is open again after the test, whatever happened in it."""
    made = Gate()
    yield made
    made.open()


class Hurdle(Protocol):
    """Stops a transaction half-way, so that a test decides what happens meanwhile."""

    def stop(self) -> Transaction[None]:
        """Wait, inside a transaction, until the test lifts the hurdle."""
        ...

    async def reached(self) -> None:
        """Wait until a transaction stands before it."""
        ...

    async def lift(self) -> None:
        """Let the transaction, and any later one, pass."""
        ...


class ThreadHurdle:
    """Stops SQLite's thread."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def stop(self) -> Transaction[None]:
        yield "SELECT 1 AS one", ()
        self._gate.stop()

    async def reached(self) -> None:
        await self._gate.reached()

    async def lift(self) -> None:
        self._gate.open()


class LockHurdle:
    """Stops a transaction of PostgreSQL's at a lock that the test holds."""

    def __init__(self, holder: Connection) -> None:
        self._holder = holder

    def stop(self) -> Transaction[None]:
        yield "SELECT pg_advisory_xact_lock_shared($1)", (HURDLE,)

    async def reached(self) -> None:
        waiting = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        async with asyncio.timeout(PATIENCE):
            while not await self._holder.fetchval(waiting):  # noqa: ASYNC110 - the server's lock
                await asyncio.sleep(0.005)

    async def lift(self) -> None:
        await self._holder.execute("SELECT pg_advisory_unlock_all()")


@pytest.fixture
async def hurdle(database: Database, gate: Gate) -> AsyncIterator[Hurdle]:
    """Make a hurdle that is gone after the test, whatever happened in it."""
    if not isinstance(database, PostgresDatabase):
        yield ThreadHurdle(gate)
        gate.open()
        return
    holder = await database.connect()
    await holder.execute(f"SELECT pg_advisory_lock({HURDLE})")
    yield LockHurdle(holder)
    await holder.close()
