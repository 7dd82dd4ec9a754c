"""A trap at both emulators: acts at a chosen moment of a chosen request of the bot's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from aiohttp import web

from sandbox.discord_api.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler

    Act = Callable[[], Awaitable[object]]


SPRING_S: Final = 30.0


class When(StrEnum):
    """The moments of a request at which one may act."""

    ARRIVES = "arrives"  # and is neither carried out nor answered
    CARRIED_OUT = "is carried out"  # and not answered
    ANSWERED = "is answered"
    WAITS = "waits"  # until the act is over; then it goes on as if nothing had been


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A kind of request, by a pattern over `METHOD /path`, and the how many-th of its kind."""

    name: str
    pattern: str
    number: int = 1

    def fits(self, line: str) -> bool:
        """Tell whether a request is of this kind."""
        return re.fullmatch(self.pattern, line) is not None


CALLBACK: Final = Request(name="acknowledgement", pattern=r"POST .*/interactions/.*/callback")
UPLOAD: Final = Request(name="fetch of the upload", pattern=r"GET /cdn/.*")
RECEIPT: Final = Request(name="receipt", pattern=r"PATCH .*/webhooks/.*/messages/@original")
CARD: Final = Request(name="card", pattern=r"POST .*/channels/\d+/messages")
REDRAW: Final = Request(name="first redraw", pattern=r"PATCH .*/channels/\d+/messages/\d+")
CREATE: Final = Request(name="create", pattern=r"POST .*/createBySourcePrompt/batch")
PICTURE: Final = Request(name="vendor's fetch of the picture", pattern=UPLOAD.pattern, number=2)
LOOK: Final = Request(name="look", pattern=r"POST .*/resultsByIds")
FILE: Final = Request(name="fetch of the video", pattern=r"GET /files/.*\.mp4")
RESULT: Final = Request(name="result", pattern=CARD.pattern, number=2)
LAST_REDRAW: Final = Request(name="last redraw", pattern=REDRAW.pattern, number=2)

LINKS: Final = Request(name="fresh link", pattern=r"GET .*/channels/\d+/messages/\d+")
ERASE: Final = Request(name="deletion", pattern=r"DELETE .*/channels/\d+/messages/\d+")
VENDOR_DELETE: Final = Request(name="vendor's deletion", pattern=r"POST .*/delbyids")

MODELS: Final = Request(name="models", pattern=r"GET .*/aigModel/list")

START: Final = (
    Request(name="own name", pattern=r"GET .*/users/@me"),
    Request(name="application", pattern=r"GET .*/oauth2/applications/@me"),
    Request(name="commands", pattern=r"PUT .*/applications/\d+/commands"),
    Request(name="gateway", pattern=r"GET .*/gateway/bot"),
    Request(name="connection", pattern=r"GET /gateway"),
    Request(name="effects", pattern=r"GET .*/image2Video/effects"),
    MODELS,
)
"""What a bot asks when it starts."""

STORY: Final = (
    CALLBACK,
    UPLOAD,
    RECEIPT,
    CARD,
    REDRAW,
    CREATE,
    PICTURE,
    LOOK,
    FILE,
    RESULT,
    LAST_REDRAW,
)
"""Every request of the demo's story; a test holds this list to what is really asked."""


@dataclass(slots=True, kw_only=True)
class Trap:
    """What shall happen, and when."""

    request: Request
    when: When
    act: Act
    left: int


class Watch:
    """Sees every request at both emulators; `middleware` goes into the studio's settings."""

    def __init__(self) -> None:
        self._traps: list[Trap] = []
        self._sprung = 0
        self.pulse = Pulse()
        self.served: list[str] = []

    def at(self, request: Request, when: When, act: Act) -> None:
        """Act once, at that moment; requests are counted from now on."""
        self._traps.append(Trap(request=request, when=when, act=act, left=request.number))

    def forget(self) -> None:
        """Let nothing happen that was set and has not happened yet."""
        self._traps.clear()

    async def sprung(self) -> None:
        """Wait until the next thing that was set has happened, if it has not yet.

        Raises:
            TimeoutError: it did not for a long time.

        """
        await self.pulse.until(lambda: self._sprung or None, SPRING_S)
        self._sprung -= 1

    def asked(self, request: Request) -> int:
        """Count the requests of a kind that were dealt with so far, one way or another."""
        return sum(map(request.fits, self.served))

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request through, unless something is to happen now."""
        line = f"{request.method} {request.path}"
        trap = self._take(line)
        try:
            if trap is None:
                return await handler(request)
            return await _spring(trap, request, handler)
        finally:
            self._sprung += trap is not None
            self.served.append(line)
            self.pulse.beat()

    def _take(self, line: str) -> Trap | None:
        fitting = [trap for trap in self._traps if trap.request.fits(line)]
        for trap in fitting:
            trap.left -= 1
        due = next((trap for trap in fitting if trap.left == 0), None)
        if due is not None:
            self._traps.remove(due)
        return due


async def _spring(trap: Trap, request: web.Request, handler: Handler) -> web.StreamResponse:
    match trap.when:
        case When.ARRIVES:
            await trap.act()
            return _cut(request, web.Response(status=499))
        case When.CARRIED_OUT:
            response = await handler(request)
            await trap.act()
            return _cut(request, response)
        case When.WAITS:
            await trap.act()
            return await handler(request)
        case When.ANSWERED:
            response = await handler(request)
            await response.prepare(request)
            await response.write_eof()
            await trap.act()
            return response
        case _:
            assert_never(trap.when)


def _cut(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return response
