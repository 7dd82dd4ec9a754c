"""Files are divided among requests alike at every try, in order, and none above the bound."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from jobs.model import Picture
from jobs.parcels import MOST_BYTES, MOST_FILES, parcels_of

MIB = 1024 * 1024


def pictures(*sizes: int) -> list[Picture]:
    return [Picture(key=f"{number}", bytes=size) for number, size in enumerate(sizes)]


@given(st.lists(st.integers(min_value=1, max_value=20 * MIB), max_size=25))
def test_no_parcel_is_above_the_bounds_and_nothing_is_lost_or_moved(sizes: list[int]) -> None:
    files = pictures(*sizes)
    parcels = parcels_of(files)
    assert [one for parcel in parcels for one in parcel] == files
    assert all(parcels) or parcels == ((),)
    for parcel in parcels:
        assert sum(one.bytes for one in parcel) <= MOST_BYTES
        assert len(parcel) <= MOST_FILES
    for before, after in itertools.pairwise(parcels):
        together = sum(one.bytes for one in before) + after[0].bytes
        assert together > MOST_BYTES or len(before) == MOST_FILES


def test_a_file_above_the_bound_goes_alone() -> None:
    assert [len(parcel) for parcel in parcels_of(pictures(1, 9, 1, 1), 2)] == [1, 1, 2]
