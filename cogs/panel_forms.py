"""The forms behind the settings panel: what is a number or a name is typed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from cogs import panel_words
from cogs.dynamic import Turn, custom_id
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S, in_time
from cogs.panel_items import check_panel, panel_of
from cogs.quota import doing_of
from cogs.where import services_of
from jobs.errors import OrderGone
from jobs.governing import Setting, number, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cogs.client import Muybridge
    from cogs.language import Phrase
    from jobs.governing import Value
    from jobs.model import GuildRules

NUMBERS: Final = "settings-numbers"
POOL: Final = "settings-pool"
FIRST_POOL: Final = "settings-first-pool"
ZONE: Final = "settings-zone"

_LONGEST: Final = {Setting.ZONE: 40}


class Fill(Turn, name="settings-form"):
    """Opens the form that its state names."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Open it at once, with the values that are true now."""
        if self.state not in _FORMS:
            raise OrderGone
        async with in_time():
            await check_panel(interaction)
            rules = await services_of(interaction).ordering.rules(doing_of(interaction).guild_id)
        await interaction.response.send_modal(_FORMS[self.state](rules))


def _numbers(rules: GuildRules) -> ui.Modal:
    return _modal(
        NUMBERS,
        panel_words.FORM_NUMBERS,
        _text(
            Setting.CONFIRM_PRICE,
            panel_words.FORM_CONFIRM,
            panel_words.FORM_CONFIRM_HINT,
            rules.confirm_price,
        ),
        _text(
            Setting.CLIPS_AT_ONCE,
            panel_words.FORM_CLIPS,
            panel_words.FORM_CLIPS_HINT,
            rules.clips_at_once,
        ),
        _text(
            Setting.COOLDOWN_S,
            panel_words.FORM_COOLDOWN,
            panel_words.FORM_COOLDOWN_HINT,
            rules.cooldown_s,
        ),
    )


def _first_pool(rules: GuildRules) -> ui.Modal:
    return _pool(rules, FIRST_POOL)


def _pool(rules: GuildRules, name: str = POOL) -> ui.Modal:
    periods: ui.Select[Any] = ui.Select(
        custom_id=Setting.POOL_PERIOD,
        options=[
            discord.SelectOption(label=said(), value=value, default=value == rules.pool_period)
            for value, said in panel_words.FORM_PERIODS.items()
        ],
    )
    return _modal(
        name,
        panel_words.FORM_POOL,
        _text(
            Setting.POOL_CREDITS,
            panel_words.FORM_POOL_CREDITS,
            panel_words.FORM_POOL_HINT,
            rules.pool_credits,
            required=False,
        ),
        ui.Label(text=panel_words.FORM_POOL_PERIOD(), component=periods),
    )


def _zone(rules: GuildRules) -> ui.Modal:
    return _modal(
        ZONE,
        panel_words.FORM_ZONE,
        _text(Setting.ZONE, panel_words.FORM_ZONE_NAME, panel_words.FORM_ZONE_HINT, rules.zone),
    )


_FORMS: Final[dict[str, Callable[[GuildRules], ui.Modal]]] = {
    "numbers": _numbers,
    "pool": _pool,
    "firstpool": _first_pool,
    "zone": _zone,
}


def _modal(name: str, title: Phrase, *fields: ui.Label[Any]) -> ui.Modal:
    modal = ui.Modal(title=title(), custom_id=custom_id(name, 0), timeout=REMEMBERED_S)
    for one in fields:
        modal.add_item(one)
    return modal


def _text(
    setting: Setting, label: Phrase, hint: Phrase, value: object, *, required: bool = True
) -> ui.Label[Any]:
    return ui.Label(
        text=label(),
        description=hint(),
        component=ui.TextInput(
            custom_id=setting,
            default=None if value is None else str(value),
            required=required,
            max_length=_LONGEST.get(setting, 12),
        ),
    )


# --- what comes back ----------------------------------------------------------------------------


async def numbers_sent(interaction: discord.Interaction, _: int) -> None:
    """Set what is a number for each member or order. Raises BadSetting."""
    typed = _typed(interaction)
    settings = (Setting.CONFIRM_PRICE, Setting.CLIPS_AT_ONCE, Setting.COOLDOWN_S)
    await _set(interaction, "money", lambda: {one: number(one, typed[one]) for one in settings})


async def first_pool_sent(interaction: discord.Interaction, _: int) -> None:
    """Set the pool during the set-up. Raises BadSetting."""
    await pool_sent(interaction, 0, "third")


async def pool_sent(interaction: discord.Interaction, _: int, page: str = "money") -> None:
    """Set the pool, or remove it. Raises BadSetting."""
    typed = _typed(interaction)
    period = typed.get(Setting.POOL_PERIOD)

    def values() -> dict[Setting, Value]:
        size = number(Setting.POOL_CREDITS, typed.get(Setting.POOL_CREDITS, ""))
        found: dict[Setting, Value] = {Setting.POOL_CREDITS: size}
        if period in panel_words.FORM_PERIODS:
            found[Setting.POOL_PERIOD] = period
        return found

    await _set(interaction, page, values)


async def zone_sent(interaction: discord.Interaction, _: int) -> None:
    """Set the time zone. Raises BadSetting."""
    typed = _typed(interaction)
    await _set(interaction, "more", lambda: {Setting.ZONE: zone(typed[Setting.ZONE])})


async def _set(
    interaction: discord.Interaction, page: str, read: Callable[[], dict[Setting, Value]]
) -> None:
    """Read what was typed once it is acknowledged, set it, and draw the page it came from."""
    await check_panel(interaction)
    await acknowledge(interaction, update=True)
    await services_of(interaction).governing.change(doing_of(interaction), read())
    await panel_of(interaction).show(interaction, page)


def _typed(interaction: discord.Interaction) -> dict[str, str]:
    """Read Discord's own JSON: the form itself may have been another process's."""
    data = cast("dict[str, Any]", interaction.data)
    return dict(_values(data.get("components", ())))


def _values(components: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in components:
        inner = one.get("component")
        if inner is not None:
            chosen = inner.get("values")
            yield inner["custom_id"], str(chosen[0] if chosen else inner.get("value") or "")


async def setup(bot: Muybridge) -> None:
    """Have the forms routed, also after a restart."""
    bot.add_buttons(Fill)
    bot.add_form(NUMBERS, numbers_sent)
    bot.add_form(POOL, pool_sent)
    bot.add_form(FIRST_POOL, first_pool_sent)
    bot.add_form(ZONE, zone_sent)
