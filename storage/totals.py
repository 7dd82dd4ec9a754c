"""Sums over everything, for metrics and health; no figure names a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.periods import period_keys

if TYPE_CHECKING:
    from storage.database import Transaction


def read_totals(now: int) -> Transaction[dict[str, int]]:
    """Return clips by state (`clips_queued`, …) and credits: held, charged, house, today's use."""
    totals: dict[str, int] = {}
    for row in (yield ("SELECT state, COUNT(*) AS clips FROM clips GROUP BY state", ())):
        totals[f"clips_{row['state']}"] = int(row["clips"])
    sums = yield (
        """SELECT COALESCE(SUM(held), 0) AS held, COALESCE(SUM(charged), 0) AS charged
           FROM wallets""",
        (),
    )
    totals["credits_held"] = int(sums[0]["held"])
    totals["credits_charged"] = int(sums[0]["charged"])
    house = yield ("SELECT value FROM counters WHERE name = 'house'", ())
    totals["credits_house"] = int(house[0]["value"]) if house else 0
    today = yield (
        """SELECT taken FROM period_use WHERE guild_id = 0 AND user_id = 0 AND period = 'day'
           AND period_key = $1""",
        (period_keys(now, "UTC").day,),
    )
    totals["credits_today"] = int(today[0]["taken"]) if today else 0
    return totals
