"""Compare every counter and state with the ledger it should follow from; finds, never mends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.database import Database, Transaction

_WALLETS: Final = """
    SELECT guild_id || '/' || user_id AS a, what AS b, SUM(counted) AS c, SUM(said) AS d FROM (
      SELECT guild_id, user_id, 'grants' AS what, grants AS counted, 0 AS said FROM wallets
      UNION ALL SELECT guild_id, user_id, 'grants', 0, grants FROM entries
      UNION ALL SELECT guild_id, user_id, 'held', held, 0 FROM wallets
      UNION ALL SELECT guild_id, user_id, 'held', 0, held FROM entries
      UNION ALL SELECT guild_id, user_id, 'charged', charged, 0 FROM wallets
      UNION ALL SELECT guild_id, user_id, 'charged', 0, charged FROM entries
    ) lines GROUP BY guild_id, user_id, what HAVING SUM(counted) <> SUM(said)"""

_HOLDS_AND_GRANTS: Final = """
    SELECT guild_id || '/' || user_id AS a, what AS b, SUM(counted) AS c, SUM(said) AS d FROM (
      SELECT guild_id, user_id, 'held' AS what, held AS counted, 0 AS said FROM wallets
      UNION ALL SELECT guild_id, user_id, 'held', 0, credits FROM holds WHERE state = 'held'
      UNION ALL SELECT guild_id, user_id, 'grants', grants, 0 FROM wallets
      UNION ALL SELECT guild_id, user_id, 'grants', 0, credits_left FROM grants
    ) lines GROUP BY guild_id, user_id, what HAVING SUM(counted) <> SUM(said)"""

# Members' use of a period, guilds' (user 0) and the operator's day (both 0).
_PERIODS: Final = """
    SELECT guild_id || '/' || user_id AS a, period_key AS b, SUM(counted) AS c, SUM(said) AS d
    FROM (
      SELECT guild_id, user_id, period, period_key, taken AS counted, 0 AS said FROM period_use
      UNION ALL SELECT guild_id, user_id, 'day', day_key, 0, allowance FROM entries
      UNION ALL SELECT guild_id, user_id, 'week', week_key, 0, allowance FROM entries
      UNION ALL SELECT guild_id, user_id, 'month', month_key, 0, allowance FROM entries
      UNION ALL SELECT guild_id, 0, 'day', day_key, 0, pool FROM entries
      UNION ALL SELECT guild_id, 0, 'week', week_key, 0, pool FROM entries
      UNION ALL SELECT guild_id, 0, 'month', month_key, 0, pool FROM entries
      UNION ALL SELECT 0, 0, 'day', house_day, 0, ceiling FROM entries
    ) lines GROUP BY guild_id, user_id, period, period_key HAVING SUM(counted) <> SUM(said)"""

_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    ("wallet {a}: {b} stands at {c}, its entries say {d}", _WALLETS),
    ("wallet {a}: {b} stands at {c}, its holds or grants say {d}", _HOLDS_AND_GRANTS),
    ("period {b} of {a}: {c} taken, the entries say {d}", _PERIODS),
    (
        "the house has {c} credits on its counter, the entries say {d}",
        """SELECT 0 AS a, 0 AS b, counted.value AS c, said.value AS d
           FROM (SELECT COALESCE(SUM(value), 0) AS value FROM counters WHERE name = 'house') counted
           CROSS JOIN (SELECT COALESCE(SUM(house), 0) AS value FROM entries) said
           WHERE counted.value <> said.value""",
    ),
    (
        "clip {a}: its hold of {c} credits is made of parts that sum to {d}",
        """SELECT h.clip_id AS a, 0 AS b, h.credits AS c,
             h.allowance + COALESCE(SUM(p.credits), 0) AS d
           FROM holds h LEFT JOIN hold_grants p ON p.clip_id = h.clip_id
           GROUP BY h.clip_id, h.credits, h.allowance
           HAVING h.credits <> h.allowance + COALESCE(SUM(p.credits), 0)""",
    ),
    (
        "clip {a}: its hold is {b}, the ledger has {c} settlements and {d} releases",
        """SELECT h.clip_id AS a, h.state AS b,
             COUNT(CASE WHEN e.kind = 'settle' THEN 1 END) AS c,
             COUNT(CASE WHEN e.kind = 'release' THEN 1 END) AS d
           FROM holds h LEFT JOIN entries e ON e.clip_id = h.clip_id
           GROUP BY h.clip_id, h.state
           HAVING COUNT(CASE WHEN e.kind = 'hold' THEN 1 END) <> 1
             OR COUNT(CASE WHEN e.kind = 'settle' THEN 1 END)
               <> CASE WHEN h.state = 'settled' THEN 1 ELSE 0 END
             OR COUNT(CASE WHEN e.kind = 'release' THEN 1 END)
               <> CASE WHEN h.state = 'released' THEN 1 ELSE 0 END""",
    ),
    (
        "clip {a}: its released hold books {c} credits on the house, the ledger {d}",
        """SELECT h.clip_id AS a, 0 AS b, h.house AS c, COALESCE(SUM(e.house), 0) AS d
           FROM holds h LEFT JOIN entries e ON e.clip_id = h.clip_id
           WHERE h.state = 'released' GROUP BY h.clip_id, h.house
           HAVING h.house <> COALESCE(SUM(e.house), 0)""",
    ),
    (
        "clip {a}: {b}, charged {c}, the ledger says {d}",
        """SELECT c.id AS a, 'quoted ' || c.quote AS b, COALESCE(c.charged, 0) AS c,
             COALESCE(SUM(e.charged), 0) AS d
           FROM clips c LEFT JOIN entries e ON e.clip_id = c.id
           GROUP BY c.id, c.quote, c.charged
           HAVING COALESCE(c.charged, 0) <> COALESCE(SUM(e.charged), 0)
             OR COALESCE(c.charged, 0) > c.quote""",
    ),
    (
        "clip {a}: it is {b} and its hold is {c} (free: {d})",
        """SELECT c.id AS a, c.state AS b, COALESCE(h.state, 'missing') AS c, c.free AS d
           FROM clips c LEFT JOIN holds h ON h.clip_id = c.id
           WHERE h.state IS NULL OR h.credits <> c.quote OR h.state <> CASE
             WHEN c.state IN ('failed', 'released', 'cancelled') OR c.free = 1 THEN 'released'
             WHEN c.state IN ('ready', 'posting', 'posted', 'kept') THEN 'settled'
             ELSE 'held' END""",
    ),
    (
        "clip {a}: it is {b} and waits for nothing (step {c}, due {d})",
        """SELECT id AS a, state AS b, COALESCE(step, 'none') AS c, COALESCE(due_at, 0) AS d
           FROM clips
           WHERE (state IN ('rendering', 'overdue')
               AND (step IS NULL OR step NOT IN ('look', 'fetch') OR due_at IS NULL))
             OR (state = 'unknown' AND (step IS NULL OR step <> 'doubt' OR due_at IS NULL))
             OR (state IN ('ready', 'posting')
               AND (step IS NULL OR step <> 'post' OR due_at IS NULL))
             OR (vendor_id IS NULL AND state IN ('rendering', 'overdue'))""",
    ),
    (
        "send {a}: it is {b} and its clip {c} is {d}",
        """SELECT s.id AS a, s.state AS b, c.id AS c, c.state AS d
           FROM sends s JOIN clips c ON c.send_id = s.id
           WHERE (s.state = 'queued' AND c.state NOT IN ('review', 'queued'))
             OR (s.state = 'submitting' AND c.state IN ('review', 'queued'))
             OR (s.state = 'sent' AND c.state IN ('review', 'queued', 'submitting'))
             OR (s.state = 'ended' AND c.state IN ('review', 'queued', 'submitting'))""",
    ),
    (
        "send {a}: it is queued, is never due, and its order's card {b} is not awaited either",
        """SELECT s.id AS a, o.id AS b, 0 AS c, 0 AS d
           FROM sends s JOIN orders o ON o.id = s.order_id
           WHERE s.state = 'queued' AND s.due_at IS NULL AND s.held_due_at IS NULL
             AND (o.card_message_id IS NOT NULL OR o.card_due_at IS NULL)
             AND NOT EXISTS (
               SELECT 1 FROM reviews r WHERE r.order_id = o.id AND r.state = 'waiting')""",
    ),
    (
        "clip {a} of order {b}: it is {c} and its review is {d}",
        """SELECT c.id AS a, c.order_id AS b, c.state AS c, COALESCE(r.state, 'missing') AS d
           FROM clips c LEFT JOIN reviews r ON r.order_id = c.order_id
           WHERE (c.state = 'review') <> (COALESCE(r.state, 'missing') = 'waiting')""",
    ),
    (
        "order {a}: it waits for a moderator and for no time",
        """SELECT order_id AS a, 0 AS b, 0 AS c, 0 AS d FROM reviews
           WHERE state = 'waiting' AND due_at IS NULL""",
    ),
    (
        "order {a}: it was sold as {c} clips and has {d}",
        """SELECT o.id AS a, 0 AS b, o.clips AS c, COUNT(c.id) AS d
           FROM orders o LEFT JOIN clips c ON c.order_id = o.id
           GROUP BY o.id, o.clips HAVING o.clips <> COUNT(c.id)""",
    ),
)
"""A sentence with the places a to d, and the query for the rows that it is true of."""


async def audit(database: Database) -> list[str]:
    """Return a sentence for each thing that does not add up, none when the books are right.

    It reads one snapshot and may run beside a working bot. What the schema itself refuses
    (negative counters, one vendor id twice, two entries with one key) is not asked again.
    """
    return await database.read(_audit)


def _audit() -> Transaction[list[str]]:
    found: list[str] = []
    for sentence, query in _CHECKS:
        rows = yield (query, ())
        found += [sentence.format(a=row["a"], b=row["b"], c=row["c"], d=row["d"]) for row in rows]
    return found
