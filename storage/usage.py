"""Add up what a guild or member used in a window of days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from billing.prices import Endpoint
from jobs.states import DELIVERED, FAILED, ClipState
from jobs.usage import SPENDERS, Used

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.usage import Window
    from storage.database import Transaction

_WHOSE: Final = "e.guild_id = $1 AND (CAST($2 AS BIGINT) = 0 OR e.user_id = $2)"

FINISHED: Final = DELIVERED | {ClipState.READY, ClipState.POSTING}
"""The file is in the media store."""


def read_used(window: Window) -> Transaction[Used]:
    """Return charges by day and model, clips by how they ended, waits, and who spent most.

    A charge counts on the day that its order was placed, as it does in the member's allowance.
    """
    whose = (window.guild_id, window.user_id)
    return Used(
        credits=(yield from _credits(window, whose)),
        finished=(yield from _ended(window, whose, FINISHED)),
        failed=(yield from _ended(window, whose, FAILED)),
        waits=(yield from _waits(window, whose)),
        spenders=(yield from _spenders(window, whose)),
    )


def _credits(window: Window, whose: tuple[int, int]) -> Transaction[dict[tuple[date, str], int]]:
    rows = yield (
        f"""SELECT e.day_key, c.price_key, SUM(e.charged) AS credits
            FROM entries e JOIN clips c ON c.id = e.clip_id
            WHERE {_WHOSE} AND e.day_key >= $3 AND e.day_key < $4 AND e.charged <> 0
            GROUP BY e.day_key, c.price_key""",  # noqa: S608 - our own words
        (*whose, *_keys(window)),
    )
    sums: dict[tuple[date, str], int] = {}
    for row in rows:
        at = date.fromisoformat(row["day_key"]), _line(row["price_key"])
        sums[at] = sums.get(at, 0) + int(row["credits"])
    return sums


def _line(price_key: str) -> str:
    """Return a model's name where members choose one, else the endpoint's."""
    endpoint, model, *_ = price_key.split("|")
    return model if endpoint == Endpoint.BATCH else endpoint


def _spenders(window: Window, whose: tuple[int, int]) -> Transaction[tuple[tuple[int, int], ...]]:
    rows = yield (
        f"""SELECT e.user_id, SUM(e.charged) AS credits FROM entries e
            WHERE {_WHOSE} AND e.day_key >= $3 AND e.day_key < $4 AND e.charged <> 0
            GROUP BY e.user_id ORDER BY SUM(e.charged) DESC, e.user_id LIMIT $5""",  # noqa: S608 - as above
        (*whose, *_keys(window), SPENDERS),
    )
    return tuple((int(row["user_id"]), int(row["credits"])) for row in rows)


def _ended(window: Window, whose: tuple[int, int], states: Iterable[ClipState]) -> Transaction[int]:
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    rows = yield (
        f"""SELECT COUNT(*) AS clips FROM orders e JOIN clips c ON c.order_id = e.id
            WHERE {_WHOSE} AND e.created_at >= $3 AND e.created_at < $4
              AND c.state IN ({listed})""",  # noqa: S608 - our own states
        (*whose, window.since, window.until),
    )
    return int(rows[0]["clips"])


def _waits(window: Window, whose: tuple[int, int]) -> Transaction[dict[int, int]]:
    """Count by whole seconds, so that the answer stays small however many clips there were."""
    rows = yield (
        f"""SELECT (c.ready_at - c.submitted_at) / 1000 AS seconds, COUNT(*) AS clips
            FROM orders e JOIN clips c ON c.order_id = e.id
            WHERE {_WHOSE} AND e.created_at >= $3 AND e.created_at < $4
              AND c.ready_at >= c.submitted_at
            GROUP BY (c.ready_at - c.submitted_at) / 1000""",  # noqa: S608 - our own words
        (*whose, window.since, window.until),
    )
    return {int(row["seconds"]): int(row["clips"]) for row in rows}


def _keys(window: Window) -> tuple[str, str]:
    dates = window.dates
    return dates[0].isoformat(), date.fromordinal(dates[-1].toordinal() + 1).isoformat()
