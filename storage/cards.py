"""Cards and notices: which orders are due to be drawn, and what was drawn last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jobs.ports import MessageKind
from storage.database import SKIP_LOCKED
from storage.rows import order_from

if TYPE_CHECKING:
    from jobs.model import Order
    from jobs.ports import MessageRef
    from storage.database import Row, Transaction


def touch_card(order_id: int, now: int) -> Transaction[None]:
    """Make an order's card due: something that it shows has changed."""
    yield (
        "UPDATE orders SET card_wanted = card_wanted + 1, card_due_at = $1 WHERE id = $2",
        (now, order_id),
    )


def claim_cards(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Order, ...]]:
    """Claim orders whose card is due, each by one process at a time."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT id FROM orders WHERE card_due_at <= $1 AND card_lease_until <= $1
              ORDER BY card_due_at, id LIMIT $3 {SKIP_LOCKED})
            UPDATE orders SET card_fence = card_fence + 1, card_lease_until = $2,
              card_owner = $4, card_attempts = card_attempts + 1
            WHERE id IN (SELECT id FROM due) RETURNING *""",  # noqa: S608 - the marker is a constant
        (now, lease_until, limit, owner),
    )
    orders = []
    for row in sorted(rows, key=lambda row: (row["card_due_at"], row["id"])):
        order = yield from load_order(row)
        orders.append(order)
    return tuple(orders)


def load_order(row: Row) -> Transaction[Order]:
    """Read the clips of an order's row, and its place in the line."""
    clips = yield ("SELECT * FROM clips WHERE order_id = $1 ORDER BY number", (row["id"],))
    ahead = yield (
        """SELECT COUNT(*) AS ahead FROM sends s
           JOIN (SELECT turn, id FROM sends WHERE order_id = $1 AND state = 'queued'
                 ORDER BY turn, id LIMIT 1) mine
           ON s.turn < mine.turn OR (s.turn = mine.turn AND s.id < mine.id)
           WHERE s.state = 'queued' AND s.due_at IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM orders o JOIN guilds g ON g.guild_id = o.guild_id
             WHERE o.id = s.order_id AND g.paused_at IS NOT NULL)""",
        (row["id"],),
    )
    paused = yield (
        "SELECT 1 FROM guilds WHERE guild_id = $1 AND paused_at IS NOT NULL",
        (row["guild_id"],),
    )
    order = order_from(row, clips, ahead[0]["ahead"])
    return replace(order, paused=True) if paused else order


def read_order(order_id: int) -> Transaction[Order | None]:
    """Return an order with its clips, None when nothing is known of it."""
    rows = yield ("SELECT * FROM orders WHERE id = $1", (order_id,))
    return (yield from load_order(rows[0])) if rows else None


def read_order_of_clip(clip_id: int) -> Transaction[Order | None]:
    """Return the order that a clip belongs to."""
    rows = yield (
        "SELECT o.* FROM orders o JOIN clips c ON c.order_id = o.id WHERE c.id = $1",
        (clip_id,),
    )
    return (yield from load_order(rows[0])) if rows else None


def begin_card(order: Order, now: int) -> Transaction[bool]:
    """Commit the time of the first try before the card is sent; False when the claim is lost."""
    rows = yield (
        """UPDATE orders SET card_first_try_at = COALESCE(card_first_try_at, $1)
           WHERE id = $2 AND card_fence = $3 AND card_message_id IS NULL RETURNING id""",
        (now, order.id, order.fence),
    )
    return bool(rows)


_NOTICES: Final = {MessageKind.NOTICE: "notice", MessageKind.PAUSE: "pause"}
"""What the columns of each kind of notice begin with."""


def begin_notice(order: Order, now: int, kind: MessageKind) -> Transaction[bool]:
    """Commit the time of the first try before the notice is sent; False when it went before."""
    name = _NOTICES[kind]
    rows = yield (
        f"""UPDATE orders SET {name}_first_try_at = COALESCE({name}_first_try_at, $1)
           WHERE id = $2 AND card_fence = $3 AND {name}_message_id IS NULL RETURNING id""",  # noqa: S608 - our own words
        (now, order.id, order.fence),
    )
    return bool(rows)


def record_card(
    order: Order, message: MessageRef | None, text: str, due_at: int | None, now: int
) -> Transaction[None]:
    """Record what the card says; one that changed meanwhile stays due.

    A newly posted card that carries the picture lets the order's sends go.
    """
    if message is not None:
        # Sends before their order, as everywhere, so that two processes can't deadlock.
        yield (
            """UPDATE sends SET due_at = $1
               WHERE order_id = $2 AND state = 'queued' AND due_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM reviews WHERE order_id = $2 AND state = 'waiting')""",
            (now, order.id),
        )
    yield (
        """UPDATE orders SET card_text = $1, card_attempts = 0, card_lease_until = 0,
             card_edits = card_edits + CASE WHEN card_message_id IS NULL THEN 0 ELSE 1 END,
             card_due_at = CASE WHEN card_wanted > $2 THEN $3 ELSE CAST($4 AS BIGINT) END
           WHERE id = $5 AND card_fence = $6""",
        (text, order.card_wanted, now, due_at, order.id, order.fence),
    )
    if message is not None:
        # Whatever the fence: a card that is up is a fact.
        yield (
            """UPDATE orders SET card_channel_id = $1, card_message_id = $2
               WHERE id = $3 AND card_message_id IS NULL""",
            (message.channel_id, message.message_id, order.id),
        )


def record_notice(order: Order, kind: MessageKind, up: MessageRef | None) -> Transaction[None]:
    """Record the notice's message; 0 stands for one that has nowhere to go."""
    column = f"{_NOTICES[kind]}_message_id"
    yield (
        f"UPDATE orders SET {column} = $1 WHERE id = $2 AND {column} IS NULL",  # noqa: S608 - as above
        (up.message_id if up else 0, order.id),
    )


def put_off_card(order: Order, due_at: int) -> Transaction[None]:
    """Try the card again at that time (epoch ms)."""
    yield (
        """UPDATE orders SET card_due_at = $1, card_lease_until = 0
           WHERE id = $2 AND card_fence = $3""",
        (due_at, order.id, order.fence),
    )
