"""Claim, send and close the paid requests, and what that means for their clips' credits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from billing.entries import Hold, correct_house
from billing.wallets import HoldParts
from jobs.model import Options, Send
from jobs.states import ClipState, FailReason, sources
from storage.cancelling import WISHES, cancel_queued, withdraw_review
from storage.cards import touch_card
from storage.database import SKIP_LOCKED
from storage.gates import SUBMIT_GATE, begin_probe, open_gate
from storage.ledger import account_of, release_hold, write_entry
from storage.parcels import read_parcels
from storage.prices import learn_price
from storage.rows import member_from, place_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.ports import MadeClip
    from jobs.stores import SendResult
    from storage.database import Row, Rows, Transaction


def claim_sends(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Send, ...]]:
    """Claim due sends in turn; behind a closed gate only one, and only when a probe is due.

    Those of guilds that are paused wait.
    """
    gates = yield ("SELECT closed FROM gates WHERE name = $1", (SUBMIT_GATE,))
    closed = bool(gates and gates[0]["closed"])
    if closed and not (yield from begin_probe(now, lease_until)):
        return ()
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT id FROM sends s WHERE state = 'queued' AND due_at <= $1 AND lease_until <= $1
                AND NOT EXISTS (
                  SELECT 1 FROM orders o JOIN guilds g ON g.guild_id = o.guild_id
                  WHERE o.id = s.order_id AND g.paused_at IS NOT NULL)
              ORDER BY turn, id LIMIT $3 {SKIP_LOCKED})
            UPDATE sends SET fence = fence + 1, lease_until = $2, owner = $4,
              attempts = attempts + 1
            WHERE id IN (SELECT id FROM due) RETURNING *""",  # noqa: S608 - the marker is a constant
        (now, lease_until, 1 if closed else limit, owner),
    )
    if closed and not rows:
        yield ("UPDATE gates SET probe_at = $1 WHERE name = $2", (now, SUBMIT_GATE))
    return (yield from _load(rows))


def claim_stale(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Send, ...]]:
    """Claim sends that are still `submitting` after their lease: their process died."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT id FROM sends WHERE state = 'submitting' AND lease_until <= $1
              ORDER BY id LIMIT $3 {SKIP_LOCKED})
            UPDATE sends SET fence = fence + 1, lease_until = $2, owner = $4
            WHERE id IN (SELECT id FROM due) RETURNING *""",  # noqa: S608
        (now, lease_until, limit, owner),
    )
    return (yield from _load(rows))


# The files of an order that a moderator looked at are on the message that they looked at.
_CARRIED: Final = """SELECT o.*, COALESCE(r.message_channel_id, o.card_channel_id) AS at_channel,
    COALESCE(r.message_id, o.card_message_id) AS at_message
  FROM orders o LEFT JOIN reviews r ON r.order_id = o.id AND r.carries = 1 WHERE o.id = $1"""


def _load(rows: Rows) -> Transaction[tuple[Send, ...]]:
    sends: list[Send] = []
    for row in sorted(rows, key=lambda row: (row["turn"], row["id"])):
        orders = yield (_CARRIED, (row["order_id"],))
        clips = yield ("SELECT id FROM clips WHERE send_id = $1 ORDER BY number", (row["id"],))
        ahead = yield from read_parcels(row["order_id"])
        send = _send_from(row, orders[0], tuple(clip["id"] for clip in clips))
        sends.append(replace(send, parcels=ahead))
    return tuple(sends)


def _send_from(row: Row, order: Row, clip_ids: tuple[int, ...]) -> Send:
    options = Options.from_json(order["options"])
    return Send(
        id=row["id"],
        order_id=row["order_id"],
        clip_ids=clip_ids,
        picture=options.pictures[row["number"]],
        options=options,
        place=place_from(order),
        member=member_from(order),
        token=row["token"],
        fence=row["fence"],
        attempts=row["attempts"],
        card_message_id=order["at_message"],
        card_channel_id=order["at_channel"],
        price=order["price"],
        queued_at=row["queued_at"],
    )


def intend(send: Send, now: int, lease_until: int) -> Transaction[bool]:
    """Write the intent down before the paid request leaves; False when the claim is lost."""
    rows = yield (
        """UPDATE sends SET state = 'submitting', submitted_at = $1, lease_until = $2
           WHERE id = $3 AND fence = $4 AND state = 'queued' RETURNING turn""",
        (now, lease_until, send.id, send.fence),
    )
    if not rows:
        return False
    yield (
        """UPDATE clips SET state = 'submitting', submitted_at = $1
           WHERE send_id = $2 AND state = 'queued'""",
        (now, send.id),
    )
    yield from _advance_turn(rows[0]["turn"])
    return True


def _advance_turn(turn: int) -> Transaction[None]:
    yield (
        """INSERT INTO counters (name, value) VALUES ('turn', $1)
           ON CONFLICT (name) DO UPDATE SET value = CASE
             WHEN counters.value < excluded.value THEN excluded.value ELSE counters.value END""",
        (turn,),
    )


def _lock_send(send_id: int) -> Transaction[None]:
    """Wait here for whoever decides about the same send's clips on PostgreSQL.

    Only a later statement sees what the other one did.
    """
    yield ("UPDATE sends SET turn = turn WHERE id = $1", (send_id,))


def put_back(send: Send, due_at: int, note: str, now: int) -> Transaction[None]:
    """Return a send whose request made nothing to the line, due again at that time (epoch ms).

    Not when a webhook has shown that something was made: it would be paid twice. Its lease then
    ends, and it is in doubt. One that its member or the operator wished to cancel is cancelled.
    """
    yield from _lock_send(send.id)
    rows = yield (
        """UPDATE sends SET state = 'queued', due_at = $1, lease_until = 0, submitted_at = NULL
           WHERE id = $2 AND fence = $3 AND state IN ('queued', 'submitting')
             AND NOT EXISTS (SELECT 1 FROM clips WHERE send_id = $2 AND vendor_id IS NOT NULL)
           RETURNING order_id, cancel_wanted""",
        (due_at, send.id, send.fence),
    )
    if not rows:
        return
    yield (
        """UPDATE clips SET state = 'queued', note = $1, submitted_at = NULL
           WHERE send_id = $2 AND state IN ('queued', 'submitting')""",
        (note, send.id),
    )
    if rows[0]["cancel_wanted"]:
        reason = WISHES[rows[0]["cancel_wanted"]]
        yield from cancel_queued(rows[0]["order_id"], send.id, now, reason)


def finish_send(result: SendResult, now: int) -> Transaction[bool]:
    """Record what became of every clip of a send; True when its answer opened the gate.

    The clips of a send are alike, and a webhook may have given an id to any of them already:
    refusals go to clips that have none, and whatever is left is in doubt.
    """
    rows = yield (
        """UPDATE sends SET state = 'sent', due_at = NULL, lease_until = 0
           WHERE id = $1 RETURNING order_id""",
        (result.send_id,),
    )
    clips = yield ("SELECT id FROM clips WHERE send_id = $1 ORDER BY number", (result.send_id,))
    for _, made in result.made:
        yield from adopt([clip["id"] for clip in clips], made, result.look_at, now)
    without = yield (
        "SELECT id FROM clips WHERE send_id = $1 AND vendor_id IS NULL ORDER BY number",
        (result.send_id,),
    )
    for clip, (_, note) in zip(without, result.refused, strict=False):
        yield from fail_clip(clip["id"], FailReason.REFUSED, note, 0, now)
    for clip in without[len(result.refused) :]:
        yield from doubt(clip["id"], result.doubt_until, now)
    yield from touch_card(rows[0]["order_id"], now)
    answered = bool(result.made or result.refused)
    return (yield from open_gate()) if answered else False


def record_made(clip_id: int, made: MadeClip, look_at: int, now: int) -> Transaction[bool]:
    """Record the vendor's id of a clip, whatever became of it here; free when it was released.

    Also of one that the vendor had refused or put off, that was cancelled since, or that was given
    up when a backup was restored.
    """
    rows = yield (
        """UPDATE clips SET vendor_id = $1, cost = $2, step = 'look', due_at = $3, lease_until = 0,
             free = CASE WHEN state IN ('released', 'failed', 'cancelled') THEN 1 ELSE free END,
             attempts = 0, state = 'rendering', reason = NULL, note = '',
             submitted_at = COALESCE(submitted_at, $4)
           WHERE id = $5 AND vendor_id IS NULL
             AND state IN ('queued', 'submitting', 'unknown', 'released', 'failed', 'cancelled')
           RETURNING quote, price_key, unit_credit""",
        (made.vendor_id, made.cost, look_at, now, clip_id),
    )
    if not rows:
        return False
    if made.cost is not None and made.cost > rows[0]["quote"]:
        # A dearer charge is known before the clip is done: the next quote should say so.
        yield from learn_price(rows[0], made.cost, now)
    return True


def adopt(clip_ids: Sequence[int], made: MadeClip, look_at: int, now: int) -> Transaction[bool]:
    """Give a vendor's id to the first of a send's clips that lacks one; they are all alike.

    False when it is recorded already: a webhook can be faster than the answer to the create.
    """
    yield (
        "UPDATE sends SET turn = turn WHERE id IN (SELECT send_id FROM clips WHERE id = $1)",
        (clip_ids[0],),
    )
    known = yield ("SELECT id FROM clips WHERE vendor_id = $1", (made.vendor_id,))
    if known:
        return False
    for clip_id in clip_ids:
        if (yield from record_made(clip_id, made, look_at, now)):
            return True
    return False


def doubt(clip_id: int, until: int | None, now: int) -> Transaction[None]:
    """Say that nobody knows what became of a clip: until that time (epoch ms), or for good."""
    yield (
        """UPDATE clips SET state = 'unknown', reason = $1, step = 'doubt', due_at = $2,
             lease_until = 0
           WHERE id = $3 AND state = 'submitting' AND vendor_id IS NULL""",
        (FailReason.IN_DOUBT, until, clip_id),
    )
    if until is None:
        yield from _release_doubt(clip_id, now)


def release_doubt(clip_id: int, now: int) -> Transaction[bool]:
    """Release a clip in doubt: the member pays nothing, the house books the quote as lost."""
    order_id = yield from _release_doubt(clip_id, now)
    if order_id is None:
        return False
    yield from touch_card(order_id, now)
    return True


def _release_doubt(clip_id: int, now: int) -> Transaction[int | None]:
    rows = yield (
        """UPDATE clips SET state = 'released', step = NULL, due_at = NULL, lease_until = 0
           WHERE id = $1 AND state = 'unknown' RETURNING quote, order_id""",
        (clip_id,),
    )
    if not rows:
        return None
    yield from release_hold(clip_id, rows[0]["quote"], "the vendor's reply was lost", now)
    return int(rows[0]["order_id"])


def fail_clip(
    clip_id: int, reason: FailReason, note: str, cost: int, now: int
) -> Transaction[int | None]:
    """End a clip without a video: released in full; `cost` credits are the house's.

    One that was released before only has its cost put right. Returns the order whose card has
    something new to say, which the caller touches last of all: the order in which rows are locked
    is send, clip, wallet, guild, house, order.
    """
    order_id = yield from _mark_failed(clip_id, reason, note)
    if order_id is None or not (yield from release_hold(clip_id, cost, reason, now)):
        yield from book_house(clip_id, cost, now)
    return order_id


def _mark_failed(clip_id: int, reason: FailReason, note: str) -> Transaction[int | None]:
    leaving = ", ".join(f"'{state}'" for state in sources(ClipState.FAILED))
    rows = yield (
        f"""UPDATE clips SET state = 'failed', reason = $1, note = $2, step = NULL, due_at = NULL,
              lease_until = 0
            WHERE id = $3 AND state IN ({leaving}) RETURNING order_id""",  # noqa: S608
        (reason, note, clip_id),
    )
    return int(rows[0]["order_id"]) if rows else None


def book_house(clip_id: int, cost: int, now: int) -> Transaction[None]:
    """Put the house's loss on a released clip right, now that its real cost is known."""
    cost = max(0, cost)
    rows = yield ("SELECT * FROM holds WHERE clip_id = $1 AND state = 'released'", (clip_id,))
    if not rows or rows[0]["house"] == cost:
        return
    row = rows[0]
    hold = Hold(clip_id=clip_id, account=account_of(row), parts=HoldParts(allowance=0))
    if (yield from write_entry(correct_house(hold, row["house"], cost), now)):
        yield ("UPDATE holds SET house = $1 WHERE clip_id = $2", (cost, clip_id))


def give_up_send(send: Send, reason: FailReason, note: str, now: int) -> Transaction[None]:
    """End a send that can't be made, before anything was paid."""
    rows = yield (
        """UPDATE sends SET state = 'ended', due_at = NULL, lease_until = 0
           WHERE id = $1 AND state = 'queued' AND fence = $2 RETURNING order_id""",
        (send.id, send.fence),
    )
    if rows:
        yield from _fail_queued(send.id, reason, note, now)
        yield from touch_card(rows[0]["order_id"], now)


def give_up_order(order_id: int, reason: FailReason, note: str, now: int) -> Transaction[None]:
    """End every send of an order that is still in the line, or waits for a moderator."""
    yield from withdraw_review(order_id, now)
    rows = yield (
        """UPDATE sends SET state = 'ended', due_at = NULL, lease_until = 0
           WHERE order_id = $1 AND state = 'queued' RETURNING id""",
        (order_id,),
    )
    for row in rows:
        yield from _fail_queued(row["id"], reason, note, now)
        yield from cancel_queued(order_id, row["id"], now, reason, note)  # what was in review
    if rows:  # else there is nothing new to say, and a card that can't be drawn is not tried again
        yield from touch_card(order_id, now)


def _fail_queued(send_id: int, reason: FailReason, note: str, now: int) -> Transaction[None]:
    clips = yield (
        "SELECT id FROM clips WHERE send_id = $1 AND state = 'queued' ORDER BY number",
        (send_id,),
    )
    for clip in clips:
        yield from fail_clip(clip["id"], reason, note, 0, now)


def take_over(owner: int) -> Transaction[int]:
    """Free what a process that is gone held: its leases, and commands that it had not answered.

    Returns how many that were.
    """
    freed = 0
    for table in ("sends", "clips", "reviews", "cases", "acts"):
        rows = yield (
            f"""UPDATE {table} SET lease_until = 0
                WHERE lease_until > 0 AND owner = $1 RETURNING owner""",  # noqa: S608
            (owner,),
        )
        freed += len(rows)
    rows = yield (
        """UPDATE orders SET card_lease_until = 0
           WHERE card_lease_until > 0 AND card_owner = $1 RETURNING id""",
        (owner,),
    )
    asks = yield (
        "UPDATE asks SET owner = NULL WHERE done = 0 AND owner = $1 RETURNING interaction_id",
        (owner,),
    )
    return freed + len(rows) + len(asks)
