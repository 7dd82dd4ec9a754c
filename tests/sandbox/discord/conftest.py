"""A simulated Discord for each test, and a small real bot that is connected to it."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image

from sandbox.discord_api.server import DiscordSandbox
from tests.sandbox.discord.tiny_bot import TinyBot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.people import Person


@dataclass(slots=True)
class Lab:
    """The sandbox with a small real bot connected to it over sockets."""

    discord: DiscordSandbox
    bot: TinyBot

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @property
    def bob(self) -> Person:
        return self.discord.person("Bob")

    @property
    def mona(self) -> Person:
        return self.discord.person("Mona")

    @property
    def studio(self) -> int:
        """The id of #studio."""
        return self.discord.world.channels["studio"].id


@asynccontextmanager
async def connected(
    discord: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TinyBot]:
    """Run a bot against the sandbox in this event loop; only its addresses are set."""
    monkeypatch.setattr(Route, "BASE", discord.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    bot = TinyBot()
    running = asyncio.create_task(bot.start("any-token"))
    try:
        await discord.ready(10)
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        yield bot
    finally:
        await bot.close()
        await running


@pytest.fixture
async def discord_sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox() as discord:
        yield discord


@pytest.fixture
async def lab(
    discord_sandbox: DiscordSandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Lab]:
    async with connected(discord_sandbox, monkeypatch) as bot:
        yield Lab(discord_sandbox, bot)


@pytest.fixture
def photo() -> tuple[str, bytes]:
    """Make a small real JPEG."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 90, 20)).save(written, "JPEG")
    return "my cat.jpg", written.getvalue()
