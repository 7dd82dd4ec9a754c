"""End orders before anything was paid: by their member's wish, or because a moderator said no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.states import ENDED, ClipState, FailReason
from jobs.stores import Cancelled
from storage.cards import touch_card
from storage.ledger import release_hold

if TYPE_CHECKING:
    from storage.database import Transaction


def withdraw_review(order_id: int, now: int) -> Transaction[None]:
    """End the wait for a moderator: the order does not come to that any more.

    A review is locked before its order's sends, as everywhere.
    """
    yield (
        """UPDATE reviews SET state = 'withdrawn', due_at = $1, lease_until = 0
           WHERE order_id = $2 AND state = 'waiting'""",
        (now, order_id),
    )


def cancel_order(
    order_id: int, now: int, reason: FailReason = FailReason.CANCELLED
) -> Transaction[Cancelled]:
    """Cancel the sends of an order that are still in the line; say how many clips that ends.

    One whose paid request is out is marked: it is cancelled if that made nothing.
    """
    ended = 0
    for send_id in (yield from stop_sends(order_id, now, reason)):
        ended += yield from cancel_queued(order_id, send_id, now, reason)
    rows = yield (
        """SELECT state, reason, send_id IN (SELECT id FROM sends
               WHERE order_id = $1 AND state = 'submitting') AS leaving
           FROM clips WHERE order_id = $1""",
        (order_id,),
    )
    wished = sum(row["state"] == "submitting" and bool(row["leaving"]) for row in rows)
    running = sum(ClipState(row["state"]) not in ENDED for row in rows) - wished
    before = sum(row["reason"] == reason for row in rows) - ended
    return Cancelled(ended=ended, wished=wished, running=running, before=before)


WISHES: Final = {1: FailReason.CANCELLED, 2: FailReason.BY_OPERATOR}
"""What `cancel_wanted` of a send says: whose wish it was."""


def stop_sends(
    order_id: int, now: int, reason: FailReason = FailReason.CANCELLED
) -> Transaction[list[int]]:
    """Have an order's sends stop where they can, and no moderator asked; return those in the line.

    One whose paid request is out is marked: it is cancelled if that made nothing.
    """
    yield from withdraw_review(order_id, now)
    rows = yield (
        """UPDATE sends SET cancel_wanted = $1
           WHERE order_id = $2 AND state IN ('queued', 'submitting') RETURNING id, state""",
        (next(wish for wish, why in WISHES.items() if why is reason), order_id),
    )
    return sorted(int(row["id"]) for row in rows if row["state"] == "queued")


def cancel_queued(
    order_id: int,
    send_id: int,
    now: int,
    reason: FailReason = FailReason.CANCELLED,
    note: str = "",
) -> Transaction[int]:
    """End a send in the line, by its member or in review; return how many clips that ends."""
    yield (
        """UPDATE sends SET state = 'ended', due_at = NULL, lease_until = 0
           WHERE id = $1 AND state = 'queued'""",
        (send_id,),
    )
    clips = yield (
        """UPDATE clips SET state = 'cancelled', reason = $1, note = $2, step = NULL, due_at = NULL
           WHERE send_id = $3 AND state IN ('queued', 'review') RETURNING id""",
        (reason, note, send_id),
    )
    for clip in sorted(clips, key=lambda clip: clip["id"]):
        yield from release_hold(clip["id"], 0, reason, now)
    if clips:
        yield from touch_card(order_id, now)
    return len(clips)
