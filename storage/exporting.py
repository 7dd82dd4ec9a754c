"""A guild's wallets and entries read in pages, each from where the last one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.exporting import EntryRow, WalletRow

if TYPE_CHECKING:
    from storage.database import Transaction


def read_wallet_page(guild_id: int, after: int, limit: int) -> Transaction[tuple[WalletRow, ...]]:
    """Return wallets of members with a greater id, in the order of their ids."""
    rows = yield (
        """SELECT user_id, grants, held, charged, frozen FROM wallets
           WHERE guild_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3""",
        (guild_id, after, limit),
    )
    return tuple(
        WalletRow(
            member=row["user_id"],
            granted=row["grants"],
            held=row["held"],
            charged=row["charged"],
            frozen=row["frozen"],
        )
        for row in rows
    )


def read_entry_page(
    guild_id: int, since: int, until: int, after: tuple[int, str], limit: int
) -> Transaction[tuple[EntryRow, ...]]:
    """Return entries from `since` to before `until` (epoch ms), oldest first."""
    at, key = after
    rows = yield (
        """SELECT e.*, c.order_id, g.expires_at
           FROM entries e LEFT JOIN clips c ON c.id = e.clip_id
             LEFT JOIN grants g
               ON g.id = CASE WHEN e.kind = 'grant' THEN CAST(SUBSTR(e.key, 7) AS BIGINT) END
           WHERE e.guild_id = $1 AND e.at >= $2 AND e.at < $3
             AND (e.at > $4 OR (e.at = $4 AND e.key > $5))
           ORDER BY e.at, e.key LIMIT $6""",
        (guild_id, since, until, at, key, limit),
    )
    return tuple(
        EntryRow(
            at=row["at"],
            member=row["user_id"],
            kind=row["kind"],
            granted=row["grants"],
            held=row["held"],
            charged=row["charged"],
            allowance=row["allowance"],
            order_id=row["order_id"],
            actor=row["actor_id"],
            reason=row["reason"],
            key=row["key"],
            expires_at=row["expires_at"],
        )
        for row in rows
    )
