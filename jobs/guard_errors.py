"""Why a guild's own rules turn an order down, with what the sentence about it needs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jobs.errors import Declined

if TYPE_CHECKING:
    from jobs.errors import OptionKind


class PoolReached(Declined):
    """The guild's pool leaves `left` credits, less than the price; it renews at `opens_at`."""

    def __init__(self, *, price: int, left: int, opens_at: int) -> None:
        super().__init__(f"{price} credits asked, {left} left in the pool")
        self.price = price
        self.left = left
        self.opens_at = opens_at


class CoolingDown(Declined):
    """The member's last order is too fresh; the next one may come at `until` (epoch ms)."""

    def __init__(self, *, until: int) -> None:
        super().__init__(f"cooling down until {until}")
        self.until = until


class GuildPaused(Declined):
    """Moderators have paused the bot in their guild, at `since` (epoch ms)."""

    def __init__(self, *, since: int) -> None:
        super().__init__(f"paused since {since}")
        self.since = since


class NotHere(Declined):
    """The guild allows the bot in other channels only: `channels` are their ids."""

    def __init__(self, *, channels: tuple[int, ...]) -> None:
        super().__init__(f"not in this channel but in {channels}")
        self.channels = channels


class AgeRestrictedOnly(Declined):
    """The guild allows the bot in age-restricted channels only."""


class Use(StrEnum):
    """What a guild may keep for some roles."""

    PRIVATE = "private"
    EFFECTS = "effects"
    BATCH = "batch"


class NeedsRole(Declined):
    """The guild keeps this for members with one of these roles."""

    def __init__(self, *, use: Use, roles: tuple[int, ...]) -> None:
        super().__init__(f"{use} needs one of the roles {roles}")
        self.use = use
        self.roles = roles


class OverLimit(Declined):
    """An option is on offer, and the guild allows less: at most, or one of, `allowed`."""

    def __init__(self, *, option: OptionKind, asked: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{option}: {asked!r:.100} where the guild allows {allowed}")
        self.option = option
        self.asked = asked
        self.allowed = allowed


class BadSetting(Declined):
    """A setting can't be that; `low` and `high` bound it where it is a number."""

    def __init__(
        self, *, setting: str, typed: str, low: int | None = None, high: int | None = None
    ) -> None:
        super().__init__(f"{setting} can't be {typed!r:.40}")
        self.setting = setting
        self.typed = typed
        self.low = low
        self.high = high


class ChoiceGone(Declined):
    """Nothing that was chosen for a setting is in the server any more."""


class PanelOld(Declined):
    """A private answer was opened too long ago to tell whether its owner may still use it.

    `command` is what opens it anew.
    """

    def __init__(self, command: str) -> None:
        super().__init__(f"the answer to {command} is old")
        self.command = command
