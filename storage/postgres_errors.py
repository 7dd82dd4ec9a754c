"""What PostgreSQL and asyncpg report, told apart by what may be done about it."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

import asyncpg

from storage.database import (
    ConstraintBroken,
    DatabaseAway,
    DatabaseBusy,
    DatabaseFull,
    StorageError,
)


class Fault(Enum):
    """What a failed statement says about its transaction."""

    LOST = auto()
    """The connection or the server went away; without a COMMIT nothing was kept."""

    CONFLICT = auto()
    """Others were in the way; the server took everything back, and a second run may do."""

    FINAL = auto()
    """It would fail again."""


FAULTS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Whatever the driver lets out; each is an answer of the database's, or the lack of one."""

_LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # asyncpg's word for a connection that the server ended while nothing was under way.
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
_CONFLICTS: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # Another process has changed the schema since the statement was prepared.
    asyncpg.InvalidCachedStatementError,
)
_BUSY: Final = (*_CONFLICTS, asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)

# asyncpg shows the value, and that may be a member's own words.
_ARGUMENT: Final = re.compile(r"query argument (\$\d+).*\((.*)\)", re.DOTALL)


def fault_of(error: BaseException) -> Fault:
    """Tell whether a transaction that failed so may be run again.

    asyncpg has one class for a connection that is gone and for one that is used wrongly.
    """
    if isinstance(error, _LOST):
        return Fault.LOST
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return Fault.LOST
    return Fault.CONFLICT if isinstance(error, _CONFLICTS) else Fault.FINAL


def without_rows(error: BaseException) -> None:
    """Take the rows out of what the server said: in a log they could show a prompt or a token."""
    if isinstance(error, asyncpg.PostgresError):
        error.detail = error.hint = error.context = None


def storage_error(error: BaseException) -> StorageError:
    """Return our error for one of the driver's; its cause is set where that shows no value."""
    without_rows(error)
    if isinstance(error, StorageError):
        return error
    found = _ARGUMENT.search(str(error)) if isinstance(error, asyncpg.DataError) else None
    if found is not None:
        ours = StorageError(f"parameter {found[1]} does not fit: {found[2]}")
        ours.__suppress_context__ = True
        return ours
    ours = _translated(error)
    ours.__cause__ = error
    return ours


def _translated(error: BaseException) -> StorageError:
    said = f"{_message(error)} ({getattr(error, 'sqlstate', None) or type(error).__name__})"
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return ConstraintBroken(_constraint(error))
    if isinstance(error, asyncpg.DiskFullError):
        return DatabaseFull(f"the disk took no more: {said}")
    if isinstance(error, _BUSY):
        return DatabaseBusy(f"others were in the way: {said}")
    if fault_of(error) is Fault.LOST:
        return DatabaseAway(f"the database can't be reached: {said}")
    return StorageError(said)


def _message(error: BaseException) -> str:
    """Return the first line: those that follow could quote a row."""
    return str(error).partition("\n")[0] or "no answer"


def _constraint(error: asyncpg.IntegrityConstraintViolationError) -> str:
    if error.constraint_name:
        return str(error.constraint_name)
    return f"{error.table_name}.{error.column_name}: {_message(error)}"
