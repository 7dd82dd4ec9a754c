"""Connections to PostgreSQL: how each is set up, and how many transactions share them."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

import asyncpg

from storage.database import DatabaseBusy, StorageError
from storage.postgres_errors import FAULTS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

OLDEST: Final = 13
"""The first with `pg_current_xact_id_if_assigned`."""

CLOSE_S: Final = 5.0
LIFETIME_S: Final = 3600.0
"""A connection is used for an hour at most, so that its mark is never taken for an old one."""

# Marks are PostgreSQL's alone and the driver's own, so no migration makes them. The number takes
# one of two transactions' writes; a NULL is what refuses a COMMIT that was given up (see below).
_CREATE_MARKS: Final = """
    CREATE TABLE IF NOT EXISTS commit_marks (
        session TEXT NOT NULL PRIMARY KEY,
        number BIGINT NOT NULL,
        at TIMESTAMPTZ NOT NULL DEFAULT now()
    )
"""
_DELETE_OLD: Final = "DELETE FROM commit_marks WHERE at < now() - INTERVAL '1 day'"
# One role may always end its own. A COMMIT that is under way comes to its end first.
_END_LEFT_OVER: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = ANY($1) AND datname = current_database()
"""
_MARKS_LOCK: Final = 6_418_720_260


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long things may take, in seconds, and how many connections there are.

    A statement may take `statement_s`, a wait for another's lock `lock_s`, and a transaction
    may stand still for `idle_s` before the server ends it. What was lost is tried again for
    `patience_s`.
    """

    writers: int = 8
    readers: int = 4
    connect_s: float = 10.0
    statement_s: float = 30.0
    lock_s: float = 10.0
    idle_s: float = 15.0
    wait_s: float = 30.0
    patience_s: float = 15.0


class Session:
    """A connection, and the mark that tells whether its last COMMIT was carried out."""

    def __init__(self, connection: Connection, mark: str, opened: float) -> None:
        self.connection = connection
        self.mark = mark
        self.number = 0
        self._opened = opened

    def usable(self, now: float) -> bool:
        """Tell whether another transaction may begin on it; `now` is the event loop's time."""
        here = self.connection
        fresh = now - self._opened < LIFETIME_S
        return fresh and not here.is_closed() and not here.is_in_transaction()


def new_mark() -> str:
    """Make a name for a connection that no other has."""
    return uuid.uuid4().hex


async def connect(url: str, limits: Limits, name: str = "") -> Connection:
    """Connect and set up; the server shows the name among its activities.

    Raises one of `FAULTS`, `StorageError` when the server is too old.
    """
    connection = await asyncpg.connect(
        url,
        timeout=limits.connect_s,
        # Longer than the server's own bound: only a server that is gone never answers.
        command_timeout=limits.statement_s + limits.lock_s,
        # Our statements are few and constant, so all of them stay prepared.
        statement_cache_size=512,
        max_cached_statement_lifetime=0,
        server_settings={
            "application_name": f"muybridge {name}".strip(),
            # A commit has to survive a power cut: it may say that money is about to be spent.
            "synchronous_commit": "on",
            "timezone": "UTC",
            "statement_timeout": _ms(limits.statement_s),
            "lock_timeout": _ms(limits.lock_s),
            "idle_in_transaction_session_timeout": _ms(limits.idle_s),
        },
    )
    try:
        require_version(connection.get_server_version().major)
        # A sum of BIGINTs is a NUMERIC there; SQLite says an integer.
        await connection.set_type_codec(
            "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
        )
    except BaseException:
        connection.terminate()
        raise
    return connection


def require_version(major: int) -> None:
    """Raise `StorageError` for a server older than `OLDEST`."""
    if major < OLDEST:
        raise StorageError(f"the server is PostgreSQL {major}: {OLDEST} or newer is needed")


def _ms(seconds: float) -> str:
    return str(int(seconds * 1000))


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


async def make_marks(connection: Connection) -> None:
    """Make the table of marks, and forget those of connections that are long gone."""
    async with connection.transaction():
        # CREATE TABLE IF NOT EXISTS can fail when two do it at once.
        await connection.execute(f"SELECT pg_advisory_xact_lock({_MARKS_LOCK})")
        if await connection.fetchval("SELECT to_regclass('commit_marks')") is None:
            await connection.execute(_CREATE_MARKS)
        await connection.execute(_DELETE_OLD)


async def set_mark(session: Session) -> None:
    """Write a connection's mark down, so that it may write."""
    await session.connection.execute(
        "INSERT INTO commit_marks (session, number) VALUES ($1, 0)", session.mark
    )


async def end_left_over(connection: Connection, lost: set[str]) -> None:
    """End what the server may still have of connections that we lost: it could hold locks."""
    await connection.execute(_END_LEFT_OVER, [f"muybridge {mark}" for mark in lost])


class Sessions:
    """Lends connections to one transaction each, a bounded number at a time."""

    def __init__(
        self, most: int, open_one: Callable[[], Awaitable[Session]], wait_s: float
    ) -> None:
        self._most = most
        self._turns = asyncio.Semaphore(most)
        self._open_one = open_one
        self._wait_s = wait_s
        self._free: list[Session] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Session]:
        """Lend a connection; one that comes back unusable is not lent again.

        Raises `DatabaseBusy` when none came free, or what connecting raises.
        """
        try:
            async with asyncio.timeout(self._wait_s):
                await self._turns.acquire()
        except TimeoutError:
            raise DatabaseBusy("no connection to the database came free") from None
        session: Session | None = None
        try:
            session = self._take() or await self._open_one()
            yield session
        finally:
            if session is not None:
                self._take_back(session)
            self._turns.release()

    async def fill(self) -> None:
        """Open all of them now, so that nobody who is in a hurry has to. Raises as `one`."""
        async with contextlib.AsyncExitStack() as opened:
            for _ in range(self._most):
                await opened.enter_async_context(self.one())

    def _take(self) -> Session | None:
        now = asyncio.get_running_loop().time()
        while self._free:
            session = self._free.pop()
            if session.usable(now):
                return session
            session.connection.terminate()
        return None

    def _take_back(self, session: Session) -> None:
        if session.usable(asyncio.get_running_loop().time()):
            self._free.append(session)
        else:
            session.connection.terminate()

    async def close(self) -> None:
        """Close the connections that nobody has."""
        free, self._free = self._free, []
        await asyncio.gather(*map(_close, free))


async def _close(session: Session) -> None:
    with contextlib.suppress(*FAULTS):
        await session.connection.close(timeout=CLOSE_S)
