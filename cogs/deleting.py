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
from jobs.states import NOT_CHARGED, ClipState

if TYPE_CHECKING:
    import discord

    from cogs.client import Muybridge
    from jobs.model import Clip, Order
    from jobs.stores import Deleted

WHY: Final = "erase-why"
WHY_ORDER: Final = "erase-order-why"
"""The forms in which a moderator says why: about a clip, and about all of an order."""

_IN_LINE: Final = frozenset({ClipState.REVIEW, ClipState.QUEUED})


class Delete(Press, name="delete", label=words.DELETE):
    """Asks whether to delete a clip, or its whole order; for its owner, and for moderators."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask, in private, saying that nothing is given back."""
        await acknowledge(interaction)
        order, clip = await services_of(interaction).ordering.clip(self.about)
        if order.member.user_id == interaction.user.id:
            text = words.ASK_DELETE(price=_price(clip))
            buttons: list[Press] = [Erase(clip.id), EraseFile(clip.id)]
            whole: list[Press] = [EraseOrder(order.id), EraseOrderFiles(order.id)]
        else:
            await _check_moderates(interaction, order)
            asker = f"<@{order.member.user_id}>"
            text = delete_words.ASK_DELETE_THEIRS(member=asker, price=_price(clip))
            buttons, whole = [EraseTheirs(clip.id)], [EraseOrderTheirs(order.id)]
        left = [one for one in order.clips if not one.deleted]
        if len(left) > 1:
            text, buttons = f"{text}\n{_ask_for_all(left)}", [*buttons, *whole]
        await interaction.edit_original_response(content=text, view=row(*buttons))


def _ask_for_all(clips: list[Clip]) -> str:
    """Say what deleting all of an order means."""
    spent = [one for one in clips if one.state not in NOT_CHARGED | _IN_LINE]
    asked = delete_words.ASK_DELETE_ORDER(clips=words.clips(len(clips)), price=_price(*spent))
    if not any(one.state in _IN_LINE for one in clips):
        return asked
    return f"{asked} {delete_words.ASK_CANCEL_REST()}"


def _price(*clips: Clip) -> str:
    return words.money(sum(one.quote if one.charged is None else one.charged for one in clips))


# --- for its owner ------------------------------------------------------------------------------


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
    await _tell(interaction, said() if deleted else "")


class EraseOrder(
    Press, name="erase-order", label=delete_words.DELETE_ORDER, style=ButtonStyle.danger
):
    """Deletes every clip of an order for everybody."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Mark them deleted, and cancel what is still in the line."""
        await _erase_order(interaction, self.about, keep_message=False)


class EraseOrderFiles(Press, name="erase-order-files", label=delete_words.KEEP_MESSAGES):
    """Deletes the files of an order and the vendor's copies, and leaves the messages."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Mark its clips deleted, and cancel what is still in the line."""
        await _erase_order(interaction, self.about, keep_message=True)


async def _erase_order(
    interaction: discord.Interaction, order_id: int, *, keep_message: bool
) -> None:
    await acknowledge(interaction, update=True)
    ordering = services_of(interaction).ordering
    member = acting_on(interaction, await ordering.order(order_id))
    deleted = await ordering.delete_order(order_id, member, keep_message=keep_message)
    await _tell(interaction, _told(deleted, keep_message=keep_message) if deleted.clips else "")


async def _tell(interaction: discord.Interaction, text: str) -> None:
    """Put what was done in place of the question; where another press did it, its words stay."""
    if text:
        await interaction.edit_original_response(content=text, view=None)
    else:
        await interaction.followup.send(words.DELETED_BEFORE(), ephemeral=True)


def _told(deleted: Deleted, *, keep_message: bool) -> str:
    """Say what became of an order of which at least one clip was deleted just now."""
    said = delete_words.DELETED_ORDER_FILES if keep_message else delete_words.DELETED_ORDER
    text = said(clips=words.clips(deleted.clips))
    if not deleted.cancelled:
        return text
    return f"{text} {delete_words.GIVEN_BACK(clips=words.clips(deleted.cancelled))}"


# --- for moderators -----------------------------------------------------------------------------


class EraseTheirs(
    Press, name="erase-theirs", label=words.DELETE_FOR_GOOD, style=ButtonStyle.danger
):
    """Deletes a member's clip for a moderator, who says why."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask why, at once; who may do it is looked at when that is sent in."""
        await _ask_why(interaction, custom_id(WHY, self.about), words.DELETE_FOR_GOOD())


class EraseOrderTheirs(
    Press, name="erase-order-theirs", label=delete_words.DELETE_ORDER, style=ButtonStyle.danger
):
    """Deletes all of a member's order for a moderator, who says why."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask why, at once; who may do it is looked at when that is sent in."""
        await _ask_why(interaction, custom_id(WHY_ORDER, self.about), delete_words.DELETE_ORDER())


async def _ask_why(interaction: discord.Interaction, why: str, title: str) -> None:
    form = ui.Modal(title=title, custom_id=why, timeout=REMEMBERED_S)
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


async def told_why_of_all(interaction: discord.Interaction, order_id: int) -> None:
    """Delete all of a member's order, and write down who did it and why."""
    await acknowledge(interaction)
    ordering = services_of(interaction).ordering
    await _check_moderates(interaction, await ordering.order(order_id))
    actor = await member_of(interaction)
    deleted = await ordering.delete_order_by_moderator(order_id, actor, reason_of(interaction))
    text = _told(deleted, keep_message=False) if deleted.clips else words.DELETED_BEFORE()
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
    """Make the buttons work, and have the forms routed."""
    bot.add_buttons(Delete, Erase, EraseFile, EraseTheirs)
    bot.add_buttons(EraseOrder, EraseOrderFiles, EraseOrderTheirs)
    bot.add_form(WHY, told_why)
    bot.add_form(WHY_ORDER, told_why_of_all)
