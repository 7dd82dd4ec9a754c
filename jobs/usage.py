"""What a guild used in the last days: credits by day and model, success, waits, top spenders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobs.model import GuildRules
    from jobs.ports import Clock

MOST_DAYS: Final = 92
DEFAULT_DAYS: Final = 30
SPENDERS: Final = 5
MODELS: Final = 7
"""Series that a chart can tell apart; what remains is one more, of all the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whole local days of a guild or, with a `user_id` other than 0, of one member of it.

    `since` and `until` (epoch ms, exclusive) bound the same days.
    """

    guild_id: int
    user_id: int
    first: date
    days: int
    since: int
    until: int

    @property
    def dates(self) -> tuple[date, ...]:
        """Return every day, the oldest first."""
        return tuple(self.first + timedelta(days=n) for n in range(self.days))


def window(guild_id: int, user_id: int, days: int, zone: str, now: int, *, back: int = 0) -> Window:
    """Return the last `days` days in that time zone, today included; `back` windows earlier."""
    today = datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).date()
    first = today - timedelta(days=days * (back + 1) - 1)
    return Window(
        guild_id=guild_id,
        user_id=user_id,
        first=first,
        days=days,
        since=_midnight(first, zone),
        until=_midnight(first + timedelta(days=days), zone),
    )


def _midnight(day: date, zone: str) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return int(local.astimezone(UTC).timestamp() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What one window saw.

    `credits` are those charged, by day and model (or endpoint, where members choose no model).
    `waits` counts finished clips by the whole seconds from sent to ready. `spenders` are members
    with their credits, the most first.
    """

    credits: Mapping[tuple[date, str], int] = field(default_factory=dict)
    finished: int = 0
    failed: int = 0
    waits: Mapping[int, int] = field(default_factory=dict)
    spenders: tuple[tuple[int, int], ...] = ()

    @property
    def charged(self) -> int:
        """Return all credits of the window."""
        return sum(self.credits.values())

    @property
    def success(self) -> float | None:
        """Return the share of ended clips that brought a video, None when none has ended."""
        ended = self.finished + self.failed
        return self.finished / ended if ended else None

    @property
    def median_wait(self) -> int | None:
        """Return the seconds that half of the clips did not exceed, None when there are none."""
        if not self.waits:
            return None
        seconds = sorted(self.waits)
        seen = accumulate(self.waits[each] for each in seconds)
        half = sum(self.waits.values()) / 2
        return next(each for each, count in zip(seconds, seen, strict=True) if count >= half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One model's credits, a figure for every day of the window."""

    name: str
    credits: tuple[int, ...]


def series_of(
    used: Used, dates: tuple[date, ...], naming: Callable[[str], str], others: str
) -> tuple[Series, ...]:
    """Return a series per model, the largest first; the smallest are one, named `others`."""
    totals: dict[str, int] = {}
    for (_, model), credits_ in used.credits.items():
        totals[model] = totals.get(model, 0) + credits_
    ranked = sorted(totals, key=lambda model: (-totals[model], model))
    groups = [(name, [name]) for name in ranked[:MODELS]]
    if rest := ranked[MODELS:]:
        groups.append((others, rest))
    return tuple(
        Series(
            name=others if name == others else naming(name),
            credits=tuple(sum(used.credits.get((day, m), 0) for m in models) for day in dates),
        )
        for name, models in groups
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A window, what it saw, and what the window of the same length before it saw."""

    window: Window
    used: Used
    before: Used


class UsageStore(Protocol):
    """What the report reads."""

    async def rules(self, guild_id: int) -> GuildRules:
        """Return what the guild has set."""
        ...

    async def used(self, window: Window) -> Used:
        """Return what a window saw."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart of stacked bars: its words as they stand on it, a label per bar, and the series."""

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


class Painter(Protocol):
    """Draws charts beside the event loop."""

    async def draw(self, bars: Bars) -> bytes | None:
        """Return a PNG, or None where it can't be drawn; the log has why."""
        ...


class Usage:
    """Use case of `/quota usage`: the report, and its chart."""

    def __init__(self, store: UsageStore, painter: Painter, clock: Clock) -> None:
        self._store = store
        self._painter = painter
        self._clock = clock

    async def report(self, guild_id: int, days: int, *, user_id: int = 0) -> Report:
        """Look at the last days of a guild, or of one member of it; at most MOST_DAYS."""
        zone = (await self._store.rules(guild_id)).zone
        days, now = min(max(days, 1), MOST_DAYS), self._clock.now()
        this = window(guild_id, user_id, days, zone, now)
        last = window(guild_id, user_id, days, zone, now, back=1)
        return Report(
            window=this,
            used=await self._store.used(this),
            before=await self._store.used(last),
        )

    async def chart(
        self, report: Report, title: str, unit: str, series: tuple[Series, ...]
    ) -> bytes | None:
        """Draw a report's credits by day; None when there is nothing to draw, or no way to."""
        if not series:
            return None
        labels = tuple(day.isoformat()[5:] for day in report.window.dates)
        return await self._painter.draw(Bars(title=title, unit=unit, labels=labels, series=series))
