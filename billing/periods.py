"""Turn a moment into the names of the day, week and month it falls in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Period(StrEnum):
    """How often an allowance or a pool starts afresh."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodKeys:
    """The names of the three periods that hold one moment, such as `2026-11`."""

    day: str
    week: str
    month: str

    def of(self, period: Period) -> str:
        """Return the name of that period."""
        return {Period.DAY: self.day, Period.WEEK: self.week, Period.MONTH: self.month}[period]


def period_keys(at: int, zone: str) -> PeriodKeys:
    """Name the periods of a moment (epoch ms) as a clock in that time zone shows them.

    Weeks are ISO weeks: they start on Monday.
    """
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    year, week, _ = local.isocalendar()
    return PeriodKeys(
        day=local.strftime("%Y-%m-%d"), week=f"{year}-W{week:02}", month=local.strftime("%Y-%m")
    )


def renews_at(period: Period, at: int, zone: str) -> int:
    """Return when the period that holds `at` ends (epoch ms): local midnight in that zone."""
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    start = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period is Period.DAY:
        following = start + timedelta(days=1)
    elif period is Period.WEEK:
        following = start + timedelta(days=7 - start.weekday())
    else:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return int(following.astimezone(UTC).timestamp() * 1000)
