"""How long a grant lasts is read from what moderators type."""

from __future__ import annotations

import pytest

from jobs.errors import BadExpiry
from jobs.quotas import lasting

HOUR = 3600 * 1000


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("12h", 12), ("1h", 1), ("30d", 720), (" 2 W ", 336), ("1830d", 43920)],
)
def test_hours_days_and_weeks_are_understood(typed: str, hours: int) -> None:
    assert lasting(typed) == hours * HOUR


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "0d",
        "-3d",
        "1.5d",
        "30",
        "d",
        "30m",
        "30dd",
        "1831d",
        "99999w",
        "\u0663d",
        "30d\n1",
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(BadExpiry):
        lasting(typed)
