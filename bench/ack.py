"""Time how soon the bot's process acknowledges commands while a thousand clips render."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web
from PIL import Image

from sandbox.akool_api.settings import Endpoint, VendorSettings
from sandbox.bot_process import BotProcess
from sandbox.studio import Studio, StudioSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp.typedefs import Handler

CLIPS: Final = 1000
PER_SECOND: Final = 50
SECONDS: Final = 20
VARIATIONS: Final = 4
MOST_MS: Final = 150
"""What 99 of 100 acknowledgements are to stay below (docs/quality.md)."""

LOAD_S: Final = 120

LAST_MS: Final = 3000
"""After that Discord tells the member that the application did not respond."""

VARIABLES: Final = {
    "DEFAULT_ALLOWANCE": "1000000",
    "DAILY_CREDIT_CEILING": "1000000",
    "SUBMIT_PER_SECOND": "100",
    "SUBMIT_CONCURRENCY": "8",
    "LOG_LEVEL": "WARNING",
}
COMMANDS: Final = ("credits", "help", "models", "videos")


@dataclass
class Watch:
    """Notes when each interaction's first answer reached Discord (seconds, monotonic)."""

    answered: dict[int, float] = field(default_factory=dict)

    @property
    def middleware(self) -> object:
        """Return what sees every request on its way."""

        @web.middleware
        async def see(request: web.Request, handler: Handler) -> web.StreamResponse:
            parts = request.path.split("/")
            if parts[-1] == "callback":
                self.answered.setdefault(int(parts[-3]), time.perf_counter())
            return await handler(request)

        return see


def photo() -> tuple[str, bytes]:
    """Make a picture to start from."""
    written = io.BytesIO()
    Image.new("RGB", (640, 360), (200, 120, 60)).save(written, "JPEG")
    return "photo.jpg", written.getvalue()


async def load(studio: Studio) -> None:
    """Place orders until that many clips render."""
    alice, picture = studio.discord.people["Alice"], photo()
    for _ in range(CLIPS // VARIATIONS):
        answer = await alice.slash(
            "animate", image=picture, prompt="a slow push in", variations=VARIATIONS
        )
        seen = await alice.answered(answer, seconds=120)
        if "Confirm" in [button.label for button in seen.buttons]:
            await alice.press(seen, "Confirm")
    async with asyncio.timeout(LOAD_S):
        while studio.akool.calls.get(Endpoint.BATCH, 0) < CLIPS // VARIATIONS:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.5)
    print(f"{CLIPS} clips render", flush=True)


async def ask(studio: Studio, watch: Watch, number: int) -> float:
    """Run one command; return the milliseconds until it was acknowledged."""
    people = list(studio.discord.people.values())
    who, command = people[number % len(people)], COMMANDS[number % len(COMMANDS)]
    begun = time.perf_counter()
    answer = await who.slash(command)
    return (watch.answered[answer.record.id] - begun) * 1000


async def measure(studio: Studio, watch: Watch) -> list[float]:
    """Run commands at a steady pace, whether earlier ones are answered or not."""
    begun, asked = time.perf_counter(), []
    for number in range(PER_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
        asked.append(asyncio.create_task(ask(studio, watch, number)))
    return await asyncio.gather(*asked)


def allow_many(database: Path, guild_id: int) -> None:
    """Lift the server's limits, as its moderators could."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            """INSERT INTO guilds (guild_id, clips_at_once, confirm_price)
               VALUES (?, 100000, 100000)""",
            (guild_id,),
        )


async def main() -> None:
    """Run it and print the figures; the sandbox shares the machine with the bot."""
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        settings = StudioSettings(
            vendor=VendorSettings(drawing=False, render_seconds=3600, balance=10**9),
            variables=VARIABLES,
            middlewares=(watch.middleware,),  # type: ignore[arg-type]  # aiohttp's own decorator
            bot_starts=False,
        )
        async with Studio(Path(folder), settings) as studio:
            await BotProcess(studio.folder, studio.bot.settings).command("migrate")
            allow_many(studio.database, studio.discord.world.guild.id)
            await studio.start_bot()
            await load(studio)
            report(await measure(studio, watch))


def report(waits: Iterable[float]) -> None:
    """Print the spread."""
    waits = sorted(waits)
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{len(waits)} commands at {PER_SECOND} a second, {CLIPS} clips rendering: acknowledged in "
        f"{cuts[49]:.0f} ms (half), {cuts[98]:.0f} ms (99 of 100), {waits[-1]:.0f} ms (all)"
    )
    kept = "kept" if cuts[98] < MOST_MS and waits[-1] < LAST_MS else "MISSED"
    print(f"the bar is {MOST_MS} ms for 99 of 100 and {LAST_MS} ms for all: {kept}")


if __name__ == "__main__":
    asyncio.run(main())
