"""Whether an order is taken in a channel, and whether its results can be posted where they go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from cogs.rooms import check_room, missing_in
from cogs.where import check_can_post, place_of, services_of
from jobs.errors import CannotPostThere
from jobs.guarding import check_place, routed
from jobs.room_errors import ChannelGone, NowhereToPost

if TYPE_CHECKING:
    import discord

    from jobs.model import Order, Place


class Admits(Protocol):
    """`admit`, about an interaction at hand."""

    async def __call__(self, *, private: bool) -> None:
        """Raise what stands in the way of an order."""
        ...


async def admit(interaction: discord.Interaction, *, private: bool) -> None:
    """Look, before anything is spent, whether an order may be given here and brought where it goes.

    Raises GuildPaused, NotHere, AgeRestrictedOnly, and CannotPostThere.
    """
    if interaction.guild_id is None:
        return
    rules = await services_of(interaction).ordering.rules(interaction.guild_id)
    place = place_of(interaction)
    check_place(rules, place)
    if private:
        return
    target = routed(place, rules, private=False).channel_id
    if target == place.origin:
        check_can_post(interaction)
        return
    missing = lacking(interaction.guild, target)
    if missing:
        raise CannotPostThere(missing=missing, channel_id=target)


async def place_again(interaction: discord.Interaction, order: Order) -> Place:
    """Return where what follows an order goes: here, or where it went when pressed in a message.

    Raises as `admit` and `admit_afar`.
    """
    if interaction.guild_id is None:
        private = order.options.private
        await admit_afar(interaction, order.member.guild_id, order.place, private=private)
        return replace(order.place, locale=str(interaction.locale))
    await admit(interaction, private=order.options.private)
    return place_of(interaction)


async def admit_afar(
    interaction: discord.Interaction, guild_id: int, place: Place, *, private: bool
) -> None:
    """Look, as `admit` does, at the place of an order that is given in a direct message.

    Raises as that and `check_target`.
    """
    rules = await services_of(interaction).ordering.rules(guild_id)
    check_place(rules, place)
    if not private:
        target = routed(place, rules, private=False).channel_id
        await check_target(interaction, guild_id, target)


async def check_target(interaction: discord.Interaction, guild_id: int, channel_id: int) -> None:
    """Look, right before anything is spent, whether results can be posted where they go.

    Raises CannotPostThere with the permissions that the bot lacks there, or NowhereToPost.
    """
    if interaction.channel_id == channel_id:
        check_can_post(interaction)
        return
    try:
        await check_room(interaction, guild_id, channel_id)
    except ChannelGone as error:
        raise NowhereToPost(channel_id=channel_id) from error


def lacking(guild: discord.Guild | None, channel_id: int) -> tuple[str, ...]:
    """Name the permissions (Discord's names) that the bot lacks in another channel of a guild.

    What is not known in this process is not lacking: then posting shows it.
    """
    if guild is None or guild.me is None:
        return ()
    channel: Any = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return ("view_channel",)
    return missing_in(channel, channel.permissions_for(guild.me))
