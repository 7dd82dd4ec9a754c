"""The real clock: the system's wall time and the event loop's sleep."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Tells the machine's time; fits `jobs.ports.Clock`."""

    def now(self) -> int:
        """Return the wall-clock time in epoch milliseconds."""
        return time.time_ns() // 1_000_000  # noqa: TID251 - the one place that asks the system

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of real time."""
        await asyncio.sleep(seconds)
