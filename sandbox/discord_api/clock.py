"""The world's clock: real time, plus as much as a test or a person skipped ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.ports import Clock


class WorldClock:
    """Fits simcord's clock (`elapsed`, `now`, `advance`) and tells an injected clock's time.

    simcord's own clock stands still at 1 January 2026; with this one the timestamps, snowflakes,
    the three seconds for an answer and the fifteen minutes of a token are real.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started_ms = clock.now()
        self._skipped = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the world began, skipped ones included."""
        return (self._clock.now() - self._started_ms) / 1000 + self._skipped

    def now(self) -> datetime:
        """Return the world's time, aware, in UTC."""
        return datetime.fromtimestamp(self._started_ms / 1000, UTC) + timedelta(
            seconds=self.elapsed
        )

    def now_ms(self) -> int:
        """Return the world's time in epoch milliseconds."""
        return self._started_ms + round(self.elapsed * 1000)

    def advance(self, seconds: float) -> None:
        """Skip ahead, as if that many seconds had passed."""
        self._skipped += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait, in the injected clock's time."""
        await self._clock.sleep(seconds)
