"""What happens in an SQLite connection's thread: generators driven, grouped and committed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeAlias, TypeVar

from storage.database import (
    ConstraintBroken,
    DatabaseBusy,
    DatabaseFull,
    StorageError,
    Transaction,
)
from storage.statements import refuse_reserved

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

BEGIN_ATTEMPTS: Final = 5
"""How often a BEGIN waits for another process's lock, each time as long as SQLite's timeout."""

# SQLITE_FULL is ENOSPC; a quota or a size limit shows as a failed write, sync or growth instead.
# https://www.sqlite.org/rescode.html
_NO_ROOM: Final = frozenset(
    {
        "SQLITE_FULL",
        "SQLITE_IOERR_WRITE",
        "SQLITE_IOERR_FSYNC",
        "SQLITE_IOERR_DIR_FSYNC",
        "SQLITE_IOERR_TRUNCATE",
        "SQLITE_IOERR_SHMSIZE",
    }
)

# A `$1` inside quotes or a comment is no parameter: those match first, and stay as they are.
_PARAMETER: Final = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \$(?P<number>\d+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Done(Generic[T_co]):
    """A transaction that was committed, and what it returned."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Failed:
    """A transaction of which nothing was kept, and why."""

    error: Exception


Start: TypeAlias = Callable[[], Transaction[T]]
"""Starts a transaction from its beginning, each time it is called."""

Outcome: TypeAlias = Done[T] | Failed


def begin(raw: sqlite3.Connection) -> None:
    """Start a transaction that may write, waiting with a bound for another process's.

    Raises `sqlite3.OperationalError` when the lock stays taken.
    """
    for left in reversed(range(BEGIN_ATTEMPTS)):
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not left or not is_busy(error):
                raise
        else:
            return


def commit_group(raw: sqlite3.Connection, starts: Sequence[Start[Any]]) -> list[Outcome[Any]]:
    """Run each transaction in a savepoint of its own, and commit them together.

    What raises alone is taken back alone. When SQLite has rolled everything back (a full disk
    can do that), or the COMMIT fails, nothing of the group was kept and all of it has failed.
    """
    outcomes: list[Outcome[Any]] = []
    try:
        begin(raw)
        for start in starts:
            outcomes.append(_attempt(raw, start))  # noqa: PERF401 - kept when the next one raises
        raw.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - it becomes the outcome of the whole group
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        failed_alone = {n: o for n, o in enumerate(outcomes) if isinstance(o, Failed)}
        return [failed_alone.get(n, Failed(storage_error(error))) for n in range(len(starts))]
    return outcomes


def read_snapshot(raw: sqlite3.Connection, start: Start[T]) -> T:
    """Run a transaction that only reads; all its statements see the same commit.

    Raises `StorageError` when it tries to write, or SQLite can't answer.
    """
    try:
        raw.execute("BEGIN")
        try:
            return _drive(raw, start())
        finally:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise storage_error(error) from error


def is_busy(error: Exception) -> bool:
    """Tell whether another connection's lock was in the way."""
    return _code(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def storage_error(error: Exception) -> StorageError:
    """Return our error for one that SQLite, its module or aiosqlite raised; its cause is set."""
    code = _code(error)
    ours: StorageError
    if isinstance(error, sqlite3.IntegrityError):
        ours = ConstraintBroken(str(error))
    elif is_busy(error):
        ours = DatabaseBusy(f"another process kept the lock: {error} ({code})")
    elif code in _NO_ROOM:
        ours = DatabaseFull(f"the disk took no more: {error} ({code})")
    else:
        ours = StorageError(f"{error} ({code or type(error).__name__})")
    ours.__cause__ = error
    return ours


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _attempt(raw: sqlite3.Connection, start: Start[Any]) -> Outcome[Any]:
    raw.execute("SAVEPOINT one")
    outcome: Outcome[Any]
    try:
        outcome = Done(_drive(raw, start()))
    except Exception as error:
        if not raw.in_transaction:
            raise  # SQLite has taken the whole group back, not only this one
        raw.execute("ROLLBACK TO one")
        outcome = Failed(storage_error(error) if isinstance(error, sqlite3.Error) else error)
    raw.execute("RELEASE one")
    return outcome


def _drive(raw: sqlite3.Connection, transaction: Transaction[T]) -> T:
    """Run the statements that the generator yields; an SQL error closes it where it stands."""
    with closing(transaction):
        try:
            statement = next(transaction)
            while True:
                statement = transaction.send(_rows(raw, *statement))
        except StopIteration as returned:
            value: T = returned.value
            return value


def _rows(raw: sqlite3.Connection, sql: str, parameters: Sequence[object]) -> list[sqlite3.Row]:
    try:
        return raw.execute(numbered(sql), parameters).fetchall()
    except sqlite3.Error as error:
        # The generator is closed, not raised into, so no traceback would show which one it was.
        error.add_note(f"in the statement: {sql}")
        raise


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """Return the SQL with its parameters `$1` written as SQLite's `?1`.

    Raises `StorageError` for SQL that would meddle with the transaction that others share.
    """
    refuse_reserved(sql)
    return _PARAMETER.sub(lambda m: f"?{m['number']}" if m["number"] else m[0], sql)
