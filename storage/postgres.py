"""PostgreSQL as a `storage.database.Database`: each transaction on a connection of its own."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, Self, TypeAlias, TypeVar

from storage.database import (
    SKIP_LOCKED,
    Closed,
    Dialect,
    OutcomeUnknown,
    Transaction,
)
from storage.postgres_errors import FAULTS, Fault, fault_of, storage_error
from storage.postgres_sessions import (
    Connection,
    Limits,
    Session,
    Sessions,
    connect,
    end_left_over,
    make_marks,
    new_mark,
    set_mark,
)
from storage.statements import refuse_reserved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from storage.database import Rows, Value

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
About = TypeVar("About")
Start: TypeAlias = "Callable[[], Transaction[T]]"

# Guarded updates and an order of locks make each transaction right: docs/decisions.
_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# In one message with the COMMIT, so it costs no round trip; what wrote nothing leaves no mark. One
# that was given up (below) finds a higher number: NULL is refused, and the COMMIT never reached.
_COMMIT: Final = """
    UPDATE commit_marks SET at = now(), number = CASE WHEN number < {number} THEN {number} END
    WHERE session = '{mark}' AND pg_current_xact_id_if_assigned() IS NOT NULL;
    COMMIT
"""
# Waits for a COMMIT that is still under way. One that was not carried out never will be.
_WAS_COMMITTED: Final = """
    UPDATE commit_marks SET number = CASE WHEN number = $2 THEN number ELSE $2 + 1 END
    WHERE session = $1 RETURNING number = $2 AS kept
"""

_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Doubt(Generic[T]):
    """A COMMIT that was sent and not answered, and what its transaction had returned."""

    mark: str
    number: int
    value: T


class _CommitLost(Exception):  # noqa: N818 - what happened
    def __init__(self, doubt: _Doubt[Any]) -> None:
        super().__init__("the reply to a COMMIT was lost")
        self.doubt = doubt


class PostgresDatabase:
    """One PostgreSQL database, which any number of processes may share.

    A transaction whose connection is lost, or that met another one, is run again. When the reply
    to its COMMIT was lost, the database is first asked what became of it.
    """

    dialect: Final = Dialect.POSTGRES

    def __init__(self, url: str, limits: Limits) -> None:
        self._url = url
        self._limits = limits
        self._writers = Sessions(limits.writers, self._open_writer, limits.wait_s)
        self._readers = Sessions(limits.readers, self._open_session, limits.wait_s)
        self._running: set[asyncio.Task[Any]] = set()
        self._closing: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"  # the address holds a password

    @classmethod
    async def open(cls, url: str, limits: Limits | None = None) -> Self:
        """Connect once, to see that it can be done.

        Raises `StorageError` when the server can't be reached, does not let us in or is too old.
        """
        database = cls(url, limits or Limits())
        try:
            async with database._readers.one() as session:
                await make_marks(session.connection)
        except (*FAULTS, ValueError) as error:
            raise storage_error(error) from error
        return database

    async def be_ready(self) -> None:
        """Open the connections that write before anybody waits for one. Raises `StorageError`.

        A command is to be noted within a second of its arrival, and ten may arrive at once.
        """
        try:
            await self._writers.fill()
        except (*FAULTS, ValueError) as error:
            raise storage_error(error) from error

    async def connect(self) -> Connection:
        """Open a connection of its own, outside every bound, which the caller closes.

        Raises one of `FAULTS`.
        """
        return await connect(self._url, self._limits)

    async def run(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that may write, and return its result once it is durable.

        Cancelling the caller does not cancel the transaction.

        When it raises, nothing of it was kept: `Closed` after `close`, `ConstraintBroken` when
        the schema refused a row, `DatabaseBusy` when others were in the way for too long,
        `DatabaseAway` when the server can't be reached, `StorageError` for anything else. Only
        `OutcomeUnknown` says that the server left at the COMMIT and did not come back in time.
        """
        return await self._see_through(self._write(partial(transaction, *args, **kwargs)))

    async def read(
        self, transaction: Callable[P, Transaction[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a transaction that only reads, against one snapshot.

        Raises what `run` raises, but `OutcomeUnknown`.
        """
        return await self._see_through(self._read(partial(transaction, *args, **kwargs)))

    async def close(self) -> None:
        """Finish what was handed over, then close the connections. May be called again."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._finish())
        await asyncio.shield(self._closing)

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running)
        await self._readers.close()
        await self._writers.close()

    async def _see_through(self, work: Coroutine[Any, Any, T]) -> T:
        """Let work end even when the caller does not wait for it."""
        if self._closing is not None:
            work.close()
            raise Closed("the database is closed: no transaction can start any more")
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_log_failure)
            raise

    async def _open_session(self) -> Session:
        mark = new_mark()
        connection = await connect(self._url, self._limits, mark)
        return Session(connection, mark, asyncio.get_running_loop().time())

    async def _open_writer(self) -> Session:
        session = await self._open_session()
        try:
            await set_mark(session)
        except BaseException:
            session.connection.terminate()
            raise
        return session

    async def _read(self, start: Start[T]) -> T:
        trying = _Trying(self._limits.patience_s)
        while True:
            try:
                async with self._readers.one() as session:
                    return await _look(session.connection, start)
            except FAULTS as error:
                await trying.pause(error)

    async def _write(self, start: Start[T]) -> T:
        trying = _Trying(self._limits.patience_s)
        doubt: _Doubt[T] | None = None
        lost: set[str] = set()
        while True:
            try:
                if lost:
                    await self._aside(end_left_over, lost)
                if doubt is not None and await self._aside(_was_committed, doubt):
                    return doubt.value
                doubt = None
                async with self._writers.one() as session:
                    with _noting_loss(session, lost):
                        return await _transact(session, start)
            except _CommitLost as at_commit:
                doubt = at_commit.doubt
                await trying.pause(at_commit)
            except FAULTS as error:
                await trying.pause(error, doubt)

    async def _aside(
        self, question: Callable[[Connection, About], Awaitable[T]], about: About
    ) -> T:
        """Ask a reader's connection: the writers may all wait for a lock of a lost one."""
        async with self._readers.one() as session:
            return await question(session.connection, about)


@contextmanager
def _noting_loss(session: Session, lost: set[str]) -> Iterator[None]:
    """Give up a connection on which a transaction was lost, and remember its mark."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, _CommitLost) or fault_of(error) is Fault.LOST:
            session.connection.terminate()
            lost.add(session.mark)
        raise


class _Trying:
    """Waits between tries, longer each time, until patience is over."""

    def __init__(self, patience_s: float) -> None:
        self._until = asyncio.get_running_loop().time() + patience_s
        self._pause_s = _FIRST_PAUSE_S

    async def pause(self, error: Exception, doubt: _Doubt[Any] | None = None) -> None:
        """Return when it may be tried again; raise our error when it may not."""
        in_doubt = doubt is not None or isinstance(error, _CommitLost)
        over = asyncio.get_running_loop().time() >= self._until
        if in_doubt and over:
            raise OutcomeUnknown("the server went away at a COMMIT and did not come back")
        if not in_doubt and (over or fault_of(error) is Fault.FINAL):
            raise storage_error(error)
        await asyncio.sleep(self._pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
        self._pause_s = min(_LONGEST_PAUSE_S, self._pause_s * 2)


async def _look(connection: Connection, start: Start[T]) -> T:
    try:
        await connection.execute(_BEGIN_READ)
        return await _drive(connection, start())
    except BaseException as error:
        if fault_of(error) is Fault.LOST:
            connection.terminate()
        raise
    finally:
        await _leave(connection)


async def _transact(session: Session, start: Start[T]) -> T:
    connection = session.connection
    await connection.execute(_BEGIN)
    try:
        value = await _drive(connection, start())
        session.number += 1
        await _commit(session, value)
    except BaseException:
        await _leave(connection)
        raise
    return value


async def _commit(session: Session, value: object) -> None:
    """Commit. Raises `_CommitLost` when the server did not say that it did, or did not."""
    try:
        await session.connection.execute(_COMMIT.format(mark=session.mark, number=session.number))
    except FAULTS as error:
        if fault_of(error) is Fault.LOST:
            raise _CommitLost(_Doubt(session.mark, session.number, value)) from error
        raise


async def _was_committed(connection: Connection, doubt: _Doubt[Any]) -> bool:
    """Tell whether a COMMIT was carried out; from now on it can't be any more."""
    row = await connection.fetchrow(_WAS_COMMITTED, doubt.mark, doubt.number)
    return row is not None and bool(row["kept"])


async def _leave(connection: Connection) -> None:
    """Take back what is open; a connection that can't even do that is given up."""
    if connection.is_closed() or not connection.is_in_transaction():
        return
    try:
        await connection.execute("ROLLBACK")
    except BaseException as error:
        connection.terminate()
        if not isinstance(error, FAULTS):
            raise


async def _drive(connection: Connection, transaction: Transaction[T]) -> T:
    """Run the statements that the generator yields; an SQL error closes it where it stands."""
    with closing(transaction):
        try:
            statement = next(transaction)
            while True:
                statement = transaction.send(await _rows(connection, *statement))
        except StopIteration as returned:
            value: T = returned.value
            return value


async def _rows(connection: Connection, sql: str, parameters: tuple[Value, ...]) -> Rows:
    try:
        return await connection.fetch(spelled(sql), *map(_storable, parameters))
    except FAULTS as error:
        # The generator is closed, not raised into, so no traceback would show which one it was.
        error.add_note(f"in the statement: {sql}")
        raise


def _storable(value: Value) -> Value:
    """Replace the one character that PostgreSQL's TEXT can't hold."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def spelled(sql: str) -> str:
    """Return the SQL with the marker of rows that are claimed in PostgreSQL's words.

    Raises `StorageError` for SQL that would meddle with the transaction.
    """
    refuse_reserved(sql)
    return sql.replace(SKIP_LOCKED, "FOR UPDATE SKIP LOCKED")


def _log_failure(task: asyncio.Task[Any]) -> None:
    """Tell the log when a failure finds its caller gone."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        # Its type only: what a domain's error says may be a member's own words.
        kind = type(error).__name__
        logger.warning("A transaction failed after its caller had left: %s", kind)
