"""Word a setting of the audit trail: its name as on the panel, and its values for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cogs import act_words, content_words, panel_words, words
from cogs.escape import escaped
from cogs.language import NAMES, Counted, Phrase, listed
from jobs.governing import Setting
from jobs.model import ReviewRules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME: Final = 40
_VALUE: Final = 80
_NAMED: Final = 5
_MENTIONS: Final = re.compile(r"<(?:#|@&)[0-9]{1,20}>(?: <(?:#|@&)[0-9]{1,20}>)*", re.ASCII)
"""Channels and roles as the panel writes them down: Discord shows their names."""

_IDS: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_NOTHING: Final = frozenset({"", "[]"})

_NAMES: Final[Mapping[str, Phrase]] = {
    **{str(one): phrase for one, phrase in panel_words.NAMES.items()},
    "content": content_words.RULES_FORM,
    "review": content_words.REVIEW_NAME,
    "review_channel_id": content_words.PICK_CHANNEL,
    "review_hours": content_words.REVIEW_TIME,
    "trusted_roles": content_words.PICK_TRUSTED,
}

_UNSET: Final[Mapping[str, Phrase]] = {
    Setting.CHANNELS: panel_words.EVERYWHERE,
    Setting.RESULT_CHANNEL: panel_words.WHERE_ASKED,
    Setting.SPOILER_CHANNELS: panel_words.NOWHERE,
    Setting.MODERATOR_ROLES: panel_words.MANAGERS,
    Setting.PRIVATE_ROLES: panel_words.EVERYBODY,
    Setting.EFFECTS_ROLES: panel_words.EVERYBODY,
    Setting.BATCH_ROLES: panel_words.EVERYBODY,
    Setting.POOL_CREDITS: panel_words.NO_LIMIT,
    Setting.LARGEST_RESOLUTION: panel_words.ANY,
    Setting.LARGEST_SECONDS: panel_words.ANY,
    Setting.LARGEST_VARIATIONS: panel_words.ANY,
    Setting.MODELS: panel_words.ALL_MODELS,
    Setting.LOG_CHANNEL: panel_words.NO_CHANNEL,
    Setting.LANGUAGE: panel_words.OF_DISCORD,
    "review": act_words.OFF,
    "review_channel_id": panel_words.NO_CHANNEL,
    "trusted_roles": panel_words.NONE,
}
"""What an empty value means."""

_CHOICES: Final[Mapping[str, Mapping[str, Phrase]]] = {
    Setting.AGE_ONLY: {"on": panel_words.AGE_ONLY, "off": panel_words.AGE_ANY},
    Setting.REUSE: {"on": panel_words.REUSE_ON, "off": panel_words.REUSE_OFF},
    Setting.POOL_PERIOD: panel_words.FORM_PERIODS,
    "review": {"1": act_words.ON, "0": act_words.OFF},
}

_NUMBERS: Final[Mapping[str, Counted | Callable[[int], str]]] = {
    Setting.CONFIRM_PRICE: words.money,
    Setting.POOL_CREDITS: words.money,
    Setting.CLIPS_AT_ONCE: words.clips,
    Setting.COOLDOWN_S: panel_words.SECONDS,
    Setting.LARGEST_SECONDS: panel_words.SECONDS,
    "review_hours": content_words.HOURS,
}


def name(about: str) -> str:
    """Name a setting as its panel does; what has no name there, as it is kept."""
    return _NAMES[about]() if about in _NAMES else escaped(about, _NAME)


def change(about: str, before: str, after: str) -> str:
    """Word what a setting was and is; of blocked words, which went and which came."""
    if about == "content":
        return _rules(gone=before, new=after)
    return act_words.CHANGED(before=value(about, before), after=value(about, after))


def _rules(*, gone: str, new: str) -> str:
    said = ((act_words.REMOVED, gone), (act_words.ADDED, new))
    return listed(phrase(rules=_shown(rules.split("\n"))) for phrase, rules in said if rules)


def _shown(rules: list[str]) -> str:
    """Name the first of a list of rules, which the audit trail keeps in full, one a line."""
    length = _VALUE if len(rules) == 1 else _NAME
    return _first([escaped(one, length) for one in rules])


def value(about: str, kept: str) -> str:
    """Word one value as the audit trail keeps it."""
    if kept in _NOTHING:
        return _unset(about)
    if about in _CHOICES and kept in _CHOICES[about]:
        return _CHOICES[about][kept]()
    if about in _NUMBERS and kept.isascii() and kept.isdecimal():
        return _NUMBERS[about](int(kept))
    if about == Setting.MODELS:
        return escaped(listed(kept.split(" ")), _VALUE)
    if about == Setting.LANGUAGE:
        return NAMES.get(kept, escaped(kept, _NAME))
    return _places(_mentions(about, kept))


def _unset(about: str) -> str:
    if about == "review_hours":
        return content_words.HOURS(ReviewRules().hours)
    return _UNSET.get(about, act_words.NOTHING)()


def _mentions(about: str, kept: str) -> str:
    """Write ids as mentions where they are kept bare."""
    if about == "review_channel_id" and kept.isascii() and kept.isdecimal():
        return f"<#{kept}>"
    if about == "trusted_roles":
        return " ".join(f"<@&{one}>" for one in _IDS.findall(kept)) or kept
    return kept


def _places(kept: str) -> str:
    if not _MENTIONS.fullmatch(kept):
        return escaped(kept, _VALUE)
    return _first(kept.split(" "))


def _first(shown: list[str]) -> str:
    more = len(shown) - _NAMED
    said = listed(shown[:_NAMED])
    return panel_words.MORE(list=said, n=more) if more > 0 else said
