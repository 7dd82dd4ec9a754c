"""Acts, and the ledger's lines that nobody's act made, read as one history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.quotas import Booked
from storage.accounts import moved
from storage.acts import written_from

if TYPE_CHECKING:
    from jobs.acts import Written
    from jobs.quotas import HistoryLine, HistorySlice
    from storage.database import Row, Transaction

LARGEST: Final = 2**63 - 1


def read_history(wanted: HistorySlice) -> Transaction[tuple[HistoryLine, ...]]:
    """Return the history, newest first; of one moment first the acts, then the entries.

    A member's history has the acts on their wallet and on themselves.
    """
    acts = yield from _acts(wanted)
    entries = yield from _entries(wanted)
    lines: list[HistoryLine] = [*acts, *entries]
    lines.sort(key=lambda line: -line.at)  # it keeps the order of those of one moment
    return tuple(lines[: wanted.limit])


def _acts(wanted: HistorySlice) -> Transaction[tuple[Written, ...]]:
    """Read acts; below an entry, those of its own moment are read already."""
    before = wanted.before
    at, id_ = LARGEST, LARGEST
    if before is not None:
        at, id_ = before.at, -1 if before.act_id is None else before.act_id
    whose, more = _whose("subject_id", wanted.user_id)
    rows = yield (
        f"""SELECT * FROM acts
            WHERE guild_id = $1 AND (at < $2 OR (at = $2 AND id < $3)) {whose}
            ORDER BY at DESC, id DESC LIMIT $4""",  # noqa: S608 - our own words
        (wanted.guild_id, at, id_, wanted.limit, *more),
    )
    return tuple(written_from(row) for row in rows)


def _entries(wanted: HistorySlice) -> Transaction[tuple[Booked, ...]]:
    """Read entries; below an act, all of its own moment are still to come."""
    before = wanted.before
    at, key = LARGEST, ""
    if before is not None and before.key is None:
        at = before.at + 1
    elif before is not None:
        at, key = before.at, before.key or ""
    whose, more = _whose("e.user_id", wanted.user_id)
    rows = yield (
        f"""SELECT e.key, e.at, e.kind, e.user_id, e.grants, e.held, e.charged, e.house, e.reason,
              c.order_id, c.number
            FROM entries e LEFT JOIN clips c ON c.id = e.clip_id
            WHERE e.guild_id = $1 AND (e.at < $2 OR (e.at = $2 AND e.key < $3)) {whose}
              AND e.actor_id IS NULL AND NOT (e.kind = 'expire' AND e.grants = 0)
            ORDER BY e.at DESC, e.key DESC LIMIT $4""",  # noqa: S608 - our own words
        (wanted.guild_id, at, key, wanted.limit, *more),
    )
    return tuple(_booked(row) for row in rows)


def _whose(column: str, user_id: int | None) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if user_id is None else (f"AND {column} = $5", (user_id,))


def _booked(row: Row) -> Booked:
    house = row["kind"] == "house"
    return Booked(
        key=row["key"],
        at=row["at"],
        kind=row["kind"],
        user_id=row["user_id"],
        credits=abs(row["house"]) if house else abs(moved(row)),
        reason=row["reason"],
        order_id=row["order_id"],
        number=row["number"],
    )
