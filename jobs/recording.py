"""Bring a piece of work that must not be cut to its end, although its task is cancelled."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger(__name__)

LAST_WORD_S: Final = 2.0
"""How long cancelled work may still take, in real seconds: a stop has to end, too."""


async def see_through(work: Coroutine[None, None, None]) -> None:
    """Await work; when this task is cancelled, the work goes on for a little before it is cut.

    A paid request may be answered at that very moment, and its answer is then written down.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=LAST_WORD_S)
        if not done:
            logger.warning("a paid request was cut off before its outcome was written down")
            task.cancel()
        raise
