"""A clock that the test moves, and hooks round the outside effects of the other fakes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

START: Final = 1_795_176_000_000
"""2026-11-20 12:00 UTC, a Friday; epoch ms."""


class FakeClock:
    """Stands still until `advance`; sleepers wake in the order of their times."""

    def __init__(self, now: int = START) -> None:
        self._now = now
        self._sleepers: list[tuple[int, asyncio.Future[None]]] = []
        self._fell_asleep = asyncio.Event()

    def now(self) -> int:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        sleeper = (
            self._now + round(seconds * 1000),
            asyncio.get_running_loop().create_future(),
        )
        self._sleepers.append(sleeper)
        self._fell_asleep.set()
        try:
            await sleeper[1]
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    @property
    def sleepers(self) -> int:
        """How many wait."""
        return len(self._sleepers)

    @property
    def next_at(self) -> int | None:
        """When the first of them wakes (epoch ms)."""
        return min((at for at, _ in self._sleepers), default=None)

    def advance(self, seconds: float) -> None:
        """Let time pass at once, and wake whoever slept no longer than that."""
        self._now += round(seconds * 1000)
        due = sorted((one for one in self._sleepers if one[0] <= self._now), key=lambda one: one[0])
        for sleeper in due:
            self._sleepers.remove(sleeper)
            if not sleeper[1].done():
                sleeper[1].set_result(None)

    async def until_asleep(self, count: int = 1) -> None:
        """Wait until so many sleep: everything else has then had its turn."""
        while len(self._sleepers) < count:
            self._fell_asleep.clear()
            await self._fell_asleep.wait()


class Hooks:
    """Lets a test run something round an outside effect: `hooks["submit:after"] = stop`."""

    def __init__(self) -> None:
        self._hooks: dict[str, Callable[[], Awaitable[None]]] = {}
        self.calls: list[str] = []

    def __setitem__(self, moment: str, hook: Callable[[], Awaitable[None]]) -> None:
        self._hooks[moment] = hook

    def __delitem__(self, moment: str) -> None:
        del self._hooks[moment]

    async def pass_by(self, moment: str) -> None:
        """Tell that this moment has come: `<call>:before` or `<call>:after` the effect."""
        self.calls.append(moment)
        if moment in self._hooks:
            await self._hooks[moment]()
