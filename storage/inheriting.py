"""Takes up what a dead process held, within seconds of its death."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from jobs.errors import StorageDown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from jobs.ports import Clock
    from storage.seats import Vacancies

logger = logging.getLogger(__name__)

LOOK_S: Final = 5.0


class Heir:
    """Looks for seats that have come free, and frees the leases of whoever sat there.

    `free` is called with each seat's number and says how much that was; `looked` after every look,
    since what others freed is anybody's, too.
    """

    def __init__(
        self,
        vacancies: Vacancies,
        free: Callable[[int], Awaitable[int]],
        looked: Callable[[], None],
    ) -> None:
        self._vacancies = vacancies
        self._free = free
        self._looked = looked

    async def look(self) -> None:
        """Look once. Raises StorageDown, and OSError when the locks can't be read."""
        # Their folder may be another machine's: a lock there takes a moment.
        finding = self._vacancies.found()
        owners = await asyncio.to_thread(finding.__enter__)
        with contextlib.ExitStack() as held:
            held.push(finding)
            for owner in owners:
                freed = await self._free(owner)
                if freed:
                    logger.info(
                        "a process is gone: pieces of its work that are free again: %s", freed
                    )
        self._looked()

    @contextlib.asynccontextmanager
    async def looking(self, clock: Clock) -> AsyncIterator[None]:
        """Look again and again."""
        looking = asyncio.create_task(self._go_on(clock), name="heir")
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait([looking])

    async def _go_on(self, clock: Clock) -> None:
        while True:
            await clock.sleep(LOOK_S)
            try:
                await self.look()
            except (StorageDown, OSError) as error:
                logger.warning("what dead processes held is looked for later: %s", error)
