"""Moments fall into the day, week and month that a clock in the guild's zone shows."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.periods import Period, PeriodKeys, period_keys, renews_at

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # its clocks go back at 01:00, so midnight comes twice
    "Africa/Cairo",  # its clocks go forward at midnight, so a day has no midnight
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",  # its clocks move by half an hour
    "Pacific/Apia",  # it once left a whole day out
)


def ms(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("at", "zone", "day", "week", "month"),
    [
        ("2026-11-20T12:00", "UTC", "2026-11-20", "2026-W47", "2026-11"),
        ("2026-11-22T23:59:59.999", "UTC", "2026-11-22", "2026-W47", "2026-11"),
        ("2026-11-23T00:00", "UTC", "2026-11-23", "2026-W48", "2026-11"),
        # The first days of a year can belong to the last ISO week of the year before...
        ("2027-01-03T12:00", "UTC", "2027-01-03", "2026-W53", "2027-01"),
        # ... and the last days of one to the first week of the next.
        ("2025-12-29T12:00", "UTC", "2025-12-29", "2026-W01", "2025-12"),
        ("2026-12-31T23:30", "Asia/Kathmandu", "2027-01-01", "2026-W53", "2027-01"),
        ("2026-11-01T02:00", "America/New_York", "2026-10-31", "2026-W44", "2026-10"),
    ],
)
def test_a_moment_has_the_names_that_a_local_calendar_shows(
    at: str, zone: str, day: str, week: str, month: str
) -> None:
    assert period_keys(ms(at), zone) == PeriodKeys(day=day, week=week, month=month)


def test_the_name_of_each_period_can_be_asked_for() -> None:
    keys = PeriodKeys(day="d", week="w", month="m")
    assert [keys.of(period) for period in Period] == ["d", "w", "m"]


@pytest.mark.parametrize(
    ("period", "at", "zone", "renews"),
    [
        (Period.DAY, "2026-11-20T12:00", "UTC", "2026-11-21T00:00"),
        (Period.DAY, "2026-11-20T00:00", "UTC", "2026-11-21T00:00"),
        (Period.WEEK, "2026-11-20T12:00", "UTC", "2026-11-23T00:00"),
        (Period.WEEK, "2026-11-23T00:00", "UTC", "2026-11-30T00:00"),
        (Period.MONTH, "2026-01-31T12:00", "UTC", "2026-02-01T00:00"),
        (Period.MONTH, "2026-12-01T00:00", "UTC", "2027-01-01T00:00"),
        # 25 hours: the clocks go back on 25 October.
        (Period.DAY, "2026-10-24T22:00", "Europe/Berlin", "2026-10-25T23:00"),
        # 23 hours: they go forward on 29 March.
        (Period.DAY, "2026-03-28T23:00", "Europe/Berlin", "2026-03-29T22:00"),
        (Period.MONTH, "2026-10-01T00:00", "Europe/Berlin", "2026-10-31T23:00"),
        # Midnight comes twice in Havana on 1 November; the day starts with the first.
        (Period.DAY, "2026-10-31T12:00", "America/Havana", "2026-11-01T04:00"),
        # The clocks jump from 24:00 to 01:00 in Cairo on 24 April.
        (Period.DAY, "2026-04-23T12:00", "Africa/Cairo", "2026-04-23T22:00"),
        # 30 December 2011 does not exist in Apia.
        (Period.DAY, "2011-12-29T20:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_a_period_renews_at_the_local_midnight_that_ends_it(
    period: Period, at: str, zone: str, renews: str
) -> None:
    assert renews_at(period, ms(at), zone) == ms(renews)


@given(
    at=st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - taken as UTC
    zone=st.sampled_from(ZONES),
    period=st.sampled_from(Period),
)
def test_a_name_holds_up_to_the_renewal_and_not_beyond(
    at: datetime, zone: str, period: Period
) -> None:
    now = int(at.replace(tzinfo=UTC).timestamp() * 1000)
    end = renews_at(period, now, zone)
    name = period_keys(now, zone).of(period)
    assert end > now
    assert period_keys(end - 1, zone).of(period) == name
    assert period_keys(end, zone).of(period) != name
