"""Tells whoever waits that something in the world may have changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Pulse:
    """One beat for every change; waiters look for themselves at what changed."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at every beat from now on."""
        self._listeners.append(listener)

    def beat(self) -> None:
        """Wake every waiter."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        for listener in self._listeners:
            listener()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T:
        """Return what `look` returns as soon as that is not None.

        Raises:
            TimeoutError: it stayed None for that many seconds.

        """
        async with asyncio.timeout(seconds):
            while (found := look()) is None:
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiters.discard(waiter)
            return found
