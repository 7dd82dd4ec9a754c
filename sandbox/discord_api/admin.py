"""Lets another process drive the sandbox: faults, gateway, clock, requests, people."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord import BackendError, SetupError

from sandbox.discord_api.answers import Answer
from sandbox.discord_api.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.discord_api.seen import Seen
    from sandbox.discord_api.server import DiscordSandbox
    from sandbox.discord_api.wire import Payload
    from sandbox.people import Person


class Admin:
    """The routes under `/sandbox/`: JSON in and out; a refusal is a 400 with `error`."""

    def __init__(self, discord: DiscordSandbox) -> None:
        self._discord = discord
        self._verbs: dict[str, Callable[[Person, Payload], Awaitable[Any]]] = {
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "press": self._press,
            "select": self._select,
            "submit": self._submit,
            "say": self._say,
        }

    def routes(self) -> list[web.RouteDef]:
        """Return what the sandbox's server must answer for it."""
        return [
            web.get("/sandbox/state", self._state),
            web.get("/sandbox/requests", self._requests),
            web.delete("/sandbox/requests", self._forget_requests),
            web.get("/sandbox/faults", self._faults),
            web.post("/sandbox/faults", self._set_fault),
            web.delete("/sandbox/faults", self._clear_faults),
            web.post("/sandbox/gateway", self._gateway),
            web.post("/sandbox/clock", self._clock),
            web.get("/sandbox/transcript/{channel}", self._transcript),
            web.get("/sandbox/people/{name}", self._read),
            web.post("/sandbox/people/{name}/{verb}", self._act),
        ]

    # --- the world ----------------------------------------------------------------------------

    async def _state(self, _: web.Request) -> web.Response:
        discord = self._discord
        return _json(
            {
                "connected": discord.gateway.connected,
                "identifies": discord.gateway.identifies,
                "resumes": discord.gateway.resumes,
                "now": discord.world.clock.now_ms(),
                "guild": str(discord.world.guild.id),
                "channels": {name: str(c.id) for name, c in discord.world.channels.items()},
                "people": {name: str(person.id) for name, person in discord.people.items()},
            }
        )

    async def _requests(self, request: web.Request) -> web.Response:
        found = self._discord.requests.to(
            request.query.get("method", ""), request.query.get("path", "")
        )
        return _json([each.to_json() for each in found])

    async def _forget_requests(self, _: web.Request) -> web.Response:
        self._discord.requests.clear()
        return _json({})

    async def _faults(self, _: web.Request) -> web.Response:
        return _json(self._discord.faults.listed())

    async def _set_fault(self, request: web.Request) -> web.Response:
        try:
            self._discord.faults.add(Fault.from_json(await request.json()))
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        return _json(self._discord.faults.listed())

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._discord.faults.clear()
        return _json([])

    async def _gateway(self, request: web.Request) -> web.Response:
        """Do `drop`, `reconnect` or `invalidate` to every connection."""
        body = await request.json()
        gateway, resumable = self._discord.gateway, bool(body.get("resumable", True))
        match body.get("do"):
            case "drop":
                await gateway.drop(resumable=resumable)
            case "reconnect":
                gateway.ask_to_reconnect()
            case "invalidate":
                gateway.invalidate(resumable=resumable)
            case other:
                return _json({"error": f"can't do {other!r} to the gateway"}, 400)
        return _json({})

    async def _clock(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._discord.skip(float(body["skip"]))
        return _json({"now": self._discord.world.clock.now_ms()})

    async def _transcript(self, request: web.Request) -> web.Response:
        channel, viewer = request.match_info["channel"], request.query.get("viewer")
        return _json(self._discord.transcript(channel, viewer=viewer))

    # --- people -------------------------------------------------------------------------------

    async def _read(self, request: web.Request) -> web.Response:
        person = self._discord.person(request.match_info["name"])
        channel = request.query.get("channel", "studio")
        seen = person.dms() if channel == "@me" else person.read(channel)
        return _json([seen_json(each) for each in seen])

    async def _act(self, request: web.Request) -> web.Response:
        try:
            person = self._discord.person(request.match_info["name"])
            act = self._verbs[request.match_info["verb"]]
            outcome = await act(person, await request.json())
        except (SetupError, BackendError, LookupError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        return _json(answer_json(outcome) if isinstance(outcome, Answer) else outcome)

    async def _slash(self, person: Person, body: Payload) -> Answer:
        options = self._values(body.get("options") or {})
        return await person.slash(body["command"], channel=_channel(body), **options)

    async def _autocomplete(self, person: Person, body: Payload) -> list[Payload]:
        choices = await person.autocomplete(
            body["command"],
            body["option"],
            body.get("typed", ""),
            channel=_channel(body),
            **self._values(body.get("options") or {}),
        )
        return [dataclasses.asdict(choice) for choice in choices]

    async def _menu(self, person: Person, body: Payload) -> Answer:
        target: Seen | Person = (
            self._discord.person(body["person"]) if "person" in body else _message(person, body)
        )
        return await person.menu(body["name"], target, channel=_channel(body))

    async def _press(self, person: Person, body: Payload) -> Answer:
        label, custom_id = body.get("label"), body.get("custom_id")
        return await person.press(_message(person, body), label, custom_id=custom_id)

    async def _select(self, person: Person, body: Payload) -> Answer:
        values = self._values({"values": body["values"]})["values"]
        return await person.select(_message(person, body), *values, custom_id=body.get("custom_id"))

    async def _submit(self, person: Person, body: Payload) -> Answer:
        world = self._discord.world
        opened = Answer(world.backend.interactions[int(body["interaction"])], world)
        return await person.submit(opened, self._values(body["values"]))

    async def _say(self, person: Person, body: Payload) -> Payload:
        files = self._values({"files": body.get("files") or []})["files"]
        return seen_json(person.say(body.get("text", ""), *files, channel=_channel(body)))

    def _values(self, values: Payload) -> Payload:
        """Read `{"file": name, "base64": …}` as files and `{"person": name}` as people."""

        def value(given: Any) -> Any:  # noqa: ANN401 - option values are of any kind
            if isinstance(given, list):
                return [value(each) for each in given]
            if isinstance(given, dict) and "file" in given:
                return given["file"], base64.b64decode(given["base64"])
            if isinstance(given, dict) and "person" in given:
                return self._discord.person(given["person"])
            return given

        return {name: value(given) for name, given in values.items()}


def answer_json(answer: Answer) -> Payload:
    """Return an answer as JSON."""
    return {
        "interaction": str(answer.record.id),
        "failed": answer.failed,
        "message": seen_json(answer.message) if answer.message else None,
        "followups": [seen_json(each) for each in answer.followups],
        "form": dataclasses.asdict(answer.form) if answer.form else None,
    }


def seen_json(seen: Seen) -> Payload:
    """Return a message as JSON; files without their content, ids as strings."""
    body = dataclasses.asdict(seen)
    for file in body["files"]:
        del file["data"]
    return body | {"id": str(seen.id), "channel_id": str(seen.channel_id)}


def _message(person: Person, body: Payload) -> Seen:
    channel, wanted = _channel(body), str(body["message"])
    seen = person.dms() if channel == "@me" else person.read(channel)
    for each in seen:
        if str(each.id) == wanted:
            return each
    raise LookupError(f"{person.name} sees no message {wanted} in {channel}")


def _channel(body: Payload) -> str:
    return str(body.get("channel", "studio"))


def _json(body: Any, status: int = 200) -> web.Response:  # noqa: ANN401 - any JSON
    return web.json_response(
        body, status=status, dumps=lambda value: json.dumps(value, default=str)
    )
