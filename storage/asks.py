"""Commands that are acknowledged and not answered yet, so that a start can take them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.asking import Ask

if TYPE_CHECKING:
    from storage.database import Row, Transaction

HOUR_MS: Final = 3600 * 1000


def open_ask(ask: Ask, owner: int) -> Transaction[bool]:
    """Write a command down that its owner answers; False when the interaction is there already.

    Those of an hour ago are forgotten: nobody can answer or repeat them any more.
    """
    yield ("DELETE FROM asks WHERE created_at < $1", (ask.created_at - HOUR_MS,))
    rows = yield (
        """INSERT INTO asks (interaction_id, body, created_at, owner) VALUES ($1, $2, $3, $4)
           ON CONFLICT (interaction_id) DO NOTHING RETURNING interaction_id""",
        (ask.interaction_id, ask.to_json(), ask.created_at, owner),
    )
    return bool(rows)


def close_ask(interaction_id: int) -> Transaction[None]:
    """Note the answer; the row stays, so that a second delivery finds it, but holds nothing."""
    yield (
        "UPDATE asks SET done = 1, body = '' WHERE interaction_id = $1",
        (interaction_id,),
    )


def open_asks(since: int) -> Transaction[tuple[Ask, ...]]:
    """Return the unanswered commands since then (epoch ms), oldest first."""
    rows = yield (
        "SELECT body FROM asks WHERE done = 0 AND created_at >= $1 ORDER BY created_at",
        (since,),
    )
    return tuple(Ask.from_json(row["body"]) for row in rows)


def claim_asks(since: int, owner: int) -> Transaction[tuple[Ask, ...]]:
    """Take the unanswered commands since then (epoch ms) that nobody answers, oldest first.

    Of several processes that do so at once each command goes to one.
    """
    rows = yield (
        """UPDATE asks SET owner = $1 WHERE done = 0 AND owner IS NULL AND created_at >= $2
           RETURNING body, created_at""",
        (owner, since),
    )
    return tuple(Ask.from_json(row["body"]) for row in sorted(rows, key=_age))


def _age(row: Row) -> int:
    return int(row["created_at"])
