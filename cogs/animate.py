"""`/animate`: a picture and a sentence become an order of one to ten clips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from cogs import offers, words
from cogs.desk import upload_of
from jobs.asking import LONGEST_PROMPT, MOST_VARIATIONS, Animate

if TYPE_CHECKING:
    from cogs.client import Muybridge

Text = app_commands.Range[str, 1, LONGEST_PROMPT]
Count = app_commands.Range[int, 1, MOST_VARIATIONS]


class AnimateCog(commands.Cog):
    """The command."""

    def __init__(self, bot: Muybridge) -> None:
        self._desk = bot.desk

    @app_commands.command(name="animate", description=words.ANIMATE.english)
    @app_commands.describe(
        image=words.ANIMATE_IMAGE.english,
        prompt=words.ANIMATE_PROMPT.english,
        model=words.ANIMATE_MODEL.english,
        resolution=words.ANIMATE_RESOLUTION.english,
        seconds=words.ANIMATE_SECONDS.english,
        variations=words.ANIMATE_VARIATIONS.english,
        avoid=words.ANIMATE_AVOID.english,
        last_frame=words.ANIMATE_LAST_FRAME.english,
        sound=words.ANIMATE_SOUND.english,
        private=words.ANIMATE_PRIVATE.english,
    )
    @offers.completed
    async def animate(  # noqa: PLR0913, PLR0917 - the options of the command
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        prompt: Text,
        model: str | None = None,
        resolution: str | None = None,
        seconds: int | None = None,
        variations: Count = 1,
        avoid: Text | None = None,
        last_frame: discord.Attachment | None = None,
        sound: bool = False,
        private: bool = False,
    ) -> None:
        """Hand what was typed to the desk."""
        asked = Animate(
            prompt=prompt,
            model=model,
            resolution=resolution,
            seconds=seconds,
            variations=variations,
            avoid=avoid or "",
            last_frame=last_frame is not None,
            sound=sound,
            private=private,
        )
        last = None if last_frame is None else upload_of(last_frame)
        await self._desk.take(interaction, asked, upload_of(image), last_frame=last)


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(AnimateCog(bot))
