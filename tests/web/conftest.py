"""The HTTP face of a real bot, on a free port of this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.jobs.engine.conftest import driver, empty, url, world
from web.doors import Doors
from web.server import listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.jobs.engine.world import Bot, World

__all__ = ["bot", "driver", "empty", "face", "url", "world"]


@pytest.fixture
async def bot(world: World) -> Bot:
    """Start a bot that the vendor can reach."""
    world.public_url, world.webhooks = "https://bot.invalid", True
    return await world.boot()


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Whoever calls the face from outside, and what a test can break behind it."""

    http: aiohttp.ClientSession
    bot: Bot
    port: int = 0
    connected: bool = True
    failures: int = 0
    broken: list[Exception] = field(default_factory=list)

    def doors(self, world: World) -> Doors:
        """Wire the face as `bot.py` does; here a body is the vendor's id after a plain mark."""

        async def totals() -> dict[str, int]:
            if self.broken:
                raise self.broken[0]
            return await self.bot.store.totals(world.clock.now())

        def read_hint(body: bytes) -> str | None:
            return body[5:].decode() if body.startswith(b"good:") else None

        return Doors(
            connected=lambda: self.connected,
            totals=totals,
            failures=lambda: self.failures,
            picture_key=self.bot.store.picture_of,
            picture_path=world.library.picture_path,
            read_hint=read_hint,
            hints=self.bot.hints,
        )

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, body: bytes) -> int:
        async with self.http.post(path, data=body) as answer:
            return answer.status


@pytest.fixture
async def face(world: World, bot: Bot) -> AsyncIterator[Visitor]:
    """Listen, and visit."""
    async with aiohttp.ClientSession() as nobody:
        visitor = Visitor(http=nobody, bot=bot)
        async with (
            listening(visitor.doors(world), "127.0.0.1", 0) as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
        ):
            visitor.http, visitor.port = http, port
            yield visitor
