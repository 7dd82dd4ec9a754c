"""Look whether a channel takes our messages, whatever kind of channel it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from jobs.errors import CannotPostThere
from jobs.room_errors import ChannelGone, NotWelcome

if TYPE_CHECKING:
    Channel = discord.abc.GuildChannel | discord.Thread


def missing_in(channel: object, allowed: discord.Permissions) -> tuple[str, ...]:
    """Name what we lack in a channel for cards, videos, and looking for them again.

    `allowed` is what we may do there. Links and embeds of ours are only in private answers, so
    Embed Links is not needed.
    """
    if allowed.administrator:
        return ()
    needed = ["view_channel", *_to_send(channel), "attach_files", "read_message_history"]
    lacking = [name for name in needed if not getattr(allowed, name)]
    if _is_closed_thread(channel) and not allowed.manage_threads:
        lacking.append("private_thread")
    return tuple(lacking)


def _to_send(channel: object) -> tuple[str, ...]:
    """Name what sending needs, by the kind of channel.

    A locked thread takes messages of those who manage threads (Discord's reference, "Threads");
    the messages of a voice channel are shown to those who may connect ("Get Channel Messages").
    """
    if isinstance(channel, discord.Thread):
        locked = ("manage_threads",) if channel.locked else ()
        return ("send_messages_in_threads", *locked)
    if isinstance(channel, (discord.VoiceChannel, discord.StageChannel)):
        return ("connect", "send_messages")
    return ("send_messages",)


def _is_closed_thread(channel: object) -> bool:
    """Tell whether a channel is a private thread that nobody has added us to.

    Discord tells us of every open thread that we can see, so one that is not known is closed.
    """
    if not isinstance(channel, discord.Thread) or not channel.is_private() or channel.archived:
        return False
    return channel.guild.get_thread(channel.id) is None


def lacking(interaction: discord.Interaction) -> tuple[str, ...]:
    """Name what we lack where an interaction came from, in a server."""
    return missing_in(interaction.channel, interaction.app_permissions)


async def check_room(interaction: discord.Interaction, guild_id: int, channel_id: int) -> None:
    """Look from anywhere, also from direct messages, whether a channel takes a message of ours.

    What Discord says of our permissions with an interaction is about the channel that it came
    from. Raises CannotPostThere, or ChannelGone.
    """
    channel, parent, own = await _room(interaction, guild_id, channel_id, own=True)
    missing = missing_in(channel, parent.permissions_for(own))
    if missing:
        raise CannotPostThere(missing=missing, channel_id=channel_id)


async def check_welcome(interaction: discord.Interaction, guild_id: int, channel_id: int) -> None:
    """Look whether who acts can use commands in a channel. Raises NotWelcome, or ChannelGone."""
    _, parent, person = await _room(interaction, guild_id, channel_id, own=False)
    theirs = parent.permissions_for(person)
    if not (theirs.view_channel and theirs.use_application_commands):
        raise NotWelcome(channel_id=channel_id)


async def _room(
    interaction: discord.Interaction, guild_id: int, channel_id: int, *, own: bool
) -> tuple[Channel, Any, discord.Member]:
    """Return a channel, the one whose permissions count there, and us or who acts as a member."""
    client = interaction.client
    try:
        guild = await _guild(client, guild_id)
        channel, parent = await _channel(guild, channel_id)
        if own:
            return channel, parent, await _member(guild, _own_id(client))
        return channel, parent, await _person(interaction, guild)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as error:
        raise ChannelGone(channel_id=channel_id) from error


async def _guild(client: discord.Client, guild_id: int) -> discord.Guild:
    """Return a guild as the gateway knows it; one of another process's shards is fetched."""
    return client.get_guild(guild_id) or await client.fetch_guild(guild_id, with_counts=False)


async def _channel(guild: discord.Guild, channel_id: int) -> tuple[Channel, Any]:
    """Return a channel, and the one whose permissions count there: a thread's parent, or itself."""
    channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    if not isinstance(channel, discord.Thread):
        return channel, channel
    return channel, channel.parent or await guild.fetch_channel(channel.parent_id)


def _own_id(client: discord.Client) -> int:
    return 0 if client.user is None else client.user.id


async def _person(interaction: discord.Interaction, guild: discord.Guild) -> discord.Member:
    """Return who acts as a member of the guild; a direct message tells no roles."""
    if isinstance(interaction.user, discord.Member):
        return interaction.user
    return await _member(guild, interaction.user.id)


async def _member(guild: discord.Guild, user_id: int) -> discord.Member:
    """Return a member: our own is remembered (`guild.me`), everybody else is asked for."""
    return guild.get_member(user_id) or await guild.fetch_member(user_id)
