"""Schemas that grow file by file, on a real database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storage import migrate
from storage.database import Dialect, MigrationRefused, SchemaTooNew, StorageError
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from storage.database import Transaction

NOW = 1_700_000_000_000

NOTES = "CREATE TABLE notes (id BIGINT PRIMARY KEY, words TEXT NOT NULL) /*strict*/;"
REPLIES = "CREATE TABLE replies (id BIGINT PRIMARY KEY) /*strict*/;"
FAULTY = "CREATE TABLE replies (id BIGINT PRIMARY KEY); INSERT INTO nowhere VALUES (1);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    return made


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    try:
        yield database
    finally:
        await database.close()


def tables() -> Transaction[set[str]]:
    rows = yield "SELECT name FROM sqlite_master WHERE type = 'table'", ()
    return {row["name"] for row in rows}


def history() -> Transaction[list[tuple[int, str, int]]]:
    rows = yield "SELECT version, name, applied_at FROM schema_version ORDER BY version", ()
    return [(row["version"], row["name"], row["applied_at"]) for row in rows]


async def test_files_are_applied_in_order_and_recorded(empty: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_rename.sql").write_text("ALTER TABLE notes RENAME TO letters;")
    (folder / "0001_notes.sql").write_text(NOTES)
    applied = await migrate.apply(empty, folder, NOW)
    assert [(migration.version, migration.name) for migration in applied] == [
        (1, "notes"),
        (2, "rename"),
    ]
    assert await empty.read(tables) == {"letters", "schema_version"}
    assert await empty.read(history) == [(1, "notes", NOW), (2, "rename", NOW)]


async def test_what_was_applied_is_not_applied_again(empty: SqliteDatabase, folder: Path) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    await migrate.apply(empty, folder, NOW)
    assert await migrate.apply(empty, folder, NOW + 1) == ()
    (folder / "0002_replies.sql").write_text(REPLIES)
    (applied,) = await migrate.apply(empty, folder, NOW + 2)
    assert applied.name == "replies"
    assert await empty.read(history) == [(1, "notes", NOW), (2, "replies", NOW + 2)]


async def test_pending_names_what_is_to_come_and_writes_nothing(
    empty: SqliteDatabase, folder: Path
) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    (waiting,) = await migrate.pending(empty, folder)
    assert (waiting.version, waiting.name) == (1, "notes")
    assert await empty.read(tables) == set()
    await migrate.apply(empty, folder, NOW)
    assert await migrate.pending(empty, folder) == ()


async def test_a_migration_that_fails_leaves_nothing_of_itself(
    empty: SqliteDatabase, folder: Path
) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    (folder / "0002_faulty.sql").write_text(FAULTY)
    with pytest.raises(StorageError, match="nowhere"):
        await migrate.apply(empty, folder, NOW)
    assert await empty.read(tables) == {"notes", "schema_version"}
    assert await empty.read(history) == [(1, "notes", NOW)]
    (folder / "0002_faulty.sql").write_text(REPLIES)
    await migrate.apply(empty, folder, NOW)
    assert await empty.read(tables) == {"notes", "replies", "schema_version"}


async def test_a_newer_database_is_refused_before_anything_is_written(
    empty: SqliteDatabase, folder: Path, tmp_path: Path
) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    (folder / "0002_replies.sql").write_text(REPLIES)
    await migrate.apply(empty, folder, NOW)
    (folder / "0002_replies.sql").unlink()
    before = (tmp_path / "bot.db").read_bytes(), (tmp_path / "bot.db-wal").read_bytes()
    for refusing in (migrate.pending(empty, folder), migrate.apply(empty, folder, NOW)):
        with pytest.raises(SchemaTooNew, match="version 2, this bot knows 1") as refused:
            await refusing
        assert (refused.value.found, refused.value.known) == (2, 1)
    assert before == ((tmp_path / "bot.db").read_bytes(), (tmp_path / "bot.db-wal").read_bytes())


async def test_a_newer_bot_that_migrates_meanwhile_is_noticed(
    empty: SqliteDatabase, folder: Path
) -> None:
    """It may come between our look at the database and our turn to write."""
    (folder / "0001_notes.sql").write_text(NOTES)
    known = migrate.load(folder)
    (folder / "0002_replies.sql").write_text(REPLIES)
    await migrate.apply(empty, folder, NOW)
    with pytest.raises(SchemaTooNew):
        await empty.run(migrate._apply, known, known[0], Dialect.SQLITE, NOW)


async def test_a_renamed_file_is_refused(empty: SqliteDatabase, folder: Path) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    await migrate.apply(empty, folder, NOW)
    (folder / "0001_notes.sql").rename(folder / "0001_letters.sql")
    with pytest.raises(MigrationRefused, match=r"0001_notes\.sql.*0001_letters\.sql"):
        await migrate.apply(empty, folder, NOW)


async def test_an_applied_file_that_is_gone_is_refused(empty: SqliteDatabase, folder: Path) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    await migrate.apply(empty, folder, NOW)
    (folder / "0001_notes.sql").rename(folder / "0002_notes.sql")
    with pytest.raises(MigrationRefused, match=r"0001_notes\.sql, and here is no such file"):
        await migrate.apply(empty, folder, NOW)


async def test_a_smaller_number_that_comes_later_is_applied_once(
    empty: SqliteDatabase, folder: Path
) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    (folder / "0004_first.sql").write_text("INSERT INTO notes (id, words) VALUES (1, 'first');")
    await migrate.apply(empty, folder, NOW)
    (folder / "0003_replies.sql").write_text(REPLIES)
    (applied,) = await migrate.apply(empty, folder, NOW + 1)
    assert applied.name == "replies"
    assert await migrate.apply(empty, folder, NOW + 2) == ()
    assert await empty.read(history) == [
        (1, "notes", NOW),
        (3, "replies", NOW + 1),
        (4, "first", NOW),
    ]


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ((), "no migrations"),
        (("0001_a.sql", "0001_b.sql"), "no number twice"),
        (("0001_a.sql", "2_b.sql"), "badly named"),
        (("0001_a.sql", "0002-b.sql"), "badly named"),
        (("0001_a.sql", "0002_Größe.sql"), "badly named"),
    ],
)
def test_a_faulty_row_of_files_is_refused(
    folder: Path, names: tuple[str, ...], complaint: str
) -> None:
    for name in names:
        (folder / name).write_text(NOTES)
    with pytest.raises(MigrationRefused, match=complaint):
        migrate.load(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MigrationRefused, match="no migrations"):
        migrate.load(tmp_path / "nowhere")


def test_a_file_that_ends_in_a_statement_is_refused_by_name(folder: Path) -> None:
    (folder / "0001_notes.sql").write_text("CREATE TABLE notes (id BIGINT)")
    with pytest.raises(MigrationRefused, match=r"0001_notes\.sql: .*CREATE TABLE notes"):
        migrate.load(folder)


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", ()),
        ("-- nothing; at all\n /* yet; */ ", ()),
        ("SELECT 1; SELECT 2;", ("SELECT 1;", "SELECT 2;")),
        ("SELECT 'a;b';\n", ("SELECT 'a;b';",)),
        ('SELECT ";" AS ";";', ('SELECT ";" AS ";";',)),
        ("SELECT 1 -- one; two\n; -- the end;", ("SELECT 1 -- one; two\n;",)),
        ("SELECT 1 /* ; */;", ("SELECT 1 /* ; */;",)),
        (
            "CREATE TRIGGER t AFTER DELETE ON notes BEGIN SELECT 1; SELECT 2; END; SELECT 3;",
            (
                "CREATE TRIGGER t AFTER DELETE ON notes BEGIN SELECT 1; SELECT 2; END;",
                "SELECT 3;",
            ),
        ),
    ],
)
def test_a_script_is_split_where_its_statements_end(
    script: str, statements: tuple[str, ...]
) -> None:
    assert migrate.split(script) == statements


async def test_a_trigger_survives_and_works(empty: SqliteDatabase, folder: Path) -> None:
    (folder / "0001_notes.sql").write_text(
        """
        CREATE TABLE notes (id BIGINT PRIMARY KEY, words TEXT NOT NULL) /*strict*/;
        -- What was written stays; nobody may delete it.
        CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN
            SELECT 'a semicolon; and $1';
            SELECT RAISE(ABORT, 'notes stay; all of them');
        END;
        INSERT INTO notes (id, words) VALUES (1, 'hello; world');
        """
    )

    def delete() -> Transaction[None]:
        yield "DELETE FROM notes", ()

    await migrate.apply(empty, folder, NOW)
    with pytest.raises(StorageError, match="notes stay; all of them"):
        await empty.run(delete)


async def test_a_column_marked_strict_is_strict_on_sqlite(
    empty: SqliteDatabase, folder: Path
) -> None:
    def add_words_as_number() -> Transaction[None]:
        yield "INSERT INTO notes (id, words) VALUES ($1, $2)", ("one", "hello")

    (folder / "0001_notes.sql").write_text(NOTES)
    await migrate.apply(empty, folder, NOW)
    with pytest.raises(StorageError):
        await empty.run(add_words_as_number)


def test_each_database_reads_a_statement_in_its_own_words() -> None:
    statement = "CREATE TABLE t (\"BIGINT\" BIGINT DEFAULT 'BIGINT') /*strict*/; -- BIGINT"
    assert migrate.spelled(statement, Dialect.POSTGRES) == statement
    assert migrate.spelled(statement, Dialect.SQLITE) == (
        "CREATE TABLE t (\"BIGINT\" INTEGER DEFAULT 'BIGINT') STRICT; -- BIGINT"
    )


def test_on_postgres_those_that_migrate_at_once_take_turns_before_they_look(folder: Path) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    known = migrate.load(folder)
    applying = migrate._apply(known, known[0], Dialect.POSTGRES, NOW)
    statements = [sql for sql, _ in applying]  # a loop sends None: no rows
    assert [" ".join(sql.split()[:3]) for sql in statements] == [
        "SELECT pg_advisory_xact_lock($1)",
        "SELECT table_name FROM",
        "CREATE TABLE IF",
        "CREATE TABLE notes",
        "INSERT INTO schema_version",
    ]


async def test_several_may_migrate_at_once_and_each_file_is_applied_once(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "0001_notes.sql").write_text(NOTES)
    (folder / "0002_first.sql").write_text("INSERT INTO notes (id, words) VALUES (1, 'first');")
    (folder / "0003_replies.sql").write_text(REPLIES)
    opened = await asyncio.gather(*(SqliteDatabase.open(tmp_path / "shared.db") for _ in range(4)))
    try:
        applied = await asyncio.gather(
            *(migrate.apply(database, folder, NOW) for database in opened)
        )
        assert sorted(m.version for each in applied for m in each) == [1, 2, 3]
        assert [version for version, _, _ in await opened[0].read(history)] == [1, 2, 3]
    finally:
        await asyncio.gather(*(database.close() for database in opened))
