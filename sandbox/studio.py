"""Everything together on loopback: a Discord, an Akool, and the real bot between them."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self, TypeVar

from jobs.clock import SystemClock
from sandbox.akool_api.app import AkoolEmulator
from sandbox.akool_api.settings import VendorSettings
from sandbox.bot_process import ROOT, BotProcess
from sandbox.discord_api.server import DiscordSandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from pathlib import Path
    from types import TracebackType

    from aiohttp.typedefs import Middleware

    from sandbox.discord_api.world import Setting

START_S: Final = 45.0
TOKEN: Final = "sandbox.bot.token"  # noqa: S105 - of a Discord that exists on this machine only

_T = TypeVar("_T")


class BotDiedError(RuntimeError):
    """The bot's process ended by itself; the message has its exit code and the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioSettings:
    """What may be chosen: world, vendor, the page's port, and more variables for the bot.

    `middlewares` see every request that reaches Discord or Akool. Without `bot_starts` the bot
    waits for `start_bot`. `program` runs in the place of `bot.py`, `within` that command.
    """

    setting: Setting | None = None
    vendor: VendorSettings = field(default_factory=VendorSettings)
    port: int = 0
    variables: Mapping[str, str] = field(default_factory=dict)
    middlewares: tuple[Middleware, ...] = ()
    bot_starts: bool = True
    program: Path = ROOT / "bot.py"
    within: tuple[str, ...] = ()


class Studio:
    """Use as `async with Studio(folder) as studio:`; the bot's data lives in the folder."""

    discord: DiscordSandbox
    akool: AkoolEmulator
    bot: BotProcess

    def __init__(self, folder: Path, settings: StudioSettings | None = None) -> None:
        self.folder = folder.resolve()
        self._settings = settings or StudioSettings()
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start both worlds and the bot, and wait until it has registered its commands.

        Raises BotDiedError when the bot ends before that.
        """
        async with AsyncExitStack() as closing:
            self.discord = DiscordSandbox(self._settings.setting, port=self._settings.port)
            self.discord.middlewares.extend(self._settings.middlewares)
            await closing.enter_async_context(self.discord)
            self.akool = self._emulator()
            closing.push_async_callback(self.akool.close)
            base = await self.akool.start()
            self.bot = BotProcess(
                self.folder,
                self._variables(base),
                self._settings.program,
                self._settings.within,
            )
            closing.push_async_callback(self.bot.stop)
            if self._settings.bot_starts:
                await self.start_bot()
            self._closing = closing.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the bot, then its worlds."""
        await self._closing.aclose()

    def _emulator(self) -> AkoolEmulator:
        emulator = AkoolEmulator(
            clock=SystemClock(), rng=random.SystemRandom(), settings=self._settings.vendor
        )
        emulator.app.middlewares.extend(self._settings.middlewares)
        return emulator

    def _variables(self, akool_base: str) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": self.discord.api_base,
            "AKOOL_API_KEY": self.akool.settings.client_secret,
            "AKOOL_BASE_URL": akool_base,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "MEDIA_DIR": str(self.folder / "media"),
            "HTTP_PORT": "0",
            "POLL_SECONDS": "1",
            **self._settings.variables,
        }

    @property
    def database(self) -> Path:
        """The bot's SQLite file."""
        return self.folder / "muybridge.db"

    async def start_bot(self) -> None:
        """Start the bot's process, again after a kill, and wait until it is connected.

        Raises BotDiedError when it ends before that.
        """
        await self.discord.gone()
        await self.bot.start()
        await self.while_alive(self.discord.ready(START_S))

    async def while_alive(self, doing: Awaitable[_T]) -> _T:
        """Await something that needs the bot. Raises BotDiedError when the bot ends first."""
        task = asyncio.ensure_future(doing)
        dying = asyncio.ensure_future(self.bot.ended())
        try:
            await asyncio.wait({task, dying}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise BotDiedError(self._epitaph())
            return await task
        finally:
            for each in (task, dying):
                each.cancel()
            await asyncio.gather(task, dying, return_exceptions=True)

    def _epitaph(self) -> str:
        words = self.bot.last_words()
        # A bot that lacks a package ends before it could say anything of its own.
        missing = "ModuleNotFoundError" in words or "ImportError" in words
        advice = "\nA package is missing: `make clean demo` sets all up anew." if missing else ""
        return (
            f"the bot ended with exit code {self.bot.returncode}; the end of its log:\n"
            f"{words}{advice}"
        )

    @property
    def paid(self) -> int:
        """Credits that the vendor has taken in all, less what it gave back."""
        return sum(line.credits for line in self.akool.bill)
