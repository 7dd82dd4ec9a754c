"""The button Share below a private result: posts it for everybody in the server, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs import share_words
from cogs.dynamic import Press
from cogs.errors import acknowledge
from cogs.rooms import check_room, check_welcome
from cogs.where import member_of, services_of
from jobs.sharing import check, shared_message

if TYPE_CHECKING:
    import discord

    from cogs.client import Muybridge
    from jobs.model import Clip, Order
    from jobs.ports import MessageRef


class Share(Press, name="share", label=share_words.SHARE):
    """Shows a private video where a public one of that order would be; for its owner only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Post it there without a mention, and say where; a second time, only say where."""
        await acknowledge(interaction)
        services = services_of(interaction)
        order, _ = await services.ordering.clip(self.about)
        member = await member_of(interaction, order.member.guild_id)
        order, clip = await services.ordering.own_clip(self.about, member)
        check(order, clip)
        before = shared_message(clip)
        if before is None:
            place = await services.sharing.place(order)
            await check_room(interaction, order.member.guild_id, place.channel_id)
            await check_welcome(interaction, order.member.guild_id, place.origin)
        message = before or await services.sharing.share(clip.id)
        said = share_words.SHARED if before is None else share_words.SHARED_BEFORE
        await interaction.edit_original_response(
            content=said(channel=f"<#{message.channel_id}>", link=address(order, message))
        )


def is_shared_here(interaction: discord.Interaction, clip: Clip) -> bool:
    """Tell whether who acts pressed below the message that a private clip was shared with."""
    return interaction.message is not None and interaction.message.id == clip.shared_message_id


def address(order: Order, message: MessageRef) -> str:
    """Return the link to a message in an order's guild."""
    guild_id = order.member.guild_id
    return f"https://discord.com/channels/{guild_id}/{message.channel_id}/{message.message_id}"


async def setup(bot: Muybridge) -> None:
    """Make the button work."""
    bot.add_buttons(Share)
