"""The step that reads the vendor's lists now and then, and keeps the last good ones."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs.ports import LookFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.catalogue import Catalogue
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

REFRESH_MS: Final = 10 * 60 * 1000
RETRY_MS: Final = 15 * 1000
LISTS: Final = ("models", "effects")


class Stock:
    """Refreshes the catalogue every ten minutes; while the vendor is down the old lists serve."""

    name = "stock"
    slots = len(LISTS)
    idle_s = 5.0

    def __init__(self, outside: Outside, catalogue: Catalogue) -> None:
        self._out = outside
        self._catalogue = catalogue
        self._due = dict.fromkeys(LISTS, 0)
        self._down: set[str] = set()

    async def load(self) -> None:
        """Take the last known lists from the database, so that the first command finds some."""
        models = await self._out.store.load_models()
        if models is not None:
            self._catalogue.replace(*models)
        effects = await self._out.store.load_effects()
        if effects is not None:
            self._catalogue.replace_effects(*effects)

    async def claim(self, limit: int) -> Sequence[str]:
        """Name the lists that are due for a refresh."""
        now = self._out.clock.now()
        self._due = {name: min(at, now + REFRESH_MS) for name, at in self._due.items()}
        due = [name for name in LISTS if now >= self._due[name]][:limit]
        for name in due:
            self._due[name] = now + REFRESH_MS
        return due

    async def perform(self, work: str) -> None:
        """Read one list; a failure is logged once, and so is the recovery."""
        try:
            found = await (self._models() if work == "models" else self._effects())
        except LookFailed as error:
            self._soon(work)
            if work not in self._down:
                logger.warning("the vendor's %s can't be read (%s)", work, error)
            self._note(work, down=True)
            return
        if work in self._down:
            logger.info("%s %s on offer", found, work)
        self._note(work, down=False)
        if not found:
            self._soon(work)
            logger.warning("the vendor's list of %s is empty; the last known one stays", work)

    async def _models(self) -> int:
        out = self._out
        models = await out.renderer.models()
        if models:
            self._catalogue.replace(models, out.clock.now())
            await out.store.save_models(models, out.clock.now())
        return len(models)

    async def _effects(self) -> int:
        out = self._out
        effects = await out.renderer.effects()
        if effects:
            self._catalogue.replace_effects(effects, out.clock.now())
            await out.store.save_effects(effects, out.clock.now())
        return len(effects)

    def _soon(self, work: str) -> None:
        self._due[work] = self._out.clock.now() + RETRY_MS

    def _note(self, work: str, *, down: bool) -> None:
        (self._down.add if down else self._down.discard)(work)
        self._catalogue.stale = bool(self._down)
