"""SQLite as a `storage.database.Database`: waiting transactions share one commit."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, Self, TypeVar

from storage.database import Closed, Dialect, StorageError, Transaction
from storage.sqlite_connection import BUSY_MS, Connection, connect_reader, connect_writer
from storage.sqlite_group import (
    Done,
    Failed,
    Outcome,
    Start,
    commit_group,
    read_snapshot,
    storage_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

GROUP_LIMIT: Final = 128
"""Transactions in one commit at most: beyond this the first of them only waits longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting(Generic[T]):
    """A transaction in the queue, and the future its caller waits for."""

    start: Start[T]
    future: asyncio.Future[T]

    def settle(self, outcome: Outcome[T]) -> None:
        """Tell the caller, or the log when a failure finds the caller gone."""
        if not self.future.done():
            if isinstance(outcome, Done):
                self.future.set_result(outcome.value)
            else:
                self.future.set_exception(outcome.error)
        elif isinstance(outcome, Failed):
            # Its type only: what a domain's error says may be a member's own words.
            kind = type(outcome.error).__name__
            logger.warning("A transaction failed after its caller had left: %s", kind)


class SqliteDatabase:
    """One SQLite file, with a connection that writes and one that reads.

    A whole transaction runs in the writer's thread. Those that come while a group commits are
    the next group, so one flush to the disk serves them all. Constraints that are checked only
    at COMMIT (DEFERRABLE) would let one transaction fail its group: the schema has none.
    """

    dialect: Final = Dialect.SQLITE

    def __init__(self, writer: Connection, reader: Connection, group_limit: int) -> None:
        self._writer = writer
        self._reader = reader
        self._group_limit = group_limit
        self._waiting: deque[_Waiting[Any]] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, path: Path, *, busy_ms: int = BUSY_MS, group_limit: int = GROUP_LIMIT
    ) -> Self:
        """Open the file, or create it and its folder. Without `close`, Python never exits.

        `busy_ms` is how long each of a few attempts waits for another process's write lock;
        `group_limit` is how many transactions share a commit at most.

        Raises `StorageError` when SQLite is too old, or the file can't be opened or is no
        database.
        """
        try:
            writer = await Connection.open(partial(connect_writer, path, busy_ms))
            try:
                reader = await Connection.open(partial(connect_reader, path, busy_ms))
            except BaseException:
                await writer.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"can't open the database {path}: {error}") from error
        return cls(writer, reader, group_limit)

    async def run(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that may write, and return its result once it is on the disk.

        Cancelling the caller does not cancel the transaction.

        When it raises, nothing of the transaction was kept: `Closed` after `close`,
        `ConstraintBroken` when the schema refused a row (the others of its group go on),
        `DatabaseBusy` when another process kept the write lock, `DatabaseFull` when the disk
        took no more, `StorageError` for anything else that SQLite reports.
        """
        self._refuse_if_closed()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        start = partial(transaction, *args, **kwargs)
        self._waiting.append(_Waiting(start=start, future=future))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_waiting())
        return await future

    async def read(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that only reads, against one snapshot. Reads take turns.

        Raises `Closed` after `close`, and `StorageError` when it tried to write or SQLite can't
        answer.
        """
        self._refuse_if_closed()
        return await self._reader.call(read_snapshot, partial(transaction, *args, **kwargs))

    async def close(self) -> None:
        """Commit what was handed over, then close both connections. May be called again.

        Cancelling the caller does not stop it half-way.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(self._finish())
        await asyncio.shield(self._closing)

    def _refuse_if_closed(self) -> None:
        if self._closing is not None:
            raise Closed("the database is closed: no transaction can start any more")

    async def _finish(self) -> None:
        if self._committing is not None:
            await asyncio.wait([self._committing])
        # The writer goes last: only a connection that may write can tidy the WAL away.
        try:
            await self._reader.close()
        finally:
            await self._writer.close()

    async def _commit_waiting(self) -> None:
        """Commit group after group until nobody waits."""
        group: list[_Waiting[Any]] = []
        try:
            while self._waiting:
                size = min(len(self._waiting), self._group_limit)
                group = [self._waiting.popleft() for _ in range(size)]
                await self._commit(group)
        except asyncio.CancelledError:
            # The loop is being torn down, and nobody may be left waiting for an answer.
            for waiting in (*group, *self._waiting):
                waiting.future.cancel()
            self._waiting.clear()
            raise
        finally:
            self._committing = None

    async def _commit(self, group: list[_Waiting[Any]]) -> None:
        outcomes: list[Outcome[Any]]
        try:
            outcomes = await self._writer.call(commit_group, [waiting.start for waiting in group])
        except Exception as error:  # noqa: BLE001 - every caller gets it, and the queue goes on
            outcomes = [Failed(storage_error(error)) for _ in group]
        for waiting, outcome in zip(group, outcomes, strict=True):
            waiting.settle(outcome)
