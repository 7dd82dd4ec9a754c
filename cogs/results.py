"""The buttons on cards, results and notices: Again, Edit, Delete, and Cancel while queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ButtonStyle

from billing.prices import Endpoint
from cogs import cancel_words, form_words, forms, words
from cogs.admission import admit, place_again
from cogs.confirm import propose
from cogs.dynamic import Press, row
from cogs.errors import acknowledge
from cogs.replies import reply_to
from cogs.sharing import Share
from cogs.soundtrack import Sound
from cogs.where import member_of, services_of
from jobs.errors import NoPrompt, NoReuse, NotServed, NotYours
from jobs.model import Member
from jobs.progress import Phase
from jobs.states import FAILED

if TYPE_CHECKING:
    import discord
    from discord.ui import View

    from cogs.client import Muybridge
    from jobs.model import Clip, Order
    from jobs.progress import Progress
    from jobs.stores import Cancelled


class Again(Press, name="again", label=words.AGAIN):
    """Offers the same once more, to whoever presses it."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order, _ = await ordering.clip(self.about)
        member = await member_of(interaction, order.member.guild_id)
        place = await place_again(interaction, order)
        draft = await ordering.again(interaction.id, self.about, member, place)
        await propose(reply_to(interaction), services_of(interaction), draft, member)


class AgainOrder(Press, name="again-order", label=words.AGAIN):
    """Offers an order that brought no video once more."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order = await ordering.order(self.about)
        member = await member_of(interaction, order.member.guild_id)
        place = await place_again(interaction, order)
        draft = await ordering.order_again(interaction.id, self.about, member, place)
        await propose(reply_to(interaction), services_of(interaction), draft, member)


class FailedAgain(Press, name="failed-again", label=form_words.FAILED_AGAIN):
    """Stands on the card of an order of which some clips failed: offers just those once more."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order = await ordering.order(self.about)
        member = await member_of(interaction, order.member.guild_id)
        place = await place_again(interaction, order)
        draft = await ordering.failed_again(interaction.id, self.about, member, place)
        await propose(reply_to(interaction), services_of(interaction), draft, member)


class Edit(Press, name="edit", label=form_words.EDIT):
    """Opens a form with a clip's prompt, to change it; whoever presses it pays."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once, in a server; what is sent in is only quoted."""
        if interaction.guild_id is None:
            await interaction.response.send_message(form_words.EDIT_IN_SERVER(), ephemeral=True)
            return
        services = services_of(interaction)
        async with forms.in_time():
            order, clip = await services.ordering.clip(self.about)
            member = await member_of(interaction)
            await _check_edit(interaction, order, member)
            form = await services.forms.edit(member, order, clip)
        await forms.show(interaction, form)


async def _check_edit(interaction: discord.Interaction, order: Order, member: Member) -> None:
    """Look whether a member may change and order again what this order was."""
    if order.member.guild_id != member.guild_id:
        raise NotServed
    if order.options.endpoint is not Endpoint.BATCH:
        raise NoPrompt
    if order.member.user_id != member.user_id:
        if order.options.private:
            raise NotYours
        if not (await services_of(interaction).ordering.rules(member.guild_id)).reuse:
            raise NoReuse
    await admit(interaction, private=order.options.private)


class Delete(Press, name="delete", label=words.DELETE):
    """Asks whether to delete a clip; for its owner only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask, in private, saying that nothing is given back."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order, _ = await ordering.clip(self.about)
        _, clip = await ordering.own_clip(self.about, _member(interaction, order))
        price = words.money(clip.quote if clip.charged is None else clip.charged)
        await interaction.edit_original_response(
            content=words.ASK_DELETE(price=price), view=row(Erase(self.about))
        )


class Erase(Press, name="erase", label=words.DELETE_FOR_GOOD, style=ButtonStyle.danger):
    """Deletes a clip for everybody."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Mark it deleted; the engine removes message, file and the vendor's copy."""
        await acknowledge(interaction, update=True)
        ordering = services_of(interaction).ordering
        order, _ = await ordering.clip(self.about)
        deleted = await ordering.delete(self.about, _member(interaction, order))
        text = words.DELETED() if deleted else words.DELETED_BEFORE()
        await interaction.edit_original_response(content=text, view=None)


class CancelOrder(Press, name="cancel-order", label=words.CANCEL):
    """Stands on a card while its order is queued; for its owner only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Cancel what has not been sent to the vendor, and say truly what that was."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order = await ordering.order(self.about)
        done = await ordering.cancel(self.about, _member(interaction, order))
        await interaction.edit_original_response(content=_cancelled(done))


def _cancelled(done: Cancelled) -> str:
    """Say what a wish to cancel did, and what may still become of the rest."""
    if not done.ended:
        return cancel_words.WISHED() if done.wished else words.NOT_CANCELLED()
    text = words.CANCELLED_PARTLY if done.running else words.CANCELLED
    said = text(clips=words.clips(done.ended))
    return f"{said} {cancel_words.WISHED_REST()}" if done.wished else said


def _member(interaction: discord.Interaction, order: Order) -> Member:
    """Return who acts on an order; its own guild counts where a direct message has none."""
    guild_id = interaction.guild_id or order.member.guild_id
    return Member(guild_id=guild_id, user_id=interaction.user.id)


def clip_buttons(order: Order, clip: Clip) -> View:
    """Return the buttons under a result; a private one can be shared."""
    view = public_buttons(order, clip)
    if order.options.private:
        view.add_item(Share(clip.id))
    return view


def public_buttons(order: Order, clip: Clip) -> View:
    """Return the buttons of a result for all; new sound has no prompt to edit, and is no source."""
    if order.options.source is not None:
        return row(Again(clip.id), Delete(clip.id))
    return row(Again(clip.id), Edit(clip.id), Sound(clip.id), Delete(clip.id))


def notice_buttons(order_id: int) -> View:
    """Return the buttons under a notice of failure."""
    return row(AgainOrder(order_id))


def card_buttons(order: Order, progress: Progress) -> View | None:
    """Return the buttons under a card: none while the vendor has the order."""
    if progress.phase in (Phase.QUEUED, Phase.REVIEW):
        return row(CancelOrder(order.id))
    failed = any(clip.state in FAILED for clip in order.clips)
    if progress.phase is Phase.DONE and progress.ready and failed:
        return row(FailedAgain(order.id))
    return None


async def setup(bot: Muybridge) -> None:
    """Make the buttons work."""
    bot.add_buttons(Again, AgainOrder, FailedAgain, Edit, Delete, Erase, CancelOrder)
