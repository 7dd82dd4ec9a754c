"""Answers the questions that a request from outside can lead to; there are only these four."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.ports import LookFailed
from web.metrics import exposition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from jobs.hinting import Hints

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the HTTP face works with.

    `connected` tells whether Discord's gateway is up; `totals` sums everything up and so shows
    that the database answers; `failures` counts what went wrong in the engine; `picture_key`
    finds the picture behind an open send's token and `picture_path` where it lies; `read_hint`
    verifies a webhook's body and returns the vendor's id, None for one to be turned away. `heard`
    counts webhooks by the status that they were answered with.
    """

    connected: Callable[[], bool]
    totals: Callable[[], Awaitable[Mapping[str, int]]]
    failures: Callable[[], int]
    picture_key: Callable[[str, int], Awaitable[str | None]]
    picture_path: Callable[[str], Path | None]
    read_hint: Callable[[bytes], str | None]
    hints: Hints
    heard: Counter[int] = field(default_factory=Counter)

    async def health(self) -> dict[str, bool]:
        """Name each part of the bot and say whether it works."""
        return {"database": await self._database_answers(), "gateway": self.connected()}

    async def _database_answers(self) -> bool:
        try:
            await self.totals()
        except Exception:
            logger.warning("the database does not answer", exc_info=True)
            return False
        return True

    async def metrics(self) -> bytes:
        """Return the figures in Prometheus's text form. Raises StorageDown."""
        return exposition(await self.totals(), self.failures(), self.heard)

    async def picture(self, token: str, number: int) -> Path | None:
        """Find the file behind a send's token and a picture's number, while that send is open."""
        key = await self.picture_key(token, number)
        return None if key is None else self.picture_path(key)

    async def hint(self, token: str, body: bytes) -> int:
        """Take a webhook; return the HTTP status.

        200 makes the vendor stop, anything else makes it call again (AKOOL.md 6). Raises
        StorageDown.
        """
        status = await self._take(token, body)
        self.heard[status] += 1
        if status == 400 and _is_power_of_two(self.heard[status]):
            # Rarer and rarer: whoever sends rubbish must not be able to fill the disk with lines.
            logger.warning("%s webhooks could not be verified so far", self.heard[status])
        return status

    async def _take(self, token: str, body: bytes) -> int:
        vendor_id = self.read_hint(body)
        if vendor_id is None:
            return 400
        try:
            known = await self.hints.take(token, vendor_id)
        except LookFailed:
            return 503
        return 200 if known else 404


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0
