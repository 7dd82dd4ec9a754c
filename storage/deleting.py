"""Several clips of an order deleted in one commit: what is still to come, or all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.stores import Deleted
from storage.acts import write_act
from storage.cancelling import cancel_queued, stop_sends
from storage.cards import touch_card
from storage.clips import mark_deleted, wake_case

if TYPE_CHECKING:
    from jobs.acts import NewAct
    from storage.database import Transaction


def delete_coming(order_id: int, now: int) -> Transaction[int]:
    """Mark what an order still waits for as deleted; return how many clips that is by now.

    Whoever asks again reads the same number until they are ready.
    """
    rows = yield (
        """SELECT id FROM clips WHERE order_id = $1
             AND state NOT IN ('posted', 'kept', 'failed', 'released', 'cancelled')
           ORDER BY id""",
        (order_id,),
    )
    yield from _mark([row["id"] for row in rows], now, keep_message=False)
    yield from touch_card(order_id, now)
    return len(rows)


def delete_order(
    order_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
) -> Transaction[Deleted]:
    """Mark every clip of an order as deleted; what is still in the line is cancelled with it.

    `by` is who did it and why, where that was a moderator. Locks as everywhere: the sends, cases,
    clips, then holds and wallet, and the order at last.
    """
    queued = yield from stop_sends(order_id, now)
    rows = yield (
        "SELECT id FROM clips WHERE order_id = $1 AND deleted = 0 ORDER BY id",
        (order_id,),
    )
    marked = yield from _mark([row["id"] for row in rows], now, keep_message=keep_message)
    cancelled = 0
    for send_id in queued:
        cancelled += yield from cancel_queued(order_id, send_id, now)
    if marked and by is not None:
        yield from write_act(by.act, by.id, now)
    yield from touch_card(order_id, now)
    return Deleted(clips=marked, cancelled=cancelled)


def _mark(clip_ids: list[int], now: int, *, keep_message: bool) -> Transaction[int]:
    """Mark clips as deleted, after the cases about them; return how many were not yet."""
    for clip_id in clip_ids:
        yield from wake_case(clip_id, now)
    marked = 0
    for clip_id in clip_ids:
        marked += (yield from mark_deleted(clip_id, now, keep_message=keep_message)) is not None
    return marked
