"""How a connection to an SQLite file is set up, and kept in a thread of its own."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Self, TypeVar, cast

import aiosqlite

from storage.database import StorageError
from storage.sqlite_group import BEGIN_ATTEMPTS, begin, is_busy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")

OLDEST_SQLITE: Final = (3, 37, 0)
"""The first with STRICT tables: https://www.sqlite.org/stricttables.html"""

BUSY_MS: Final = 2_000
"""How long SQLite itself waits for a lock that another process holds, in milliseconds."""


class Connection:
    """A sqlite3 connection in the thread that aiosqlite gives it."""

    def __init__(self, thread: aiosqlite.Connection, raw: sqlite3.Connection) -> None:
        self._thread = thread
        self._raw = raw

    @classmethod
    async def open(cls, connect: Callable[[], sqlite3.Connection]) -> Self:
        """Start the thread and connect in it; what `connect` raises comes out here."""
        opened: list[sqlite3.Connection] = []
        failed: list[Exception] = []

        def connect_or_stand_in() -> sqlite3.Connection:
            # When connecting fails, aiosqlite leaves its thread to end whenever it likes, maybe
            # after the event loop. With a stand-in it can be closed in the ordinary way.
            try:
                opened.append(connect())
            except Exception as error:  # noqa: BLE001 - raised below, in the caller
                failed.append(error)
                opened.append(sqlite3.connect(":memory:"))
            return opened[0]

        thread = await aiosqlite.Connection(connect_or_stand_in, iter_chunk_size=1)
        if failed:
            await thread.close()
            raise failed[0]
        return cls(thread, opened[0])

    async def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function with the connection, in its thread, after what is queued there."""
        # aiosqlite's public methods hop to the thread for each statement; this one hops once for
        # a whole group. It is private: tests/storage/test_sqlite_connection.py pins what it does.
        hop: Callable[..., Any] = self._thread._execute  # noqa: SLF001
        return cast("T", await hop(function, self._raw, *args, **kwargs))

    async def close(self) -> None:
        """Close the connection after what is queued, and end the thread."""
        await self._thread.close()


def require_version(version: tuple[int, int, int]) -> None:
    """Raise `StorageError` for an SQLite library older than `OLDEST_SQLITE`."""
    if version < OLDEST_SQLITE:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST_SQLITE))
        raise StorageError(f"this Python has SQLite {found}: {needed} or newer is needed")


def connect_writer(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Open the connection that writes; creates the file and its folder.

    Raises `sqlite3.Error` or `OSError` when it can't be opened or its disk can't do WAL, and
    `StorageError` when the SQLite library is too old.
    """
    require_version(sqlite3.sqlite_version_info)
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = _connect(path, "rwc", busy_ms)
    try:
        # Readers go on while we write, and a commit costs one flush instead of several.
        _turn_on_wal(raw)
        # A commit has to survive a power cut, too: it may say that money is about to be spent.
        raw.execute("PRAGMA synchronous = FULL")
        # SQLite ignores REFERENCES unless each connection asks for it.
        raw.execute("PRAGMA foreign_keys = ON")
        # Else it writes beside savepoints and sorts into /tmp, which may be full or read-only.
        raw.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        raw.close()
        raise
    return raw


def connect_reader(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Open a connection that can't write; raises `sqlite3.Error` unless the file exists."""
    return _connect(path, "ro", busy_ms)


def _connect(path: Path, mode: str, busy_ms: int) -> sqlite3.Connection:
    raw = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        # SQLite's busy_timeout: an operator's command may hold the lock for a moment.
        timeout=busy_ms / 1000,
        # Nobody says BEGIN but us; the module would otherwise start transactions of its own.
        isolation_level=None,
        # Our statements are few and constant, so all of them stay prepared.
        cached_statements=512,
    )
    raw.row_factory = sqlite3.Row
    return raw


def _turn_on_wal(raw: sqlite3.Connection) -> None:
    """Switch to WAL, even while another process does the same to a new file.

    SQLite then says busy at once, whatever its busy timeout; a BEGIN does wait for the other.
    """
    mode = None
    for left in reversed(range(BEGIN_ATTEMPTS)):
        try:
            (mode,) = raw.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            if not left or not is_busy(error):
                raise
            begin(raw)
            raw.execute("ROLLBACK")
    if mode != "wal":
        raise sqlite3.OperationalError(f"its disk can't do WAL, only {mode}")
