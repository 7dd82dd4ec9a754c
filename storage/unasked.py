"""Reported results about which moderators may not have been asked: the engine looks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Transaction


def look_again(
    guild_id: int, channel_id: int, now: int, clip_id: int | None = None
) -> Transaction[None]:
    """Make a guild's open cases, or that of one clip, due (epoch ms) where nothing else is.

    Moderators are asked in that channel about those without a message; of the others the engine
    sees whether it is still up.
    """
    only, more = ("", ()) if clip_id is None else ("AND clip_id = $4", (clip_id,))
    yield (
        f"""UPDATE cases SET due_at = $1,
              channel_id = CASE WHEN message_id IS NULL THEN $2 ELSE channel_id END,
              first_try_at = CASE WHEN message_id IS NULL THEN NULL ELSE first_try_at END
            WHERE guild_id = $3 AND state = 'open' AND due_at IS NULL {only}""",  # noqa: S608 - our own words
        (now, channel_id, guild_id, *more),
    )
