"""Databases for the storage tests: real ones, migrated, one per driver."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storage
from storage import migrate
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from storage.database import Database, Transaction

NOW = 1_700_000_000_000
PATIENCE = 30  # seconds; only a broken test waits so long


async def open_sqlite(folder: Path) -> Database:
    return await SqliteDatabase.open(folder / "bot.db")


# A second driver is one more line; the tests that ask for `database` then run on it, too.
DRIVERS: dict[str, Callable[[Path], Awaitable[Database]]] = {"sqlite": open_sqlite}


@pytest.fixture
def migrations() -> Path:
    """Name the bot's own migrations; a test module with other tables overrides this."""
    return Path(storage.__file__).parent / "migrations"


@pytest.fixture(params=sorted(DRIVERS))
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, migrations: Path
) -> AsyncIterator[Database]:
    """Open an empty database with the migrations applied, and close it after the test."""
    opened = await DRIVERS[request.param](tmp_path)
    try:
        await migrate.apply(opened, migrations, NOW)
        yield opened
    finally:
        await opened.close()


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
