"""Draw the settings panel: what is set now, who changed it last, and what is the matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discord.ui import ActionRow, Container, LayoutView, Separator, TextDisplay

from cogs import panel_words, refusals, words
from cogs.admission import lacking
from cogs.escape import escaped
from cogs.language import NAMES, listed, number
from cogs.lists import ACCENT
from cogs.render import small
from jobs.governing import CHANNELS, ROLES, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import discord

    from cogs.render import Naming
    from jobs.governing import Board
    from jobs.model import GuildRules

SHOWN: Final = 8
"""Channels, roles or models that a line names before it counts the rest."""

PAGES: Final[dict[str, tuple[Setting, ...]]] = {
    "where": (
        Setting.CHANNELS,
        Setting.RESULT_CHANNEL,
        Setting.SPOILER_CHANNELS,
        Setting.AGE_ONLY,
    ),
    "who": (
        Setting.MODERATOR_ROLES,
        Setting.PRIVATE_ROLES,
        Setting.EFFECTS_ROLES,
        Setting.BATCH_ROLES,
        Setting.REUSE,
    ),
    "sizes": (
        Setting.MODELS,
        Setting.LARGEST_RESOLUTION,
        Setting.LARGEST_SECONDS,
        Setting.LARGEST_VARIATIONS,
    ),
    "money": (
        Setting.POOL_CREDITS,
        Setting.CONFIRM_PRICE,
        Setting.CLIPS_AT_ONCE,
        Setting.COOLDOWN_S,
    ),
    "more": (Setting.LOG_CHANNEL, Setting.LANGUAGE, Setting.ZONE),
}
"""The pages of the panel with what is set on each."""

LOGGED: Final = frozenset({"attach_files"})
"""What the log channel can do without."""


def home(
    board: Board,
    guild: discord.Guild | None,
    naming: Naming,
    rows: Sequence[ActionRow[Any]],
    asleep: frozenset[int] = frozenset(),
) -> LayoutView:
    """Draw the first page: everything at a glance; `asleep` as in `problems`."""
    container = _container(panel_words.HEAD(), small(panel_words.HEAD_HINT()))
    for line in (*_paused(board.rules), *problems(board.rules, guild, asleep)):
        container.add_item(TextDisplay(line))
    for page, settings in PAGES.items():
        container.add_item(Separator())
        lines = [panel_words.HEADING(name=panel_words.PAGES[page]())]
        lines += [line_of(one, board, naming) for one in settings]
        container.add_item(TextDisplay("\n".join(lines)))
    return laid_out(container, rows)


def page_of(
    board: Board,
    page: str,
    naming: Naming,
    controls: Callable[[Setting], ActionRow[Any] | None],
    rows: Sequence[ActionRow[Any]],
    warnings: Sequence[str] = (),
) -> LayoutView:
    """Draw one page: each setting with its hint, who changed it last, and its control below."""
    container = _container(f"## {panel_words.PAGES[page]()}", *warnings)
    for setting in PAGES[page]:
        container.add_item(Separator())
        container.add_item(TextDisplay(told(setting, board, naming)))
        control = controls(setting)
        if control is not None:
            container.add_item(control)
    return laid_out(container, rows)


def _container(*lines: str) -> Container[Any]:
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(TextDisplay("\n".join(lines)))
    return container


def laid_out(container: Container[Any], rows: Sequence[ActionRow[Any]]) -> LayoutView:
    """Put rows below a container, as every list of ours."""
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in rows:
        view.add_item(row)
    return view


def told(setting: Setting, board: Board, naming: Naming) -> str:
    """Word a setting on its own page."""
    hint = panel_words.HINTS[setting]()
    last = board.changes.get(setting)
    if last is not None:
        member = f"<@{last.act.actor_id}>"
        hint = panel_words.CHANGED_BY(hint=hint, member=member, when=words.when(last.at))
    return f"{line_of(setting, board, naming)}\n{small(hint)}"


def line_of(setting: Setting, board: Board, naming: Naming) -> str:
    """Word a setting and its value in one line."""
    value = value_of(setting, board, naming)
    return panel_words.ROW(name=panel_words.NAMES[setting](), value=value)


# --- values -------------------------------------------------------------------------------------


def value_of(setting: Setting, board: Board, naming: Naming) -> str:
    """Word what a setting is now."""
    rules = board.rules
    if setting is Setting.POOL_CREDITS:
        return _pool(board)
    if setting is Setting.MODELS:
        return _some(rules.models, lambda one: escaped(naming(str(one)), 60)) or (
            panel_words.ALL_MODELS()
        )
    if setting in CHANNELS | ROLES:
        return _places(setting, rules)
    return _PLAIN[setting](rules)


def _places(setting: Setting, rules: GuildRules) -> str:
    value: Any = getattr(rules, setting)
    chosen = value if isinstance(value, frozenset) else frozenset(filter(None, (value,)))
    if setting in ROLES:
        said = _some(chosen, lambda one: f"<@&{one}>")
        if setting is Setting.MODERATOR_ROLES:
            return panel_words.MANAGERS_AND(roles=said) if said else panel_words.MANAGERS()
        return said or panel_words.EVERYBODY()
    return _some(chosen, lambda one: f"<#{one}>") or _EMPTY[setting]()


_EMPTY: Final = {
    Setting.CHANNELS: panel_words.EVERYWHERE,
    Setting.RESULT_CHANNEL: panel_words.WHERE_ASKED,
    Setting.SPOILER_CHANNELS: panel_words.NOWHERE,
    Setting.LOG_CHANNEL: panel_words.NO_CHANNEL,
}


def _some(values: frozenset[Any], word: Callable[[Any], str]) -> str:
    """Name the first few of a set, and count the others; nothing for none."""
    shown = [word(one) for one in sorted(values)[:SHOWN]]
    more = len(values) - len(shown)
    said = listed(shown)
    return panel_words.MORE(list=said, n=more) if more else said


def _pool(board: Board) -> str:
    size = board.rules.pool_credits
    if size is None:
        return panel_words.NO_LIMIT()
    return panel_words.POOL_OF[board.rules.pool_period](
        credits=words.money(size),
        used=number(board.pool_taken),
        percent=number(board.pool_taken * 100 // size),
        renews=words.when(board.pool_renews),
    )


def _most(value: object) -> str:
    return panel_words.UP_TO(value=value) if value else panel_words.ANY()


def _length(rules: GuildRules) -> str:
    most = rules.largest_seconds
    return panel_words.UP_TO(value=panel_words.SECONDS(most)) if most else panel_words.ANY()


def _cooldown(rules: GuildRules) -> str:
    if not rules.cooldown_s:
        return panel_words.NONE()
    return panel_words.SECONDS(rules.cooldown_s)


_PLAIN: Final[dict[Setting, Callable[[GuildRules], str]]] = {
    Setting.AGE_ONLY: lambda rules: (
        panel_words.AGE_ONLY if rules.age_only else panel_words.AGE_ANY
    )(),
    Setting.REUSE: lambda rules: (panel_words.REUSE_ON if rules.reuse else panel_words.REUSE_OFF)(),
    Setting.CONFIRM_PRICE: lambda rules: panel_words.ABOVE(
        credits=words.money(rules.confirm_price)
    ),
    Setting.CLIPS_AT_ONCE: lambda rules: panel_words.EACH(clips=words.clips(rules.clips_at_once)),
    Setting.COOLDOWN_S: _cooldown,
    Setting.LARGEST_RESOLUTION: lambda rules: _most(rules.largest_resolution),
    Setting.LARGEST_SECONDS: _length,
    Setting.LARGEST_VARIATIONS: lambda rules: _most(rules.largest_variations),
    Setting.LANGUAGE: lambda rules: NAMES.get(rules.language) or panel_words.OF_DISCORD(),
    Setting.ZONE: lambda rules: escaped(rules.zone, 60),
}


# --- what is the matter -------------------------------------------------------------------------


def _paused(rules: GuildRules) -> Iterator[str]:
    if rules.paused_at is not None:
        member = f"<@{rules.paused_by}>"
        yield panel_words.PAUSED_BY(member=member, since=words.when(rules.paused_at))


def problems(
    rules: GuildRules, guild: discord.Guild | None, asleep: frozenset[int]
) -> Iterator[str]:
    """Say which permissions the bot lacks in the channels that are chosen.

    `asleep` are archived threads, of which only Discord knows; a message wakes them.
    """
    results = {rules.result_channel} if rules.result_channel else rules.channels
    for channel_id in sorted(frozenset(filter(None, results)) - asleep)[:SHOWN]:
        yield from _problem(guild, channel_id, frozenset())
    if rules.log_channel is not None and rules.log_channel not in asleep:
        yield from _problem(guild, rules.log_channel, LOGGED)


def _problem(
    guild: discord.Guild | None, channel_id: int, unneeded: frozenset[str]
) -> Iterator[str]:
    missing = [one for one in lacking(guild, channel_id) if one not in unneeded]
    if not missing:
        return
    channel = f"<#{channel_id}>"
    if guild is not None and guild.get_channel_or_thread(channel_id) is None:
        yield panel_words.GONE(channel=channel)
        return
    names = listed(refusals.permission(one) for one in missing)
    yield panel_words.LACKING(channel=channel, missing=names)
