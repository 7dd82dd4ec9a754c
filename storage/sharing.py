"""Private clips that are shared: begun before the message leaves, recorded when it is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.sharing import Tried
from storage.clips import remove_what_turned_up

if TYPE_CHECKING:
    from jobs.ports import MessageRef
    from storage.database import Transaction


def begin_share(clip_id: int, channel_id: int, now: int) -> Transaction[Tried | None]:
    """Commit time (epoch ms) and channel of the first try before the message is sent.

    None when there is nothing to be shared (any more): deleted, shared already, or no video yet.
    """
    rows = yield (
        """UPDATE clips SET share_first_try_at = COALESCE(share_first_try_at, $1),
             shared_channel_id = COALESCE(shared_channel_id, $2)
           WHERE id = $3 AND deleted = 0 AND shared_message_id IS NULL
             AND state IN ('posting', 'posted', 'kept')
           RETURNING share_first_try_at, shared_channel_id""",
        (now, channel_id, clip_id),
    )
    if not rows:
        return None
    return Tried(int(rows[0]["share_first_try_at"]), int(rows[0]["shared_channel_id"]))


def move_share(clip_id: int, before: int, channel_id: int, now: int) -> Transaction[bool]:
    """Try another channel than `before` from now on (epoch ms): nothing of the clip is up there.

    False when that is not so any more.
    """
    rows = yield (
        """UPDATE clips SET share_first_try_at = $1, shared_channel_id = $2
           WHERE id = $3 AND shared_channel_id = $4 AND deleted = 0 AND shared_message_id IS NULL
           RETURNING id""",
        (now, channel_id, clip_id, before),
    )
    return bool(rows)


def record_shared(clip_id: int, message: MessageRef, now: int) -> Transaction[None]:
    """Record the shared message: what is up is a fact, also of a clip that is deleted by now."""
    yield (
        """UPDATE clips SET shared_channel_id = $1, shared_message_id = $2
           WHERE id = $3 AND shared_message_id IS NULL""",
        (message.channel_id, message.message_id, clip_id),
    )
    yield from remove_what_turned_up(clip_id, now)
