"""A clip costs what such a clip really cost last, else the cautious reading of the list."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.prices import (
    LEARNED_FOR_MS,
    Endpoint,
    LearnedPrice,
    ListedPrice,
    Price,
    PriceKey,
    PriceSource,
    price_of,
)

NOW = 1_795_176_000_000


def key(
    endpoint: Endpoint = Endpoint.BATCH,
    *,
    seconds: int = 5,
    resolution: str = "720p",
    sound: bool = False,
    fast: bool = False,
) -> PriceKey:
    return PriceKey(
        endpoint=endpoint,
        model="m",
        resolution=resolution,
        seconds=seconds,
        sound=sound,
        fast=fast,
    )


def listed(unit: str = "4", multiplier: str = "1") -> ListedPrice:
    return ListedPrice(unit_credit=unit, multiplier=multiplier)


def learned(credits_: int = 7, *, age: int = 0, unit: str = "4") -> LearnedPrice:
    return LearnedPrice(credits=credits_, at=NOW - age, unit_credit=unit)


@pytest.mark.parametrize(
    ("seconds", "unit", "multiplier", "sound", "credits_"),
    [
        (5, "4", "1", False, 20),
        (10, "4", "1", False, 40),
        (5, "4", "1.5", False, 20),  # the multiplier is sound's alone
        (5, "4", "1.5", True, 30),
        (5, "4", "0.5", True, 20),  # sound never makes it cheaper
        (5, "4", "", True, 20),
        (5, "0.1", "1", False, 1),  # rounded up
        (3, "1.7", "1", False, 6),
        (3, "0.1", "1", False, 1),
        (10, "0.1", "1", False, 1),  # exactly one, though binary fractions make it a bit more
    ],
)
def test_without_a_real_charge_a_batch_clip_costs_the_unit_for_each_second(
    *, seconds: int, unit: str, multiplier: str, sound: bool, credits_: int
) -> None:
    price = price_of(key(seconds=seconds, sound=sound), listed(unit, multiplier), None, NOW)
    assert price == Price(credits=credits_, source=PriceSource.LISTED)


@pytest.mark.parametrize("unit", ["", "0", "0.0", "-3"])
def test_a_model_that_the_list_has_no_price_for_costs_what_the_vendors_table_says(
    unit: str,
) -> None:
    assert price_of(key(), listed(unit), None, NOW).credits == 20
    dear = key(seconds=10, resolution="4k", sound=True)
    assert price_of(dear, listed(unit, "2"), None, NOW).credits == 120


@pytest.mark.parametrize(
    ("seconds", "resolution", "credits_"),
    [(5, "720p", 20), (5, "1080p", 25), (5, "4k", 30), (10, "720p", 40), (10, "4k", 60)],
)
def test_a_single_clip_costs_what_the_vendors_table_says(
    seconds: int, resolution: str, credits_: int
) -> None:
    asked = key(Endpoint.SINGLE, seconds=seconds, resolution=resolution)
    assert price_of(asked, ListedPrice(), None, NOW).credits == credits_


def test_sound_of_either_kind_and_speed_are_priced_apart() -> None:
    plain = key(Endpoint.SINGLE)
    kinds = [
        plain,
        replace(plain, sound=True),
        replace(plain, track=True),
        replace(plain, fast=True),
        replace(plain, track=True, fast=True),
    ]
    assert [str(one) for one in kinds] == [
        "single|m|720p|5|0|0",
        "single|m|720p|5|1|0",
        "single|m|720p|5|2|0",
        "single|m|720p|5|0|1",
        "single|m|720p|5|2|1",
    ]


@pytest.mark.parametrize(("seconds", "resolution"), [(7, "720p"), (5, "8k"), (10, "768P")])
def test_what_the_table_lacks_costs_as_much_as_its_dearest_row(
    seconds: int, resolution: str
) -> None:
    asked = key(Endpoint.SINGLE, seconds=seconds, resolution=resolution)
    assert price_of(asked, ListedPrice(), None, NOW).credits == 60


@pytest.mark.parametrize(("seconds", "credits_"), [(5, 5), (10, 10), (3, 5), (7, 7), (12, 12)])
def test_sound_on_a_finished_clip_costs_a_credit_a_second_and_five_at_least(
    seconds: int, credits_: int
) -> None:
    asked = key(Endpoint.SOUNDTRACK, seconds=seconds)
    assert price_of(asked, ListedPrice(), None, NOW).credits == credits_


@pytest.mark.parametrize(
    ("last", "source"),
    [
        (learned(), PriceSource.CHARGED),
        (learned(age=LEARNED_FOR_MS), PriceSource.CHARGED),
        (learned(age=LEARNED_FOR_MS + 1), PriceSource.LISTED),
        (learned(unit="5"), PriceSource.LISTED),
        (learned(unit=""), PriceSource.LISTED),
        (learned(0), PriceSource.LISTED),
        (None, PriceSource.LISTED),
    ],
)
def test_a_real_charge_counts_for_seven_days_while_the_list_stays_the_same(
    last: LearnedPrice | None, source: PriceSource
) -> None:
    price = price_of(key(), listed(), last, NOW)
    assert price == Price(credits=7 if source is PriceSource.CHARGED else 20, source=source)


@given(
    seconds=st.integers(1, 60),
    unit=st.decimals(0, 1000, places=4).map(str),
    multiplier=st.decimals(0, 10, places=2).map(str),
    sound=st.booleans(),
)
def test_a_listed_price_is_whole_positive_and_never_below_the_list(
    *, seconds: int, unit: str, multiplier: str, sound: bool
) -> None:
    asked = key(seconds=seconds, sound=sound)
    price = price_of(asked, listed(unit, multiplier), None, NOW)
    assert price.credits >= 1
    assert price.credits >= Fraction(unit) * seconds * (Fraction(multiplier) if sound else 1)


def test_every_part_of_a_key_shows_in_the_form_it_is_stored_under() -> None:
    base = key()
    others = [
        key(Endpoint.SINGLE),
        key(seconds=10),
        key(resolution="4k"),
        key(sound=True),
        key(fast=True),
    ]
    assert len({str(one) for one in (base, *others)}) == 6
    assert str(base) == "batch|m|720p|5|0|0"
