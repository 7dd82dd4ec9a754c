"""Acts that a log channel is still to be told of: claimed, tried, posted or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.logbook import Report
from storage.acts import written_from
from storage.database import SKIP_LOCKED

if TYPE_CHECKING:
    from storage.database import Row, Transaction


def claim_reports(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Report, ...]]:
    """Claim acts that are due: of each guild only its oldest, so that they come in order."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT a.id FROM acts a WHERE a.due_at <= $1 AND a.lease_until <= $1
                AND NOT EXISTS (SELECT 1 FROM acts earlier
                  WHERE earlier.guild_id = a.guild_id AND earlier.due_at IS NOT NULL
                    AND (earlier.at < a.at OR (earlier.at = a.at AND earlier.id < a.id)))
              ORDER BY a.at, a.id LIMIT $3 {SKIP_LOCKED})
            UPDATE acts SET fence = fence + 1, lease_until = $2, owner = $4,
              attempts = attempts + 1
            WHERE id IN (SELECT id FROM due)
            RETURNING *, (SELECT g.log_channel_id FROM guilds g
              WHERE g.guild_id = acts.guild_id) AS present_channel_id,
              (SELECT g.language FROM guilds g
              WHERE g.guild_id = acts.guild_id) AS language""",  # noqa: S608 - the marker
        (now, lease_until, limit, owner),
    )
    return tuple(_report(row) for row in rows)


def begin_report(report: Report, now: int) -> Transaction[bool]:
    """Commit the time of the first try before the post; False when the claim is lost."""
    rows = yield (
        """UPDATE acts SET first_try_at = COALESCE(first_try_at, $1)
           WHERE id = $2 AND fence = $3 AND due_at IS NOT NULL RETURNING id""",
        (now, report.id, report.fence),
    )
    return bool(rows)


def end_report(report: Report, posted_at: int | None) -> Transaction[None]:
    """Record when an act was posted (epoch ms), whatever the fence; None gives it up."""
    if posted_at is None:
        yield (
            "UPDATE acts SET due_at = NULL WHERE id = $1 AND fence = $2",
            (report.id, report.fence),
        )
        return
    yield (
        "UPDATE acts SET due_at = NULL, posted_at = $1 WHERE id = $2",
        (posted_at, report.id),
    )


def move_report(report: Report, channel_id: int, now: int) -> Transaction[None]:
    """Have an act told in another log channel than its own, from now on (epoch ms)."""
    yield (
        """UPDATE acts SET log_channel_id = $1, due_at = $2, lease_until = 0, attempts = 0,
             first_try_at = NULL
           WHERE id = $3 AND fence = $4 AND due_at IS NOT NULL""",
        (channel_id, now, report.id, report.fence),
    )


def put_off_report(report: Report, due_at: int) -> Transaction[None]:
    """Try an act again at that time (epoch ms)."""
    yield (
        "UPDATE acts SET due_at = $1, lease_until = 0 WHERE id = $2 AND fence = $3",
        (due_at, report.id, report.fence),
    )


def _report(row: Row) -> Report:
    return Report(
        written=written_from(row),
        channel_id=row["log_channel_id"] or row["present_channel_id"],
        present_id=row["present_channel_id"],
        first_try_at=row["first_try_at"],
        fence=row["fence"],
        attempts=row["attempts"],
        language=row["language"] or "",
    )
