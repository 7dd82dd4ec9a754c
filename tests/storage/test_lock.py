"""One bot per database file, for as long as the bot lives and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storage
from storage.database import DatabaseLocked
from storage.lock import BotLock

if TYPE_CHECKING:
    from collections.abc import Iterator

# Takes the lock and keeps it. With "fork" it has a child, as a pool of workers would be.
HOLDER = """
import os, sys, time
from pathlib import Path
from storage.lock import BotLock

lock = BotLock.acquire(Path(sys.argv[1]))
if sys.argv[2] == "fork" and os.fork() == 0:
    print(os.getpid(), flush=True)
elif sys.argv[2] == "alone":
    print(0, flush=True)
time.sleep(600)
"""


@contextmanager
def holder(database: Path, kind: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run another process that holds the lock; yields it and the number of its child."""
    command = [sys.executable, "-c", HOLDER, str(database), kind]
    root = Path(storage.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            yield process, child
        finally:
            if child:
                os.kill(child, signal.SIGKILL)
            process.kill()


def test_a_second_bot_is_told_which_process_is_the_first(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with holder(database, "alone") as (first, _):
        with pytest.raises(DatabaseLocked, match=rf"bot\.db\.lock .*process {first.pid}\b") as told:
            BotLock.acquire(database)
        assert told.value.pid == first.pid
        assert told.value.lock == tmp_path / "bot.db.lock"


def test_a_killed_process_frees_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with holder(database, "alone") as (first, _):
        first.kill()
        first.wait()
        BotLock.acquire(database).release()


def test_a_killed_process_frees_the_lock_though_its_child_lives(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with holder(database, "fork") as (first, child):
        with pytest.raises(DatabaseLocked):
            BotLock.acquire(database)
        first.kill()
        first.wait()
        os.kill(child, 0)  # raises if the child had gone, too
        BotLock.acquire(database).release()


def test_the_lock_keeps_out_another_part_of_the_same_process(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with (
        BotLock.acquire(database),
        pytest.raises(DatabaseLocked, match=f"process {os.getpid()}"),
    ):
        BotLock.acquire(database)
    BotLock.acquire(database).release()


def test_releasing_twice_does_not_free_the_next_ones_lock(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    first = BotLock.acquire(database)
    first.release()
    with BotLock.acquire(database):
        first.release()
        with pytest.raises(DatabaseLocked):
            BotLock.acquire(database)


def test_two_names_of_one_file_are_one_lock(tmp_path: Path) -> None:
    database, link = tmp_path / "bot.db", tmp_path / "link.db"
    database.touch()
    link.symlink_to(database)
    with BotLock.acquire(database), pytest.raises(DatabaseLocked):
        BotLock.acquire(link)


def test_a_longer_number_of_an_earlier_process_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "bot.db.lock").write_text("9" * 15)
    with BotLock.acquire(tmp_path / "bot.db"), pytest.raises(DatabaseLocked) as told:
        BotLock.acquire(tmp_path / "bot.db")
    assert told.value.pid == os.getpid()


def test_two_databases_are_two_locks(tmp_path: Path) -> None:
    with BotLock.acquire(tmp_path / "one.db"), BotLock.acquire(tmp_path / "two.db"):
        assert (tmp_path / "one.db.lock").read_text() == str(os.getpid())


def test_a_holder_without_a_number_is_another_process(tmp_path: Path) -> None:
    with BotLock.acquire(tmp_path / "bot.db"):
        (tmp_path / "bot.db.lock").write_text("")
        with pytest.raises(DatabaseLocked, match="held by another process") as told:
            BotLock.acquire(tmp_path / "bot.db")
    assert told.value.pid is None


def test_the_folder_is_made_when_it_is_missing(tmp_path: Path) -> None:
    with BotLock.acquire(tmp_path / "data" / "bot.db"):
        assert (tmp_path / "data" / "bot.db.lock").is_file()
