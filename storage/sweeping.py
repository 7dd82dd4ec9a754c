"""Forget what nobody can use any more: old offers, notes of files, answered commands, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.forms import LIFETIME_MS
from storage.asks import HOUR_MS

if TYPE_CHECKING:
    from storage.database import Transaction

BATCH: Final = 500
"""Rows of one commit: what members do meanwhile waits for no more than these."""


def forget_drafts(since: int, before: int) -> Transaction[int]:
    """Delete some offers of that time (epoch ms) that never became orders; return how many."""
    rows = yield (
        """DELETE FROM drafts WHERE id IN (
             SELECT d.id FROM drafts d LEFT JOIN orders o ON o.draft_id = d.id
             WHERE d.created_at >= $1 AND d.created_at < $2 AND o.id IS NULL
             ORDER BY d.created_at LIMIT $3) RETURNING id""",
        (since, before, BATCH),
    )
    return len(rows)


def forget_notes(before: int, now: int) -> Transaction[int]:
    """Delete some notes of files unused since then, and all asks and forms that are over."""
    yield ("DELETE FROM asks WHERE created_at < $1", (now - HOUR_MS,))
    yield ("DELETE FROM forms WHERE created_at < $1", (now - LIFETIME_MS,))
    rows = yield (
        """DELETE FROM pictures WHERE key IN (
             SELECT key FROM pictures WHERE used_at < $1 ORDER BY used_at LIMIT $2)
           RETURNING key""",
        (before, BATCH),
    )
    return len(rows)
