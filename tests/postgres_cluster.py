"""A private PostgreSQL for tests: its databases are migrated once, and emptied between tests."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import asyncpg
import pytest

from sandbox.postgres_server import NoServerError, PostgresServer
from storage import migrate
from storage.postgres import PostgresDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from storage.postgres_sessions import Limits

NOW: Final = 1_700_000_000_000
PATIENCE_S: Final = 30
MANY: Final = 3

_HELD: Final = """
    SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%COMMIT%'
      AND pid <> pg_backend_pid() AND query_start < clock_timestamp() - INTERVAL '20 ms'
"""

# Row by row: a TRUNCATE would make each table and index anew.
_EMPTY: Final = """
    SET session_replication_role = replica;
    SET lock_timeout = '10s';
    DO $$ DECLARE found TEXT; BEGIN
      FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('schema_version', 'commit_marks')
      LOOP EXECUTE format('DELETE FROM %I', found); END LOOP;
    END $$
"""


class Hold(StrEnum):
    """Where commits are held up: none of the first are carried out, all of the others are."""

    BEFORE_THE_DISK = "commit_delay = 100000"
    AFTER_THE_DISK = "synchronous_standby_names = 'nobody'"


class Cluster(PostgresServer):
    """A server whose databases have the bot's tables."""

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        super().__init__(programs, folder, durable=durable)
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._shared: dict[str, str] = {}
        self._used: list[str] = []

    async def create(self, migrations: Path) -> str:
        """Make a database with those migrations applied; return its address.

        Databases of earlier tests are dropped first.
        """
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            for used in self._used:
                await admin.execute(f"DROP DATABASE {used} WITH (FORCE)")
            self._used.clear()
            template = await self._template(admin, migrations)
            name = f"test_{next(self._numbers)}"
            await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        finally:
            await admin.close()
        self._used.append(name)
        return self.url(name)

    async def emptied(self, migrations: Path) -> str:
        """Return the address of a database with those migrations and no rows, but faster.

        Tests share it one after another, so they make no tables of their own in it.
        """
        key = _content(migrations)
        if key not in self._shared:
            self._shared[key] = await self.create(migrations)
            self._used.clear()
        await empty(self._shared[key])
        return self._shared[key]

    async def copied(self, url: str) -> str:
        """Copy a database that nobody is connected to; return the copy's address.

        It takes the place of the last copy.
        """
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            await admin.execute("DROP DATABASE IF EXISTS copied WITH (FORCE)")
            await admin.execute(f"CREATE DATABASE copied TEMPLATE {url.rpartition('/')[2]}")
        finally:
            await admin.close()
        return self.url("copied")

    async def hold(self, where: Hold) -> None:
        """Hold up every commit from now on, until the server is dead."""
        await self._set(f"ALTER SYSTEM SET {where}")

    async def die(self) -> None:
        """Kill the server, and start it again; no commit is held up any more."""
        await asyncio.to_thread(self.stop, "immediate")
        await asyncio.to_thread(self.start)
        await self._set("ALTER SYSTEM RESET ALL")

    async def _set(self, sql: str) -> None:
        async with self._admin() as admin:
            await admin.execute(sql)
            await admin.execute("SELECT pg_reload_conf()")

    async def until_held(self) -> None:
        """Wait until several commits are held up: on their way for longer than any takes."""
        async with self._admin() as admin, asyncio.timeout(PATIENCE_S):
            while await admin.fetchval(_HELD) < MANY:  # noqa: ASYNC110 - the server's sessions
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            yield admin
        finally:
            await admin.close()

    async def _template(self, admin: asyncpg.Connection[asyncpg.Record], migrations: Path) -> str:
        """Migrate once for all tests with the same migrations."""
        key = _content(migrations)
        if key not in self._templates:
            name = f"template_{len(self._templates)}"
            await admin.execute(f"CREATE DATABASE {name}")
            database = await PostgresDatabase.open(self.url(name))
            try:
                if key:
                    await migrate.apply(database, migrations, NOW)
            finally:
                await database.close()
            self._templates[key] = name
        return self._templates[key]

    @asynccontextmanager
    async def database(
        self, migrations: Path, limits: Limits | None = None
    ) -> AsyncIterator[PostgresDatabase]:
        """Open an empty database with those migrations applied."""
        opened = await PostgresDatabase.open(await self.emptied(migrations), limits)
        try:
            yield opened
        finally:
            await opened.close()


async def empty(url: str) -> None:
    """Delete every row of a database, but what is known of its schema."""
    admin = await asyncpg.connect(url)
    try:
        await admin.execute(_EMPTY)
    finally:
        await admin.close()


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server, and stop it in the end. Skips the test where none is installed."""
    try:
        with Cluster.started(durable=durable) as cluster:
            yield cluster
    except NoServerError as error:
        pytest.skip(str(error))


def _content(migrations: Path) -> str:
    """Return what tells one folder of migrations from another; nothing for an empty one."""
    files = sorted(migrations.glob("*.sql"))
    told = "".join(f"{path.name}\n{path.read_text()}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest() if files else ""
