"""Ids grow, fit 63 bits, and can be typed by hand."""

# ruff: noqa: S311 - jitter and ids are no secrets

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.ids import EPOCH_MS, Ids, code, from_code
from tests.fakes import FakeClock


def test_ids_grow_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    clock = FakeClock()
    ids = Ids(clock, Random(1))
    made = [ids() for _ in range(1000)]
    clock.advance(-60)
    made += [ids() for _ in range(1000)]
    clock.advance(3600)
    made += [ids() for _ in range(10)]
    assert made == sorted(set(made))
    assert (made[-10] >> 20) + EPOCH_MS == clock.now()


def test_two_processes_make_different_ids_in_the_same_millisecond() -> None:
    clock = FakeClock()
    assert len({Ids(clock, Random(seed))() for seed in range(50)}) == 50


def test_a_clock_before_the_epoch_still_gives_growing_positive_ids() -> None:
    ids = Ids(FakeClock(0), Random(1))
    assert [ids(), ids()] == [1, 2]


@given(number=st.integers(1, 2**63 - 1))
def test_a_code_is_read_back_however_it_is_typed(number: int) -> None:
    for typed in (code(number), code(number).upper(), f" #{code(number)} "):
        assert from_code(typed) == number


@pytest.mark.parametrize("text", ["", "#", "0", "hello", "i", "l", "o", "u", "-1", "z" * 13, "ä"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert from_code(text) is None


@given(text=st.text(max_size=30))
def test_any_text_is_a_good_id_or_none(text: str) -> None:
    number = from_code(text)
    assert number is None or 0 < number < 2**63


def test_a_code_is_short_and_zero_has_one() -> None:
    assert code(0) == "0"
    assert code(33) == "11"
    assert len(code(2**63 - 1)) == 13
