"""Make due what waits for a time that a clock showed before it was set back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.database import Transaction

HOUR_MS: Final = 3600 * 1000

LONGEST_MS: Final = 2 * HOUR_MS
"""Above every wait between two tries, every lease, and the hour of a clip in doubt.

What is meant to wait longer, such as a card that changes late, is looked at early and waits again.
"""

LONGEST_REVIEW_MS: Final = 13 * HOUR_MS
"""Reviews are looked at twice a day (jobs/reviewing.py)."""

LEASE_MS: Final = 10 * 60 * 1000
"""The longest lease: whoever works on something still gets to the end of it."""

# In the order in which others lock them, too (storage/sends.py).
_TABLES: Final = (
    ("reviews", "due_at", "lease_until", LONGEST_REVIEW_MS),
    ("cases", "due_at", "lease_until", LONGEST_MS),
    ("sends", "due_at", "lease_until", LONGEST_MS),
    ("clips", "due_at", "lease_until", LONGEST_MS),
    ("acts", "due_at", "lease_until", LONGEST_MS),
    ("orders", "card_due_at", "card_lease_until", LONGEST_MS),
)


def pull_forward(now: int) -> Transaction[int]:
    """Let no due time and no lease lie further ahead of now (epoch ms) than any is ever set.

    A clip in doubt keeps its hour: a webhook may still bring it back. Returns how many rows that
    concerned.
    """
    moved = 0
    for table, due, lease, longest in _TABLES:
        if table == "clips":
            yield from _pull_doubts(now)
        rows = yield (
            f"""UPDATE {table} SET {due} = CASE WHEN {due} > $2 THEN $1 ELSE {due} END,
                  {lease} = CASE WHEN {lease} > $2 THEN $3 ELSE {lease} END
                WHERE {due} > $2 OR {lease} > $2 RETURNING 1 AS moved""",  # noqa: S608 - constants
            (now, now + longest, now + LEASE_MS),
        )
        moved += len(rows)
    yield ("UPDATE gates SET probe_at = $1 WHERE probe_at > $2", (now, now + LONGEST_MS))
    return moved


def _pull_doubts(now: int) -> Transaction[None]:
    yield (
        "UPDATE clips SET due_at = $1 WHERE step = 'doubt' AND due_at > $2",
        (now + HOUR_MS, now + LONGEST_MS),
    )
