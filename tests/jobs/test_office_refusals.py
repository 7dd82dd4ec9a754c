"""What the operator reads when a clip can't be ordered again."""

from __future__ import annotations

import pytest

from jobs.errors import NotEnoughCredits
from jobs.office_refusals import worded

NOON = 1_767_268_800_000
"""2026-01-01 12:00:00 UTC."""


@pytest.mark.parametrize(
    ("renews_at", "said"),
    [
        (NOON, "the allowance renews at 2026-01-01 12:00:00 UTC."),
        (None, "the allowance alone will never be enough."),
    ],
)
def test_credits_that_lack_are_told_with_what_would_help(renews_at: int | None, said: str) -> None:
    told = worded(NotEnoughCredits(price=20, spendable=5, renews_at=renews_at))
    assert told.startswith("It costs 20 credits, and the member can spend 5. A moderator can grant")
    assert told.endswith(said)
