"""A member's orders read backwards by their ids, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.browsing import SNIPPET, STATES, Glimpse
from jobs.model import Options
from storage.cards import load_order

if TYPE_CHECKING:
    from jobs.browsing import Slice
    from jobs.model import Order
    from jobs.states import ClipState
    from storage.database import Rows, Transaction

LARGEST: Final = 2**63 - 1


def read_orders_of(wanted: Slice) -> Transaction[tuple[Order, ...]]:
    """Return a member's orders with their clips, newest first."""
    rows = yield from _rows(wanted)
    orders = []
    for row in rows:
        order = yield from load_order(row)
        orders.append(order)
    return tuple(orders)


def read_glimpses(wanted: Slice) -> Transaction[tuple[Glimpse, ...]]:
    """Return id and beginning of the prompt of a member's orders, newest first."""
    rows = yield from _rows(wanted)
    return tuple(
        Glimpse(id=row["id"], prompt=Options.from_json(row["options"]).title[:SNIPPET])
        for row in rows
    )


def read_is_of(message_id: int, guild_id: int, user_id: int) -> Transaction[bool]:
    """Tell whether a message is the card or a result of one of a member's orders."""
    rows = yield (
        """SELECT o.id FROM orders o
           WHERE o.guild_id = $1 AND o.user_id = $2
             AND (o.card_message_id = $3 OR EXISTS (SELECT 1 FROM clips c
               WHERE c.order_id = o.id AND (c.message_id = $3 OR c.shared_message_id = $3)))
           LIMIT 1""",
        (guild_id, user_id, message_id),
    )
    return bool(rows)


def _rows(wanted: Slice) -> Transaction[Rows]:
    """Seek to the cursor in the index of the member's orders, and read on from there."""
    backwards = wanted.cursor.after is None
    below = LARGEST if wanted.cursor.before is None else wanted.cursor.before
    rows = yield (
        f"""SELECT o.* FROM orders o
            WHERE o.guild_id = $1 AND o.user_id = $2 AND o.id < $3 AND o.id > $4
              AND EXISTS (SELECT 1 FROM clips c WHERE c.order_id = o.id AND c.deleted = 0
                AND c.state IN ({_listed(STATES[wanted.shelf])}))
            ORDER BY o.id {"DESC" if backwards else "ASC"} LIMIT $5""",  # noqa: S608 - our states
        (wanted.guild_id, wanted.user_id, below, wanted.cursor.after or 0, wanted.limit),
    )
    return rows if backwards else rows[::-1]


def _listed(states: frozenset[ClipState]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))
