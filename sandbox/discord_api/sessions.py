"""One bot session on the gateway: what it wants to hear, what it heard, what it missed."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from simcord import intents as event_intents

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord
    from aiohttp import web

    from sandbox.discord_api.wire import Payload

REMEMBERED_EVENTS: Final = 1000


class Line:
    """One WebSocket connection. Frames are queued, so that whoever sends need not wait."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()

    def send(
        self, op: int, data: object, *, event: str | None = None, seq: int | None = None
    ) -> None:
        """Queue one frame (docs: events/gateway, "Gateway event payload structure")."""
        self._frames.put_nowait(
            json.dumps({"op": op, "d": data, "t": event, "s": seq}, default=str)
        )

    def end(self) -> None:
        """Let `pump` return when all that was queued is out."""
        self._frames.put_nowait(None)

    async def pump(self) -> None:
        """Write what is queued until the end, or until the other side is gone."""
        while (frame := await self._frames.get()) is not None:
            if self.socket.closed:
                return
            try:
                await self.socket.send_str(frame)
            except ConnectionError:
                return


@dataclass(slots=True, kw_only=True)
class Session:
    """What the gateway keeps for one shard of one bot process.

    `line` is None while it is disconnected. `held` is True when the sandbox itself cut the line:
    then events wait for a RESUME; when the bot went away, interactions must fail at once.
    """

    shard: tuple[int, int]
    intents: discord.Intents
    line: Line | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    seq: int = 0
    held: bool = False
    resumable: bool = True
    missed: deque[tuple[int, str, Payload]] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS)
    )

    @property
    def hears(self) -> bool:
        """Whether an event will reach the bot, now or after it resumes."""
        return self.line is not None or (self.held and self.resumable)

    def wants(self, event: str, payload: Mapping[str, object]) -> bool:
        """Tell whether the event belongs to this shard and to the intents it declared."""
        if shard_of(event, payload, self.shard[1]) != self.shard[0]:
            return False
        intent = event_intents.required_intent(event, payload)
        return intent is None or bool(getattr(self.intents, intent))

    def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, and remember it in case the bot has to resume."""
        self.seq += 1
        self.missed.append((self.seq, event, data))
        if self.line is not None:
            self.line.send(0, data, event=event, seq=self.seq)

    def resume(self, line: Line, last_seen: int) -> None:
        """Continue on a new connection: replay what came after `last_seen`."""
        self.line, self.held = line, False
        for seq, event, data in self.missed:
            if seq > last_seen:
                line.send(0, data, event=event, seq=seq)
        self.seq += 1
        line.send(0, {}, event="RESUMED", seq=self.seq)


def shard_of(event: str, payload: Mapping[str, object], count: int) -> int:
    """Return the shard of an event: its guild's, or 0 (docs: events/gateway, "Sharding")."""
    guild_id = payload.get("guild_id")
    if guild_id is None and event in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"):
        guild_id = payload.get("id")
    return 0 if guild_id is None else (int(str(guild_id)) >> 22) % count
