"""Routes of the HTTP face; every one answers quickly and gives nothing away."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from jobs.errors import StorageDown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from web.doors import Doors

logger = logging.getLogger(__name__)

SOUND_TYPES: Final = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".m4a": "audio/mp4",
}
"""Said by us, because systems disagree on them (RFC 3003, 5334 and 4337)."""

LARGEST_BODY: Final = 64 * 1024
"""Bytes of a webhook: the vendor's are a few hundred (AKOOL.md 6)."""

BODY_S: Final = 10.0
"""How long a webhook's body may take to arrive: who sends byte by byte must not hold a place."""


MOST_BODIES: Final = 200
"""Webhooks that are read at the same time: together they stay below 13 MB of memory."""


def make_app(doors: Doors) -> web.Application:
    """Return the application; nothing is listening yet."""
    face = Face(doors)
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_say_when_storage_is_down])
    app.router.add_get("/healthz", face.health)
    app.router.add_get("/metrics", face.metrics)
    app.router.add_get("/pictures/{token}/{number:[0-9]{1,2}}", face.picture)
    app.router.add_post("/akool/{token}", face.hint)
    return app


@web.middleware
async def _say_when_storage_is_down(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer 503 while the database can't, so that whoever asks comes again."""
    try:
        return await handler(request)
    except StorageDown:
        logger.warning("the database does not answer")
        raise web.HTTPServiceUnavailable from None


class Face:
    """The handlers."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._reading = 0

    async def health(self, _: web.Request) -> web.Response:
        """Answer 200 when every part works, else 503, and name the parts."""
        parts = await self._doors.health()
        status = 200 if all(parts.values()) else 503
        return web.json_response({"ok": status == 200, **parts}, status=status)

    async def metrics(self, _: web.Request) -> web.Response:
        """Answer with the figures for Prometheus; none of them names a member."""
        body = await self._doors.metrics()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Serve a picture or track to the vendor while its send is open; the path is secret."""
        number = int(request.match_info["number"])
        path = await self._doors.picture(request.match_info["token"], number)
        if path is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, no-store"}
        if path.suffix in SOUND_TYPES:
            headers["Content-Type"] = SOUND_TYPES[path.suffix]
        return web.FileResponse(path, headers=headers)

    async def hint(self, request: web.Request) -> web.Response:
        """Take a webhook: a hint, never an order (AKOOL.md 6)."""
        if self._reading >= MOST_BODIES:
            raise web.HTTPServiceUnavailable  # the vendor sends it again
        self._reading += 1
        try:
            async with asyncio.timeout(BODY_S):
                body = await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        finally:
            self._reading -= 1
        return web.Response(status=await self._doors.hint(request.match_info["token"], body))
