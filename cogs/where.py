"""Read from an interaction who acts, in which guild, and where a result may be posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord

from cogs.rooms import lacking
from jobs.errors import CannotPostThere, NotServed
from jobs.model import Member, Place
from jobs.room_errors import GuildGone, LeftGuild

if TYPE_CHECKING:
    from cogs.client import Muybridge, Services

_NOT_A_MEMBER: Final = frozenset({10007, 10013})
"""Unknown member, unknown user (Discord's reference, "JSON Error Codes")."""

NITRO_FROM: Final = 50_000_000
"""Bytes. The smallest paid plan allows 50 MB a file (PEERS.md 3); below it nobody pays."""


def client_of(interaction: discord.Interaction) -> Muybridge:
    """Return our own client, which every interaction carries."""
    return cast("Muybridge", interaction.client)


def services_of(interaction: discord.Interaction) -> Services:
    """Return what commands and buttons work with."""
    return client_of(interaction).services


async def member_of(interaction: discord.Interaction, guild_id: int | None = None) -> Member:
    """Return who acts, with roles; in a direct message, as a member of that guild.

    A direct message tells no roles, so Discord is asked for them. Raises as `member_at`.
    """
    here = interaction.guild_id
    if here is not None:
        roles = getattr(interaction.user, "roles", ())
        return _member(here, interaction.user.id, roles)
    if guild_id is None:
        raise NotServed
    return await member_at(client_of(interaction), guild_id, interaction.user.id)


async def member_at(client: Muybridge, guild_id: int, user_id: int) -> Member:
    """Return a member of a guild with the roles of now, for which Discord is asked.

    Raises NotServed for a guild that we do not serve, LeftGuild or GuildGone, and what discord.py
    raises when Discord is down.
    """
    if not client.serves(guild_id):
        raise NotServed
    try:
        known = client.get_guild(guild_id)
        guild = known or await client.fetch_guild(guild_id, with_counts=False)
        found = await guild.fetch_member(user_id)
    except (discord.NotFound, discord.Forbidden) as error:
        if error.code in _NOT_A_MEMBER:
            raise LeftGuild(guild_id=guild_id) from error
        raise GuildGone(guild_id=guild_id) from error
    return _member(guild_id, found.id, found.roles)


def _member(guild_id: int, user_id: int, roles: Any) -> Member:  # noqa: ANN401 - see below
    # discord.py hands out its own sequence of roles; only their ids matter here.
    return Member(guild_id=guild_id, user_id=user_id, role_ids=frozenset(role.id for role in roles))


def place_of(interaction: discord.Interaction) -> Place:
    """Return where results of this interaction go. Raises CannotPostThere outside of channels."""
    if interaction.channel_id is None:
        raise CannotPostThere(missing=("view_channel",))
    guild_locale = interaction.guild_locale or interaction.locale
    return Place(
        channel_id=interaction.channel_id,
        upload_limit=upload_limit(interaction),
        locale=str(interaction.locale),
        guild_locale=str(guild_locale),
        lies_in=lies_in(interaction.channel),
        age_restricted=_is_age_restricted(interaction.channel),
    )


def lies_in(channel: object) -> tuple[int, ...]:
    """Return the ids of what a channel lies in: a thread's or post's channel, and the category."""
    if isinstance(channel, discord.Thread):
        return (channel.parent_id, *lies_in(channel.parent))
    category_id = getattr(channel, "category_id", None)
    return () if category_id is None else (category_id,)


def _is_age_restricted(channel: object) -> bool:
    said = getattr(channel, "is_nsfw", None)
    return said is not None and bool(said())


def upload_limit(interaction: discord.Interaction) -> int:
    """Return how many bytes a file may have that is posted later, with the bot's own token.

    What the interaction says is the best of default, guild's boosts and asker's plan, and the
    last does not count for the bot. While it is below the smallest paid plan it can only be one
    of the first two, so it is right, also where Discord has raised the default since; else the
    guild's own limit counts.
    """
    said = interaction.filesize_limit
    if said < NITRO_FROM:
        return said
    guild = interaction.guild
    own = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES if guild is None else guild.filesize_limit
    return min(said, own)


def check_can_post(interaction: discord.Interaction) -> None:
    """Look, before anything is spent, whether the results can be posted here.

    Raises CannotPostThere with the permissions that the bot lacks in this channel.
    """
    missing = lacking(interaction)
    if missing:
        raise CannotPostThere(missing=missing)
