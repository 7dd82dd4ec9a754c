"""The REST half of the bridge: faults, then rules, then simcord's routes."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord import BackendError, RouteNotImplemented, UnsupportedField
from simcord.backend import serializers
from simcord.http import router

from sandbox.discord_api import payloads
from sandbox.discord_api.faults import Fault, FaultKind, describe
from sandbox.discord_api.limits import Buckets, refusal_headers
from sandbox.discord_api.rules import Rules
from sandbox.discord_api.wire import Call, Payload, read_call

if TYPE_CHECKING:
    from simcord.backend.models import Message

    from sandbox.discord_api.cdn import Links
    from sandbox.discord_api.faults import Faults
    from sandbox.discord_api.linked import LinkedPictures
    from sandbox.discord_api.pulse import Pulse
    from sandbox.discord_api.requests import RequestLog
    from sandbox.discord_api.world import World

logger = logging.getLogger(__name__)

_OPEN = ("webhooks", "interactions")  # their token is in the path


class ConnectionCutError(Exception):
    """The connection shall close without an answer."""


class Rest:
    """Answers the bot's requests."""

    def __init__(
        self, world: World, links: Links, faults: Faults, buckets: Buckets, pulse: Pulse
    ) -> None:
        self._world = world
        self._links = links
        self._faults = faults
        self._buckets = buckets
        self._pulse = pulse
        self._rules = Rules(world)
        self.gateway_address = ""

    def bind(self, log: RequestLog, linked: LinkedPictures, gateway_address: str) -> None:
        """Say where requests are noted, who fetches linked pictures, and where the gateway is."""
        self._log = log
        self._linked = linked
        self.gateway_address = gateway_address

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, note it, and tell the world that something may have changed."""
        call = await read_call(request)
        call.payload = self._links.inward(call.payload)
        noted = self._log.add(call, self._world.clock.now_ms())
        try:
            response = await self._answer(call)
        except ConnectionCutError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        finally:
            self._pulse.beat()
        noted.status = response.status
        self._linked.look(call.payload)
        return response

    async def _answer(self, call: Call) -> web.Response:
        standing = self._buckets.count(call.method, call.path)
        headers = standing.headers() if standing else {}
        if standing and standing.wait:
            return _refused(Fault(kind=FaultKind.RATE_LIMIT, retry_after=standing.wait), headers)
        fault = self._faults.for_request(call.method, call.path, self._message_age(call))
        early = await self._strike(fault)
        if early is not None:
            return early
        response = self._dispatch(call, headers)
        if fault is not None and fault.kind is FaultKind.LOST_REPLY:
            raise ConnectionCutError
        return response

    async def _strike(self, fault: Fault | None) -> web.Response | None:
        if fault is None:
            return None
        match fault.kind:
            case FaultKind.RATE_LIMIT:
                return _refused(fault, {})
            case FaultKind.ERROR:
                return _json(describe(fault), fault.status)
            case FaultKind.NO_REPLY:
                raise ConnectionCutError
            case FaultKind.SLOW:
                await self._world.clock.sleep(fault.seconds)
            case _:
                pass  # a lost reply strikes later, the others are not about requests
        return None

    def _message_age(self, call: Call) -> float | None:
        if call.segments[0] != "channels" or call.segments[2:3] != ["messages"]:
            return None
        found = self._stored(call)
        return None if found is None else self._world.age_of(found)

    # --- simcord ------------------------------------------------------------------------------

    def _dispatch(self, call: Call, headers: dict[str, str]) -> web.Response:
        try:
            self._check_bot_token(call)
            self._rules.check(call)
            answer = self._perform(call)
        except (RouteNotImplemented, UnsupportedField) as error:
            logger.error("simcord can't do what the bot asked: %s", error)  # noqa: TRY400 - no trace needed
            return _json(error.to_json(), 501)
        except BackendError as error:
            return _json(error.to_json(), error.status, headers)
        except (KeyError, TypeError, ValueError) as error:
            logger.exception("%s %s broke simcord's route", call.method, call.path)
            return _json({"message": f"Invalid Form Body: {error}", "code": 50035}, 400)
        if answer is None:
            return web.Response(status=204, headers=headers)
        return _json(self._links.outward(payloads.message(answer)), 200, headers)

    def _check_bot_token(self, call: Call) -> None:
        if call.segments[0] in _OPEN:
            return
        expected = self._world.setting.token
        if not call.token.startswith("Bot ") or (expected and call.token != f"Bot {expected}"):
            raise BackendError(401, 0, "401: Unauthorized")

    def _perform(self, call: Call) -> Any:  # noqa: ANN401 - any JSON
        match call.method, call.segments:
            case "GET", ["gateway", "bot"]:
                return self._gateway()
            case "GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]:
                return payloads.application(self._world)
            case "POST", ["channels", _, "messages"]:
                return self._send(call)
            case "POST", ["interactions", interaction_id, _, "callback"]:
                return self._callback(call, int(interaction_id))
            case "PATCH" | "DELETE", [*_, "messages", _]:
                return self._edit(call) if call.method == "PATCH" else self._delete(call)
            case _:
                return self._route(call)

    def _gateway(self) -> Payload:
        return {
            "url": self.gateway_address,
            "shards": self._world.setting.shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": 1000,
                "reset_after": 86_400_000,
                "max_concurrency": 1,
            },
        }

    def _send(self, call: Call) -> Any:  # noqa: ANN401 - any JSON
        sent = self._rules.already_sent(call)
        if sent is not None:
            answer: Payload = dict(serializers.message_payload(self._world.backend, sent))
            return answer | {"nonce": call.body["nonce"]}
        self._world.nonce = call.body.get("nonce")
        try:
            answer = self._route(call)
        finally:
            self._world.nonce = None
        self._rules.remember(call, answer)
        return answer

    def _edit(self, call: Call) -> Any:  # noqa: ANN401 - any JSON
        """Edit a message; simcord does not know that a file it keeps may become a spoiler."""
        answer = self._route(call)
        wanted = {
            str(one["id"]): bool(one["is_spoiler"])
            for one in call.body.get("attachments") or []
            if "is_spoiler" in one
        }
        after = self._stored(call)
        for attachment in after.attachments if after is not None else []:
            if attachment["id"] in wanted:
                attachment["spoiler"] = wanted[attachment["id"]]
        return answer

    def _delete(self, call: Call) -> Any:  # noqa: ANN401 - any JSON
        """Delete a message, then its files: their links lead nowhere from then on."""
        before = self._stored(call)
        answer = self._route(call)
        for attachment in before.attachments if before is not None else []:
            self._world.files.drop(attachment)
        return answer

    def _stored(self, call: Call) -> Message | None:
        """Return the message that a path with an interaction's token, or a channel's, is about."""
        backend, (head, *_, last) = self._world.backend, call.segments
        if head == "channels" and last.isdecimal():
            return backend.messages.get(int(call.segments[1]), {}).get(int(last))
        interaction_id = backend.interaction_tokens.get(call.segments[2])
        if interaction_id is None:
            return None
        record = backend.interactions[interaction_id]
        message_id = int(last) if last.isdecimal() else record.message_id
        return backend.messages.get(record.channel_id, {}).get(message_id or 0)

    def _callback(self, call: Call, interaction_id: int) -> Any:  # noqa: ANN401 - any JSON
        answer = self._route(call)
        self._world.puppet.acks.settle(interaction_id, True)
        return answer if call.query.get("with_response", "").lower() in ("1", "true") else None

    def _route(self, call: Call) -> Any:  # noqa: ANN401 - any JSON
        return router.dispatch(
            self._world.backend,
            call.method,
            call.path,
            json=call.payload,
            params=dict(call.query),
            files=call.uploads,
            reason=call.reason,
            message_content_access=self._world.setting.message_content,
        )


def _refused(fault: Fault, headers: dict[str, str]) -> web.Response:
    shared = fault.code != 0
    extra = refusal_headers(fault.retry_after, everywhere=fault.everywhere, shared=shared)
    return _json(describe(fault), 429, headers | extra)


def _json(body: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:  # noqa: ANN401
    # Exactly this content type: with a charset in it discord.py takes the body for text.
    return web.Response(
        body=json.dumps(body, default=str).encode(),
        status=status,
        headers={**(headers or {}), "Content-Type": "application/json"},
    )
