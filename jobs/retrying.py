"""Look before a post is tried again: the first try may have got through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import schedule
from jobs.ports import CannotLook

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jobs.model import Order
    from jobs.ports import MessageKind, MessageRef
    from jobs.submitting import Outside


async def look_before(
    out: Outside, since: int | None, look: Callable[[int], Awaitable[MessageRef | None]]
) -> MessageRef | None:
    """Find what a try since then (epoch ms) may have posted; None when nothing is known to be up.

    Where the history can't be read, the nonce alone guards a second post to the same place, while
    Discord remembers it. Raises CannotLook when nobody can tell and nothing guards any more, and
    PostFailed when Discord is down.
    """
    if since is None:
        return None
    try:
        return await look(since)
    except CannotLook:
        if out.clock.now() - since >= schedule.NONCE_MS:
            raise
        return None


async def find_earlier(
    out: Outside, order: Order, kind: MessageKind, clip_id: int | None, since: int | None
) -> MessageRef | None:
    """Find what an earlier try may have posted of an order's messages. Raises as `look_before`."""
    return await look_before(
        out, since, lambda start: out.courier.find(order, kind, clip_id, start)
    )
