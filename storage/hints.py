"""Find what a webhook's or a picture's token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.links import pictures_of
from jobs.model import Options
from storage.cards import touch_card
from storage.sends import adopt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.ports import MadeClip
    from storage.database import Transaction


def hint_clip(token: str, vendor_id: str, now: int) -> Transaction[bool]:
    """Make a clip due for a look at once; an id that is known but needs none is fine, too.

    A look that is under way may have asked too early: it loses its claim.
    """
    rows = yield (
        """SELECT c.id FROM clips c JOIN sends s ON s.id = c.send_id
           WHERE s.token = $1 AND c.vendor_id = $2""",
        (token, vendor_id),
    )
    if rows:
        yield (
            """UPDATE clips SET due_at = $1, lease_until = 0, fence = fence + 1
               WHERE id = $2 AND step = 'look' AND (due_at > $1 OR lease_until > $1)""",
            (now, rows[0]["id"]),
        )
    return bool(rows)


def clips_without_id(token: str) -> Transaction[tuple[int, ...]]:
    """Return the clips whose paid request left and brought no id, those still awaited first."""
    rows = yield (
        """SELECT c.id FROM clips c JOIN sends s ON s.id = c.send_id
           WHERE s.token = $1 AND c.vendor_id IS NULL
             AND c.state IN ('submitting', 'unknown', 'released', 'failed')
           ORDER BY CASE WHEN c.state IN ('submitting', 'unknown') THEN 0 ELSE 1 END, c.number""",
        (token,),
    )
    return tuple(row["id"] for row in rows)


def adopt_late(
    clip_ids: Sequence[int], made: MadeClip, look_at: int, now: int
) -> Transaction[bool]:
    """Record an id that turned up outside the create's answer, and redraw the card."""
    if not (yield from adopt(clip_ids, made, look_at, now)):
        return False
    rows = yield ("SELECT order_id FROM clips WHERE vendor_id = $1", (made.vendor_id,))
    yield from touch_card(rows[0]["order_id"], now)
    return True


def picture_of(token: str, number: int) -> Transaction[str | None]:
    """Return the media store's key of a picture, while its send's clips are being made.

    The vendor may fetch late, so the path lives until every clip of the send has ended.
    """
    rows = yield (
        """SELECT o.options FROM sends s JOIN orders o ON o.id = s.order_id
           WHERE s.token = $1 AND EXISTS (
             SELECT 1 FROM clips c WHERE c.send_id = s.id
               AND c.state IN ('queued', 'submitting', 'rendering', 'overdue', 'unknown'))""",
        (token,),
    )
    if not rows:
        return None
    pictures = pictures_of(Options.from_json(rows[0]["options"]))
    return pictures[number].key if number < len(pictures) else None
