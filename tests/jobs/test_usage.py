"""The windows, sums and series of a usage report."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.model import GuildRules
from jobs.usage import MODELS, MOST_DAYS, Bars, Report, Usage, Used, Window, series_of, window
from tests.cogs.board import PNG, Board
from tests.fake_clock import FakeClock

DAY = date(2026, 3, 29)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class Books:
    """A guild whose every window saw ten credits of one model on its first day."""

    def __init__(self) -> None:
        self.asked: list[Window] = []

    async def rules(self, guild_id: int) -> GuildRules:
        return GuildRules(zone="Europe/Berlin")

    async def used(self, window: Window) -> Used:
        self.asked.append(window)
        return Used(credits={(window.first, "m"): 10})


def test_a_window_ends_with_the_guilds_own_today() -> None:
    seen = window(1, 0, 3, "Pacific/Auckland", at("2026-07-01T13:00"))
    assert seen.dates == (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2))


def test_the_day_on_which_clocks_go_forward_has_twenty_three_hours() -> None:
    seen = window(1, 0, 1, "Europe/Berlin", at("2026-03-29T12:00"))
    assert (seen.first, seen.until - seen.since) == (DAY, 23 * 3600 * 1000)


@given(
    now=st.integers(at("2020-01-01T00:00"), at("2035-01-01T00:00")),
    days=st.integers(1, MOST_DAYS),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Tokyo"]),
)
def test_the_window_before_ends_where_this_one_begins(now: int, days: int, zone: str) -> None:
    this, last = window(1, 0, days, zone, now), window(1, 0, days, zone, now, back=1)
    assert this.since <= now < this.until
    assert last.until == this.since
    assert (len(last.dates), len(this.dates)) == (days, days)


@pytest.mark.parametrize(
    ("waits", "median"), [({}, None), ({30: 1}, 30), ({30: 1, 90: 1}, 30), ({30: 1, 90: 2}, 90)]
)
def test_the_median_is_a_wait_that_half_of_the_clips_did_not_exceed(
    waits: dict[int, int], median: int | None
) -> None:
    assert Used(waits=waits).median_wait == median


def test_without_an_ended_clip_there_is_no_share_of_successes() -> None:
    assert [Used().success, Used(finished=3, failed=1).success] == [None, 0.75]


def test_the_models_that_no_chart_could_tell_apart_are_one_series() -> None:
    used = Used(credits={(DAY, f"m{n}"): 100 - n for n in range(MODELS + 3)})
    series = series_of(used, (DAY,), str.upper, "others")
    assert [each.name for each in series] == [f"M{n}" for n in range(MODELS)] + ["others"]
    assert series[-1].credits == (93 + 92 + 91,)


@given(
    st.dictionaries(
        st.tuples(
            st.dates(date(2026, 3, 1), date(2026, 3, 9)), st.text("abcdefghijkl", max_size=1)
        ),
        st.integers(1, 500),
    )
)
def test_every_credit_of_the_window_is_in_one_series(
    credits_: dict[tuple[date, str], int],
) -> None:
    dates = tuple(date(2026, 3, n) for n in range(1, 10))
    series = series_of(Used(credits=credits_), dates, str, "others")
    assert sum(sum(each.credits) for each in series) == sum(credits_.values())
    assert len(series) <= MODELS + 1


async def test_a_report_looks_at_two_windows_of_the_same_member_and_length() -> None:
    books = Books()
    usage = Usage(books, Board(), FakeClock(at("2026-07-01T13:00")))
    report = await usage.report(1, 7, user_id=5)
    assert [(each.user_id, each.days) for each in books.asked] == [(5, 7), (5, 7)]
    assert report.window.first.isoformat() == "2026-06-25"
    assert report.before.charged == 10


async def test_more_days_than_there_is_room_for_are_as_many_as_there_is() -> None:
    books = Books()
    await Usage(books, Board(), FakeClock(at("2026-07-01T13:00"))).report(1, 9999)
    assert books.asked[0].days == MOST_DAYS


async def test_a_chart_has_a_label_for_every_day_and_none_is_drawn_of_nothing() -> None:
    board = Board()
    usage = Usage(Books(), board, FakeClock(at("2026-07-01T13:00")))
    report = await usage.report(1, 2)
    series = series_of(report.used, report.window.dates, str, "others")
    assert await usage.chart(report, "Credits", "credits", series) == PNG
    assert board.drawn == [
        Bars(title="Credits", unit="credits", labels=("06-30", "07-01"), series=series)
    ]
    empty = Report(window=report.window, used=Used(), before=Used())
    assert await usage.chart(empty, "Credits", "credits", ()) is None
