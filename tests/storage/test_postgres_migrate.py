"""Schemas that grow on PostgreSQL, also when several processes start at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storage import migrate
from storage.database import NotMigrated, SchemaTooNew, StorageError
from storage.opening import MIGRATIONS, Address
from storage.postgres import PostgresDatabase

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Transaction
    from tests.postgres_cluster import Cluster

NOW = 1_700_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_notes.sql").write_text("CREATE TABLE notes (id BIGINT PRIMARY KEY) /*strict*/;")
    (made / "0002_first.sql").write_text("INSERT INTO notes (id) VALUES (1);")
    return made


@pytest.fixture
async def url(cluster: Cluster, tmp_path: Path) -> str:
    return await cluster.create(tmp_path / "none")


def tables() -> Transaction[set[str]]:
    rows = yield "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", ()
    return {row["tablename"] for row in rows} - {"commit_marks"}


def versions() -> Transaction[list[int]]:
    rows = yield "SELECT version FROM schema_version ORDER BY version", ()
    return [row["version"] for row in rows]


async def test_processes_that_start_at_once_apply_each_file_once(url: str, folder: Path) -> None:
    opened = await asyncio.gather(*(PostgresDatabase.open(url) for _ in range(4)))
    try:
        applied = await asyncio.gather(*(migrate.apply(each, folder, NOW) for each in opened))
        assert sorted(one.version for each in applied for one in each) == [1, 2]
        assert await opened[0].read(versions) == [1, 2]
    finally:
        await asyncio.gather(*(database.close() for database in opened))


async def test_a_migration_that_fails_leaves_nothing_of_itself(url: str, folder: Path) -> None:
    (folder / "0003_faulty.sql").write_text(
        "CREATE TABLE replies (id BIGINT); INSERT INTO nowhere VALUES (1);"
    )
    async with Address(sqlite=None, url=url).opened() as database:
        with pytest.raises(StorageError, match="nowhere"):
            await migrate.apply(database, folder, NOW)
        assert await database.read(tables) == {"notes", "schema_version"}
        assert await database.read(versions) == [1, 2]


async def test_a_newer_database_is_refused(url: str, folder: Path) -> None:
    async with Address(sqlite=None, url=url).opened() as database:
        await migrate.apply(database, folder, NOW)
        (folder / "0002_first.sql").unlink()
        with pytest.raises(SchemaTooNew, match="version 2, this bot knows 1"):
            await migrate.apply(database, folder, NOW)


async def test_statements_prepared_before_a_migration_go_on_after_it(
    url: str, folder: Path
) -> None:
    def look() -> Transaction[int]:
        return len((yield "SELECT * FROM notes", ()))

    address = Address(sqlite=None, url=url)
    async with address.opened() as database, address.opened() as other:
        await migrate.apply(database, folder, NOW)
        assert await database.run(look) == await database.read(look) == 1
        (folder / "0003_words.sql").write_text("ALTER TABLE notes ADD COLUMN words TEXT;")
        await migrate.apply(other, folder, NOW)
        assert await database.run(look) == await database.read(look) == 1


async def test_the_bots_own_migrations_apply(url: str) -> None:
    applied = await Address(sqlite=None, url=url).bring_up_to_date(NOW)
    assert [one.version for one in applied] == [one.version for one in migrate.load(MIGRATIONS)]
    assert await Address(sqlite=None, url=url).bring_up_to_date(NOW) == ()


async def test_only_the_bots_own_books_are_opened_as_they_are(url: str) -> None:
    address = Address(sqlite=None, url=url)
    with pytest.raises(NotMigrated, match="no books in the database"):
        async with address.as_it_is():
            pytest.fail("there are no tables")
    async with address.opened() as database:
        assert await database.read(tables) == set()
    await address.bring_up_to_date(NOW)
    async with address.as_it_is() as database:
        assert await database.read(versions) != []
