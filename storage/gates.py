"""The gate before the vendor: closed while the account can't pay; and the pace through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.database import Transaction

SUBMIT_GATE: Final = "submit"

SET_BACK_MS: Final = 1000
"""Processes that share a database agree on its time; this much later it was set back."""


def begin_probe(now: int, until: int) -> Transaction[bool]:
    """Take the probe that is due; the next one waits for its outcome, or for its lease to end."""
    rows = yield (
        """UPDATE gates SET probe_at = $1 WHERE name = $2 AND closed = 1 AND probe_at <= $3
           RETURNING name""",
        (until, SUBMIT_GATE, now),
    )
    return bool(rows)


def close_gate(note: str, probe_at: int) -> Transaction[bool]:
    """Stop submitting until a probe at that time (epoch ms); True when it was open before.

    Of several that close it at once one hears that: the operator is told once.
    """
    yield (
        """INSERT INTO gates (name, closed, probe_at, note) VALUES ($1, 0, $2, $3)
           ON CONFLICT (name) DO UPDATE SET probe_at = excluded.probe_at, note = excluded.note""",
        (SUBMIT_GATE, probe_at, note),
    )
    rows = yield (
        "UPDATE gates SET closed = 1 WHERE name = $1 AND closed = 0 RETURNING name",
        (SUBMIT_GATE,),
    )
    return bool(rows)


def open_gate() -> Transaction[bool]:
    """Let submitting go on; True when the gate was closed before."""
    rows = yield (
        "UPDATE gates SET closed = 0 WHERE name = $1 AND closed = 1 RETURNING name",
        (SUBMIT_GATE,),
    )
    return bool(rows)


def next_slot(now: int, gap_ms: int) -> Transaction[int]:
    """Take the next moment at which a paid request may leave (epoch ms), for all processes.

    A clock that was set back moves the line with it, instead of holding it up.
    """
    rows = yield (
        """INSERT INTO paces (name, taken_at, next_at) VALUES ($1, $2, $2)
           ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING taken_at, next_at""",
        (SUBMIT_GATE, now),
    )
    ahead = rows[0]["taken_at"] - now
    line = rows[0]["next_at"] - (ahead if ahead > SET_BACK_MS else 0)
    mine = max(now, int(line))
    yield (
        "UPDATE paces SET taken_at = $1, next_at = $2 WHERE name = $3",
        (now, mine + gap_ms, SUBMIT_GATE),
    )
    return mine
