"""Make a restored backup safe: nothing that may have happened since then happens twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.states import FailReason
from storage.sends import give_up_order

if TYPE_CHECKING:
    from storage.database import Transaction


def restored(now: int) -> Transaction[int]:
    """Release every queued send, and have every post look for itself first.

    What the backup shows as queued may have been paid since; what it shows as not posted may be
    up. Sends that it shows as submitting are in doubt anyway. Returns how many orders were
    released.
    """
    orders = yield ("SELECT DISTINCT order_id FROM sends WHERE state = 'queued'", ())
    for row in orders:
        note = "released after a restore"
        yield from give_up_order(row["order_id"], FailReason.RESTORED, note, now)
    yield (
        """UPDATE clips SET first_try_at = COALESCE(first_try_at, ready_at, submitted_at)
           WHERE state IN ('ready', 'posting', 'rendering', 'overdue', 'unknown')""",
        (),
    )
    yield (
        """UPDATE orders SET card_first_try_at = COALESCE(card_first_try_at, created_at),
             notice_first_try_at = COALESCE(notice_first_try_at, created_at)
           WHERE card_message_id IS NULL OR notice_message_id IS NULL""",
        (),
    )
    yield (
        """UPDATE clips SET share_first_try_at = COALESCE(share_first_try_at, ready_at)
           WHERE shared_message_id IS NULL AND state IN ('posted', 'kept', 'ready', 'posting')
             AND order_id IN (SELECT id FROM orders WHERE options LIKE '%"private":true%')""",
        (),
    )
    yield (
        """UPDATE reviews SET first_try_at = COALESCE(first_try_at, created_at)
           WHERE message_id IS NULL""",
        (),
    )
    yield (
        """UPDATE acts SET first_try_at = COALESCE(first_try_at, at), lease_until = 0
           WHERE due_at IS NOT NULL""",
        (),
    )
    yield (
        """UPDATE cases SET first_try_at = COALESCE(first_try_at, created_at)
           WHERE message_id IS NULL""",
        (),
    )
    yield ("UPDATE asks SET done = 1, body = ''", ())
    return len(orders)
