"""What the SQLite driver says when the disk, or the COMMIT, takes no more."""

from __future__ import annotations

import asyncio
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from storage.database import ConstraintBroken, DatabaseFull
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from storage.database import Transaction
    from tests.storage.conftest import Gate

PAGE = 4096


class NotToday(Exception):  # noqa: N818 - stands for a refusal of the domain
    pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(path)
    try:
        await database.run(create_tables)
        yield database
    finally:
        await database.close()


def create_tables() -> Transaction[None]:
    yield "CREATE TABLE notes (id INTEGER PRIMARY KEY, words BLOB NOT NULL) STRICT", ()
    yield (
        """CREATE TABLE replies (
            id INTEGER PRIMARY KEY,
            note_id INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED
        ) STRICT""",
        (),
    )


def add(note: int, size: int = 1) -> Transaction[None]:
    yield "INSERT INTO notes (id, words) VALUES ($1, $2)", (note, bytes(size))


def add_many_in_one_statement(first: int, number: int, size: int) -> Transaction[None]:
    yield (
        """WITH RECURSIVE n (id) AS (SELECT $1 UNION ALL SELECT id + 1 FROM n WHERE id < $2)
        INSERT INTO notes (id, words) SELECT id, zeroblob($3) FROM n""",
        (first, first + number - 1, size),
    )


def add_then_refuse(note: int) -> Transaction[None]:
    yield from add(note)
    raise NotToday


def reply_to_nothing() -> Transaction[None]:
    yield "INSERT INTO replies (id, note_id) VALUES (1, 404)", ()


def notes() -> Transaction[list[int]]:
    rows = yield "SELECT id FROM notes ORDER BY id", ()
    return [row["id"] for row in rows]


async def set_room(database: SqliteDatabase, pages: int) -> None:
    """Let the file grow by so many pages from now on; SQLite then says it is full, for real."""

    def limit(raw: object) -> None:
        raw = database._writer._raw
        (used,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {used + pages}")

    await database._writer.call(limit)


async def kinds(*tasks: asyncio.Task[None]) -> list[type]:
    return [type(outcome) for outcome in await asyncio.gather(*tasks, return_exceptions=True)]


async def test_a_full_disk_fails_the_whole_group_and_keeps_nothing_of_it(
    sqlite: SqliteDatabase, gate: Gate
) -> None:
    await sqlite.run(add, 1)
    await set_room(sqlite, 3)
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    before = asyncio.create_task(sqlite.run(add, 2))
    refused = asyncio.create_task(sqlite.run(add_then_refuse, 3))
    large = asyncio.create_task(sqlite.run(add, 4, size=10 * PAGE))
    after = asyncio.create_task(sqlite.run(add, 5))
    await asyncio.sleep(0)
    gate.open()
    assert await kinds(busy, before, refused, large, after) == [
        type(None),
        DatabaseFull,
        NotToday,
        DatabaseFull,
        DatabaseFull,
    ]
    assert await sqlite.read(notes) == [1]


async def test_the_bot_goes_on_once_there_is_room_again(sqlite: SqliteDatabase) -> None:
    await set_room(sqlite, 3)
    with pytest.raises(DatabaseFull, match="SQLITE_FULL"):
        await sqlite.run(add, 1, size=10 * PAGE)
    await set_room(sqlite, 1000)
    await sqlite.run(add, 1, size=10 * PAGE)
    assert await sqlite.read(notes) == [1]


async def test_a_full_disk_that_sqlite_undoes_by_itself_fails_one(
    sqlite: SqliteDatabase, gate: Gate
) -> None:
    """A statement of many rows is undone alone: SQLite kept a journal for just that."""
    await set_room(sqlite, 3)
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    before = asyncio.create_task(sqlite.run(add, 1))
    large = asyncio.create_task(sqlite.run(add_many_in_one_statement, 10, 100, PAGE))
    after = asyncio.create_task(sqlite.run(add, 2))
    await asyncio.sleep(0)
    gate.open()
    assert await kinds(busy, before, large, after) == [
        type(None),
        type(None),
        DatabaseFull,
        type(None),
    ]
    assert await sqlite.read(notes) == [1, 2]


@contextmanager
def files_may_not_grow_beyond(size: int) -> Iterator[None]:
    """Have the kernel refuse this process any write beyond that many bytes into a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_commit_that_cannot_be_written_fails_its_whole_group(
    sqlite: SqliteDatabase, path: Path, gate: Gate
) -> None:
    """In WAL mode the pages of a small group reach the disk only at its COMMIT."""
    await sqlite.run(add, 1)
    wal = path.with_name("bot.db-wal").stat().st_size
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n, size=PAGE)) for n in (2, 3)]
    await asyncio.sleep(0)
    with files_may_not_grow_beyond(wal):
        gate.open()
        assert await kinds(busy, *waiting) == [type(None), DatabaseFull, DatabaseFull]
    assert await sqlite.read(notes) == [1]
    await sqlite.run(add, 4)
    assert await sqlite.read(notes) == [1, 4]


async def test_a_commit_that_is_refused_fails_its_whole_group(
    sqlite: SqliteDatabase, gate: Gate
) -> None:
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    added = asyncio.create_task(sqlite.run(add, 1))
    replied = asyncio.create_task(sqlite.run(reply_to_nothing))
    await asyncio.sleep(0)
    gate.open()
    assert await kinds(busy, added, replied) == [type(None), ConstraintBroken, ConstraintBroken]
    assert await sqlite.read(notes) == []
    await sqlite.run(add, 2)
    assert await sqlite.read(notes) == [2]


async def test_each_caller_gets_an_error_of_its_own(sqlite: SqliteDatabase, gate: Gate) -> None:
    """One error raised in several tasks would collect the tracebacks of them all."""
    await set_room(sqlite, 0)
    busy = asyncio.create_task(sqlite.run(gate.hold_up))
    await gate.reached()
    waiting = [asyncio.create_task(sqlite.run(add, n, size=PAGE)) for n in (1, 2)]
    await asyncio.sleep(0)
    gate.open()
    await busy
    first, second = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(first, DatabaseFull)
    assert first is not second
