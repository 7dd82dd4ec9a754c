"""A TCP proxy before PostgreSQL that cuts connections where a test wants it."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Cut(Enum):
    """What becomes of the message with the COMMIT when its client loses the connection."""

    NEVER_SENT = auto()
    REPLY_LOST = auto()
    DELAYED = auto()
    """It lies somewhere in the net, and arrives when `deliver` is called."""


class Proxy:
    """Passes bytes on; each of `cuts` happens at the next COMMIT. While `down` nobody gets in."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._tasks: set[asyncio.Task[None]] = set()
        self._delivering = asyncio.Event()
        self.cuts: list[Cut] = []
        self.down = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        self.cut_all()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_all(self) -> None:
        """Cut every connection now."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    async def deliver(self) -> None:
        """Let what was delayed arrive, and the server answer it."""
        self._delivering.set()
        await asyncio.sleep(0.3)  # nobody hears the answer, so nobody can tell when it came

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            if not self.down:
                await self._between(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._behind)
        back = asyncio.create_task(_pump(from_server, writer))
        try:
            commit = await self._forward(reader, to_server)
            back.cancel()
            await asyncio.wait([back])
            if commit is not None:
                await self._cut(commit, from_server, to_server, writer)
        finally:
            back.cancel()
            to_server.transport.abort()

    async def _forward(
        self, reader: asyncio.StreamReader, to_server: asyncio.StreamWriter
    ) -> bytes | None:
        """Pass on what the client says; return the message at which it is to be cut off."""
        while data := await reader.read(65536):
            if self.cuts and data.rstrip(b"\0 \n").endswith(b"COMMIT"):
                return data
            to_server.write(data)
            await to_server.drain()
        return None

    async def _cut(
        self,
        commit: bytes,
        from_server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
    ) -> None:
        how = self.cuts.pop(0)
        if self.down:
            self.cut_all()
        if how is Cut.NEVER_SENT:
            return
        if how is Cut.DELAYED:
            client.transport.abort()
            await self._delivering.wait()
        to_server.write(commit)
        await from_server.read(65536)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.transport.abort()
