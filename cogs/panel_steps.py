"""The guided set-up of a server that has set nothing yet: three short pages, then the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ButtonStyle
from discord.ui import ActionRow, Container, Separator, TextDisplay

from billing.periods import Period
from billing.wallets import Allowance
from cogs import act_lines, chosen, panel_view, panel_words, words
from cogs.dynamic import Pick, Turn
from cogs.errors import acknowledge
from cogs.escape import escaped
from cogs.lists import ACCENT
from cogs.panel_forms import Fill
from cogs.panel_items import HOME, Go, check_panel, control, panel_of
from cogs.quota import doing_of, quotas_of
from cogs.render import small
from cogs.where import member_of, services_of
from jobs.governing import Setting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from discord.ui import LayoutView

    from cogs.client import Muybridge
    from jobs.governing import Board

FIRST: Final = "first"

_SET: Final = {
    "first": (Setting.CHANNELS, Setting.RESULT_CHANNEL, Setting.LANGUAGE),
    "second": (Setting.MODERATOR_ROLES, Setting.LOG_CHANNEL),
    "third": (Setting.POOL_CREDITS,),
}
_ORDER: Final = tuple(_SET)

_PRESETS: Final = ("20 day", "50 week", "100 month", "300 month", "1000 month", "0 month")


class Done(Turn, name="settings-done"):
    """Ends the set-up, or skips what is left of it."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Note it, and show the whole panel."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        await services_of(interaction).governing.finish_set_up(doing_of(interaction).guild_id)
        await panel_of(interaction).show(interaction, HOME)


class Preset(Pick, name="settings-allowance"):
    """Chooses the allowance that everybody has."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Set it, and draw the step anew."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        if value in _PRESETS:
            await quotas_of(interaction).set_allowance(doing_of(interaction), 0, _preset(value))
        await panel_of(interaction).show(interaction, "third")


def _preset(value: str) -> Allowance:
    credits_, _, period = value.partition(" ")
    return Allowance(credits=int(credits_), period=Period(period))


async def where(interaction: discord.Interaction, board: Board) -> LayoutView:
    """Ask where the bot may be used."""
    return _step(interaction, board, "first", [])


async def who(interaction: discord.Interaction, board: Board) -> LayoutView:
    """Ask who moderates, and where that is written down."""
    return _step(interaction, board, "second", [])


async def how_much(interaction: discord.Interaction, board: Board) -> LayoutView:
    """Ask what members may spend, and say what they get for it."""
    allowance = await _allowance(interaction, board)
    said = panel_words.FIRST_ALLOWANCE(
        allowance=act_lines.allowance(allowance.credits, allowance.period)
    )
    options = [_option(value, allowance) for value in _PRESETS]
    items: list[Any] = [
        TextDisplay(f"{said}\n{small(panel_words.FIRST_ALLOWANCE_HINT())}"),
        ActionRow(Preset("third", panel_words.CHOOSE_ALLOWANCE(), options)),
        TextDisplay("\n".join([line async for line in _example(interaction, board, allowance)])),
    ]
    return _step(interaction, board, "third", items)


def _option(value: str, now: Allowance) -> discord.SelectOption:
    one = _preset(value)
    label = act_lines.allowance(one.credits, one.period)
    return discord.SelectOption(label=label, value=value, default=one == now)


async def _allowance(interaction: discord.Interaction, board: Board) -> Allowance:
    found = await quotas_of(interaction).allowances(doing_of(interaction).guild_id)
    own = [one.allowance for one in found if one.role_id == 0]
    rules = board.rules
    default = Allowance(credits=rules.allowance_credits, period=rules.allowance_period)
    return own[0] if own else default


async def _example(
    interaction: discord.Interaction, board: Board, allowance: Allowance
) -> AsyncIterator[str]:
    """Say what a clip costs, and how many such clips allowance and pool are good for."""
    services = services_of(interaction)
    priced = await services.governing.example(await member_of(interaction), services.catalogue)
    if priced is None:
        yield panel_words.EXAMPLE_NONE()
        return
    options, quote = priced
    yield panel_words.EXAMPLE(
        model=escaped(services.naming(options.model), 60),
        resolution=escaped(options.resolution, 20),
        n=options.seconds,
        price=words.money(quote.total),
        allowance=act_lines.allowance(allowance.credits, allowance.period),
        count=panel_words.EXAMPLE_COUNT(allowance.credits // quote.total),
    )
    pool = board.rules.pool_credits
    if pool is not None:
        count = panel_words.EXAMPLE_COUNT(pool // quote.total)
        yield panel_words.EXAMPLE_POOL(count=count)


def _step(
    interaction: discord.Interaction, board: Board, step: str, items: list[Any]
) -> LayoutView:
    naming = services_of(interaction).naming
    container: Container[Any] = Container(accent_colour=ACCENT)
    head = "\n".join((panel_words.FIRST_HEAD[step](), small(panel_words.FIRST_HINT())))
    container.add_item(TextDisplay(head))
    for line in panel_view.problems(board.rules, interaction.guild, chosen.asleep(interaction)):
        container.add_item(TextDisplay(line))
    for setting in _SET[step]:
        container.add_item(Separator())
        container.add_item(TextDisplay(panel_view.told(setting, board, naming)))
        row = None if step == "third" else control(step, setting, interaction, board.rules)
        if row is not None:
            container.add_item(row)
    if items:
        container.add_item(Separator())
    for item in items:
        container.add_item(item)
    return panel_view.laid_out(container, [ActionRow(*_ways(step))])


def _ways(step: str) -> Iterator[Any]:
    """Lead on, back, and out."""
    place = _ORDER.index(step)
    if place:
        yield Go(_ORDER[place - 1], panel_words.PREVIOUS())
    if step == "third":
        yield Fill("firstpool", panel_words.EDIT_POOL())
        yield _green(Done("end", panel_words.FINISH()))
    else:
        yield _green(Go(_ORDER[place + 1], panel_words.NEXT()))
        yield Done("skip", panel_words.SKIP())


def _green(button: Turn) -> Turn:
    button.item.style = ButtonStyle.success
    return button


async def setup(bot: Muybridge) -> None:
    """Add the steps to the panel, and make their buttons work."""
    for name, draw in zip(_ORDER, (where, who, how_much), strict=True):
        bot.panel.add_page(name, draw)
    bot.add_buttons(Done, Preset)
