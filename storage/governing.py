"""Set a guild's rules, pause and resume it, and read what its settings panel shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from billing.periods import renews_at
from jobs.acts import Act, ActKind
from jobs.governing import Board, Changed, Setting, in_writing
from jobs.model import Member
from storage.accounts import account_now, read_rules
from storage.acts import tell_first_channel, write_act, written_from
from storage.guarding import IN_FLIGHT, pool_taken
from storage.rules import COLUMNS
from storage.unasked import look_again

if TYPE_CHECKING:
    from jobs.acts import Written
    from jobs.governing import Value
    from jobs.model import GuildRules
    from jobs.quotas import Doing
    from storage.database import Transaction
    from storage.database import Value as Stored

_REMEMBERED: Final = 200
"""Newest acts about settings in which the last change of each is looked for."""


def change_rule(
    doing: Doing, setting: Setting, value: Value, defaults: GuildRules, now: int
) -> Transaction[Changed]:
    """Set one rule of a guild, with its act; one that is so already changes nothing.

    The guild's row is locked first, so that of two moderators at once each reads what the other
    has set.
    """
    yield from _lock_guild(doing.guild_id)
    rules = yield from read_rules(doing.guild_id, defaults)
    before: Value = getattr(rules, setting)
    known = yield ("SELECT id FROM acts WHERE id = $1", (doing.id,))
    if known or before == value:
        return Changed(before=before, after=before)
    act = Act(
        guild_id=doing.guild_id,
        actor_id=doing.actor_id,
        kind=ActKind.SETTING,
        about=setting,
        before=in_writing(setting, before),
        after=in_writing(setting, value),
        reason=doing.reason,
    )
    yield from write_act(act, doing.id, now)
    column = COLUMNS[setting].name
    yield (
        f"UPDATE guilds SET {column} = $1 WHERE guild_id = $2",  # noqa: S608 - one of our own
        (_stored(value), doing.guild_id),
    )
    if setting is Setting.LOG_CHANNEL and isinstance(value, int):
        yield from tell_first_channel(doing.id, value, now)
        yield from look_again(doing.guild_id, value, now)
    return Changed(before=before, after=value)


def _lock_guild(guild_id: int) -> Transaction[None]:
    yield (
        """INSERT INTO guilds (guild_id) VALUES ($1)
           ON CONFLICT (guild_id) DO UPDATE SET guild_id = excluded.guild_id""",
        (guild_id,),
    )


def _stored(value: Value) -> Stored:
    if isinstance(value, frozenset):
        return json.dumps(sorted(value, key=str))
    return int(value) if isinstance(value, bool) else value


def finish_set_up(guild_id: int, now: int) -> Transaction[None]:
    """Note when the guided set-up ended; the first time counts."""
    yield from _lock_guild(guild_id)
    yield (
        "UPDATE guilds SET set_up_at = $1 WHERE guild_id = $2 AND set_up_at IS NULL",
        (now, guild_id),
    )


# --- pausing ------------------------------------------------------------------------------------

_WAITING: Final = f"WHERE guild_id = $1 AND state IN {IN_FLIGHT} AND state = 'queued'"
"""Which clips wait in line; said twice, so that the index over clips in flight is used."""


def pause(doing: Doing, now: int) -> Transaction[bool]:
    """Stop taking and submitting a guild's orders, and have the cards of those in line say so."""
    yield from _lock_guild(doing.guild_id)
    rows = yield (
        """UPDATE guilds SET paused_at = $1, paused_by = $2
           WHERE guild_id = $3 AND paused_at IS NULL RETURNING guild_id""",
        (now, doing.actor_id, doing.guild_id),
    )
    if not rows:
        return False
    # Out of the index of what is due: however much waits, claiming does not look through it. What
    # comes back into it while the guild is paused is left alone by the claim itself.
    yield (
        f"""UPDATE sends SET held_due_at = due_at, due_at = NULL
            WHERE state = 'queued' AND due_at IS NOT NULL
              AND id IN (SELECT send_id FROM clips {_WAITING})""",  # noqa: S608 - our own words
        (doing.guild_id,),
    )
    yield from write_act(_act(doing, ActKind.PAUSE), doing.id, now)
    yield from _touch_waiting(doing.guild_id, now)
    return True


def resume(doing: Doing, now: int) -> Transaction[bool]:
    """Let a guild's orders go on: those in line take their turns from now on, in their order.

    With the turns that they had they would all go before everybody who ordered since.
    """
    yield from _lock_guild(doing.guild_id)
    rows = yield (
        """UPDATE guilds SET paused_at = NULL, paused_by = NULL
           WHERE guild_id = $1 AND paused_at IS NOT NULL RETURNING guild_id""",
        (doing.guild_id,),
    )
    if not rows:
        return False
    yield from _line_up_again(doing.guild_id)
    yield (
        f"""UPDATE sends SET due_at = COALESCE(due_at, held_due_at), held_due_at = NULL
            WHERE state = 'queued' AND held_due_at IS NOT NULL
              AND id IN (SELECT send_id FROM clips {_WAITING})""",  # noqa: S608
        (doing.guild_id,),
    )
    yield from write_act(_act(doing, ActKind.RESUME), doing.id, now)
    yield from _touch_waiting(doing.guild_id, now)
    return True


def _act(doing: Doing, kind: ActKind) -> Act:
    return Act(guild_id=doing.guild_id, actor_id=doing.actor_id, kind=kind, reason=doing.reason)


def _line_up_again(guild_id: int) -> Transaction[None]:
    first = yield (
        f"""SELECT MIN(turn) AS turn FROM sends WHERE state = 'queued'
              AND id IN (SELECT send_id FROM clips {_WAITING})""",  # noqa: S608 - our own words
        (guild_id,),
    )
    counters = yield ("SELECT value FROM counters WHERE name = 'turn'", ())
    submitted = int(counters[0]["value"]) if counters else 0
    if first[0]["turn"] is None or first[0]["turn"] > submitted:
        return
    later = submitted + 1 - int(first[0]["turn"])
    yield (
        f"""UPDATE sends SET turn = turn + $2 WHERE state = 'queued'
              AND id IN (SELECT send_id FROM clips {_WAITING})""",  # noqa: S608
        (guild_id, later),
    )
    # So that what a member orders next comes after what waits.
    yield (
        f"""UPDATE wallets SET turn = turn + $2
            WHERE guild_id = $1 AND user_id IN (SELECT user_id FROM clips {_WAITING})""",  # noqa: S608
        (guild_id, later),
    )


def _touch_waiting(guild_id: int, now: int) -> Transaction[None]:
    yield (
        f"""UPDATE orders SET card_wanted = card_wanted + 1, card_due_at = $2
            WHERE id IN (SELECT order_id FROM clips {_WAITING})""",  # noqa: S608
        (guild_id, now),
    )


# --- the panel ----------------------------------------------------------------------------------


def read_board(guild_id: int, defaults: GuildRules, now: int) -> Transaction[Board]:
    """Return what the panel shows."""
    rules = yield from read_rules(guild_id, defaults)
    account = account_now(Member(guild_id=guild_id, user_id=0), rules, now)
    taken = yield from pool_taken(account, rules)
    changes = yield from _last_changes(guild_id)
    return Board(
        rules=rules,
        pool_taken=taken,
        pool_renews=renews_at(rules.pool_period, now, rules.zone),
        changes=changes,
        fresh=rules.set_up_at is None and not changes,
    )


def _last_changes(guild_id: int) -> Transaction[dict[str, Written]]:
    rows = yield (
        f"""SELECT * FROM acts WHERE guild_id = $1 AND kind IN ('setting', 'pause', 'resume')
            ORDER BY at DESC, id DESC LIMIT {_REMEMBERED}""",  # noqa: S608 - a constant
        (guild_id,),
    )
    found: dict[str, Written] = {}
    for row in rows:
        found.setdefault(row["about"], written_from(row))
    return found
