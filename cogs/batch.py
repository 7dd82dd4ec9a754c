"""`/batch`: a form with up to ten pictures and one sentence becomes one order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs import form_words, forms, offers, words
from cogs.admission import admit
from cogs.where import member_of
from jobs.asking import Animate, choose
from jobs.forms import FormKind

if TYPE_CHECKING:
    from cogs.client import Muybridge

_TO_BE_TYPED: Final = "x"


class BatchCog(commands.Cog):
    """The command."""

    def __init__(self, bot: Muybridge) -> None:
        self._services = bot.services

    @app_commands.command(name="batch", description=form_words.BATCH.english)
    @app_commands.describe(
        model=words.ANIMATE_MODEL.english,
        resolution=words.ANIMATE_RESOLUTION.english,
        seconds=words.ANIMATE_SECONDS.english,
        sound=words.ANIMATE_SOUND.english,
        private=words.ANIMATE_PRIVATE.english,
    )
    @offers.completed
    async def batch(
        self,
        interaction: discord.Interaction,
        model: str | None = None,
        resolution: str | None = None,
        seconds: int | None = None,
        sound: bool = False,
        private: bool = False,
    ) -> None:
        """Check the options while nothing is typed yet, then open the form."""
        asked = Animate(
            prompt=_TO_BE_TYPED,
            model=model,
            resolution=resolution,
            seconds=seconds,
            sound=sound,
            private=private,
        )
        async with forms.in_time():
            await admit(interaction, private=private)
            member = await member_of(interaction)
            asked = await self._services.ordering.within(asked, member)
        chosen = choose(asked, self._services.catalogue)
        empty = Animate(
            prompt="",
            model=chosen.model.value,
            resolution=chosen.resolution,
            seconds=chosen.seconds,
            sound=sound,
            private=private,
        )
        async with forms.in_time():
            form = await self._services.forms.open(FormKind.BATCH, member, empty)
        await forms.show(interaction, form)


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(BatchCog(bot))
