"""`/soundtrack`, and Sound below a result: new sound for a finished clip, as a clip of its own."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs import sound_words
from cogs.admission import place_again
from cogs.confirm import propose
from cogs.desk import upload_of
from cogs.dynamic import Press
from cogs.errors import acknowledge
from cogs.lists import named_choice
from cogs.offers import MOST
from cogs.replies import reply_to
from cogs.sharing import is_shared_here
from cogs.where import member_of, services_of
from jobs.soundtracks import Soundtracked, name_of

if TYPE_CHECKING:
    from cogs.client import Muybridge

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 2.0
"""Discord drops an autocomplete answer after three seconds."""

Typed = app_commands.Range[str, 1, 100]


class SoundtrackCog(commands.Cog):
    """The command, and the clips that it offers while one is typed."""

    def __init__(self, bot: Muybridge) -> None:
        self._desk = bot.desk
        self._browsing = bot.services.browsing

    @app_commands.command(name="soundtrack", description=sound_words.SOUNDTRACK.english)
    @app_commands.describe(
        video=sound_words.SOUNDTRACK_VIDEO.english, track=sound_words.SOUNDTRACK_TRACK.english
    )
    async def soundtrack(
        self,
        interaction: discord.Interaction,
        video: Typed,
        track: discord.Attachment | None = None,
    ) -> None:
        """Hand what was typed to the desk."""
        asked = Soundtracked(video=video, track=track is not None)
        own = None if track is None else upload_of(track)
        await self._desk.take(interaction, asked, track=own)

    @soundtrack.autocomplete("video")
    async def _videos(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._browsing.sources(
                    interaction.guild_id, interaction.user.id, current, MOST
                )
        except TimeoutError:
            logger.warning("the clips of a member could not be listed in time")
            return []
        names = [(name_of(order, clip), order.options.title) for order, clip in found]
        return [
            app_commands.Choice(name=named_choice(name, title), value=name) for name, title in names
        ]


class Sound(Press, name="sound", label=sound_words.SOUND):
    """Offers sound of the video service's own for a clip; whoever presses it pays."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        services = services_of(interaction)
        order, clip = await services.ordering.clip(self.about)
        member = await member_of(interaction, order.member.guild_id)
        openly = is_shared_here(interaction, clip)
        order = await services.ordering.usable(order, (clip,), member, openly=openly)
        options = services.ordering.with_sound(order, clip, None)
        place = await place_again(interaction, order)
        draft = await services.ordering.draft(interaction.id, member, place, options)
        await propose(reply_to(interaction), services, draft, member)


async def setup(bot: Muybridge) -> None:
    """Add the command, and make the button work."""
    await bot.add_cog(SoundtrackCog(bot))
    bot.add_buttons(Sound)
