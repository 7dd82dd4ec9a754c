"""Write ledger entries and move every counter that they name, inside a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.entries import Account, Entry, Hold, hold_entry, release, settle
from billing.periods import PeriodKeys
from billing.wallets import HoldParts

if TYPE_CHECKING:
    from billing.entries import Ending
    from storage.database import Row, Transaction


def write_entry(entry: Entry, at: int) -> Transaction[bool]:
    """Add one line and move its counters; False, and nothing moves, when the key is there already.

    `at` is epoch ms.
    """
    account = entry.account
    rows = yield (
        """INSERT INTO entries (key, at, kind, guild_id, user_id, grants, held, charged,
             allowance, pool, ceiling, house, day_key, week_key, month_key, house_day, clip_id,
             actor_id, reason)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)
           ON CONFLICT (key) DO NOTHING RETURNING key""",
        (
            entry.key, at, entry.kind, account.guild_id, account.user_id, entry.grants, entry.held,
            entry.charged, entry.allowance, entry.pool, entry.ceiling, entry.house,
            account.keys.day, account.keys.week, account.keys.month, account.house_day,
            entry.clip_id, entry.actor_id, entry.reason,
        ),
    )  # fmt: skip
    if not rows:
        return False
    yield from _move_counters(entry)
    return True


def _move_counters(entry: Entry) -> Transaction[None]:
    """Move wallet, guild and house, always in that order, so that two processes can't deadlock."""
    account = entry.account
    yield (
        """UPDATE wallets SET grants = grants + $1, held = held + $2, charged = charged + $3
           WHERE guild_id = $4 AND user_id = $5""",
        (entry.grants, entry.held, entry.charged, account.guild_id, account.user_id),
    )
    keys = account.keys
    periods = (("day", keys.day), ("week", keys.week), ("month", keys.month))
    for scope, change in ((account.user_id, entry.allowance), (0, entry.pool)):
        for period, key in periods:
            yield from _take(account.guild_id, scope, period, key, change)
    yield from _take(0, 0, "day", account.house_day, entry.ceiling)
    if entry.house:
        yield from add_to_counter("house", entry.house)


def _take(guild_id: int, user_id: int, period: str, key: str, change: int) -> Transaction[None]:
    if not change:
        return
    # Not an upsert: the row that an upsert proposes has to pass the CHECK, and a change may be < 0.
    rows = yield (
        """UPDATE period_use SET taken = taken + $1
           WHERE guild_id = $2 AND user_id = $3 AND period = $4 AND period_key = $5
           RETURNING taken""",
        (change, guild_id, user_id, period, key),
    )
    if rows:
        return
    yield (
        """INSERT INTO period_use (guild_id, user_id, period, period_key, taken)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (guild_id, user_id, period, period_key)
           DO UPDATE SET taken = period_use.taken + excluded.taken""",
        (guild_id, user_id, period, key, change),
    )


def add_to_counter(name: str, change: int) -> Transaction[int]:
    """Move a named counter and return its new value."""
    rows = yield (
        "UPDATE counters SET value = value + $1 WHERE name = $2 RETURNING value",
        (change, name),
    )
    if not rows:
        rows = yield (
            """INSERT INTO counters (name, value) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value
               RETURNING value""",
            (name, change),
        )
    return int(rows[0]["value"])


def place_hold(hold: Hold, at: int) -> Transaction[bool]:
    """Set a clip's credits aside, and take the granted part out of its grants."""
    if not (yield from write_entry(hold_entry(hold), at)):
        return False
    account, keys = hold.account, hold.account.keys
    yield (
        """INSERT INTO holds (clip_id, guild_id, user_id, credits, allowance, day_key, week_key,
             month_key, house_day, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'held')""",
        (
            hold.clip_id, account.guild_id, account.user_id, hold.credits, hold.parts.allowance,
            keys.day, keys.week, keys.month, account.house_day,
        ),
    )  # fmt: skip
    for place, (grant_id, part) in enumerate(hold.parts.grants):
        yield (
            "INSERT INTO hold_grants (clip_id, grant_id, place, credits) VALUES ($1, $2, $3, $4)",
            (hold.clip_id, grant_id, place, part),
        )
        yield (
            "UPDATE grants SET credits_left = credits_left - $1 WHERE id = $2",
            (part, grant_id),
        )
    return True


def settle_hold(clip_id: int, cost: int, at: int) -> Transaction[int | None]:
    """Charge a clip's hold with the vendor's cost; return the charge, None if it had ended already.

    The charge is at most the hold; the rest is the house's.
    """
    claimed = yield from _end_hold(clip_id, "settled", at)
    if claimed is None:
        return None
    hold, lapsed = claimed
    ending = settle(hold, cost, lapsed)
    yield from _finish(ending, at)
    return ending.entry.charged


def release_hold(clip_id: int, cost: int, reason: str, at: int) -> Transaction[bool]:
    """Give a clip's hold back in full; `cost`, what the vendor took or may have, is the house's."""
    cost = max(0, cost)
    claimed = yield from _end_hold(clip_id, "released", at, cost)
    if claimed is None:
        return False
    hold, lapsed = claimed
    yield from _finish(release(hold, cost, reason, lapsed), at)
    return True


def _end_hold(
    clip_id: int, state: str, at: int, house: int = 0
) -> Transaction[tuple[Hold, frozenset[int]] | None]:
    rows = yield (
        """UPDATE holds SET state = $1, house = $2 WHERE clip_id = $3 AND state = 'held'
           RETURNING *""",
        (state, house, clip_id),
    )
    if not rows:
        return None
    row = rows[0]
    # The wallet first: whoever moves its counters queues here on PostgreSQL.
    yield (
        "UPDATE wallets SET touched_at = touched_at WHERE guild_id = $1 AND user_id = $2",
        (row["guild_id"], row["user_id"]),
    )
    parts = yield (
        """SELECT p.grant_id, p.credits,
             CASE WHEN g.expired = 1 OR g.expires_at <= $2 THEN 1 ELSE 0 END AS lapsed
           FROM hold_grants p JOIN grants g ON g.id = p.grant_id
           WHERE p.clip_id = $1 ORDER BY p.place""",
        (clip_id, at),
    )
    # After its time a grant gets nothing back, whether or not its end is in the books already.
    lapsed = frozenset(int(part["grant_id"]) for part in parts if part["lapsed"])
    grants = tuple((int(part["grant_id"]), int(part["credits"])) for part in parts)
    return Hold(
        clip_id=clip_id,
        account=account_of(row),
        parts=HoldParts(allowance=row["allowance"], grants=grants),
    ), lapsed


def _finish(ending: Ending, at: int) -> Transaction[None]:
    yield from write_entry(ending.entry, at)
    for grant_id, part in ending.returned.grants:
        yield (
            "UPDATE grants SET credits_left = credits_left + $1 WHERE id = $2",
            (part, grant_id),
        )


def account_of(row: Row) -> Account:
    """Read whose hold a row is, and in which periods it was made."""
    return Account(
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        keys=PeriodKeys(day=row["day_key"], week=row["week_key"], month=row["month_key"]),
        house_day=row["house_day"],
    )
