"""A scripted stand-in for the vendor on loopback: it answers as told and remembers what it got."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    import ssl

SAMPLES = Path(__file__).parents[1] / "samples" / "akool"

Script = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sample(case: str, status: int = 200) -> bytes:
    """Return the body of a recorded answer."""
    return (SAMPLES / case / f"{status}.json").read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived; `peer` is the client's port, one for each connection."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    peer: int

    @property
    def json(self) -> object:
        return json.loads(self.body)


class Vendor:
    """Answers each request with the next script, and 500 when it has none left."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.url = ""
        self._scripts: deque[Script] = deque()
        self._arrival = asyncio.Event()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"

    async def stop(self) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        self.seen.append(
            Seen(
                method=request.method,
                target=request.raw_path,
                headers=dict(request.headers),
                body=await request.read(),
                peer=request.transport.get_extra_info("peername")[1],
            )
        )
        self._arrival.set()
        if not self._scripts:
            return web.Response(status=500, text="nothing scripted")
        return await self._scripts.popleft()(request)

    async def arrived(self, count: int = 1) -> None:
        """Wait until that many requests have come."""
        while len(self.seen) < count:
            self._arrival.clear()
            await self._arrival.wait()

    def script(self, script: Script) -> None:
        self._scripts.append(script)

    def reply(
        self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(
                body=body,
                status=status,
                headers={"Content-Type": "application/json"} | dict(headers or {}),
            )

        self.script(answer)

    def reply_json(self, content: object, status: int = 200) -> None:
        self.reply(json.dumps(content).encode(), status)

    def reply_code(self, code: int, msg: str = "") -> None:
        self.reply_json({"code": code, "msg": msg})

    def never_answer(self) -> None:
        async def stall(_: web.Request) -> web.StreamResponse:
            await self._closing.wait()
            return web.Response()

        self.script(stall)

    def stall_in_body(self, begun: bytes, headers: Mapping[str, str] | None = None) -> None:
        async def stall(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers=headers)
            await response.prepare(request)
            await response.write(begun)
            await self._closing.wait()
            return response

        self.script(stall)

    def hang_up(self, begun: bytes | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Cut the connection, after the beginning of a body if one is given."""

        async def cut(request: web.Request) -> web.StreamResponse:
            assert request.transport is not None
            response = web.StreamResponse(headers=headers)
            if begun is not None:
                await response.prepare(request)
                await response.write(begun)
            request.transport.close()
            return response

        self.script(cut)
