"""Find what a webhook's or a picture's token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.links import pictures_of
from jobs.model import Options
from jobs.outcomes import DOUBT_MS
from storage.cards import touch_card
from storage.sends import adopt, doubt

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
    """Return the clips that have no id, those still awaited first.

    Only the vendor knows the token, so their paid request has left, whatever became of it here.
    """
    rows = yield (
        """SELECT c.id FROM clips c JOIN sends s ON s.id = c.send_id
           WHERE s.token = $1 AND c.vendor_id IS NULL AND c.state IN
             ('queued', 'submitting', 'unknown', 'released', 'failed', 'cancelled')
           ORDER BY CASE WHEN c.state IN ('queued', 'submitting', 'unknown') THEN 0 ELSE 1 END,
             c.number""",
        (token,),
    )
    return tuple(row["id"] for row in rows)


def adopt_late(
    clip_ids: Sequence[int], made: MadeClip, look_at: int, now: int
) -> Transaction[bool]:
    """Record an id that turned up outside the create's answer, and redraw the card."""
    if not (yield from adopt(clip_ids, made, look_at, now)):
        return False
    yield from _leave_the_line(made.vendor_id, now)
    rows = yield ("SELECT order_id FROM clips WHERE vendor_id = $1", (made.vendor_id,))
    yield from touch_card(rows[0]["order_id"], now)
    return True


def _leave_the_line(vendor_id: str, now: int) -> Transaction[None]:
    """End the wait of a send that was put back: the vendor took it after all, whatever it said.

    It would else be paid twice. Those of its clips that have not turned up are in doubt.
    """
    sends = yield (
        """UPDATE sends SET state = 'sent', due_at = NULL, lease_until = 0
           WHERE state = 'queued' AND id IN (SELECT send_id FROM clips WHERE vendor_id = $1)
           RETURNING id""",
        (vendor_id,),
    )
    for send in sends:
        others = yield (
            """UPDATE clips SET state = 'submitting' WHERE send_id = $1 AND state = 'queued'
               RETURNING id""",
            (send["id"],),
        )
        for clip in others:
            yield from doubt(clip["id"], now + DOUBT_MS, now)


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
