"""Who moderates a server: whoever may manage it, or has a role that `/settings` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cogs.where import services_of
from jobs.browsing import Viewer
from jobs.errors import ModeratorsOnly, NotModerator, NotServed

if TYPE_CHECKING:
    import discord


FOR_MODERATORS: Final = "moderators"
"""Marks, among a command's extras, what Discord shows to all and only moderators may use."""


async def is_moderator(interaction: discord.Interaction) -> bool:
    """Tell whether who acts moderates the guild in which they act; nobody does elsewhere.

    Roles and permissions are those that Discord sent with the interaction. Commands that Discord
    gates itself (`/quota`, `/settings`) need no such question: its integration settings decide.
    """
    if interaction.guild_id is None:
        return False
    if interaction.permissions.manage_guild:
        return True
    rules = await services_of(interaction).ordering.rules(interaction.guild_id)
    roles = getattr(interaction.user, "roles", ())
    return not rules.moderator_roles.isdisjoint(role.id for role in roles)


async def check_moderator(interaction: discord.Interaction) -> None:
    """Turn away who does not moderate here. Raises NotModerator."""
    if not await is_moderator(interaction):
        raise NotModerator


async def viewer_of(interaction: discord.Interaction) -> Viewer:
    """Return who looks at orders here. Raises NotServed outside of guilds."""
    if interaction.guild_id is None:
        raise NotServed
    return Viewer(
        guild_id=interaction.guild_id,
        user_id=interaction.user.id,
        moderates=await is_moderator(interaction),
    )


async def check_decides(interaction: discord.Interaction) -> None:
    """Turn away who may not decide for moderators here. Raises ModeratorsOnly."""
    if not await is_moderator(interaction):
        raise ModeratorsOnly
