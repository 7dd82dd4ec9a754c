"""The step that throws away files and offers that nobody has used for MEDIA_DAYS."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

EVERY_MS: Final = 6 * 3600 * 1000
DAY_MS: Final = 24 * 3600 * 1000


class SweepStore(Protocol):
    """What sweeping needs from the database: each call is one commit of a bounded size."""

    async def forget_drafts(self, since: int, before: int) -> int:
        """Delete some offers of that time (epoch ms) that never became orders; say how many."""
        ...

    async def forget_notes(self, before: int, now: int) -> int:
        """Delete some notes of files unused since then, and commands and forms that are over."""
        ...


class Sweep:
    """Sweeps files and offers four times a day; `days` is how long they stay unused."""

    name = "sweep"
    slots = 1
    idle_s = 60.0

    def __init__(self, outside: Outside, days: float, store: SweepStore) -> None:
        self._out = outside
        self._days = days
        self._store = store
        self._swept_until = 0
        # Not at once: a start has better things to do.
        self._due = outside.clock.now() + EVERY_MS // 12

    async def claim(self, limit: int) -> Sequence[int]:
        """Say whether a sweep is due."""
        now = self._out.clock.now()
        self._due = min(self._due, now + EVERY_MS)  # the clock may have been set back
        if limit < 1 or now < self._due:
            return ()
        self._due = now + EVERY_MS
        return (now,)

    async def perform(self, work: int) -> None:
        """Delete what was last used before the days began."""
        before = work - int(self._days * DAY_MS)
        gone = await self._out.library.sweep(before)
        if gone:
            logger.info("%s files were unused for %s days and are gone", gone, self._days)
        # What a process has gone through once it need not read again: older ones are orders.
        while await self._store.forget_drafts(self._swept_until, before):
            continue
        while await self._store.forget_notes(before, work):
            continue
        self._swept_until = before
