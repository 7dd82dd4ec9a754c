"""The page Content of `/settings`: blocked words, review before payment, blocked members."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ChannelType, SelectDefaultValue, SelectOption
from discord.ui import ActionRow, ChannelSelect, RoleSelect, Select, UserSelect

from cogs import chosen, content_forms, content_view, content_words, panel_words
from cogs.dynamic import Gather, Turn
from cogs.errors import acknowledge
from cogs.panel_items import HOME, Go, check_panel, panel_of
from cogs.review_desk import DiscordRooms
from cogs.where import client_of, member_of, services_of
from jobs.content import write
from jobs.errors import OrderGone

if TYPE_CHECKING:
    from discord.ui import LayoutView

    from cogs.client import Muybridge
    from jobs.governing import Board
    from jobs.model import ReviewRules

PAGE: Final = "content"

HOURS: Final = (1, 6, 12, 24, 48, 72, 168)
_MOST: Final = 25
"""Values of a select (Discord's reference, "Select Menus")."""


async def draw(interaction: discord.Interaction, board: Board) -> LayoutView:
    """Draw the page with the values that are true now."""
    services, guild_id = services_of(interaction), interaction.guild_id or 0
    review = board.rules.review
    rooms = DiscordRooms()
    rooms.client = client_of(interaction)
    closed = review.channel_id is not None and not rooms.open(guild_id, review.channel_id)
    return content_view.page(
        await services.moderation.rules(guild_id),
        review,
        await services.moderation.blocks(guild_id),
        (_rule_rows(), _review_rows(interaction, review), _block_rows(), (ActionRow(_back(HOME)),)),
        closed=closed,
    )


def _back(page: str) -> Go:
    return Go(page, content_words.CONTENT() if page == PAGE else panel_words.BACK())


def _rule_rows() -> tuple[ActionRow[Any], ...]:
    return (
        ActionRow(
            Open("rules", content_words.CHANGE_RULES()),
            List("0", content_words.SHOW_RULES()),
            Open("import", content_words.IMPORT()),
            Export("all", content_words.EXPORT()),
        ),
    )


def _review_rows(
    interaction: discord.Interaction, review: ReviewRules
) -> tuple[ActionRow[Any], ...]:
    wanted = "off" if review.on else "on"
    label = content_words.TURN_REVIEW_OFF if review.on else content_words.TURN_REVIEW_ON
    switch: ActionRow[Any] = ActionRow(SwitchReview(wanted, label()))
    channel: ActionRow[Any] = ActionRow(Set("channel", _channels(interaction, review)))
    if not review.on:
        return switch, channel
    hours = sorted({*HOURS, review.hours})
    waiting: Select[Any] = Select(
        custom_id=f"{Set.name}:hours",
        options=[
            SelectOption(
                label=content_words.PICK_HOURS(hours=content_words.HOURS(one)),
                value=str(one),
                default=one == review.hours,
            )
            for one in hours
        ],
    )
    return (
        switch,
        channel,
        ActionRow(Set("trusted", _roles(interaction, review))),
        ActionRow(Set("hours", waiting)),
    )


def _channels(interaction: discord.Interaction, review: ReviewRules) -> ChannelSelect[Any]:
    guild, id_ = interaction.guild, review.channel_id
    known = guild is not None and id_ is not None and guild.get_channel(id_) is not None
    defaults = [SelectDefaultValue.from_channel(discord.Object(id_))] if known and id_ else []
    return ChannelSelect(
        custom_id=f"{Set.name}:channel",
        channel_types=[ChannelType.text],
        placeholder=content_words.PICK_CHANNEL(),
        min_values=0,
        max_values=1,
        default_values=defaults,
    )


def _roles(interaction: discord.Interaction, review: ReviewRules) -> RoleSelect[Any]:
    guild = interaction.guild
    known = [one for one in sorted(review.trusted) if guild and guild.get_role(one)][:_MOST]
    return RoleSelect(
        custom_id=f"{Set.name}:trusted",
        placeholder=content_words.PICK_TRUSTED(),
        min_values=0,
        max_values=_MOST,
        default_values=[SelectDefaultValue.from_role(discord.Object(one)) for one in known],
    )


def _block_rows() -> tuple[ActionRow[Any], ...]:
    pick: UserSelect[Any] = UserSelect(
        custom_id=f"{PickMember.name}:one", placeholder=content_words.PICK_MEMBER()
    )
    return (ActionRow(PickMember("one", pick)),)


# --- what is pressed ----------------------------------------------------------------------------


class Open(Turn, name="content-form"):
    """Opens the form that its state names."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await check_panel(interaction)
        make = content_forms.FORMS.get(self.state)
        if make is None:
            raise OrderGone
        await interaction.response.send_modal(make())


class List(Turn, name="content-rules"):
    """Shows a page of all rules; its state is the page's number, from 0."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Draw it in place of what is there."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        rules = await services_of(interaction).moderation.rules(interaction.guild_id or 0)
        last = content_view.pages_of(rules) - 1
        number = min(int(self.state), last) if self.state.isdecimal() else 0
        others = [
            List(str(one), label)
            for one, label in ((number - 1, "\N{BLACK LEFT-POINTING TRIANGLE}"),
                               (number + 1, "\N{BLACK RIGHT-POINTING TRIANGLE}"))
            if 0 <= one <= last
        ]  # fmt: skip
        row: ActionRow[Any] = ActionRow(*others, _back(PAGE))
        await interaction.edit_original_response(
            view=content_view.list_of(rules, number, (row,)),
            allowed_mentions=discord.AllowedMentions.none(),
        )


class Export(Turn, name="content-export"):
    """Hands all rules out as a file."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Send it, in private."""
        await check_panel(interaction)
        await acknowledge(interaction)
        rules = await services_of(interaction).moderation.rules(interaction.guild_id or 0)
        text = write(rules, content_words.EXPORT_REMARK())
        file = discord.File(BytesIO(text.encode()), filename="muybridge-rules.txt")
        await interaction.edit_original_response(
            content=content_words.EXPORTED(), attachments=[file]
        )


class SwitchReview(Turn, name="content-review"):
    """Has orders looked at first, or not; its state says which."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Set it, and draw what is true now."""
        await _change(interaction, "on", self.state == "on")


class Set(Gather, name="content-set"):
    """Chooses the review channel, the trusted roles, or how long an order waits."""

    async def gathered(self, interaction: discord.Interaction, values: tuple[str, ...]) -> None:
        """Set it, and draw what is true now. Raises ChoiceGone for what is not in this server."""
        if self.state == "channel":
            here = chosen.channels(interaction, values)
            await _change(interaction, "channel_id", next(iter(here), None))
        elif self.state == "trusted":
            await _change(interaction, "trusted", chosen.roles(interaction, values))
        elif self.state == "hours" and values and values[0].isdecimal():
            await _change(interaction, "hours", min(max(1, int(values[0])), max(HOURS)))
        else:
            raise OrderGone


async def _change(interaction: discord.Interaction, field: str, value: Any) -> None:  # noqa: ANN401
    await check_panel(interaction)
    await acknowledge(interaction, update=True)
    actor = await member_of(interaction)
    await services_of(interaction).moderation.set_review(actor, field, value)
    await panel_of(interaction).show(interaction, PAGE)


class PickMember(Gather, name="content-member"):
    """Asks for the reason to block a member, or to unblock one who is blocked."""

    async def gathered(self, interaction: discord.Interaction, values: tuple[str, ...]) -> None:
        """Open the form at once."""
        await check_panel(interaction)
        if not values or not values[0].isdecimal():
            raise OrderGone
        user_id = int(values[0])
        blocks = await services_of(interaction).moderation.blocks(interaction.guild_id or 0)
        known = any(one.user_id == user_id for one in blocks)
        await interaction.response.send_modal(content_forms.block_form(user_id, known=known))


async def setup(bot: Muybridge) -> None:
    """Add the page to the panel, and make what stands on it work."""
    bot.add_buttons(Open, List, Export, SwitchReview, Set, PickMember)
    content_forms.route(bot)
    bot.panel.add_page(PAGE, draw)
    bot.panel.add_button(lambda: Go(PAGE, content_words.CONTENT()))
