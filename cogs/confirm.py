"""Confirm and Cancel: the buttons under a price, and how a draft becomes an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ButtonStyle

from cogs import words
from cogs.admission import check_target
from cogs.dynamic import Press, row
from cogs.errors import RETRY, acknowledge
from cogs.refusals import sentence
from cogs.render import offer, receipt
from cogs.replies import reply_to
from cogs.where import member_of, services_of
from jobs.errors import DraftGone, NotEnoughCredits, PriceRose
from jobs.ids import code

if TYPE_CHECKING:
    import re
    from typing import Self

    import discord
    from discord.ui import Item

    from cogs.client import Muybridge, Services
    from cogs.replies import Reply
    from jobs.model import Draft, Member, Ordered


class Confirm(
    Press,
    name="confirm",
    label=words.CONFIRM,
    style=ButtonStyle.success,
    more=r"(?::(?P<price>[0-9]{1,9}))?",
):
    """Spends: makes the draft an order, once, however often it is pressed.

    It carries the price (credits) that stands above it: never more than that is spent.
    """

    def __init__(self, id_: int, price: int | None = None) -> None:
        super().__init__(id_)
        self.price = price
        if price is not None:
            self.item.custom_id = f"{self.item.custom_id}:{price}"

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button again with the price that it was shown under."""
        price = match["price"]
        return cls(int(match["id"]), None if price is None else int(price))

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Order, and turn the offer into its receipt."""
        await acknowledge(interaction, update=True)
        try:
            draft = await services_of(interaction).ordering.own_draft(
                self.about, interaction.user.id
            )
        except DraftGone as gone:
            await interaction.edit_original_response(content=sentence(gone), view=None)
            return
        await self._order(interaction, draft)

    async def _order(self, interaction: discord.Interaction, draft: Draft) -> None:
        member = await member_of(interaction, draft.member.guild_id)
        reply = reply_to(interaction)
        if draft.order_id is None and not draft.options.private:
            await check_target(interaction, draft.member.guild_id, draft.place.channel_id)
        interaction.extras[RETRY] = row(Confirm(draft.id, self.price), Cancel(draft.id))
        ordered = await order(reply, services_of(interaction), draft, member, self.price)
        if ordered is not None and ordered.again:
            await reply.add(words.ALREADY(code=code(ordered.order_id)))


class Cancel(Press, name="cancel", label=words.CANCEL):
    """Puts the draft away for good."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Put it away, unless it was ordered meanwhile."""
        await acknowledge(interaction, update=True)
        ordering = services_of(interaction).ordering
        try:
            draft = await ordering.own_draft(self.about, interaction.user.id)
            dismissed = await ordering.dismiss(draft.id, draft.member)
        except DraftGone:
            dismissed = True
        text = words.DISMISSED() if dismissed else words.TOO_LATE()
        await interaction.edit_original_response(content=text, view=None)


async def propose(
    reply: Reply, services: Services, draft: Draft, member: Member, why: str = ""
) -> None:
    """Show a draft's price with Confirm and Cancel, and why it asks; nothing is spent.

    Raises NotEnoughCredits at once when the member could not confirm it.
    """
    funds = await services.ordering.wallet(member)
    if draft.quote.total > funds.spendable:
        enough = funds.allowance + funds.grants >= draft.quote.total
        raise NotEnoughCredits(
            price=draft.quote.total,
            spendable=funds.spendable,
            renews_at=funds.renews_at if enough else None,
        )
    text = offer(draft, funds.spendable, services.naming)
    await reply.show("\n".join(filter(None, (text, why))), row(*_buttons(draft)))


async def order(
    reply: Reply, services: Services, draft: Draft, member: Member, shown: int | None = None
) -> Ordered | None:
    """Spend: confirm the draft and show its receipt; None, and its new price, when that rose.

    `shown` is the price that the member has read, where it may differ from the draft's by now.

    When it fails for no fault of the member, what is told carries Confirm of this very draft:
    trying again can't order twice, where a new command could.
    """
    price = draft.quote.total if shown is None else shown
    reply.retry = row(Confirm(draft.id, price), Cancel(draft.id))
    try:
        ordered = await services.ordering.confirm(draft.id, member, price)
    except PriceRose as rose:
        await reply.show(sentence(rose), row(Confirm(draft.id, rose.now), Cancel(draft.id)))
        return None
    await reply.show(receipt(draft, ordered, services.naming))
    return ordered


def _buttons(draft: Draft) -> tuple[Press, ...]:
    return Confirm(draft.id, draft.quote.total), Cancel(draft.id)


async def setup(bot: Muybridge) -> None:
    """Make the buttons work."""
    bot.add_buttons(Confirm, Cancel)
