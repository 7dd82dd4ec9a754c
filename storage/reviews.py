"""Reviews in the tables: decided once, ended in time, and shown to moderators once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.acts import Act, ActKind
from jobs.ports import MessageRef
from jobs.reviews import Decided, Review, ReviewState
from jobs.states import FailReason
from storage.acts import storable, write_act
from storage.cancelling import cancel_queued
from storage.cards import touch_card
from storage.database import SKIP_LOCKED

if TYPE_CHECKING:
    from jobs.reviews import Decision
    from storage.database import Row, Transaction

_REVIEW: Final = "SELECT * FROM reviews WHERE order_id = $1"


def read_review(order_id: int) -> Transaction[Review | None]:
    """Return the review of an order, None when nobody looks at it."""
    rows = yield (_REVIEW, (order_id,))
    return review_from(rows[0]) if rows else None


def decide(decision: Decision, act_id: int, now: int) -> Transaction[Decided | None]:
    """Approve or reject an order, once, with its act; who comes second learns who was first.

    None when nobody of that guild looks at such an order. Locked in the order review, send, clip,
    hold, wallet, order.
    """
    state = ReviewState.APPROVED if decision.approved else ReviewState.REJECTED
    rows = yield (
        """UPDATE reviews SET state = $1, decided_by = $2, reason = $3, due_at = $4, lease_until = 0
           WHERE order_id = $5 AND guild_id = $6 AND state = 'waiting' RETURNING *""",
        (
            state, decision.actor.user_id, storable(decision.reason), now, decision.order_id,
            decision.actor.guild_id,
        ),
    )  # fmt: skip
    if not rows:
        found = yield from read_review(decision.order_id)
        ours = found is not None and found.guild_id == decision.actor.guild_id
        return Decided(review=found, mine=False) if found is not None and ours else None
    yield from write_act(_act(decision), act_id, now)
    if decision.message is not None:
        yield from _set_message(decision.order_id, decision.message)
    if decision.approved:
        yield from _queue(decision, now)
    else:
        yield from _end(decision.order_id, FailReason.REJECTED, decision.reason, now)
    return Decided(review=review_from(rows[0]), mine=True)


def _act(decision: Decision) -> Act:
    return Act(
        guild_id=decision.actor.guild_id,
        actor_id=decision.actor.user_id,
        kind=ActKind.APPROVE if decision.approved else ActKind.REJECT,
        subject_id=decision.order_id,
        reason=decision.reason,
    )


def _queue(decision: Decision, now: int) -> Transaction[None]:
    """Put an order's sends at the end of its member's line, as those of a new order."""
    sends = yield (
        """UPDATE sends SET turn = turn WHERE order_id = $1 AND state = 'queued' RETURNING *""",
        (decision.order_id,),
    )
    yield (
        "UPDATE clips SET state = 'queued' WHERE order_id = $1 AND state = 'review'",
        (decision.order_id,),
    )
    turn = yield from _last_turn(decision.order_id)
    for send in sorted(sends, key=lambda row: row["number"]):
        clips = yield ("SELECT COUNT(*) AS n FROM clips WHERE send_id = $1", (send["id"],))
        turn += clips[0]["n"]
        yield (
            "UPDATE sends SET turn = $1, due_at = $2, queued_at = $2 WHERE id = $3",
            (turn, now, send["id"]),
        )
    yield (
        """UPDATE wallets SET turn = $1 WHERE (guild_id, user_id) IN (
             SELECT guild_id, user_id FROM orders WHERE id = $2)""",
        (turn, decision.order_id),
    )
    yield from touch_card(decision.order_id, now)


def _last_turn(order_id: int) -> Transaction[int]:
    """Return the later of the turn last submitted and the member's last, whose wallet it locks."""
    wallets = yield (
        """UPDATE wallets SET turn = turn WHERE (guild_id, user_id) IN (
             SELECT guild_id, user_id FROM orders WHERE id = $1) RETURNING turn""",
        (order_id,),
    )
    counters = yield ("SELECT value FROM counters WHERE name = 'turn'", ())
    own = [int(row["turn"]) for row in wallets]
    return max([*own, *(int(row["value"]) for row in counters)], default=0)


def _end(order_id: int, reason: FailReason, note: str, now: int) -> Transaction[None]:
    """Cancel every clip that waits for a moderator, and release it in full."""
    sends = yield (
        """UPDATE sends SET turn = turn WHERE order_id = $1 AND state = 'queued' RETURNING id""",
        (order_id,),
    )
    for send in sorted(sends, key=lambda row: row["id"]):
        yield from cancel_queued(order_id, send["id"], now, reason, note)


# --- its message --------------------------------------------------------------------------------


def claim_reviews(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Review, ...]]:
    """Claim reviews whose message or end is due (epoch ms), each by one process at a time."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT order_id FROM reviews WHERE due_at <= $1 AND lease_until <= $1
              ORDER BY due_at, order_id LIMIT $3 {SKIP_LOCKED})
            UPDATE reviews SET fence = fence + 1, lease_until = $2, owner = $4,
              attempts = attempts + 1
            WHERE order_id IN (SELECT order_id FROM due) RETURNING *""",  # noqa: S608 - a constant
        (now, lease_until, limit, owner),
    )
    return tuple(map(review_from, sorted(rows, key=lambda row: (row["due_at"], row["order_id"]))))


def begin_review(review: Review, now: int) -> Transaction[bool]:
    """Commit the time of the first try before the message is sent; False when it is not to be."""
    rows = yield (
        """UPDATE reviews SET first_try_at = COALESCE(first_try_at, $1)
           WHERE order_id = $2 AND fence = $3 AND state = 'waiting' AND message_id IS NULL
           RETURNING order_id""",
        (now, review.order_id, review.fence),
    )
    return bool(rows)


def record_review(review: Review, message: MessageRef, now: int) -> Transaction[None]:
    """Record the message, whatever the fence: what is up is a fact.

    It is due again at once: what became of the order meanwhile is said there, and while it waits
    the engine looks after its pictures.
    """
    yield from _set_message(review.order_id, message)
    yield (
        """UPDATE reviews SET lease_until = 0, attempts = 0, due_at = $1
           WHERE order_id = $2 AND fence = $3""",
        (now, review.order_id, review.fence),
    )


def _set_message(order_id: int, message: MessageRef) -> Transaction[None]:
    yield (
        """UPDATE reviews SET message_channel_id = $1, message_id = $2
           WHERE order_id = $3 AND message_id IS NULL""",
        (message.channel_id, message.message_id, order_id),
    )


def record_review_told(review: Review) -> Transaction[None]:
    """Record that nothing more is to be said of a review that is over."""
    yield (
        """UPDATE reviews SET due_at = NULL, lease_until = 0, attempts = 0
           WHERE order_id = $1 AND fence = $2 AND state <> 'waiting'""",
        (review.order_id, review.fence),
    )


def expire_review(review: Review, now: int) -> Transaction[bool]:
    """End an order that nobody decided about; False when somebody did, or there is time left."""
    return (yield from _end_waiting(review, ReviewState.EXPIRED, "", now))


def close_review(review: Review, note: str, now: int) -> Transaction[bool]:
    """End an order that moderators can't be shown; False when it is decided already."""
    return (yield from _end_waiting(review, ReviewState.WITHDRAWN, note, now))


def _end_waiting(review: Review, state: ReviewState, note: str, now: int) -> Transaction[bool]:
    expired = state is ReviewState.EXPIRED
    rows = yield (
        """UPDATE reviews SET state = $1, due_at = $2, lease_until = 0
           WHERE order_id = $3 AND state = 'waiting' AND expires_at <= $4 RETURNING order_id""",
        (state, now, review.order_id, now if expired else review.expires_at),
    )
    if rows:
        reason = FailReason.REVIEW_EXPIRED if expired else FailReason.REVIEW_CLOSED
        yield from _end(review.order_id, reason, note, now)
    return bool(rows)


def put_off_review(review: Review, due_at: int) -> Transaction[None]:
    """Try again at that time (epoch ms)."""
    yield (
        "UPDATE reviews SET due_at = $1, lease_until = 0 WHERE order_id = $2 AND fence = $3",
        (due_at, review.order_id, review.fence),
    )


def review_from(row: Row) -> Review:
    """Read a review's row."""
    up = row["message_id"] is not None
    return Review(
        order_id=row["order_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        state=ReviewState(row["state"]),
        carries=bool(row["carries"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        decided_by=row["decided_by"],
        reason=row["reason"],
        message=MessageRef(channel_id=row["message_channel_id"], message_id=row["message_id"])
        if up
        else None,
        first_try_at=row["first_try_at"],
        fence=row["fence"],
        attempts=row["attempts"],
    )
