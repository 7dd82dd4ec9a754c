"""Opens the database that the settings name, whichever of the two it is."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import storage
from jobs.clock import SystemClock
from storage import migrate
from storage.database import NotMigrated
from storage.inheriting import Heir
from storage.lock import BotLock
from storage.postgres import PostgresDatabase
from storage.postgres_bell import PostgresBell
from storage.postgres_clock import DatabaseClock
from storage.postgres_sessions import Limits
from storage.seats import ALONE, Vacancies, nobody_seated, seated
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from jobs.ports import Clock
    from storage.database import Database

MIGRATIONS: Final = Path(storage.__file__).parent / "migrations"

PATIENT: Final = Limits(statement_s=3600, lock_s=600, idle_s=600)
"""A migration may rewrite a large table, or wait for another process that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the database is: an SQLite file, or a PostgreSQL server at a secret address."""

    sqlite: Path | None
    url: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.sqlite or 'postgresql'}>"

    async def open(self, limits: Limits | None = None) -> Database:
        """Open the database; the caller closes it. Raises `StorageError`."""
        if self.sqlite is not None:
            return await SqliteDatabase.open(self.sqlite)
        return await PostgresDatabase.open(self.url, limits)

    @contextlib.asynccontextmanager
    async def opened(self, limits: Limits | None = None) -> AsyncIterator[Database]:
        """Open the database, and close it in the end. Raises `StorageError`."""
        database = await self.open(limits)
        try:
            yield database
        finally:
            await database.close()

    @contextlib.asynccontextmanager
    async def as_it_is(self) -> AsyncIterator[Database]:
        """Open the database that the bot works on, and neither make nor migrate one.

        Raises `StorageError`: `NotMigrated` when there is none, or an older bot's, `SchemaTooNew`
        when it is a newer one's.
        """
        if self.sqlite is not None and not self.sqlite.exists():
            raise NotMigrated(self._none_here())
        async with self.opened() as database:
            missing = await migrate.pending(database, MIGRATIONS)
            if len(missing) == len(migrate.load(MIGRATIONS)):
                raise NotMigrated(self._none_here())
            if missing:
                raise NotMigrated(
                    "The database is an older bot's. Stop that bot and run `python bot.py migrate`"
                    " first, or use the commands of its own version."
                )
            yield database

    def _none_here(self) -> str:
        place = "in the database" if self.sqlite is None else f"at {self.sqlite.absolute()}"
        return (
            f"There are no books {place}. Run this where the bot runs, with its settings"
            " (DATABASE_URL); the bot makes its database when it starts."
        )

    @contextlib.contextmanager
    def occupied(self, folder: Path) -> Iterator[int]:
        """Keep a second bot off a file, or take a seat among those that share a server.

        `folder` is where such seats are kept. Yields the number that leases are taken under.
        Raises `DatabaseLocked`, or `OSError` when a lock can't be written.
        """
        if self.sqlite is None:
            with seated(folder) as owner:
                yield owner
        else:
            with BotLock.acquire(self.sqlite):
                yield ALONE

    @contextlib.contextmanager
    def forsaken(self, folder: Path) -> Iterator[None]:
        """Make sure that no bot uses the database, and that none begins to.

        Raises `DatabaseLocked`, or `OSError` when a lock can't be written.
        """
        if self.sqlite is None:
            with nobody_seated(folder):
                yield
        else:
            with BotLock.acquire(self.sqlite):
                yield

    @contextlib.asynccontextmanager
    async def inherited(
        self, folder: Path, free: Callable[[int], Awaitable[int]], looked: Callable[[], None]
    ) -> AsyncIterator[None]:
        """Free what dead processes on the same server had taken on; a file has but one.

        `folder` is where the seats are kept; `free` and `looked` are those of `Heir`.
        """
        if self.sqlite is not None:
            yield
            return
        async with Heir(Vacancies(folder), free, looked).looking(SystemClock()):
            yield

    async def bring_up_to_date(self, now: int) -> tuple[migrate.Migration, ...]:
        """Apply the migrations that the database lacks; return them.

        Raises `StorageError`, `SchemaTooNew` when a newer bot has been here.
        """
        async with self.opened(PATIENT) as database:
            return await migrate.apply(database, MIGRATIONS, now)


@contextlib.asynccontextmanager
async def timed(database: Database, machine: Clock) -> AsyncIterator[Clock]:
    """Give the time that leases are compared with: a server's, or this machine's for a file.

    A server's connections are then open. Raises `StorageError` when it does not tell the time.
    """
    if isinstance(database, PostgresDatabase):
        await database.be_ready()
        clock = DatabaseClock(machine)
        async with clock.following(database):
            yield clock
    else:
        yield machine


@contextlib.asynccontextmanager
async def ringing(
    database: Database, heard: Callable[[], None]
) -> AsyncIterator[Callable[[], None]]:
    """Have `heard` called when another process rings; yield what rings there. A file has none."""
    if isinstance(database, PostgresDatabase):
        async with PostgresBell(database, heard) as bell:
            yield bell.ring
    else:
        yield lambda: None
