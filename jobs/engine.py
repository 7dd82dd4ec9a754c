"""The engine: keeps its steps going, each of which claims rows, acts outside, and records."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobs.ports import Clock

logger = logging.getLogger(__name__)

Work = TypeVar("Work")

DRAIN_S: Final = 6.0
"""A stop waits this long for effects that are under way; what is left is recovered at the start."""

LAST_S: Final = 3.0
"""How much longer what was cut off may take to come to rest."""


class Step(Protocol[Work]):
    """One kind of work over durable rows.

    `slots` is how many pieces are done at once, `idle_s` how long to wait when nothing was due.
    """

    name: str
    slots: int
    idle_s: float

    async def claim(self, limit: int) -> Sequence[Work]:
        """Claim at most that many pieces of due work."""
        ...

    async def perform(self, work: Work) -> None:
        """Do it and record the outcome."""
        ...


class Engine:
    """Keeps every step going until it is stopped; wakes them when something happened."""

    def __init__(self, steps: Sequence[Step[Any]], clock: Clock) -> None:
        self._steps = tuple(steps)
        self._clock = clock
        self._wake = {step.name: asyncio.Event() for step in self._steps}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False
        self.failures = 0

    def wake(self) -> None:
        """Look for due work now, in every step."""
        for event in self._wake.values():
            event.set()

    def start(self) -> None:
        """Start the loops; call once, inside the running event loop."""
        for step in self._steps:
            task = asyncio.create_task(self._run(step), name=f"engine:{step.name}")
            self._loops.append(task)

    async def stop(self, drain_s: float = DRAIN_S) -> None:
        """Claim nothing more, let effects under way finish for that many seconds, then leave."""
        self._stopping = True
        self.wake()
        if not self._loops:
            return
        _, late = await asyncio.wait(self._loops, timeout=drain_s)
        for task in late:
            logger.warning("%s did not finish in %.0f s", task.get_name(), drain_s)
            task.cancel()
        _, stuck = await asyncio.wait(self._loops, timeout=LAST_S)
        for task in stuck:
            logger.error("%s does not end; leaving without it", task.get_name())
        self._loops.clear()

    async def drain(self) -> int:
        """Do everything that is due now, one piece after another; return how much that was."""
        done = 0
        while True:
            before = done
            for step in self._steps:
                for work in await step.claim(step.slots):
                    await step.perform(work)
                    done += 1
            if done == before:
                return done

    async def _run(self, step: Step[Any]) -> None:
        """Keep one step going; a failing piece of work never ends the loop."""
        running: set[asyncio.Task[None]] = set()
        woken = self._wake[step.name]
        try:
            while not self._stopping:
                woken.clear()
                free = step.slots - len(running)
                claimed = await self._claim(step, free) if free > 0 else ()
                for work in claimed:
                    running.add(asyncio.create_task(self._perform(step, work)))
                if len(claimed) < free or free <= 0:
                    await self._pause(step, woken)
                running = {task for task in running if not task.done()}
            if running:
                await asyncio.wait(running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _claim(self, step: Step[Any], limit: int) -> Sequence[Any]:
        try:
            return await step.claim(limit)
        except Exception:
            self.failures += 1
            logger.exception("%s: nothing could be claimed", step.name)
            return ()

    async def _perform(self, step: Step[Any], work: Any) -> None:  # noqa: ANN401 - the step's own
        try:
            await step.perform(work)
        except Exception:
            self.failures += 1
            identity = getattr(work, "id", None)
            logger.exception("%s: %s failed; its lease brings it back", step.name, identity)
        finally:
            # What one step finished is often what another waits for, and a slot is free again.
            self.wake()

    async def _pause(self, step: Step[Any], woken: asyncio.Event) -> None:
        """Wait until something happened, or until work may have come due by itself."""
        sleeping = asyncio.ensure_future(self._clock.sleep(step.idle_s))
        waking = asyncio.ensure_future(woken.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()


class Bell:
    """Lets the use cases wake an engine that is built after them, and those of other processes."""

    engine: Engine | None = None
    others: Callable[[], None] | None = None

    def hear(self) -> None:
        """Have this process's engine look for due work."""
        if self.engine is not None:
            self.engine.wake()

    def ring(self) -> None:
        """Have every engine look for due work."""
        self.hear()
        if self.others is not None:
            self.others()
