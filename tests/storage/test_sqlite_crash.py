"""What is left in an SQLite file when the bot is killed, and what a backup of a busy one holds."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storage
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from storage.database import Transaction

# A bot of a few lines. It prints the number of each pair of notes once `run` has returned; with
# `stop_at`, it prints "inside" half-way through that pair's transaction and hangs there.
BOT = """
import asyncio, sys, threading
from pathlib import Path
from storage.sqlite import SqliteDatabase

def create():
    yield "CREATE TABLE notes (id INTEGER PRIMARY KEY, pair INTEGER NOT NULL) STRICT", ()

def add_pair(pair, stop_at):
    yield "INSERT INTO notes (id, pair) VALUES ($1, $2)", (2 * pair, pair)
    if pair == stop_at:
        print("inside", flush=True)
        threading.Event().wait()
    yield "INSERT INTO notes (id, pair) VALUES ($1, $2)", (2 * pair + 1, pair)

async def add_pairs(database, first, stop_at):
    for pair in range(first, 1_000_000, 8):
        await database.run(add_pair, pair, stop_at)
        print(pair, flush=True)

async def main(path, stop_at):
    database = await SqliteDatabase.open(Path(path))
    await database.run(create)
    await asyncio.gather(*(add_pairs(database, first, stop_at) for first in range(8)))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@asynccontextmanager
async def bot(path: Path, stop_at: int = -1) -> AsyncIterator[asyncio.StreamReader]:
    """Run the little bot, and kill it without warning at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BOT, str(path), str(stop_at)),
        cwd=Path(storage.__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        await process.communicate()


def pairs() -> Transaction[list[tuple[int, int]]]:
    rows = yield "SELECT pair, count(*) AS halves FROM notes GROUP BY pair ORDER BY pair", ()
    return [(row["pair"], row["halves"]) for row in rows]


async def pairs_in(path: Path) -> dict[int, int]:
    """Open what the killed bot left, as its successor would."""
    database = await SqliteDatabase.open(path)
    try:
        return dict(await database.read(pairs))
    finally:
        await database.close()


async def test_what_a_caller_was_told_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with bot(path) as output:
        told = {int(await output.readline()) for _ in range(200)}
    found = await pairs_in(path)
    assert told <= found.keys()
    assert set(found.values()) == {2}, "half a transaction"


async def test_a_kill_inside_a_transaction_leaves_nothing_of_it_or_its_group(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bot.db"
    told = set()
    async with bot(path, stop_at=80) as output:
        while (line := await output.readline()) != b"inside\n":
            told.add(int(line))
    found = await pairs_in(path)
    assert told <= found.keys()
    assert 80 not in found
    assert set(found.values()) == {2}, "half a transaction"


def backup(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(copy)) as target:
        original.backup(target)


def vacuum_into(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(source)) as original:
        original.execute("VACUUM INTO ?", (str(copy),))


@pytest.mark.parametrize("save", [backup, vacuum_into])
async def test_a_backup_taken_while_the_bot_writes_is_whole(
    tmp_path: Path, save: Callable[[Path, Path], None]
) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    async with bot(path) as output:
        told = {int(await output.readline()) for _ in range(100)}
        await asyncio.to_thread(save, path, copy)
        # The bot was never held up for good: it goes on after the backup.
        assert {int(await output.readline()) for _ in range(100)}.isdisjoint(told)
    with closing(sqlite3.connect(copy)) as saved:
        assert saved.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = await pairs_in(copy)
    assert told <= found.keys()
    assert set(found.values()) == {2}, "half a transaction"
