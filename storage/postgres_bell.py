"""Wakes the engines of other processes: a hint over their slow polling, and no more than that."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final, Self

from storage.database import StorageError
from storage.postgres_errors import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from storage.postgres import PostgresDatabase
    from storage.postgres_sessions import Connection

logger = logging.getLogger(__name__)

CHANNEL: Final = "muybridge_work"

GAP_S: Final = 0.05
"""Rings within so many seconds are one: each takes a lock that the whole server shares."""

AGAIN_S: Final = 2.0
"""How long to wait before another connection is tried."""

ALIVE_S: Final = 30.0
"""How often a silent connection is asked whether it still is one."""


class PostgresBell:
    """Use as `async with PostgresBell(database, heard):`; `heard` is called when others ring."""

    def __init__(self, database: PostgresDatabase, heard: Callable[[], None]) -> None:
        self._database = database
        self._heard = heard
        self._rung = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def ring(self) -> None:
        """Tell the others that there is something to do; returns at once, and may get lost."""
        self._rung.set()

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen(), name="bell")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])

    async def _listen(self) -> None:
        """Stay connected, whatever becomes of the server."""
        while True:
            try:
                connection = await self._database.connect()
            except (*FAULTS, StorageError) as error:
                logger.debug("no connection to listen on: %s", type(error).__name__)
            else:
                try:
                    await self._pass_on(connection)
                except FAULTS as error:
                    logger.debug("the connection to listen on is lost: %s", type(error).__name__)
                finally:
                    self.connected.clear()
                    connection.terminate()
            await asyncio.sleep(AGAIN_S)

    async def _pass_on(self, connection: Connection) -> None:
        own = connection.get_server_pid()

        def hear(_: object, pid: int, *__: object) -> None:
            if pid != own:
                self._heard()

        # A lost connection shows at the next ring, so this is one.
        connection.add_termination_listener(lambda _: self._rung.set())
        await connection.add_listener(CHANNEL, hear)
        self.connected.set()
        self._heard()  # whatever was rung while nobody listened
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALIVE_S):
                    await self._rung.wait()
            if self._rung.is_set():
                self._rung.clear()
                await connection.execute(f"NOTIFY {CHANNEL}")
                await asyncio.sleep(GAP_S)
            else:
                await connection.execute("SELECT 1")
