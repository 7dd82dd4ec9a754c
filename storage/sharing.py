"""Private clips that are shared: begun before the message leaves, recorded when it is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.clips import remove_what_turned_up

if TYPE_CHECKING:
    from jobs.ports import MessageRef
    from storage.database import Transaction


def begin_share(clip_id: int, now: int) -> Transaction[int | None]:
    """Commit the time of the first try (epoch ms) before the message is sent, and return it.

    None when there is nothing to be shared (any more): deleted, shared already, or no video yet.
    """
    rows = yield (
        """UPDATE clips SET share_first_try_at = COALESCE(share_first_try_at, $1)
           WHERE id = $2 AND deleted = 0 AND shared_message_id IS NULL
             AND state IN ('posting', 'posted', 'kept') RETURNING share_first_try_at""",
        (now, clip_id),
    )
    return int(rows[0]["share_first_try_at"]) if rows else None


def record_shared(clip_id: int, message: MessageRef, now: int) -> Transaction[None]:
    """Record the shared message: what is up is a fact, also of a clip that is deleted by now."""
    yield (
        """UPDATE clips SET shared_channel_id = $1, shared_message_id = $2
           WHERE id = $3 AND shared_message_id IS NULL""",
        (message.channel_id, message.message_id, clip_id),
    )
    yield from remove_what_turned_up(clip_id, now)
