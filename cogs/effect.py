"""`/effect`: a picture and a named effect become an order of one clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from cogs import effect_offers, words
from cogs.desk import upload_of
from jobs.effects import Effected

if TYPE_CHECKING:
    from cogs.client import Muybridge


class EffectCog(commands.Cog):
    """The command, and what it offers while its options are typed."""

    def __init__(self, bot: Muybridge) -> None:
        self._desk = bot.desk
        self._catalogue = bot.services.catalogue

    @app_commands.command(name="effect", description=words.EFFECT.english)
    @app_commands.describe(
        image=words.ANIMATE_IMAGE.english,
        effect=words.EFFECT_EFFECT.english,
        resolution=words.ANIMATE_RESOLUTION.english,
        seconds=words.ANIMATE_SECONDS.english,
        sound=words.EFFECT_SOUND.english,
        track=words.EFFECT_TRACK.english,
        fast=words.EFFECT_FAST.english,
        private=words.ANIMATE_PRIVATE.english,
    )
    async def effect(  # noqa: PLR0913, PLR0917 - the options of the command
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        effect: str,
        resolution: str | None = None,
        seconds: int | None = None,
        sound: bool = False,
        track: discord.Attachment | None = None,
        fast: bool = False,
        private: bool = False,
    ) -> None:
        """Hand what was typed to the desk."""
        asked = Effected(
            effect=effect,
            resolution=resolution,
            seconds=seconds,
            sound=sound,
            track=track is not None,
            fast=fast,
            private=private,
        )
        own = None if track is None else upload_of(track)
        await self._desk.take(interaction, asked, upload_of(image), track=own)

    @effect.autocomplete("effect")
    async def _effects(
        self, _: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return effect_offers.effects(self._catalogue, current)

    @effect.autocomplete("resolution")
    async def _resolutions(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return effect_offers.resolutions(interaction.namespace, current)

    @effect.autocomplete("seconds")
    async def _seconds(
        self, interaction: discord.Interaction, current: str | int
    ) -> list[app_commands.Choice[int]]:
        return effect_offers.seconds(interaction.namespace, str(current))


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(EffectCog(bot))
