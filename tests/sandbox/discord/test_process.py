"""The bot as a process of its own: told one address, killed, started again."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord_api.server import DiscordSandbox

TINY_BOT = Path(__file__).with_name("tiny_bot.py")


@asynccontextmanager
async def bot_process(discord: DiscordSandbox) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {**os.environ, "DISCORD_API_BASE": discord.api_base}
    process = await asyncio.create_subprocess_exec(sys.executable, TINY_BOT, env=environment)
    try:
        await discord.ready(20)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_killed_bot_is_replaced_and_finds_the_world_as_it_was(
    discord_sandbox: DiscordSandbox, photo: tuple[str, bytes]
) -> None:
    alice = discord_sandbox.person("Alice")
    async with bot_process(discord_sandbox) as first:
        await alice.slash("make", image=photo, prompt="wind")
        posted = await alice.sees(lambda seen: seen.buttons)
        first.kill()
        await first.wait()
    await discord_sandbox.gone(5)
    assert (await alice.press(posted, "Again")).failed
    async with bot_process(discord_sandbox):
        assert (await alice.press(posted, "Again")).text == "again 7"
    assert discord_sandbox.gateway.identifies == 2
    assert [seen.id for seen in alice.read() if seen.files] == [posted.id]
