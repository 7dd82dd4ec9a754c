"""What storage asks of a database: to run transactions that are written as generators."""

# ruff: noqa: N818 - the errors are read as what happened, and so named

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")

Value: TypeAlias = int | str | bytes | float | None
"""What a parameter may be; both databases store each of them unchanged."""

Statement: TypeAlias = tuple[str, tuple[Value, ...]]
"""SQL with parameters `$1` to `$n`, and their values in that order."""


class Row(Protocol):
    """One row of an answer; fits `sqlite3.Row` and `asyncpg.Record`."""

    def __getitem__(self, column: str, /) -> Any:  # noqa: ANN401 - the schema knows the type
        """Return the value of the column of that name."""


Rows: TypeAlias = Sequence[Row]

Transaction: TypeAlias = Generator[Statement, Rows, T]
"""Yields statements, receives their rows, returns its result; does no I/O of its own."""

SKIP_LOCKED: Final = "/*skip*/"
"""Ends a SELECT that claims rows: `FOR UPDATE SKIP LOCKED` on PostgreSQL, a comment on SQLite."""


class Dialect(StrEnum):
    """The databases that the bot can live in."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class Database(Protocol):
    """Runs transactions.

    A transaction is a function and its arguments, not a running generator, because a driver may
    have to run it again: time and ids are passed in. It never hears of an SQL error: the driver
    closes the generator, takes its work back and raises a `StorageError` to the caller. An
    exception of its own takes its work back, too, and reaches the caller as it is.
    """

    @property
    def dialect(self) -> Dialect:
        """The SQL that this database speaks, for the few statements that differ."""

    async def run(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that may write, and return its result once it is durable.

        Cancelling the caller does not cancel the transaction. Raises a `StorageError` when
        nothing of it was kept; of `OutcomeUnknown` alone that is not certain.
        """

    async def read(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that only reads, on another connection, against one snapshot.

        Raises a `StorageError` when it tries to write, or when the database can't answer.
        """

    async def close(self) -> None:
        """Finish what was handed over, then let go of the database. May be called again."""


class StorageError(Exception):
    """The database did not do what it was asked to; every other error here is one."""


class DatabaseBusy(StorageError):
    """Others kept a lock, or were in the way, for longer than we wait."""


class DatabaseAway(StorageError):
    """The server could not be reached, or went away, for longer than we wait."""


class OutcomeUnknown(StorageError):
    """The server went away at the COMMIT and did not come back: what was kept is not known."""


class DatabaseFull(StorageError):
    """The disk took no more: full, over its quota, or failing to write."""


class DatabaseLocked(StorageError):
    """A second bot was started on a database file that already has one.

    `lock` is the lock's file; `pid` the process that holds it, None when it left no number.
    """

    def __init__(self, lock: Path, pid: int | None) -> None:
        self.lock = lock
        self.pid = pid
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{lock} is held by {holder}: stop that bot before starting this one")


class SchemaTooNew(StorageError):
    """The database was migrated by a newer bot; `found` and `known` are schema versions."""

    def __init__(self, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"the database has schema version {found}, this bot knows {known}: run the newer bot"
        )


class NotMigrated(StorageError):
    """There is no database, or an older bot's, and it is not ours to make or change it now."""


class MigrationRefused(StorageError):
    """The migration files contradict themselves or what the database has been through."""


class Closed(StorageError):
    """The database was closed before the transaction was handed over."""


class ConstraintBroken(StorageError):
    """A constraint of the schema refused a row; `constraint` is the driver's name for it."""

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__(f"refused by the schema: {constraint}")
