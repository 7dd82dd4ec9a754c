"""One HTTP exchange: let in, answer in the vendor's envelope, and go wrong on request."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web

from sandbox.akool_api.faults import Fault, FaultRule
from sandbox.akool_api.mischief import misshape
from sandbox.akool_api.orders import BAD_PARAMETER, RefusedError

if TYPE_CHECKING:
    import aiohttp
    from multidict import MultiMapping

    from sandbox.akool_api.settings import Endpoint
    from sandbox.akool_api.vendor import Vendor

_BEFORE: Final = (Fault.REFUSE, Fault.HTTP_ERROR, Fault.DROP_BEFORE)
_AFTER: Final = (
    Fault.ERROR_AFTER,
    Fault.CODE_AFTER,
    Fault.DROP_AFTER,
    Fault.SILENCE,
    Fault.STALL,
    Fault.HTML,
    Fault.CUT_JSON,
)
_PAGE: Final = "<html><body><h1>Bad gateway</h1></body></html>"
_STATUSES: Final = {1005: 429, 1006: 402, 1008: 404, 1009: 403, 1101: 401, 1102: 401, 1104: 402}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in; `origin` is the emulator's address as the caller wrote it."""

    endpoint: Endpoint
    body: dict[str, object]
    query: MultiMapping[str]
    origin: str
    session: aiohttp.ClientSession


Handler = Callable[[Call], Awaitable[dict[str, object]]]
Guard = Callable[["MultiMapping[str]"], None]


class Exchange:
    """Wraps an endpoint's work into HTTP, and counts the calls."""

    def __init__(self, vendor: Vendor, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._session = session
        self._faults = vendor.faults
        self._rng = vendor.rng
        self._complaints = vendor.complaints
        self._released = asyncio.Event()
        self.calls: Counter[Endpoint] = Counter()

    def serve(
        self, endpoint: Endpoint, work: Handler, guard: Guard
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return an aiohttp handler; `guard` raises `RefusedError` for callers without a key."""

        async def handle(request: web.Request) -> web.StreamResponse:
            self.calls[endpoint] += 1
            if rule := self._faults.first(_BEFORE, endpoint):
                return _turned_away(request, rule)
            try:
                guard(request.headers)
                payload = await work(await self._let_in(request, endpoint))
            except RefusedError as refused:
                return self._refusal(refused, endpoint)
            shaped = misshape(
                {"code": 1000, "msg": "OK"} | payload, endpoint, self._faults, self._rng
            )
            rule = self._faults.first(_AFTER, endpoint)
            text = json.dumps(shaped)
            return await self._spoiled(request, text, rule) if rule else _json(text)

        return handle

    def release(self) -> None:
        """Let go of the calls that are kept waiting; later ones wait anew."""
        self._released.set()
        self._released = asyncio.Event()

    async def _let_in(self, request: web.Request, endpoint: Endpoint) -> Call:
        return Call(
            endpoint=endpoint,
            body=await _body(request) if request.method == "POST" else {},
            query=request.query,
            origin=f"{request.scheme}://{request.host}",
            session=self._session(),
        )

    def _refusal(self, refused: RefusedError, endpoint: Endpoint) -> web.Response:
        if refused.code == BAD_PARAMETER and not refused.staged:
            self._complaints.append(f"{endpoint}: refused, {refused.message}")
        plain = self._faults.take(Fault.ERRORS_AS_4XX, endpoint) is None
        status = 200 if plain else _STATUSES.get(refused.code, 400)
        return _json(json.dumps({"code": refused.code, "msg": refused.message}), status)

    async def _spoiled(
        self, request: web.Request, text: str, rule: FaultRule
    ) -> web.StreamResponse:
        if answer := _other_answer(text, rule):
            return answer
        if rule.kind is Fault.STALL:
            return await self._half(request, text)
        if rule.kind is Fault.SILENCE:
            await self._released.wait()
        return _dropped(request)

    async def _half(self, request: web.Request, text: str) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_type = "application/json"
        answer.content_length = len(text)
        await answer.prepare(request)
        await answer.write(text[: len(text) // 2].encode())
        await self._released.wait()
        return _dropped(request, answer)


def _other_answer(text: str, rule: FaultRule) -> web.Response | None:
    if rule.kind is Fault.ERROR_AFTER:
        return web.Response(status=rule.number(500), text="Internal Server Error")
    if rule.kind is Fault.CODE_AFTER:
        return _json(
            json.dumps({"code": rule.number(1015), "msg": "create video error, try later"})
        )
    if rule.kind is Fault.HTML:
        return web.Response(status=rule.number(200), text=_PAGE, content_type="text/html")
    return _json(text[: len(text) // 2]) if rule.kind is Fault.CUT_JSON else None


def _turned_away(request: web.Request, rule: FaultRule) -> web.StreamResponse:
    if rule.kind is Fault.DROP_BEFORE:
        return _dropped(request)
    if rule.kind is Fault.HTTP_ERROR:
        status = rule.number(429)
        headers = {"Retry-After": "1"} if status == 429 else {}
        return web.Response(status=status, headers=headers, text="try again later")
    error = {"code": rule.number(1005), "msg": "refused by a fault of the scenario"}
    return _json(json.dumps(error))


def _dropped(request: web.Request, answer: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return answer or web.Response()


def _json(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="application/json")


async def _body(request: web.Request) -> dict[str, object]:
    if request.content_type != "application/json":
        raise RefusedError(BAD_PARAMETER, "Content-Type must be application/json")
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise RefusedError(BAD_PARAMETER, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise RefusedError(BAD_PARAMETER, "the body must be a JSON object")
    return body
