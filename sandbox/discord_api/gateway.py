"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats, and the world's events for each shard."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import discord
from aiohttp import WSMsgType, web
from simcord import intents as event_intents

from sandbox.discord_api import payloads
from sandbox.discord_api.chunks import member_chunk
from sandbox.discord_api.faults import FaultKind
from sandbox.discord_api.sessions import Line, Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.discord_api.cdn import Links
    from sandbox.discord_api.faults import Faults
    from sandbox.discord_api.pulse import Pulse
    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World

logger = logging.getLogger(__name__)

HEARTBEAT_MS: Final = 41_250

# Close codes: docs, topics/opcodes-and-status-codes.
_BAD_TOKEN, _BAD_INTENTS, _CUT, _AWAY = 4004, 4014, 4000, 1001


class Op(IntEnum):
    """Opcodes (docs: topics/opcodes-and-status-codes)."""

    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Gateway:
    """Every session of the bot, by shard."""

    def __init__(self, world: World, links: Links, faults: Faults, pulse: Pulse) -> None:
        self._world = world
        self._links = links
        self._faults = faults
        self._pulse = pulse
        self._sessions: dict[int, Session] = {}
        self._lines: set[Line] = set()
        self.address = ""
        self.identifies = 0
        self.resumes = 0
        self.resumes_refused = 0
        self.turned_away = 0
        self._down = False
        world.backend.subscribers.append(self._on_event)

    @property
    def connected(self) -> bool:
        """Whether a bot is there to hear anything."""
        return any(session.line is not None for session in self._sessions.values())

    # --- events -------------------------------------------------------------------------------

    def _on_event(self, event: str, payload: Mapping[str, Any]) -> None:
        self._pulse.beat()
        if event == "INTERACTION_CREATE":
            self._interaction(payload)
            return
        if event == "GUILD_CREATE":
            payload = payloads.guild_create(
                self._world, self._world.backend.guilds[int(payload["id"])]
            )
        for session in self._sessions.values():
            if session.wants(event, payload):
                session.dispatch(event, self._shaped(session, event, payload))

    def _interaction(self, payload: Mapping[str, Any]) -> None:
        """Deliver an interaction, once as a rule; with nobody there it has failed already."""
        hearing = [
            session
            for session in self._sessions.values()
            if session.hears and session.wants("INTERACTION_CREATE", payload)
        ]
        if not hearing:
            return
        self._world.puppet.acks.begin(int(payload["id"]))
        fault = self._faults.for_interaction()
        copies = {FaultKind.INTERACTION_TWICE: 2, FaultKind.INTERACTION_LOST: 0}
        for session in hearing:
            for _ in range(copies.get(fault, 1) if fault else 1):
                data = self._shaped(session, "INTERACTION_CREATE", payload)
                session.dispatch("INTERACTION_CREATE", data)

    def _shaped(self, session: Session, event: str, payload: Mapping[str, Any]) -> Payload:
        """Return the event as this session may see it."""
        data: Payload = copy.deepcopy(dict(payload))
        if event == "INTERACTION_CREATE":
            data = payloads.interaction(self._world, data)
        elif event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            payloads.without_listed_files(data)
            if self._world.nonce is not None:
                data["nonce"] = self._world.nonce
            if not session.intents.message_content:
                own = self._world.backend.bot_user.id
                event_intents.censor_message(data, own, backend=self._world.backend)
        shaped: Payload = self._links.outward(data)
        return shaped

    # --- connections --------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until either side ends it."""
        if self._down:
            return await self._turn_away(request)
        socket = web.WebSocketResponse(max_msg_size=0, compress=False, timeout=1.0)
        try:
            await socket.prepare(request)
        except ConnectionResetError:
            return socket  # a bot that was killed while it connected
        line = Line(socket)
        self._lines.add(line)
        pump = asyncio.create_task(line.pump())
        line.send(Op.HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(line, json.loads(message.data))
        finally:
            self._lines.discard(line)
            self._hang_up(line)
            line.end()
            await pump
        return socket

    async def _turn_away(self, request: web.Request) -> web.WebSocketResponse:
        """Answer as a service that is down: with a 503, or by hanging up before HELLO."""
        self.turned_away += 1
        self._pulse.beat()
        if self.turned_away % 2:
            raise web.HTTPServiceUnavailable(text="upstream connect error")
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        await socket.close(code=_AWAY)
        return socket

    async def _receive(self, line: Line, frame: Payload) -> None:
        match frame["op"]:
            case Op.HEARTBEAT:
                line.send(Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY:
                await self._identify(line, frame["d"])
            case Op.RESUME:
                self._resume(line, frame["d"])
            case Op.REQUEST_GUILD_MEMBERS:
                self._members(line, frame["d"])
            case _:
                pass  # presence, voice: nothing here depends on them

    async def _identify(self, line: Line, data: Payload) -> None:
        """Start a session. It takes the shard over from whoever had it: a restarted bot is new."""
        intents = discord.Intents._from_value(int(data["intents"]))  # noqa: SLF001 - no public way
        refusal = self._refusal(str(data["token"]), intents)
        if refusal is not None:
            await line.socket.close(code=refusal)
            return
        number, count = data.get("shard") or (0, 1)
        session = Session(shard=(number, count), intents=intents, line=line)
        self._sessions[number] = session
        self.identifies += 1
        ready = payloads.ready(self._world, session.id, session.shard, self.address)
        session.dispatch("READY", ready)
        for guild in payloads.guilds_of(self._world, session.shard) if intents.guilds else []:
            session.dispatch("GUILD_CREATE", payloads.guild_create(self._world, guild))
        self._pulse.beat()

    def _refusal(self, token: str, intents: discord.Intents) -> int | None:
        """Return the close code for a bot that may not connect like this."""
        setting = self._world.setting
        if setting.token and token.removeprefix("Bot ") != setting.token:
            return _BAD_TOKEN
        reads_content = intents.message_content and not setting.message_content
        privileged = intents.members or intents.presences or reads_content
        return _BAD_INTENTS if privileged else None

    def _resume(self, line: Line, data: Payload) -> None:
        session = next((s for s in self._sessions.values() if s.id == data["session_id"]), None)
        if session is None or not session.resumable:
            line.send(Op.INVALID_SESSION, False)
            self.resumes_refused += 1
            self._pulse.beat()
            return
        self.resumes += 1
        session.resume(line, int(data["seq"]))
        self._pulse.beat()

    def _members(self, line: Line, data: Payload) -> None:
        session = self._session_on(line)
        if session is not None:
            session.dispatch("GUILD_MEMBERS_CHUNK", member_chunk(self._world.backend, data))

    def _session_on(self, line: Line) -> Session | None:
        return next((s for s in self._sessions.values() if s.line is line), None)

    def _hang_up(self, line: Line) -> None:
        session = self._session_on(line)
        if session is not None:
            session.line = None
            self._pulse.beat()

    # --- for tests ----------------------------------------------------------------------------

    async def drop(self, *, resumable: bool = True) -> None:
        """Cut every connection, as a network fault does; events wait for the bot to resume."""
        for session in self._sessions.values():
            line, session.line = session.line, None
            session.held, session.resumable = True, resumable
            if line is not None:
                await line.socket.close(code=_CUT)

    def ask_to_reconnect(self) -> None:
        """Send op 7 to every session: connect again and resume."""
        for session in self._sessions.values():
            if session.line is not None:
                session.line.send(Op.RECONNECT, None)
                session.held, session.line = True, None

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9 to every session; a session that is not resumable is gone."""
        for session in list(self._sessions.values()):
            if session.line is not None:
                session.line.send(Op.INVALID_SESSION, resumable)
                session.held, session.line, session.resumable = resumable, None, resumable

    async def shut(self) -> None:
        """Be down until `open`: every session is gone, and whoever connects is turned away."""
        self._down, self.turned_away = True, 0
        await self.drop(resumable=False)
        await self._end_lines()

    def open(self) -> None:
        """Take connections again."""
        self._down = False

    async def _end_lines(self) -> None:
        for line in list(self._lines):
            await line.socket.close(code=_AWAY, message=b"Going away")

    async def close(self) -> None:
        """End every connection: the server is going away."""
        self._world.backend.subscribers.remove(self._on_event)
        await self._end_lines()
