"""Have moderators hear when an order found no room in their guild's pool."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from jobs.guard_errors import PoolReached

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jobs.model import Member
    from jobs.ordering import Means


@asynccontextmanager
async def telling_of_a_dry_pool(means: Means, member: Member) -> AsyncIterator[None]:
    """Write it down, not for each: the refused order's own transaction leaves nothing behind.

    A kill in between is mended by the next order that is refused.
    """
    try:
        yield
    except PoolReached as error:
        now = means.clock.now()
        if await means.store.pool_is_dry(member, error.price, means.ids(), now):
            means.wake()
        raise
