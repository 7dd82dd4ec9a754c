"""Approve and Reject: the buttons with which moderators let an order go on, or end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ButtonStyle, ui

from cogs import content_words, review_posts
from cogs.dynamic import Press, custom_id, row
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S, in_time, typed_into
from cogs.moderators import check_decides
from cogs.where import member_of, services_of
from jobs.ids import code
from jobs.moderation import LONGEST_REASON
from jobs.ports import MessageRef
from jobs.reviews import Decided, ReviewState

if TYPE_CHECKING:
    from discord.ui import View

    from cogs.client import Muybridge

REJECT_FORM: Final = "review-reject-form"
_REASON: Final = "reason"


class Approve(Press, name="review-approve", label=content_words.APPROVE, style=ButtonStyle.success):
    """Lets an order go on: it is queued as if it were placed now."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Decide, once; who comes second is told who was first."""
        await acknowledge(interaction)
        await check_decides(interaction)
        actor = await member_of(interaction)
        decided = await services_of(interaction).reviews.approve(
            self.about, actor, _shown_on(interaction)
        )
        await interaction.edit_original_response(content=_told(decided))


class Reject(Press, name="review-reject", label=content_words.REJECT, style=ButtonStyle.danger):
    """Asks for a reason; the order ends when that is sent in."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open the form, unless the order is decided already."""
        async with in_time():
            await check_decides(interaction)
            actor = await member_of(interaction)
            review = await services_of(interaction).reviews.find(self.about, actor)
        if review.state is ReviewState.WAITING:
            await interaction.response.send_modal(_form(self.about))
            return
        await acknowledge(interaction)
        text = _told(Decided(review=review, mine=False))
        await interaction.edit_original_response(content=text)


def _form(order_id: int) -> ui.Modal:
    form = ui.Modal(
        title=content_words.REJECT_TITLE(),
        custom_id=custom_id(REJECT_FORM, order_id),
        timeout=REMEMBERED_S,
    )
    form.add_item(reason_field(content_words.REJECT_REASON_HINT()))
    return form


def reason_field(hint: str, *, required: bool = True) -> ui.Label[Any]:
    """Return the field of a form that asks a moderator why."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=_REASON,
        style=discord.TextStyle.paragraph,
        max_length=LONGEST_REASON,
        required=required,
    )
    return ui.Label(text=content_words.REJECT_REASON(), description=hint, component=field)


def reason_of(interaction: discord.Interaction) -> str:
    """Return the reason that was typed into a form."""
    return str(typed_into(interaction).get(_REASON) or "")


async def rejected(interaction: discord.Interaction, order_id: int) -> None:
    """End the order, once, for the reason that was typed. Raises OrderGone, ModeratorsOnly."""
    await acknowledge(interaction)
    await check_decides(interaction)
    actor = await member_of(interaction)
    reviews = services_of(interaction).reviews
    decided = await reviews.reject(order_id, actor, reason_of(interaction))
    await interaction.edit_original_response(content=_told(decided))


def _told(decided: Decided) -> str:
    review = decided.review
    if not decided.mine:
        return content_words.DECIDED_BEFORE(outcome=review_posts.outcome(review))
    approved = review.state is ReviewState.APPROVED
    said = content_words.DECIDED_APPROVED if approved else content_words.DECIDED_REJECTED
    return said(code=code(review.order_id))


def _shown_on(interaction: discord.Interaction) -> MessageRef | None:
    message = interaction.message
    if message is None:
        return None
    return MessageRef(channel_id=message.channel.id, message_id=message.id)


def review_buttons(order_id: int) -> View:
    """Return the buttons under an order that waits for a moderator."""
    return row(Approve(order_id), Reject(order_id))


async def setup(bot: Muybridge) -> None:
    """Make the buttons work, and have the form routed."""
    bot.add_buttons(Approve, Reject)
    bot.add_form(REJECT_FORM, rejected)
