"""Watches the event loop from a thread of its own, and logs the line that holds it up."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from logs import unheard

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

HELD_UP_S: Final = 0.5
"""Discord waits three seconds for an acknowledgement; half a second of silence is worth a line."""

LINES: Final = 12
"""How many of the innermost lines are shown."""


class Watchdog:
    """Asks the loop for a sign of life again and again; one that does not come is logged once.

    The log tells where the loop stood, by its source lines and without any value.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, held_up_s: float = HELD_UP_S) -> None:
        self._loop = loop
        self._held_up_s = held_up_s
        self._ident = threading.get_ident()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch; call it in the loop's own thread."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(self._held_up_s):
            alive = threading.Event()
            asked = time.monotonic()
            try:
                self._loop.call_soon_threadsafe(alive.set)
            except RuntimeError:
                return  # the loop is closed
            if not alive.wait(self._held_up_s):
                self._report()
                self._wait_for(alive, asked)

    def _report(self) -> None:
        frame = sys._current_frames().get(self._ident)  # noqa: SLF001 - there is no public way
        stack = traceback.format_stack(frame)[-LINES:] if frame is not None else []
        logger.warning("the event loop is held up here:\n%s", "".join(stack).rstrip())

    def _wait_for(self, alive: threading.Event, asked: float) -> None:
        while not alive.wait(self._held_up_s):
            if self._stop.is_set():
                return
        logger.warning("the event loop goes on after %.1f s", time.monotonic() - asked)


@contextmanager
def watching(held_up_s: float = HELD_UP_S) -> Iterator[None]:
    """Watch the running loop until the block ends, and log failures in it that nobody heard."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(unheard)
    watchdog = Watchdog(loop, held_up_s)
    watchdog.start()
    try:
        yield
    finally:
        watchdog.stop()
        loop.set_exception_handler(None)
