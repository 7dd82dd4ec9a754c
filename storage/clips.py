"""Follow clips from the vendor's yes to the message in the channel, and settle their credits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.guarding import spoils
from storage.acts import write_act
from storage.cards import read_order, touch_card
from storage.database import SKIP_LOCKED
from storage.ledger import settle_hold
from storage.prices import learn_price
from storage.rows import clip_from
from storage.rules import ids_in
from storage.sends import book_house, fail_clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.acts import NewAct
    from jobs.model import Clip, Order
    from jobs.ports import MessageRef
    from jobs.stores import FoundDone, FoundFailed, LookAgain, Stored
    from storage.database import Row, Transaction


def claim_clips(
    step: str, now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Clip, ...]]:
    """Claim clips whose step is due (epoch ms), those that wait longest first."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT id FROM clips WHERE step = $1 AND due_at <= $2 AND lease_until <= $2
              ORDER BY due_at, id LIMIT $4 {SKIP_LOCKED})
            UPDATE clips SET fence = fence + 1, lease_until = $3, owner = $5
            WHERE id IN (SELECT id FROM due) RETURNING *""",  # noqa: S608 - the marker is a constant
        (step, now, lease_until, limit, owner),
    )
    return tuple(clip_from(row) for row in sorted(rows, key=lambda row: (row["due_at"], row["id"])))


def record_looks(
    again: Sequence[LookAgain], done: Sequence[FoundDone], now: int
) -> Transaction[None]:
    """Record a round of looks in one commit; whoever lost its claim changes nothing."""
    changed: set[int] = set()
    for one in again:
        changed |= yield from _look_again(one)
    for found in done:
        yield (
            """UPDATE clips SET video_link = $1, cost = COALESCE(CAST($2 AS BIGINT), cost),
                 step = 'fetch', due_at = $3, lease_until = 0
               WHERE id = $4 AND fence = $5 AND step = 'look'""",
            (found.link, found.cost, now, found.clip_id, found.fence),
        )
    for order_id in sorted(changed):
        yield from touch_card(order_id, now)


def _look_again(one: LookAgain) -> Transaction[set[int]]:
    """Put the next look off; return the order when its card has something new to say."""
    rows = yield (
        """UPDATE clips SET due_at = $1, lease_until = 0, polls = polls + 1, misses = $2
           WHERE id = $3 AND fence = $4 AND step = 'look' RETURNING state, order_id""",
        (one.due_at, one.misses, one.clip_id, one.fence),
    )
    if not rows or not one.overdue or rows[0]["state"] != "rendering":
        return set()
    yield (
        "UPDATE clips SET state = 'overdue' WHERE id = $1 AND state = 'rendering'",
        (one.clip_id,),
    )
    return {rows[0]["order_id"]}


def look_afresh(again: LookAgain, now: int) -> Transaction[None]:
    """Go back from a dead link to asking for one; how often it was tried stays counted.

    One that is `overdue` says so on its card.
    """
    rows = yield (
        """UPDATE clips SET step = 'look', due_at = $1, lease_until = 0, attempts = attempts + 1,
             state = CASE WHEN state = 'rendering' THEN CAST($2 AS TEXT) ELSE state END
           WHERE id = $3 AND fence = $4 AND step = 'fetch' AND state IN ('rendering', 'overdue')
           RETURNING order_id""",
        (
            again.due_at, "overdue" if again.overdue else "rendering", again.clip_id, again.fence,
        ),
    )  # fmt: skip
    if rows and again.overdue:
        yield from touch_card(rows[0]["order_id"], now)


def record_failed(lost: FoundFailed, now: int) -> Transaction[None]:
    """Release a clip that will have no video; whoever lost its claim changes nothing.

    Each in a transaction of its own: two wallets in one could deadlock on PostgreSQL.
    """
    rows = yield (
        """UPDATE clips SET cost = $1 WHERE id = $2 AND fence = $3
             AND step IN ('look', 'fetch') RETURNING order_id""",
        (lost.cost, lost.clip_id, lost.fence),
    )
    if rows:
        yield from fail_clip(lost.clip_id, lost.reason, lost.note, lost.cost, now)
        yield from touch_card(rows[0]["order_id"], now)


def record_stored(stored: Stored, now: int) -> Transaction[int]:
    """Settle a clip whose file is in the media store: charge, learned price, house, in one commit.

    Returns the credits above the quote, which the house pays.
    A clip that its owner deleted while it rendered is settled and not posted.
    """
    rows = yield (
        """UPDATE clips SET state = CASE WHEN deleted = 1 THEN 'kept' ELSE 'ready' END,
             step = CASE WHEN deleted = 1 THEN 'remove' ELSE 'post' END,
             file = $1, bytes = $2, ready_at = $3, due_at = $3, lease_until = 0, attempts = 0
           WHERE id = $4 AND fence = $5 AND step = 'fetch' AND state IN ('rendering', 'overdue')
           RETURNING *""",
        (stored.file, stored.bytes, now, stored.clip_id, stored.fence),
    )
    if not rows:
        return 0
    above = yield from _settle(rows[0], now)
    yield from touch_card(rows[0]["order_id"], now)
    return above


def _settle(row: Row, now: int) -> Transaction[int]:
    # The price before the wallet, as when a create is answered: they can't deadlock then.
    if row["cost"] is not None:
        yield from learn_price(row, row["cost"], now)
    cost = row["quote"] if row["cost"] is None else row["cost"]
    charged = yield from settle_hold(row["id"], cost, now)
    if charged is None:
        yield from book_house(row["id"], cost, now)
    yield ("UPDATE clips SET charged = $1 WHERE id = $2", (charged or 0, row["id"]))
    return 0 if charged is None else max(0, cost - int(row["quote"]))


def put_off(clip: Clip, due_at: int) -> Transaction[None]:
    """Try the clip's present step again at that time (epoch ms)."""
    yield (
        """UPDATE clips SET due_at = $1, lease_until = 0, attempts = attempts + 1
           WHERE id = $2 AND fence = $3""",
        (due_at, clip.id, clip.fence),
    )


def begin_post(clip: Clip, now: int) -> Transaction[Order | None]:
    """Commit the time of the first try before the message is sent; the first clip mentions.

    Returns the order as it now stands, None when the claim is lost or nothing is to be posted.
    """
    rows = yield (
        """UPDATE clips SET state = 'posting', first_try_at = COALESCE(first_try_at, $1)
           WHERE id = $2 AND fence = $3 AND step = 'post'
             AND (state = 'posting' OR (state = 'ready' AND deleted = 0)) RETURNING *""",
        (now, clip.id, clip.fence),
    )
    if not rows:
        return None
    newcomer = yield from _is_first(rows[0], now)
    yield (
        "UPDATE orders SET mention_clip_id = $1 WHERE id = $2 AND mention_clip_id IS NULL",
        (clip.id, rows[0]["order_id"]),
    )
    order = yield from read_order(rows[0]["order_id"])
    return order and (yield from _greeting(order, clip.id, newcomer=newcomer))


def _is_first(row: Row, now: int) -> Transaction[bool]:
    """Tell whether a clip that is being posted is the first ever of its asker in the guild.

    One that was kept brought no message, so the next is the first. When it is tried again only
    what was begun before it counts, so that it stays the first; of two begun in the same
    millisecond none is, rather than both.
    """
    # Two of one asker that are begun at once take turns here on PostgreSQL.
    yield (
        "UPDATE wallets SET touched_at = touched_at WHERE guild_id = $1 AND user_id = $2",
        (row["guild_id"], row["user_id"]),
    )
    others = yield (
        """SELECT 1 FROM orders o JOIN clips c ON c.order_id = o.id
           WHERE o.guild_id = $1 AND o.user_id = $2 AND c.id <> $3
             AND c.first_try_at IS NOT NULL AND c.state <> 'kept'
             AND (c.first_try_at <= $4 OR $4 = $5) LIMIT 1""",
        (row["guild_id"], row["user_id"], row["id"], row["first_try_at"], now),
    )
    return not others


def _greeting(order: Order, clip_id: int, *, newcomer: bool) -> Transaction[Order]:
    rows = yield (
        "SELECT spoiler_channels FROM guilds WHERE guild_id = $1 AND spoiler_channels IS NOT NULL",
        (order.member.guild_id,),
    )
    covered = ids_in(rows[0]["spoiler_channels"]) if rows else frozenset()
    spoiler = spoils(covered, order.place)
    clip = next(one for one in order.clips if one.id == clip_id)
    return order.with_clip(replace(clip, newcomer=newcomer, spoiler=spoiler))


def record_posted(clip: Clip, message: MessageRef, now: int) -> Transaction[None]:
    """Record the clip's message, whatever the fence: what is up is a fact."""
    rows = yield (
        """UPDATE clips SET state = 'posted', channel_id = $1, message_id = $2, lease_until = 0,
             attempts = 0,
             step = CASE WHEN deleted = 1 THEN 'remove' ELSE NULL END,
             due_at = CASE WHEN deleted = 1 THEN CAST($3 AS BIGINT) ELSE NULL END
           WHERE id = $4 AND state IN ('ready', 'posting', 'kept') AND message_id IS NULL
           RETURNING order_id""",
        (message.channel_id, message.message_id, now, clip.id),
    )
    if rows:
        yield from touch_card(rows[0]["order_id"], now)


def record_kept(clip: Clip, note: str, now: int) -> Transaction[None]:
    """End a clip that has nowhere to go; the file stays in the media store."""
    rows = yield (
        """UPDATE clips SET state = 'kept', note = $1, lease_until = 0, attempts = 0,
             step = CASE WHEN deleted = 1 THEN 'remove' ELSE NULL END,
             due_at = CASE WHEN deleted = 1 THEN CAST($2 AS BIGINT) ELSE NULL END
           WHERE id = $3 AND fence = $4 AND state IN ('ready', 'posting') RETURNING order_id""",
        (note, now, clip.id, clip.fence),
    )
    if rows:
        yield from touch_card(rows[0]["order_id"], now)


def delete_clip(
    clip_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
) -> Transaction[bool]:
    """Mark a clip as deleted; what is finished is removed at once, the rest when it is done.

    Its messages go with it unless they are to be kept. `by` is who did it and why, where that was
    a moderator; it is written down once, with what it changed. Moderators who were asked about it
    are told; a case is locked before its clip, as everywhere.
    """
    yield from wake_case(clip_id, now)
    order_id = yield from mark_deleted(clip_id, now, keep_message=keep_message)
    if order_id is None:
        return False
    if by is not None:
        yield from write_act(by.act, by.id, now)
    yield from touch_card(order_id, now)
    return True


def wake_case(clip_id: int, now: int) -> Transaction[None]:
    """Have moderators who were asked about a clip told that it is deleted."""
    yield (
        "UPDATE cases SET due_at = $1, lease_until = 0 WHERE clip_id = $2 AND state = 'open'",
        (now, clip_id),
    )


def mark_deleted(clip_id: int, now: int, *, keep_message: bool) -> Transaction[int | None]:
    """Mark a clip as deleted; return its order, None when it was already."""
    rows = yield (
        """UPDATE clips SET deleted = 1, keep_message = $3,
             step = CASE WHEN state IN ('posted', 'kept', 'ready') THEN 'remove' ELSE step END,
             state = CASE WHEN state = 'ready' THEN 'kept' ELSE state END,
             due_at = CASE WHEN state IN ('posted', 'kept', 'ready') THEN CAST($1 AS BIGINT)
               ELSE due_at END,
             lease_until = CASE WHEN state IN ('posted', 'kept', 'ready') THEN 0
               ELSE lease_until END
           WHERE id = $2 AND deleted = 0 RETURNING order_id""",
        (now, clip_id, int(keep_message)),
    )
    return int(rows[0]["order_id"]) if rows else None


def record_removed(clip: Clip) -> Transaction[None]:
    """Forget the file of a clip of which nothing is left.

    Not when its message, or the shared one, turned up meanwhile: then that is left.
    """
    yield (
        """UPDATE clips SET step = NULL, due_at = NULL, lease_until = 0, file = '', video_link = ''
           WHERE id = $1 AND step = 'remove' AND COALESCE(message_id, 0) = $2
             AND COALESCE(shared_message_id, 0) = $3""",
        (clip.id, clip.message_id or 0, clip.shared_message_id or 0),
    )


def remove_what_turned_up(clip_id: int, now: int) -> Transaction[None]:
    """Make a deleted clip due for removal once more: a message of it has come to light."""
    yield (
        """UPDATE clips SET step = 'remove', due_at = $1, lease_until = 0
           WHERE id = $2 AND deleted = 1 AND state IN ('posted', 'kept')""",
        (now, clip_id),
    )
