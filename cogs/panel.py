"""`/settings`: one private panel in which moderators set how their server uses the bot.

Who may open it is Discord's matter: Manage Server by default, or whom the server's integration
settings let in. Whatever is pressed counts for the server in which it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands
from discord.ui import ActionRow

from cogs import chosen, panel_view, panel_words
from cogs.errors import acknowledge
from cogs.lists import clipped
from cogs.panel_forms import Fill
from cogs.panel_items import HOME, Go, Hold, Pages, control, panel_of
from cogs.panel_steps import FIRST
from cogs.quota import doing_of
from cogs.where import services_of

if TYPE_CHECKING:
    from discord.ui import LayoutView

    from cogs.client import Muybridge
    from cogs.panel_items import Drawer, Panel
    from jobs.governing import Board

_WITH_CHANNELS: Final = frozenset({"where", "more"})

_FORMS: Final = {
    "money": (("pool", panel_words.EDIT_POOL), ("numbers", panel_words.EDIT_NUMBERS)),
    "more": (("zone", panel_words.EDIT_ZONE),),
}


async def home(interaction: discord.Interaction, board: Board) -> LayoutView:
    """Draw everything at a glance."""
    # Discord's client keeps what was chosen in a select of the same custom_id, and then takes the
    # same choice for none: so each drawing has one of its own.
    rows = _home_rows(panel_of(interaction), board, str(interaction.id))
    naming = services_of(interaction).naming
    asleep = chosen.asleep(interaction)
    return panel_view.home(board, interaction.guild, naming, rows, asleep)


def drawer_of(page: str) -> Drawer:
    """Return what draws a page."""

    async def draw(interaction: discord.Interaction, board: Board) -> LayoutView:
        known = panel_view.problems(board.rules, interaction.guild, chosen.asleep(interaction))
        return panel_view.page_of(
            board,
            page,
            services_of(interaction).naming,
            lambda setting: control(page, setting, interaction, board.rules),
            [_page_buttons(page)],
            tuple(known) if page in _WITH_CHANNELS else (),
        )

    return draw


def _home_rows(panel: Panel, board: Board, state: str) -> list[ActionRow[Any]]:
    options = [
        discord.SelectOption(
            label=panel_words.PAGES[page](),
            description=clipped(panel_words.PAGE_HINTS[page]()),
            value=page,
        )
        for page in panel_view.PAGES
    ]
    paused = board.rules.paused_at is not None
    label = panel_words.RESUME if paused else panel_words.PAUSE
    hold = Hold("resume" if paused else "pause", label())
    hold.item.style = ButtonStyle.success if paused else ButtonStyle.danger
    others = (make() for make in panel.buttons)
    return [
        ActionRow(Pages(state, panel_words.CHOOSE_PAGE(), options)),
        ActionRow(hold, *others),
    ]


def _page_buttons(page: str) -> ActionRow[Any]:
    buttons = [Fill(name, label()) for name, label in _FORMS.get(page, ())]
    return ActionRow(*buttons, Go(HOME, panel_words.BACK()))


# --- the command --------------------------------------------------------------------------------


class PanelCog(commands.Cog):
    """The command."""

    @app_commands.command(name="settings", description=panel_words.COMMAND.english)
    @app_commands.describe(orders=panel_words.COMMAND_ORDERS.english)
    @app_commands.choices(
        orders=[
            app_commands.Choice(name=panel_words.ORDERS_PAUSE.english, value="pause"),
            app_commands.Choice(name=panel_words.ORDERS_RESUME.english, value="resume"),
        ]
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def settings(self, interaction: discord.Interaction, orders: str | None = None) -> None:
        """Show the panel, or the guided set-up where nothing was ever set; or pause or resume."""
        await acknowledge(interaction)
        if orders is not None:
            await interaction.edit_original_response(content=await _hold(interaction, orders))
            return
        board = await services_of(interaction).governing.board(doing_of(interaction).guild_id)
        await panel_of(interaction).draw(interaction, board, FIRST if board.fresh else HOME)


async def _hold(interaction: discord.Interaction, orders: str) -> str:
    governing = services_of(interaction).governing
    if orders == "pause":
        done = await governing.pause(doing_of(interaction))
        return (panel_words.JUST_PAUSED if done else panel_words.PAUSED_BEFORE)()
    done = await governing.resume(doing_of(interaction))
    return (panel_words.JUST_RESUMED if done else panel_words.RESUMED_BEFORE)()


async def setup(bot: Muybridge) -> None:
    """Add the command and its pages."""
    await bot.add_cog(PanelCog())
    bot.panel.add_page(HOME, home)
    for page in panel_view.PAGES:
        bot.panel.add_page(page, drawer_of(page))
