"""Waits grow, stay in bounds, and fall on a common beat, whatever the numbers."""

# ruff: noqa: S311 - jitter and ids are no secrets

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.schedule import (
    LIFETIME_MS,
    Pace,
    backoff,
    first_look,
    is_lost,
    is_overdue,
    next_look,
)

NOW = 1_795_176_000_000  # on the beat of five seconds
PACE = Pace()
paces = st.builds(lambda look_ms: Pace(look_ms=look_ms), st.integers(200, 60_000))


@pytest.mark.parametrize(
    ("attempts", "least", "most"),
    [
        (0, 1000, 2000),
        (1, 1000, 2000),
        (2, 2000, 4000),
        (5, 16_000, 32_000),
        (8, 128_000, 256_000),
        (9, 150_000, 300_000),
        (10_000, 150_000, 300_000),
    ],
)
def test_a_wait_doubles_up_to_five_minutes_with_jitter(
    attempts: int, least: int, most: int
) -> None:
    waits = [backoff(attempts, Random(seed)) for seed in range(200)]
    assert least <= min(waits) < max(waits) <= most
    assert len(set(waits)) > 50


def test_a_wait_is_never_shorter_than_the_other_side_wishes() -> None:
    assert backoff(1, Random(1), at_least_ms=60_000) == 60_000
    assert backoff(9, Random(1), at_least_ms=10) >= 150_000


@pytest.mark.parametrize(
    ("usual_s", "after_s"),
    [(None, 5), (1, 5), (6, 5), (10, 10), (60, 50), (100, 80), (101, 85)],
)
def test_the_first_look_comes_when_such_clips_are_usually_ready(
    usual_s: int | None, after_s: int
) -> None:
    assert first_look(NOW, usual_s, PACE) == NOW + after_s * 1000


@pytest.mark.parametrize(
    ("polls", "after_s"), [(0, 5), (1, 10), (3, 10), (4, 15), (6, 20), (9, 30), (100_000, 30)]
)
def test_gaps_between_looks_grow_to_six_times_the_first(polls: int, after_s: int) -> None:
    assert next_look(NOW, polls, PACE) == NOW + after_s * 1000


@given(now=st.integers(0, 2**45), polls=st.integers(0, 10**9), pace=paces)
def test_a_look_is_always_ahead_on_the_beat_and_not_far(now: int, polls: int, pace: Pace) -> None:
    at = next_look(now, polls, pace)
    assert at % pace.look_ms == 0
    assert now + pace.look_ms <= at < now + 7 * pace.look_ms
    assert next_look(now, polls + 1, pace) >= at


@given(now=st.integers(0, 2**45), usual=st.none() | st.integers(0, 10_000), pace=paces)
def test_a_first_look_is_on_the_beat_too(now: int, usual: int | None, pace: Pace) -> None:
    at = first_look(now, usual, pace)
    assert at % pace.look_ms == 0
    assert at >= now + pace.look_ms


def test_a_clip_is_overdue_after_the_pace_s_patience_and_lost_after_the_vendor_s() -> None:
    assert not is_overdue(NOW, NOW + PACE.give_up_ms - 1, PACE)
    assert is_overdue(NOW, NOW + PACE.give_up_ms, PACE)
    assert not is_lost(NOW, NOW + LIFETIME_MS - 1)
    assert is_lost(NOW, NOW + LIFETIME_MS)
