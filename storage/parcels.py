"""Messages with the files that an order's card has no room for: which are up, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.parcels import Tried
from jobs.ports import MessageRef

if TYPE_CHECKING:
    from storage.database import Row, Transaction


def begin_parcel(order_id: int, number: int, now: int) -> Transaction[Tried]:
    """Commit the time of the first try before a parcel is sent; return what was known before."""
    rows = yield (
        "SELECT * FROM parcels WHERE order_id = $1 AND number = $2",
        (order_id, number),
    )
    yield (
        """INSERT INTO parcels (order_id, number, first_try_at) VALUES ($1, $2, $3)
           ON CONFLICT (order_id, number) DO NOTHING""",
        (order_id, number, now),
    )
    if not rows:
        return Tried(since=None, message=None)
    return Tried(since=rows[0]["first_try_at"], message=_message(rows[0]))


def record_parcel(order_id: int, number: int, message: MessageRef) -> Transaction[None]:
    """Record where a parcel is up; the first that is known stays."""
    yield (
        """UPDATE parcels SET channel_id = $1, message_id = $2
           WHERE order_id = $3 AND number = $4 AND message_id IS NULL""",
        (message.channel_id, message.message_id, order_id, number),
    )


def read_parcels(order_id: int) -> Transaction[tuple[MessageRef, ...]]:
    """Return the messages that carry an order's files besides its card, in order."""
    rows = yield (
        """SELECT * FROM parcels WHERE order_id = $1 AND message_id IS NOT NULL
           ORDER BY number""",
        (order_id,),
    )
    return tuple(message for row in rows if (message := _message(row)) is not None)


def _message(row: Row) -> MessageRef | None:
    if row["message_id"] is None:
        return None
    return MessageRef(channel_id=row["channel_id"], message_id=row["message_id"])
