"""What the operator's commands read and mend: lists, a clip's timeline, releases, the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.office import (
    RELEASABLE,
    ClipLine,
    Event,
    OrderLine,
    Page,
    Reconciled,
    Spent,
    WalletLine,
)
from jobs.states import ClipState, FailReason
from storage.acts import write_act, written_from
from storage.cancelling import cancel_order
from storage.cards import touch_card
from storage.ordering import place_order
from storage.sends import fail_clip, release_doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.acts import Act, NewAct
    from jobs.model import Guards, GuildRules, Member
    from jobs.office import OrderSlice
    from jobs.stores import Cancelled, Placing
    from storage.database import Row, Rows, Transaction, Value

_AT, _BALANCE, _SPENT = "reconciled:at", "reconciled:balance", "reconciled:spent"
_HELD: Final = "reconciled:held"
"""Counters that remember the reconciliation that was accepted last."""

_OFFSET: Final = 1_000_000_000_000
"""Counters are never negative, and a vendor's balance may be: it is kept so much higher."""


def read_wallets(guild_id: int, limit: int, after: int | None) -> Transaction[Page[WalletLine]]:
    """Return a guild's wallets, those that spent most first, from the one after a member's on.

    An unknown member comes before all others.
    """
    wanted: list[Value] = [guild_id]
    where = "guild_id = $1"
    rows = yield (
        "SELECT * FROM wallets WHERE guild_id = $1 AND user_id = $2",
        (guild_id, 0 if after is None else after),
    )
    for row in rows:
        wanted += [row["charged"], row["held"], row["grants"], row["user_id"]]
        where += """ AND (charged < $2 OR (charged = $2 AND (held < $3 OR (held = $3
            AND (grants < $4 OR (grants = $4 AND user_id > $5))))))"""
    order = "charged DESC, held DESC, grants DESC, user_id"
    found, more = yield from _page(f"wallets WHERE {where} ORDER BY {order}", wanted, limit)
    lines = tuple(
        WalletLine(
            guild_id=row["guild_id"],
            user_id=row["user_id"],
            grants=row["grants"],
            held=row["held"],
            charged=row["charged"],
            frozen=bool(row["frozen"]),
        )
        for row in found
    )
    return Page(lines=lines, more=more)


def _page(wanted: str, values: list[Value], limit: int) -> Transaction[tuple[Rows, int]]:
    """Read so many rows of a table (its conditions and order), and count those that come after."""
    rows = yield (
        f"SELECT * FROM {wanted} LIMIT ${len(values) + 1}",  # noqa: S608 - our own words
        (*values, limit),
    )
    unsorted = wanted.partition(" ORDER BY ")[0]
    counted = yield f"SELECT COUNT(*) AS lines FROM {unsorted}", tuple(values)  # noqa: S608
    return rows, int(counted[0]["lines"]) - len(rows)


def read_has_wallet(member: Member) -> Transaction[bool]:
    """Tell whether a member ordered something, or a moderator did something to the wallet."""
    rows = yield (
        "SELECT 1 AS found FROM wallets WHERE guild_id = $1 AND user_id = $2",
        (member.guild_id, member.user_id),
    )
    return bool(rows)


def read_orders(wanted: OrderSlice) -> Transaction[Page[OrderLine]]:
    """Return orders, newest first."""
    conditions = ["1 = 1"]
    values: list[Value] = []
    for condition, value in (
        ("o.guild_id =", wanted.guild_id),
        ("o.user_id =", wanted.user_id),
        ("o.id <", wanted.after),
    ):
        if value is not None:
            values.append(value)
            conditions.append(f"{condition} ${len(values)}")
    if wanted.state is not None:
        values.append(wanted.state)
        has = "EXISTS (SELECT 1 FROM clips c WHERE c.order_id = o.id AND c.state = {})"
        conditions.append(has.format(f"${len(values)}"))
    where = " AND ".join(conditions)
    rows, more = yield from _page(
        f"orders o WHERE {where} ORDER BY o.id DESC", values, wanted.limit
    )
    found = []
    for row in rows:
        states = yield (
            """SELECT state, COUNT(*) AS clips FROM clips WHERE order_id = $1
               GROUP BY state ORDER BY state""",
            (row["id"],),
        )
        found.append(_order(row, states))
    return Page(lines=tuple(found), more=more)


def _order(row: Row, states: Rows) -> OrderLine:
    return OrderLine(
        id=row["id"],
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        created_at=row["created_at"],
        price=row["price"] * row["clips"],
        states=tuple((one["state"], int(one["clips"])) for one in states),
    )


def read_clips(
    states: frozenset[ClipState], limit: int, after: int | None
) -> Transaction[Page[ClipLine]]:
    """Return clips in these states, oldest first, from the one after another on."""
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    rows, more = yield from _page(
        f"clips WHERE state IN ({listed}) AND id > $1 ORDER BY id", [after or 0], limit
    )
    lines = tuple(
        ClipLine(
            id=row["id"],
            order_id=row["order_id"],
            number=row["number"],
            state=row["state"],
            quote=row["quote"],
            vendor_id=row["vendor_id"],
            submitted_at=row["submitted_at"],
            note=row["note"],
        )
        for row in rows
    )
    return Page(lines=lines, more=more)


# --- a clip's timeline --------------------------------------------------------------------------


def read_timeline(clip_id: int) -> Transaction[tuple[Event, ...]]:
    """Return what happened to a clip, oldest first; what has no time of its own comes last."""
    rows = yield (
        """SELECT c.*, o.created_at AS ordered_at, s.id AS send, s.state AS send_state,
             s.queued_at, s.submitted_at AS sent_at, s.attempts AS tries, s.fence AS claims
           FROM clips c JOIN orders o ON o.id = c.order_id JOIN sends s ON s.id = c.send_id
           WHERE c.id = $1""",
        (clip_id,),
    )
    if not rows:
        return ()
    events = [*_send_events(rows[0]), *_clip_events(rows[0])]
    events += yield from _entry_events(clip_id)
    events += yield from _act_events(clip_id, rows[0]["order_id"])
    known = sorted((one for one in events if one.at is not None), key=lambda one: one.at or 0)
    return (*known, *(one for one in events if one.at is None))


def _send_events(row: Row) -> Iterator[Event]:
    yield Event(at=row["ordered_at"], what=f"ordered, quoted {row['quote']} credits")
    tries = f"claimed {row['claims']} times"
    yield Event(at=row["queued_at"], what=f"send {row['send']} queued, {tries}")
    if row["sent_at"] is not None:
        yield Event(at=row["sent_at"], what=f"send is {row['send_state']}: its request left")


def _clip_events(row: Row) -> Iterator[Event]:
    vendor = row["vendor_id"] or "no id yet"
    if row["submitted_at"] is not None:
        known = row["vendor_id"] is not None
        what = f"the vendor has it ({vendor})" if known else "its request left"
        yield Event(at=row["submitted_at"], what=what)
    if row["ready_at"] is not None:
        yield Event(at=row["ready_at"], what=f"file stored, {row['bytes']} bytes")
    if row["first_try_at"] is not None:
        yield Event(at=row["first_try_at"], what="first try to post it")
    if row["message_id"] is not None:
        where = f"channel {row['channel_id']}"
        yield Event(at=None, what=f"its message is {row['message_id']} in {where}")
    if row["due_at"] is not None:
        yield Event(at=row["due_at"], what=f"next step due: {row['step']}")
    said = f"state {row['state']}, vendor's id {vendor}, cost {_or_none(row['cost'])}"
    why = " ".join(part for part in (row["reason"] or "", row["note"]) if part)
    flags = "".join(f", {flag}" for flag in ("free", "deleted") if row[flag])
    yield Event(at=None, what=f"{said}{flags}{f' ({why})' if why else ''}")


def _or_none(value: int | None) -> str:
    return "unknown" if value is None else str(value)


def _entry_events(clip_id: int) -> Transaction[list[Event]]:
    rows = yield ("SELECT * FROM entries WHERE clip_id = $1 ORDER BY at, key", (clip_id,))
    columns = ("grants", "held", "charged", "allowance", "pool", "ceiling", "house")
    return [
        Event(
            at=row["at"],
            what=f"entry {row['key']}: "
            + ", ".join(f"{name} {row[name]:+}" for name in columns if row[name]),
        )
        for row in rows
    ]


def _act_events(clip_id: int, order_id: int) -> Transaction[list[Event]]:
    rows = yield (
        "SELECT * FROM acts WHERE subject_id IN ($1, $2) ORDER BY at, id",
        (clip_id, order_id),
    )
    acts = [written_from(row) for row in rows]
    return [
        Event(at=one.at, what=f"act {one.act.kind} by {one.act.actor_id}: {one.act.reason}")
        for one in acts
    ]


# --- mending ------------------------------------------------------------------------------------


def release_by_hand(clip_id: int, act: Act, act_id: int, now: int) -> Transaction[bool]:
    """Release a clip that the vendor has or may have, and write the act down.

    The house books what the vendor said it took, else the quote: the cautious reading. False, and
    nothing is written, for a clip in any other state.
    """
    rows = yield ("SELECT state, cost, quote, order_id FROM clips WHERE id = $1", (clip_id,))
    if not rows or ClipState(rows[0]["state"]) not in RELEASABLE:
        return False
    row = rows[0]
    if row["state"] == ClipState.UNKNOWN:
        released = yield from release_doubt(clip_id, now)
    else:
        cost = row["quote"] if row["cost"] is None else row["cost"]
        note = "given up by the operator"
        found = yield from fail_clip(clip_id, FailReason.NEVER_FINISHED, note, cost, now)
        released = found is not None
        yield from touch_card(row["order_id"], now)
    if released:
        yield from write_act(act, act_id, now)
    return released


def cancel_by_hand(order_id: int, act: NewAct, now: int) -> Transaction[Cancelled]:
    """Cancel what of an order was not sent, and write the act down where that did something.

    One act an order, however often: what is cancelled first locks the order's sends.
    """
    done = yield from cancel_order(order_id, now, FailReason.BY_OPERATOR)
    if done.ended or done.wished:
        told = yield (
            "SELECT id FROM acts WHERE guild_id = $1 AND kind = $2 AND subject_id = $3",
            (act.act.guild_id, act.act.kind, order_id),
        )
        if not told:
            yield from write_act(act.act, act.id, now)
    return done


def resubmit_by_hand(
    clip_id: int,
    placing: Placing,
    given_up: NewAct,
    again: NewAct,
    defaults: GuildRules,
    guards: Guards,
) -> Transaction[int | None]:
    """Order a clip in doubt again and give it up, both or nothing; return the new order's id.

    It is given up first, because its credits may be what the new order is paid with. None for a
    clip that has turned up. Raises what of `place_order` is about money.
    """
    now = placing.now
    rows = yield (
        """UPDATE clips SET note = note WHERE id = $1 AND state IN ('unknown', 'released')
           RETURNING state""",
        (clip_id,),
    )
    if not rows:
        return None
    if rows[0]["state"] == ClipState.UNKNOWN:
        yield from release_doubt(clip_id, now)
        yield from write_act(given_up.act, given_up.id, now)
    ordered = yield from place_order(placing, defaults, guards, again_of=clip_id)
    yield from write_act(again.act, again.id, now)
    return ordered.order_id


def reconcile(balance: int, now: int, *, accept: bool) -> Transaction[Reconciled]:
    """Compare the books with the vendor's balance, since the comparison that was accepted last.

    The first one is accepted by itself: there is nothing that it could hide.
    """
    sums = yield (
        """SELECT COALESCE(SUM(charged), 0) AS charged, COALESCE(SUM(held), 0) AS held
           FROM wallets""",
        (),
    )
    rows = yield ("SELECT name, value FROM counters", ())
    counters = {row["name"]: int(row["value"]) for row in rows}
    spent = Spent(
        charged=int(sums[0]["charged"]), held=int(sums[0]["held"]), house=counters.get("house", 0)
    )
    if accept or _AT not in counters:
        yield from _accept(spent, balance, now)
    return Reconciled(
        spent=spent,
        balance=balance,
        since=counters.get(_AT),
        spent_then=counters.get(_SPENT, 0),
        held_then=counters.get(_HELD, 0),
        balance_then=counters.get(_BALANCE, _OFFSET) - _OFFSET,
    )


def _accept(spent: Spent, balance: int, now: int) -> Transaction[None]:
    for name, value in (
        (_AT, now),
        (_BALANCE, balance + _OFFSET),
        (_SPENT, spent.total),
        (_HELD, spent.held),
    ):
        yield (
            """INSERT INTO counters (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
            (name, value),
        )
