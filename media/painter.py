"""Charts as the use cases know them: fits `jobs.usage.Painter`, drawn in the worker process."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from media.errors import WorkerError

if TYPE_CHECKING:
    from jobs.usage import Bars
    from media.worker import MediaWorker

logger = logging.getLogger(__name__)


class ChartPainter:
    """Has charts drawn beside the event loop."""

    def __init__(self, worker: MediaWorker) -> None:
        self._worker = worker

    async def draw(self, bars: Bars) -> bytes | None:
        """Return the chart as PNG; a report is worth reading without it, hence None on a fault."""
        series = tuple((each.name, each.credits) for each in bars.series)
        try:
            return await self._worker.draw_bars(bars.title, bars.unit, bars.labels, series)
        except WorkerError as error:
            logger.warning("a chart could not be drawn: %s", type(error).__name__)
            return None
