"""What is pressed on the settings panel, and the controls that stand there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ChannelType, SelectDefaultValue
from discord.ui import ActionRow, ChannelSelect, RoleSelect, Select

from cogs import chosen, panel_words
from cogs.dynamic import Gather, Pick, Turn
from cogs.errors import acknowledge
from cogs.escape import one_line
from cogs.language import NAMES
from cogs.offers import LONGEST, MOST
from cogs.quota import check_own, doing_of
from cogs.where import client_of, services_of
from jobs.errors import OrderGone
from jobs.governing import CHANNELS, ROLES, SWITCHES, Board, Setting
from jobs.guarding import height_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord.ui import DynamicItem, LayoutView

    from cogs.client import Muybridge
    from cogs.language import Phrase
    from jobs.catalogue import Catalogue
    from jobs.governing import Value
    from jobs.model import GuildRules

    Drawer = Callable[[discord.Interaction, Board], Awaitable[LayoutView]]

HOME: Final = "home"

ANY: Final = "any"
CHOSEN: Final = (
    CHANNELS
    | ROLES
    | {
        Setting.MODELS,
        Setting.LARGEST_RESOLUTION,
        Setting.LARGEST_SECONDS,
        Setting.LARGEST_VARIATIONS,
        Setting.LANGUAGE,
    }
)
"""What menus ask for; the rest is switched, or typed into forms."""

SINGLE: Final = frozenset({Setting.RESULT_CHANNEL, Setting.LOG_CHANNEL})

_TALKED_IN: Final = (ChannelType.text, ChannelType.news)
_TYPES: Final = {
    Setting.CHANNELS: (
        *_TALKED_IN,
        ChannelType.voice,
        ChannelType.stage_voice,
        ChannelType.forum,
        ChannelType.public_thread,
        ChannelType.category,
    ),
    Setting.SPOILER_CHANNELS: (
        *_TALKED_IN,
        ChannelType.voice,
        ChannelType.stage_voice,
        ChannelType.forum,
    ),
    Setting.RESULT_CHANNEL: _TALKED_IN,
    Setting.LOG_CHANNEL: _TALKED_IN,
}


def slug(setting: Setting) -> str:
    """Return what a custom_id says for a setting."""
    return setting.replace("_", "")


_SLUGS: Final = {slug(one): one for one in Setting}


class Panel:
    """The pages of the panel, each drawn by a function of its own, and the first page's buttons."""

    def __init__(self) -> None:
        self.pages: dict[str, Drawer] = {}
        self.buttons: list[Callable[[], DynamicItem[Any]]] = []

    def add_page(self, name: str, draw: Drawer) -> None:
        """Have a page drawn by that function; names are small letters and digits."""
        self.pages[name] = draw

    def add_button(self, make: Callable[[], DynamicItem[Any]]) -> None:
        """Put one more button on the first page."""
        self.buttons.append(make)

    async def show(self, interaction: discord.Interaction, page: str) -> None:
        """Draw a page with the values that are true now into the private answer."""
        governing = services_of(interaction).governing
        board = await governing.board(doing_of(interaction).guild_id)
        await self.draw(interaction, board, page)

    async def draw(self, interaction: discord.Interaction, board: Board, page: str) -> None:
        """Draw a page of what was just read; one that nobody knows is the first."""
        draw = self.pages.get(page, self.pages[HOME])
        await chosen.look_up(interaction, _channels_of(board.rules))
        await interaction.edit_original_response(
            view=await draw(interaction, board), allowed_mentions=discord.AllowedMentions.none()
        )


def panel_of(interaction: discord.Interaction) -> Panel:
    """Return the panel of our client."""
    return client_of(interaction).panel


async def check_panel(interaction: discord.Interaction) -> None:
    """Look whether who presses may. Raises ModeratorsOnly or PanelOld."""
    await check_own(interaction, "settings")


# --- what is pressed ----------------------------------------------------------------------------


class Go(Turn, name="settings"):
    """Leads to a page."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Draw it in place of this one."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        await panel_of(interaction).show(interaction, self.state)


class Pages(Pick, name="settings-pages"):
    """Chooses a page."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Draw it in place of this one."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        await panel_of(interaction).show(interaction, value)


class Choose(Gather, name="settings-choose"):
    """A select of channels, roles, models or sizes; its state is `page:setting`."""

    async def gathered(self, interaction: discord.Interaction, values: tuple[str, ...]) -> None:
        """Set it, and draw what is true now."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        page, setting = _read(self.state, CHOSEN)
        await change(interaction, page, {setting: _value(interaction, setting, values)})


class Switch(Turn, name="settings-switch"):
    """Turns something on or off; its state says which, so that a second press does no harm."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Set it, and draw what is true now."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        place, _, wanted = self.state.rpartition(":")
        page, setting = _read(place, SWITCHES)
        await change(interaction, page, {setting: int(wanted == "on")})


class Hold(Turn, name="settings-hold"):
    """Pauses or resumes, whichever its state says."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Do it, and draw what is true now."""
        await check_panel(interaction)
        await acknowledge(interaction, update=True)
        governing = services_of(interaction).governing
        if self.state == "pause":
            await governing.pause(doing_of(interaction))
        else:
            await governing.resume(doing_of(interaction))
        await panel_of(interaction).show(interaction, HOME)


def _read(state: str, ours: frozenset[Setting]) -> tuple[str, Setting]:
    """Read page and setting. Raises OrderGone for what is not set in that way."""
    page, _, name = state.partition(":")
    setting = _SLUGS.get(name)
    if setting not in ours:
        raise OrderGone
    return page, setting


def _value(interaction: discord.Interaction, setting: Setting, values: tuple[str, ...]) -> Value:
    """Read what was chosen. Raises ChoiceGone where none of it is in this server."""
    if setting in CHANNELS | ROLES:
        ids = (chosen.channels if setting in CHANNELS else chosen.roles)(interaction, values)
        return next(iter(ids), None) if setting in SINGLE else ids
    if setting is Setting.MODELS:
        return frozenset(values)
    value = values[0] if values else ANY
    if setting is Setting.LANGUAGE:
        return value if value in NAMES else ""
    if setting is Setting.LARGEST_RESOLUTION:
        return "" if value == ANY else value
    return int(value) if value.isascii() and value.isdecimal() else None


def _channels_of(rules: GuildRules) -> frozenset[int]:
    return frozenset(one for setting in CHANNELS for one in _chosen(rules, setting))


async def change(interaction: discord.Interaction, page: str, values: dict[Setting, Value]) -> None:
    """Set rules of the server in which it was pressed, and draw the page anew."""
    await services_of(interaction).governing.change(doing_of(interaction), values)
    await panel_of(interaction).show(interaction, page)


# --- controls ------------------------------------------------------------------------------------


def control(
    page: str, setting: Setting, interaction: discord.Interaction, rules: GuildRules
) -> ActionRow[Any] | None:
    """Return what sets a setting; None for what a form asks for."""
    state = f"{page}:{slug(setting)}"
    if setting in CHANNELS:
        return ActionRow(Choose(state, _channels(state, setting, interaction, rules)))
    if setting in ROLES:
        return ActionRow(Choose(state, _roles(state, setting, interaction, rules)))
    if setting in _SWITCHES:
        on, off = _SWITCHES[setting]
        is_on = bool(getattr(rules, setting))
        wanted, label = ("off", off) if is_on else ("on", on)
        return ActionRow(Switch(f"{state}:{wanted}", label()))
    if setting not in CHOSEN:
        return None
    options = _options(setting, services_of(interaction).catalogue, rules)
    return ActionRow(Choose(state, _texts(state, setting, options))) if options else None


_SWITCHES: Final = {
    Setting.AGE_ONLY: (panel_words.ONLY_AGE, panel_words.ANY_AGE),
    Setting.REUSE: (panel_words.ALLOW_REUSE, panel_words.FORBID_REUSE),
}


def _custom_id(state: str) -> str:
    return f"{Choose.name}:{state}"


def _chosen(rules: GuildRules, setting: Setting) -> list[int]:
    value: Any = getattr(rules, setting)
    ids = value if isinstance(value, frozenset) else filter(None, (value,))
    return sorted(ids)[:MOST]


def _channels(
    state: str, setting: Setting, interaction: discord.Interaction, rules: GuildRules
) -> ChannelSelect[Any]:
    """Offer channels; what is gone can't be shown as chosen, and is dropped by the next choice."""
    known = [one for one in _chosen(rules, setting) if chosen.is_known(interaction, one)]
    return ChannelSelect(
        custom_id=_custom_id(state),
        channel_types=list(_TYPES[setting]),
        placeholder=panel_words.PLACEHOLDERS[setting](),
        min_values=0,
        max_values=1 if setting in SINGLE else MOST,
        default_values=[SelectDefaultValue.from_channel(discord.Object(one)) for one in known],
    )


def _roles(
    state: str, setting: Setting, interaction: discord.Interaction, rules: GuildRules
) -> RoleSelect[Any]:
    guild = interaction.guild
    known = [one for one in _chosen(rules, setting) if guild is not None and guild.get_role(one)]
    return RoleSelect(
        custom_id=_custom_id(state),
        placeholder=panel_words.PLACEHOLDERS[setting](),
        min_values=0,
        max_values=MOST,
        default_values=[SelectDefaultValue.from_role(discord.Object(one)) for one in known],
    )


def _texts(state: str, setting: Setting, options: list[discord.SelectOption]) -> Select[Any]:
    several = setting is Setting.MODELS
    return Select(
        custom_id=_custom_id(state),
        placeholder=panel_words.PLACEHOLDERS[setting]() if several else None,
        min_values=0 if several else 1,
        max_values=len(options) if several else 1,
        options=options,
    )


def _options(
    setting: Setting, catalogue: Catalogue, rules: GuildRules
) -> list[discord.SelectOption]:
    """Offer languages, or what the vendor's list holds; no models while there is no list."""
    if setting is Setting.MODELS:
        return [
            discord.SelectOption(
                label=one_line(one.label)[:LONGEST],
                value=one.value[:LONGEST],
                default=one.value in rules.models,
            )
            for one in catalogue.models[:MOST]
        ]
    label, found = _limits(setting, catalogue)
    now = str(getattr(rules, setting) or ANY)
    offered = [(ANY, label), *found]
    if all(value != now for value, _ in offered):
        offered.append((now, one_line(now)))
    return [
        discord.SelectOption(label=text[:LONGEST], value=value, default=value == now)
        for value, text in offered[:MOST]
    ]


def _limits(setting: Setting, catalogue: Catalogue) -> tuple[str, list[tuple[str, str]]]:
    """Return what no choice is called, and the choices that there are."""
    if setting is Setting.LANGUAGE:
        return panel_words.OF_DISCORD(), list(NAMES.items())
    if setting is Setting.LARGEST_RESOLUTION:
        sizes = {size.value for one in catalogue.models for size in one.resolutions}
        ordered = sorted(sizes, key=lambda one: (height_of(one), one))
        return panel_words.ANY_SIZE(), [
            (one, panel_words.UP_TO_SIZE(value=one_line(one))) for one in ordered
        ]
    if setting is Setting.LARGEST_SECONDS:
        lengths = {one for model in catalogue.models for one in model.seconds}
        return panel_words.ANY_LENGTH(), _counted(sorted(lengths), panel_words.UP_TO_SECONDS)
    return panel_words.ANY_NUMBER(), [
        (str(one), panel_words.UP_TO_VARIATIONS(one)) for one in range(1, 11)
    ]


def _counted(numbers: Iterable[int], phrase: Phrase) -> list[tuple[str, str]]:
    return [(str(one), phrase(n=one)) for one in numbers]


async def setup(bot: Muybridge) -> None:
    """Make room for pages, and have what is pressed on them work, also after a restart."""
    bot.panel = Panel()
    bot.add_buttons(Go, Pages, Choose, Switch, Hold)
