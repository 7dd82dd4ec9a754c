"""Say what a server's own rules turn down: one sentence each, which ends in what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cogs import guard_words, panel_words, words
from cogs.escape import escaped
from cogs.language import listed, number
from jobs.errors import Declined, OptionKind
from jobs.governing import Setting
from jobs.guard_errors import (
    AgeRestrictedOnly,
    BadSetting,
    ChoiceGone,
    CoolingDown,
    GuildPaused,
    NeedsRole,
    NotHere,
    OverLimit,
    PanelOld,
    PoolReached,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_OFFERED: Final = 25
_MOST_MENTIONED: Final = 5
_USES: Final = {
    Use.PRIVATE: guard_words.NEEDS_ROLE_PRIVATE,
    Use.EFFECTS: guard_words.NEEDS_ROLE_EFFECTS,
    Use.BATCH: guard_words.NEEDS_ROLE_BATCH,
}
_LIMITS: Final = {
    OptionKind.MODEL: guard_words.MODEL_NOT_ALLOWED,
    OptionKind.RESOLUTION: guard_words.RESOLUTION_NOT_ALLOWED,
    OptionKind.SECONDS: guard_words.SECONDS_NOT_ALLOWED,
    OptionKind.VARIATIONS: guard_words.VARIATIONS_NOT_ALLOWED,
}


def _paused(declined: GuildPaused) -> str:
    return guard_words.PAUSED(since=words.when(declined.since))


def _not_here(declined: NotHere) -> str:
    shown = listed(f"<#{one}>" for one in declined.channels[:_MOST_MENTIONED])
    more = len(declined.channels) - _MOST_MENTIONED
    channels = guard_words.CHANNELS_MORE(more, channels=shown) if more > 0 else shown
    return guard_words.NOT_HERE(channels=channels)


def _needs_role(declined: NeedsRole) -> str:
    shown = listed(f"<@&{one}>" for one in declined.roles[:_MOST_MENTIONED])
    more = len(declined.roles) - _MOST_MENTIONED
    roles = guard_words.ROLES_MORE(more, roles=shown) if more > 0 else shown
    return _USES[declined.use](roles=roles)


def _over_limit(declined: OverLimit) -> str:
    allowed = listed(escaped(one, 60) for one in declined.allowed[:_MOST_OFFERED])
    return _LIMITS[declined.option](asked=escaped(declined.asked, 60), allowed=allowed)


def _cooling_down(declined: CoolingDown) -> str:
    return guard_words.COOLING_DOWN(until=words.when(declined.until))


def _pool(declined: PoolReached) -> str:
    return guard_words.POOL(
        left=words.money(declined.left),
        price=words.money(declined.price),
        renews=words.when(declined.opens_at),
    )


def _bad_setting(declined: BadSetting) -> str:
    typed = escaped(declined.typed, 40)
    if declined.low is None or declined.high is None:
        return panel_words.BAD_ZONE(typed=typed)
    return panel_words.BAD_NUMBER(
        typed=typed,
        name=panel_words.NAMES[Setting(declined.setting)](),
        low=number(declined.low),
        high=number(declined.high),
    )


def _age_only(_: AgeRestrictedOnly) -> str:
    return guard_words.AGE_ONLY()


def _choice_gone(_: ChoiceGone) -> str:
    return panel_words.CHOICE_GONE()


def _panel_old(declined: PanelOld) -> str:
    return panel_words.PANEL_OLD(command=f"`/{declined.command}`")


WORDED: Final[dict[type[Declined], Callable[[Any], str]]] = {
    GuildPaused: _paused,
    NotHere: _not_here,
    NeedsRole: _needs_role,
    OverLimit: _over_limit,
    CoolingDown: _cooling_down,
    PoolReached: _pool,
    BadSetting: _bad_setting,
    AgeRestrictedOnly: _age_only,
    ChoiceGone: _choice_gone,
    PanelOld: _panel_old,
}
"""What words each kind of refusal."""
