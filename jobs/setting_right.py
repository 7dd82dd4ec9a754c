"""The step that sees to it that a clock which was set back holds no work up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

BACK_MS: Final = 60 * 1000
"""A smaller step back makes work wait no longer than a try that failed."""


class ClockStore(Protocol):
    """What this needs from the database."""

    async def pull_forward(self, now: int) -> int:
        """Make due (epoch ms) what is due later than it could be; say how much that was."""
        ...


class SetRight:
    """Looks at a start, as the clock may have been set while nothing ran, and when it goes back.

    Due times are wall time, so that they hold over a restart: after a step back of an hour, work
    would otherwise wait an hour longer.
    """

    name = "clock"
    slots = 1
    idle_s = 20.0

    def __init__(self, outside: Outside, store: ClockStore) -> None:
        self._out = outside
        self._store = store
        self._last: int | None = None

    async def claim(self, limit: int) -> Sequence[int]:
        """Say whether the clock may have gone back."""
        now = self._out.clock.now()
        if limit < 1 or (self._last is not None and now >= self._last - BACK_MS):
            self._last = max(now, self._last or now)
            return ()
        self._last = now
        return (now,)

    async def perform(self, work: int) -> None:
        """Have nothing wait for a time that the clock showed once."""
        moved = await self._store.pull_forward(work)
        if moved:
            logger.warning("the clock was set back: %s pieces of work are due now instead", moved)
