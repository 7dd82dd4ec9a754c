"""What only the SQLite driver promises: its settings, its commits, its neighbours."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from storage.database import ConstraintBroken, DatabaseBusy, Dialect, StorageError
from storage.sqlite import SqliteDatabase
from storage.sqlite_connection import require_version
from storage.sqlite_group import BEGIN_ATTEMPTS, numbered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from storage.database import Transaction
    from tests.storage.conftest import Gate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "bot.db"


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[SqliteDatabase]:
    """Open a database that never waits for a lock, with one table."""
    database = await SqliteDatabase.open(path, busy_ms=0, group_limit=8)
    try:
        await database.run(create_notes)
        yield database
    finally:
        await database.close()


def create_notes() -> Transaction[None]:
    yield "CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT", ()


def add(note: int) -> Transaction[None]:
    yield "INSERT INTO notes (id, words) VALUES ($1, $2)", (note, "hello")


def notes() -> Transaction[list[int]]:
    rows = yield "SELECT id FROM notes ORDER BY id", ()
    return [row["id"] for row in rows]


async def listen(database: SqliteDatabase, heard: Callable[[str], None]) -> None:
    """Have `heard` called with each statement that the writer executes, in its thread."""
    await database._writer.call(lambda raw: raw.set_trace_callback(heard))


async def pragma(connection_of: SqliteDatabase, name: str, *, reader: bool = False) -> object:
    connection = connection_of._reader if reader else connection_of._writer
    rows = await connection.call(lambda raw: raw.execute(f"PRAGMA {name}").fetchone())
    value: object = rows[0]
    return value


async def test_the_writer_is_set_for_durability(sqlite: SqliteDatabase) -> None:
    assert sqlite.dialect is Dialect.SQLITE
    assert await pragma(sqlite, "journal_mode") == "wal"
    assert await pragma(sqlite, "synchronous") == 2, "FULL"
    assert await pragma(sqlite, "foreign_keys") == 1


async def test_the_writer_needs_no_folder_for_temporary_files(sqlite: SqliteDatabase) -> None:
    """On a read-only file system every order failed: savepoints spill into files in /tmp."""
    (kept,) = await sqlite._writer.call(lambda raw: raw.execute("PRAGMA temp_store").fetchone())
    assert kept == 2  # in memory: https://www.sqlite.org/pragma.html#pragma_temp_store


async def test_both_connections_wait_for_locks_as_asked(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "bot.db", busy_ms=1_234)
    try:
        assert await pragma(database, "busy_timeout") == 1_234
        assert await pragma(database, "busy_timeout", reader=True) == 1_234
    finally:
        await database.close()


async def test_those_that_wait_share_one_commit(sqlite: SqliteDatabase, gate: Gate) -> None:
    heard: list[str] = []
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n)) for n in range(8)]
    listening = asyncio.create_task(listen(sqlite, heard.append))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(busy, listening, *waiting)
    assert heard.count("BEGIN IMMEDIATE") == heard.count("COMMIT") == 1
    assert sum(statement.startswith("INSERT") for statement in heard) == 8
    assert await sqlite.read(notes) == [*range(8)]


async def test_a_group_is_bounded(sqlite: SqliteDatabase, gate: Gate) -> None:
    heard: list[str] = []
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n)) for n in range(20)]
    listening = asyncio.create_task(listen(sqlite, heard.append))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(busy, listening, *waiting)
    assert heard.count("COMMIT") == 3, "8 + 8 + 4"


async def test_a_caller_hears_only_after_the_commit(sqlite: SqliteDatabase, gate: Gate) -> None:
    waiting: list[asyncio.Task[None]] = []
    heard_too_early: list[bool] = []
    commits: list[str] = []

    def watch(statement: str) -> None:
        heard_too_early.extend(task.done() for task in waiting)
        commits.extend([statement] if statement == "COMMIT" else [])

    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting += [asyncio.create_task(sqlite.run(add, n)) for n in range(4)]
    listening = asyncio.create_task(listen(sqlite, watch))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(busy, listening, *waiting)
    assert commits == ["COMMIT"]
    assert heard_too_early
    assert not any(heard_too_early)


async def test_one_that_fails_is_taken_back_alone(sqlite: SqliteDatabase, gate: Gate) -> None:
    heard: list[str] = []
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n)) for n in (1, 2, 2, 3)]
    listening = asyncio.create_task(listen(sqlite, heard.append))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(busy, listening)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        type(None),
        ConstraintBroken,
        type(None),
    ]
    assert heard.count("COMMIT") == 1
    assert await sqlite.read(notes) == [1, 2, 3]


async def test_a_failure_that_nobody_waits_for_is_logged(
    sqlite: SqliteDatabase, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    await sqlite.run(add, 1)
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    left = asyncio.create_task(sqlite.run(add, 1))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    gate.open()
    await busy
    await sqlite.run(add, 2)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "ConstraintBroken" in record.getMessage()


@pytest.mark.parametrize(
    "statement",
    ["COMMIT", "-- why\n  commit", "/* a */ ROLLBACK", "BEGIN", "END", "PRAGMA synchronous = OFF"],
)
async def test_a_transaction_cannot_meddle_with_its_group(
    sqlite: SqliteDatabase, statement: str
) -> None:
    def meddle() -> Transaction[None]:
        yield from add(1)
        yield statement, ()

    with pytest.raises(StorageError, match="can't say"):
        await sqlite.run(meddle)
    assert await sqlite.read(notes) == []


async def test_two_statements_in_one_are_refused(sqlite: SqliteDatabase) -> None:
    def two_in_one() -> Transaction[None]:
        yield "DELETE FROM notes; DELETE FROM notes", ()

    with pytest.raises(StorageError, match="one statement"):
        await sqlite.run(two_in_one)


async def test_a_column_keeps_to_its_type(sqlite: SqliteDatabase) -> None:
    def add_number_as_words() -> Transaction[None]:
        yield "INSERT INTO notes (id, words) VALUES ($1, $2)", ("not a number", "hello")

    with pytest.raises(ConstraintBroken):
        await sqlite.run(add_number_as_words)


async def test_the_reader_is_kept_from_writing_by_sqlite(sqlite: SqliteDatabase) -> None:
    with pytest.raises(StorageError, match="readonly"):
        await sqlite.read(add, 1)


async def test_another_connection_sees_what_was_committed(
    sqlite: SqliteDatabase, path: Path
) -> None:
    other = await SqliteDatabase.open(path)
    try:
        await sqlite.run(add, 1)
        assert await other.read(notes) == [1]
        await other.run(add, 2)
        assert await sqlite.read(notes) == [1, 2]
    finally:
        await other.close()


async def test_a_lock_that_stays_is_reported_and_the_bot_goes_on_after_it(
    sqlite: SqliteDatabase, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(
            *(sqlite.run(add, n) for n in (1, 2, 3)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [DatabaseBusy] * 3
        assert await sqlite.read(notes) == []
        outsider.execute("ROLLBACK")
        await sqlite.run(add, 4)
        assert await sqlite.read(notes) == [4]


async def test_a_lock_that_goes_is_waited_for(sqlite: SqliteDatabase, path: Path) -> None:
    begins: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")

        def give_way_at_the_last_attempt(statement: str) -> None:
            begins.extend([statement] if statement == "BEGIN IMMEDIATE" else [])
            if len(begins) == BEGIN_ATTEMPTS and outsider.in_transaction:
                outsider.execute("ROLLBACK")

        await listen(sqlite, give_way_at_the_last_attempt)
        await sqlite.run(add, 1)
    assert len(begins) == BEGIN_ATTEMPTS
    assert await sqlite.read(notes) == [1]


async def test_a_new_file_that_another_process_writes_to_is_waited_for(tmp_path: Path) -> None:
    """SQLite refuses a switch to WAL at once, whatever its timeout, while another writes."""
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as outsider:
        outsider.execute("CREATE TABLE theirs (id INTEGER)")
        outsider.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(SqliteDatabase.open(path, busy_ms=30_000))
        with pytest.raises(StorageError, match="locked"):
            await SqliteDatabase.open(path, busy_ms=0)
        assert not opening.done()
        outsider.execute("ROLLBACK")
    database = await opening
    try:
        assert await pragma(database, "journal_mode") == "wal"
    finally:
        await database.close()


async def test_several_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        opened = await asyncio.gather(*(SqliteDatabase.open(path) for _ in range(4)))
        await asyncio.gather(*(database.close() for database in opened))


async def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "a?b #c%20 \N{CLAPPER BOARD}.db"
    database = await SqliteDatabase.open(path)
    try:
        await database.run(create_notes)
        assert await database.read(notes) == []
    finally:
        await database.close()
    assert path.is_file()


async def test_close_waits_for_group_after_group(sqlite: SqliteDatabase, gate: Gate) -> None:
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n)) for n in range(100)]
    await asyncio.sleep(0)
    shutting = asyncio.create_task(sqlite.close())
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(busy, shutting, *waiting)


async def test_close_leaves_one_file_and_no_thread(path: Path) -> None:
    before = threading.active_count()
    database = await SqliteDatabase.open(path)
    await database.run(create_notes)
    assert await database.read(notes) == []
    assert threading.active_count() > before
    assert len(list(path.parent.iterdir())) > 1
    threads = [database._writer._thread._thread, database._reader._thread._thread]
    await database.close()
    for thread in threads:
        thread.join(timeout=30)
    assert threading.active_count() == before
    assert list(path.parent.iterdir()) == [path], "the WAL was not tidied away"


async def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Mr Stanford, all four hooves leave the ground. " * 100)
    with pytest.raises(StorageError, match=r"letter\.txt.*not a database"):
        await SqliteDatabase.open(path)


async def test_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=str(tmp_path)):
        await SqliteDatabase.open(tmp_path)


def test_an_sqlite_without_strict_tables_is_refused() -> None:
    require_version((3, 37, 0))
    with pytest.raises(StorageError, match=r"3\.36\.9.*3\.37\.0"):
        require_version((3, 36, 9))


async def test_callers_are_told_when_the_writer_is_gone(sqlite: SqliteDatabase) -> None:
    await sqlite._writer.close()
    outcomes = await asyncio.gather(*(sqlite.run(add, n) for n in (1, 2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageError] * 2


async def test_nobody_waits_for_ever_when_the_loop_is_torn_down(
    sqlite: SqliteDatabase, gate: Gate
) -> None:
    running = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    queued = asyncio.create_task(sqlite.run(add, 1))
    await asyncio.sleep(0)
    assert sqlite._committing is not None
    sqlite._committing.cancel()
    outcomes = await asyncio.gather(running, queued, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    gate.open()
    await sqlite.run(add, 2)
    assert await sqlite.read(notes) == [2]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT $1, $12", "SELECT ?1, ?12"),
        ("SELECT '$1', \"$2\", $3", "SELECT '$1', \"$2\", ?3"),
        ("SELECT 'it''s $1' || $1", "SELECT 'it''s $1' || ?1"),
        ("SELECT $1 -- $2\n, $2", "SELECT ?1 -- $2\n, ?2"),
        ("SELECT $1 /* '$2 \n */, $2", "SELECT ?1 /* '$2 \n */, ?2"),
        ("SELECT '--', $1", "SELECT '--', ?1"),
    ],
)
def test_only_parameters_are_rewritten(ours: str, theirs: str) -> None:
    assert numbered(ours) == theirs
