"""The step that throws away pictures and videos that nobody has used for MEDIA_DAYS."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

EVERY_MS: Final = 6 * 3600 * 1000
DAY_MS: Final = 24 * 3600 * 1000


class Sweep:
    """Sweeps the media store four times a day; `days` is how long a file stays unused."""

    name = "sweep"
    slots = 1
    idle_s = 60.0

    def __init__(self, outside: Outside, days: int) -> None:
        self._out = outside
        self._days = days
        # Not at once: a start has better things to do.
        self._due = outside.clock.now() + EVERY_MS // 12

    async def claim(self, limit: int) -> Sequence[int]:
        """Say whether a sweep is due."""
        now = self._out.clock.now()
        if limit < 1 or now < self._due:
            return ()
        self._due = now + EVERY_MS
        return (now,)

    async def perform(self, work: int) -> None:
        """Delete what was last used before the days began."""
        gone = await self._out.library.sweep(work - self._days * DAY_MS)
        if gone:
            logger.info("%s files were unused for %s days and are gone", gone, self._days)
