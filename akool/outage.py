"""Logging an outage of the vendor's once when it begins and once when it is over."""

from __future__ import annotations

import logging

from akool.errors import AkoolError, Doubt, InDoubt, NotSent

logger = logging.getLogger(__name__)


class OutageLog:
    """Remembers whether the vendor could be reached the last time."""

    def __init__(self) -> None:
        self._out = False

    def note(self, error: AkoolError | None) -> None:
        """Take note of how a call went; None is a call that brought its value."""
        if _is_outage(error):
            level = logging.DEBUG if self._out else logging.WARNING
            logger.log(level, "Akool can't be used: %s", error)
            self._out = True
        elif self._out:
            logger.info("Akool answers again")
            self._out = False


def _is_outage(error: AkoolError | None) -> bool:
    """Tell whether no readable answer came; a refusal is one, and so is the vendor's own doubt."""
    if isinstance(error, InDoubt):
        return error.doubt is not Doubt.VENDOR
    return isinstance(error, NotSent)
