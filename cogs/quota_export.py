"""`/quota export`: the wallets and entries of a server as CSV files, for whoever asks alone."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from cogs import quota_words
from cogs.errors import acknowledge
from cogs.quota import QUOTA, doing_of
from cogs.where import services_of, upload_limit
from jobs.exporting import MOST_DAYS, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cogs.client import Muybridge

Days = app_commands.Range[int, 1, MOST_DAYS]


@QUOTA.command(name="export", description=quota_words.EXPORT.english)
@app_commands.describe(days=quota_words.EXPORT_DAYS.english)
async def export(interaction: discord.Interaction, days: Days = 30) -> None:
    """Write the files, and send them in as many private messages as it takes."""
    await acknowledge(interaction)
    guild_id = doing_of(interaction).guild_id
    with tempfile.TemporaryDirectory() as folder:
        paths = await services_of(interaction).exporting.write(guild_id, days, Path(folder))
        messages = await asyncio.to_thread(packed, paths, upload_limit(interaction))
        for number, together in enumerate(messages, start=1):
            await _send(interaction, together, days, (number, len(messages)))


async def _send(
    interaction: discord.Interaction, paths: Sequence[Path], days: int, part: tuple[int, int]
) -> None:
    number, total = part
    with ExitStack() as opened:
        files = [discord.File(path) for path in paths]
        for file in files:
            opened.callback(file.close)
        if number == 1:
            said = quota_words.EXPORTED(days)
            await interaction.edit_original_response(content=said, attachments=files)
        else:
            more = quota_words.EXPORTED_MORE(number=number, total=total)
            await interaction.followup.send(more, files=files, ephemeral=True)


async def setup(bot: Muybridge) -> None:
    """Check that `/quota`, which this is a part of, was added before. Raises RuntimeError."""
    if bot.tree.get_command(QUOTA.name) is not QUOTA:
        raise RuntimeError(f"/{QUOTA.name} is not there yet, expected it before its export")
