"""The database's clock: processes on several machines agree on when a lease is over."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from storage.database import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jobs.ports import Clock
    from storage.database import Database, Transaction

logger = logging.getLogger(__name__)

AGAIN_S: Final = 60.0
TRIES: Final = 3

NOTABLE_MS: Final = 2000
"""A machine that is further off is worth a line in the log."""


def server_time() -> Transaction[int]:
    """Return the server's time in epoch ms, at the moment of asking."""
    rows = yield "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS ms", ()
    return int(rows[0]["ms"])


class DatabaseClock:
    """A machine's clock, put right by what the database's shows; fits `jobs.ports.Clock`.

    It is right within half of the time that a question to the database takes.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._offset_ms = 0

    def now(self) -> int:
        """Return the database's time in epoch milliseconds, without asking it."""
        return self._machine.now() + self._offset_ms

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of the machine's time."""
        await self._machine.sleep(seconds)

    async def compare(self, database: Database) -> None:
        """Ask the database a few times, and believe the answer that came fastest.

        Raises `StorageError`.
        """
        best: tuple[int, int] | None = None
        for _ in range(TRIES):
            asked = self._machine.now()
            told = await database.read(server_time)
            answered = self._machine.now()
            seen = answered - asked, told - (asked + answered) // 2
            best = seen if best is None else min(best, seen)
        if best is not None:
            self._set(best[1])

    def _set(self, offset_ms: int) -> None:
        if abs(offset_ms - self._offset_ms) >= NOTABLE_MS:
            logger.warning("this machine's clock is off by %s s from the database's; the "
                           "database's counts", offset_ms / 1000)  # fmt: skip
        self._offset_ms = offset_ms

    @contextlib.asynccontextmanager
    async def following(self, database: Database) -> AsyncIterator[None]:
        """Compare now, which may raise `StorageError`, and then again and again."""
        await self.compare(database)
        following = asyncio.create_task(self._follow(database), name="clock")
        try:
            yield
        finally:
            following.cancel()
            await asyncio.wait([following])

    async def _follow(self, database: Database) -> None:
        while True:
            await self._machine.sleep(AGAIN_S)
            with contextlib.suppress(StorageError):  # the next time will do
                await self.compare(database)
