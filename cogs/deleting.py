"""Delete below a result: for its owner, who is asked first, and for moderators, who say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ButtonStyle, ui

from cogs import delete_words, quota_words, words
from cogs.dynamic import Press, custom_id, row
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S
from cogs.moderators import is_moderator
from cogs.reviewing import reason_field, reason_of
from cogs.where import member_of, services_of
from jobs.errors import NotYours, OrderGone
from jobs.model import Member

if TYPE_CHECKING:
    import discord

    from cogs.client import Muybridge
    from jobs.model import Order

WHY: Final = "erase-why"
"""The form in which a moderator says why."""


class Delete(Press, name="delete", label=words.DELETE):
    """Asks whether to delete a clip; for its owner, and for moderators of its server."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask, in private, saying that nothing is given back."""
        await acknowledge(interaction)
        order, clip = await services_of(interaction).ordering.clip(self.about)
        price = words.money(clip.quote if clip.charged is None else clip.charged)
        if order.member.user_id == interaction.user.id:
            text = words.ASK_DELETE(price=price)
            view = row(Erase(self.about), EraseFile(self.about))
        else:
            await _check_moderates(interaction, order)
            asker = f"<@{order.member.user_id}>"
            text = delete_words.ASK_DELETE_THEIRS(member=asker, price=price)
            view = row(EraseTheirs(self.about))
        await interaction.edit_original_response(content=text, view=view)


class Erase(Press, name="erase", label=words.DELETE_FOR_GOOD, style=ButtonStyle.danger):
    """Deletes a clip for everybody."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Mark it deleted; the engine removes message, file and the vendor's copy."""
        await _erase(interaction, self.about, keep_message=False)


class EraseFile(Press, name="erase-file", label=delete_words.KEEP_MESSAGE):
    """Deletes a clip's file and the vendor's copy, and leaves its message where it is."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Mark it deleted; the engine removes the rest."""
        await _erase(interaction, self.about, keep_message=True)


async def _erase(interaction: discord.Interaction, clip_id: int, *, keep_message: bool) -> None:
    await acknowledge(interaction, update=True)
    ordering = services_of(interaction).ordering
    order, _ = await ordering.clip(clip_id)
    member = acting_on(interaction, order)
    deleted = await ordering.delete(clip_id, member, keep_message=keep_message)
    said = delete_words.DELETED_FILE if keep_message else words.DELETED
    text = said() if deleted else words.DELETED_BEFORE()
    await interaction.edit_original_response(content=text, view=None)


class EraseTheirs(
    Press, name="erase-theirs", label=words.DELETE_FOR_GOOD, style=ButtonStyle.danger
):
    """Deletes a member's clip for a moderator, who says why."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask why, at once; who may do it is looked at when that is sent in."""
        why = custom_id(WHY, self.about)
        form = ui.Modal(title=words.DELETE_FOR_GOOD(), custom_id=why, timeout=REMEMBERED_S)
        form.add_item(reason_field(quota_words.FREEZE_REASON(), required=False))
        await interaction.response.send_modal(form)


async def told_why(interaction: discord.Interaction, clip_id: int) -> None:
    """Delete a member's clip, and write down who did it and why."""
    await acknowledge(interaction)
    ordering = services_of(interaction).ordering
    order, _ = await ordering.clip(clip_id)
    await _check_moderates(interaction, order)
    actor = await member_of(interaction)
    deleted = await ordering.delete_by_moderator(clip_id, actor, reason_of(interaction))
    text = words.DELETED() if deleted else words.DELETED_BEFORE()
    await interaction.edit_original_response(content=text)


async def _check_moderates(interaction: discord.Interaction, order: Order) -> None:
    """Turn away who does not moderate an order's own guild. Raises OrderGone or NotYours."""
    if interaction.guild_id not in (None, order.member.guild_id):
        raise OrderGone
    if not await is_moderator(interaction):
        raise NotYours


def acting_on(interaction: discord.Interaction, order: Order) -> Member:
    """Return who acts on an order; its own guild counts where a direct message has none."""
    guild_id = interaction.guild_id or order.member.guild_id
    return Member(guild_id=guild_id, user_id=interaction.user.id)


async def setup(bot: Muybridge) -> None:
    """Make the buttons work, and have the form routed."""
    bot.add_buttons(Delete, Erase, EraseFile, EraseTheirs)
    bot.add_form(WHY, told_why)
