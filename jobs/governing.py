"""What moderators set for their guild: each change is checked, and written with who did it."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from jobs.asking import Animate, choose
from jobs.errors import Declined
from jobs.guard_errors import BadSetting
from jobs.model import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobs.acts import Written
    from jobs.catalogue import Catalogue
    from jobs.model import GuildRules, Member, Options, Quote
    from jobs.ordering import Ordering
    from jobs.quotas import Doing

Value: TypeAlias = int | str | frozenset[int] | frozenset[str] | None


class Setting(StrEnum):
    """What can be set, each named as the field of GuildRules that it is."""

    CHANNELS = "channels"
    RESULT_CHANNEL = "result_channel"
    SPOILER_CHANNELS = "spoiler_channels"
    AGE_ONLY = "age_only"
    MODERATOR_ROLES = "moderator_roles"
    PRIVATE_ROLES = "private_roles"
    EFFECTS_ROLES = "effects_roles"
    BATCH_ROLES = "batch_roles"
    REUSE = "reuse"
    CONFIRM_PRICE = "confirm_price"
    CLIPS_AT_ONCE = "clips_at_once"
    COOLDOWN_S = "cooldown_s"
    POOL_CREDITS = "pool_credits"
    POOL_PERIOD = "pool_period"
    LARGEST_RESOLUTION = "largest_resolution"
    LARGEST_SECONDS = "largest_seconds"
    LARGEST_VARIATIONS = "largest_variations"
    MODELS = "models"
    LOG_CHANNEL = "log_channel"
    LANGUAGE = "language"
    ZONE = "zone"


CHANNELS: Final = frozenset(
    {
        Setting.CHANNELS,
        Setting.RESULT_CHANNEL,
        Setting.SPOILER_CHANNELS,
        Setting.LOG_CHANNEL,
    }
)
ROLES: Final = frozenset(
    {
        Setting.MODERATOR_ROLES,
        Setting.PRIVATE_ROLES,
        Setting.EFFECTS_ROLES,
        Setting.BATCH_ROLES,
    }
)
SWITCHES: Final = frozenset({Setting.AGE_ONLY, Setting.REUSE})

BOUNDS: Final[Mapping[Setting, tuple[int, int]]] = {
    Setting.CONFIRM_PRICE: (0, 100_000),
    Setting.CLIPS_AT_ONCE: (1, 100),
    Setting.COOLDOWN_S: (0, 24 * 3600),
    Setting.POOL_CREDITS: (1, 10_000_000),
}
"""The least and the most of what is typed, in the setting's own unit (credits, clips, seconds)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a setting was and is now."""

    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that the panel shows: the rules, how full the pool is, and the last changes.

    `changes` holds the newest act about each setting; `pool_taken` is credits, and `pool_renews`
    epoch ms. `fresh` tells that nothing was ever set, and no set-up was done.
    """

    rules: GuildRules
    pool_taken: int
    pool_renews: int
    changes: Mapping[str, Written]
    fresh: bool


class GoverningStore(Protocol):
    """What setting a guild's rules needs from the database."""

    async def board(self, guild_id: int, now: int) -> Board:
        """Return everything that the panel shows."""
        ...

    async def change_rule(self, doing: Doing, setting: Setting, value: Value, now: int) -> Changed:
        """Set one rule and write the act; the same click again changes nothing."""
        ...

    async def pause(self, doing: Doing, now: int) -> bool:
        """Stop taking and submitting orders; False when it was so already."""
        ...

    async def resume(self, doing: Doing, now: int) -> bool:
        """Let orders go on, those that waited in line among the others; False: they did."""
        ...

    async def finish_set_up(self, guild_id: int, now: int) -> None:
        """Note that the guided set-up is over."""
        ...


class Governing:
    """Everything that the settings panel may do; who may is Discord's and the cogs' matter."""

    def __init__(self, store: GoverningStore, ordering: Ordering) -> None:
        self._store = store
        self._ordering = ordering
        self._clock = ordering.means.clock
        self._ids = ordering.means.ids
        self._wake = ordering.means.wake

    async def board(self, guild_id: int) -> Board:
        """Return a guild's settings as they are now."""
        return await self._store.board(guild_id, self._clock.now())

    async def change(self, doing: Doing, values: Mapping[Setting, Value]) -> None:
        """Set rules; whoever comes last wins, and each change is written down.

        Raises BadSetting, and then nothing is changed.
        """
        for setting, value in values.items():
            check(setting, value)
        for place, (setting, value) in enumerate(values.items()):
            # The first change has the click's own id; a form's others need one each.
            one = doing if place == 0 else replace(doing, id=self._ids())
            await self._store.change_rule(one, setting, value, self._clock.now())
        self._wake()  # the log channel waits for it

    async def pause(self, doing: Doing) -> bool:
        """Take no orders and submit none; what renders is finished and brought."""
        done = await self._store.pause(doing, self._clock.now())
        self._wake()
        return done

    async def resume(self, doing: Doing) -> bool:
        """Let everything go on."""
        done = await self._store.resume(doing, self._clock.now())
        self._wake()
        return done

    async def finish_set_up(self, guild_id: int) -> None:
        """Show the whole panel from now on."""
        await self._store.finish_set_up(guild_id, self._clock.now())

    async def example(self, member: Member, catalogue: Catalogue) -> tuple[Options, Quote] | None:
        """Price what a member gets who leaves every option out; orders nothing.

        None while the vendor's list is not known, or nothing of it is allowed.
        """
        try:
            asked = await self._ordering.within(Animate(prompt="x"), member)
            options = choose(asked, catalogue).options((Picture(key=""),), None)
            return options, await self._ordering.quote(options)
        except Declined:
            return None


def check(setting: Setting, value: Value) -> None:
    """Refuse what would make no sense. Raises BadSetting."""
    if setting in BOUNDS and value is not None:
        low, high = BOUNDS[setting]
        if not isinstance(value, int) or not low <= value <= high:
            raise BadSetting(setting=setting, typed=str(value), low=low, high=high)
    if setting is Setting.ZONE and value not in zones():
        raise BadSetting(setting=setting, typed=str(value))


@cache
def zones() -> frozenset[str]:
    """Return the names of time zones that this machine knows."""
    return frozenset(zoneinfo.available_timezones())


def number(setting: Setting, typed: str) -> int | None:
    """Read a number that was typed; nothing typed is no limit, where there may be none.

    Raises BadSetting.
    """
    text = "".join(typed.split()).replace(",", "").replace("'", "")
    if not text and setting is Setting.POOL_CREDITS:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        low, high = BOUNDS[setting]
        raise BadSetting(setting=setting, typed=typed, low=low, high=high)
    value = int(text)
    check(setting, value)
    return value


def zone(typed: str) -> str:
    """Read a time zone, however it is spelt: `europe/berlin`. Raises BadSetting."""
    wanted = typed.strip().replace(" ", "_").casefold()
    found = next((one for one in sorted(zones()) if one.casefold() == wanted), None)
    if found is None:
        raise BadSetting(setting=Setting.ZONE, typed=typed)
    return found


def in_writing(setting: Setting, value: Value) -> str:
    """Write a value as the audit trail keeps it; ids as the mentions that Discord shows by name."""
    if isinstance(value, frozenset):
        several: Iterable[int | str] = sorted(value, key=str)
        return " ".join(_mention(setting, one) for one in several)
    if value is None:
        return ""
    if setting in SWITCHES:
        return "on" if value else "off"
    return _mention(setting, value)


def _mention(setting: Setting, value: int | str) -> str:
    if setting in CHANNELS:
        return f"<#{value}>"
    return f"<@&{value}>" if setting in ROLES else str(value)
