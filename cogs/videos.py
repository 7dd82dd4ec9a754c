"""`/videos`: a member's orders, newest first, or one of them with live buttons again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs import words
from cogs.browsing import Look, bring_kept, check_may_look, show_list, show_order
from cogs.errors import acknowledge
from cogs.lists import choice
from cogs.moderators import is_moderator, viewer_of
from cogs.offers import MOST
from jobs.errors import NotYourOrder
from jobs.ids import code

if TYPE_CHECKING:
    from cogs.client import Muybridge, Services

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 2.0
"""Discord drops an autocomplete answer after three seconds."""

Typed = app_commands.Range[str, 1, 100]


class VideosCog(commands.Cog):
    """The command, and the orders that it offers while one is typed."""

    def __init__(self, services: Services) -> None:
        self._browsing = services.browsing

    @app_commands.command(name="videos", description=words.VIDEOS.english)
    @app_commands.describe(order=words.VIDEOS_ORDER.english, member=words.VIDEOS_MEMBER.english)
    async def videos(
        self,
        interaction: discord.Interaction,
        order: Typed | None = None,
        member: discord.User | None = None,
    ) -> None:
        """Show the list, or the order that was named."""
        await acknowledge(interaction)
        viewer = await viewer_of(interaction)
        owner = interaction.user.id if member is None else member.id
        check_may_look(viewer, owner)
        if order is None:
            await show_list(interaction, Look(owner=owner))
            return
        found = await self._browsing.by_code(order, viewer)
        if member is not None and found.member.user_id != owner:
            raise NotYourOrder
        await show_order(interaction, found, Look(owner=found.member.user_id))
        await bring_kept(interaction, found)

    @videos.autocomplete("order")
    async def _orders(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        try:
            async with asyncio.timeout(PATIENCE_S):
                owner = await _owner(interaction)
                found = await self._browsing.suggest(interaction.guild_id, owner, current, MOST)
        except TimeoutError:
            logger.warning("the orders of a member could not be listed in time")
            return []
        return [
            app_commands.Choice(name=choice(one.id, one.prompt), value=code(one.id))
            for one in found
        ]


async def _owner(interaction: discord.Interaction) -> int:
    """Say whose orders are offered: the named member's to a moderator, else one's own."""
    named = getattr(interaction.namespace.member, "id", None)
    if named is not None and await is_moderator(interaction):
        return int(named)
    return interaction.user.id


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(VideosCog(bot.services))
