"""The buttons on cards, results and notices: Again, Edit, and Cancel while queued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from discord import ButtonStyle

from cogs import cancel_words, form_words, forms, words
from cogs.admission import place_again
from cogs.confirm import propose
from cogs.deleting import Delete, acting_on
from cogs.dynamic import Press, row
from cogs.errors import acknowledge
from cogs.replies import reply_to
from cogs.reporting import Report
from cogs.sharing import Share, is_shared_here
from cogs.soundtrack import Sound
from cogs.where import member_of, services_of
from jobs.errors import NoPrompt
from jobs.model import Member
from jobs.progress import Phase, failed_in_part
from jobs.reusing import only_failed
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
        order, clip = await ordering.clip(self.about)
        member = await member_of(interaction, order.member.guild_id)
        openly = is_shared_here(interaction, clip)
        order = await ordering.usable(order, (clip,), member, openly=openly)
        await _offer(interaction, order, member)


class AgainOrder(Press, name="again-order", label=words.AGAIN):
    """Offers an order that brought no video once more."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        order, member = await _usable_order(interaction, self.about)
        await _offer(interaction, order, member)


class FailedAgain(Press, name="failed-again", label=form_words.FAILED_AGAIN):
    """Stands on the card of an order of which some clips failed: offers just those once more."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Quote in private; only Confirm spends."""
        await acknowledge(interaction)
        order, member = await _usable_order(interaction, self.about)
        await _offer(interaction, replace(order, options=only_failed(order)), member)


async def _usable_order(interaction: discord.Interaction, order_id: int) -> tuple[Order, Member]:
    """Return an order that who acts may ask for again, and who that is. Raises OrderGone."""
    ordering = services_of(interaction).ordering
    order = await ordering.living_order(order_id)
    member = await member_of(interaction, order.member.guild_id)
    return await ordering.usable(order, order.clips, member), member


async def _offer(interaction: discord.Interaction, order: Order, member: Member) -> None:
    """Quote a usable order; whoever presses pays."""
    services = services_of(interaction)
    place = await place_again(interaction, order)
    draft = await services.ordering.again(interaction.id, order, member, place)
    await propose(reply_to(interaction), services, draft, member)


class Edit(Press, name="edit", label=form_words.EDIT):
    """Opens a form with what a clip was ordered with, to change it; whoever presses it pays."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once, also in a direct message; what is sent in is only quoted."""
        services = services_of(interaction)
        async with forms.in_time():
            order, clip = await services.ordering.clip(self.about)
            member = await member_of(interaction, order.member.guild_id)
            openly = is_shared_here(interaction, clip)
            order = await services.ordering.usable(order, (clip,), member, openly=openly)
            if order.options.source is not None:
                raise NoPrompt
            place = await place_again(interaction, order)
            form = await services.forms.edit(member, order, clip, place)
        await forms.show(interaction, form)


class CancelOrder(Press, name="cancel-order", label=words.CANCEL):
    """Stands on a card while its order is queued; for its owner only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Cancel what has not been sent to the vendor, and say truly what that was."""
        await acknowledge(interaction)
        ordering = services_of(interaction).ordering
        order = await ordering.order(self.about)
        done = await ordering.cancel(self.about, acting_on(interaction, order))
        coming = row(HideOrder(self.about)) if done.wished or done.running else None
        await interaction.edit_original_response(content=_cancelled(done), view=coming)


class HideOrder(Press, name="hide-order", label=cancel_words.HIDE, style=ButtonStyle.danger):
    """Stands where Cancel came too late; for the order's owner only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Have what is still to come deleted when it is ready."""
        await acknowledge(interaction, update=True)
        ordering = services_of(interaction).ordering
        order = await ordering.order(self.about)
        hidden = await ordering.hide(self.about, acting_on(interaction, order))
        text = cancel_words.HIDDEN(hidden) if hidden else cancel_words.NOTHING_TO_HIDE()
        await interaction.edit_original_response(content=text, view=None)


def _cancelled(done: Cancelled) -> str:
    """Say what a wish to cancel did, and what may still become of the rest."""
    if not done.ended:
        return _left(done)
    text = words.CANCELLED_PARTLY if done.running else words.CANCELLED
    said = text(clips=words.clips(done.ended))
    return f"{said} {cancel_words.WISHED_REST()}" if done.wished else said


def _left(done: Cancelled) -> str:
    """Say why a wish to cancel ended nothing."""
    if done.wished:
        return cancel_words.WISHED()
    if done.running:
        return words.NOT_CANCELLED()
    return (cancel_words.CANCELLED_BEFORE if done.before else cancel_words.NOTHING_TO_CANCEL)()


def clip_buttons(order: Order, clip: Clip) -> View:
    """Return the buttons under a result; a private one can be shared."""
    view = public_buttons(order, clip)
    if order.options.private:
        view.add_item(Share(clip.id))
    return view


def public_buttons(order: Order, clip: Clip) -> View:
    """Return the buttons of a result for all.

    New sound has nothing to edit, and is no source.
    """
    if order.options.source is not None:
        return row(Again(clip.id), Delete(clip.id))
    return row(Again(clip.id), Edit(clip.id), Sound(clip.id), Delete(clip.id))


def channel_buttons(order: Order, clip: Clip) -> View:
    """Return the buttons of a result that stands in a channel: there, anybody may report it."""
    view = public_buttons(order, clip)
    view.add_item(Report(clip.id))
    return view


def notice_buttons(order: Order) -> View:
    """Return the buttons under a notice of failure: of all, or of some of a private order."""
    if failed_in_part(order):
        return row(FailedAgain(order.id), AgainOrder(order.id))
    return row(AgainOrder(order.id))


def pause_buttons(order_id: int) -> View:
    """Return the button under the message that a private order waits for moderators."""
    return row(CancelOrder(order_id))


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
    bot.add_buttons(Again, AgainOrder, FailedAgain, Edit, CancelOrder, HideOrder)
