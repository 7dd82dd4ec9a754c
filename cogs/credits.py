"""`/credits`: one's own wallet, in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from cogs import words
from cogs.errors import acknowledge
from cogs.render import wallet
from cogs.where import member_of

if TYPE_CHECKING:
    from cogs.client import Muybridge, Services


class CreditsCog(commands.Cog):
    """What a member may know of the own credits."""

    def __init__(self, services: Services) -> None:
        self._ordering = services.ordering

    @app_commands.command(name="credits", description=words.CREDITS_COMMAND.english)
    async def credits_(self, interaction: discord.Interaction) -> None:
        """Show the wallet as it is now."""
        await acknowledge(interaction)
        view = await self._ordering.wallet(await member_of(interaction))
        await interaction.edit_original_response(content=wallet(view))


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(CreditsCog(bot.services))
