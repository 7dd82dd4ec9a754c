"""Draw in worker processes, so that memory returns and a drawing can be stopped."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.animator.scene import Drawing, Scene

_Result = TypeVar("_Result")


class Studio:
    """Draws in a fresh process per clip; holders of `slots` draw at the same time (1 or 2)."""

    def __init__(self, workers: int = 1) -> None:
        self.slots = asyncio.Semaphore(workers)

    async def draw(self, scene: Scene) -> Drawing:
        """Draw a clip; raises `UnreadableInputError`. Cancelling kills the worker."""
        return await self._run(_draw, scene)

    async def add_sound(self, mp4: bytes, scene: Scene) -> bytes:
        """Return the clip with the scene's sound; raises `UnreadableInputError`."""
        return await self._run(_add_sound, mp4, scene)

    @staticmethod
    async def _run(work: Callable[..., _Result], *arguments: object) -> _Result:
        loop = asyncio.get_running_loop()
        # spawn: a fork would copy the threads' locks; one process per clip gives all memory back
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_mind_signals)
        worker = None
        try:
            worker = await loop.run_in_executor(pool, os.getpid)
            return await loop.run_in_executor(pool, work, *arguments)
        except asyncio.CancelledError:
            if worker is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGTERM)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _mind_signals() -> None:
    # Ctrl+C is the parent's to handle; sys.exit, unlike a plain death, clears files away
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())


def _draw(scene: Scene) -> Drawing:
    from sandbox.animator.draw import draw_clip  # noqa: PLC0415 - OpenCV stays in the worker

    return draw_clip(scene)


def _add_sound(mp4: bytes, scene: Scene) -> bytes:
    from sandbox.animator.draw import add_sound  # noqa: PLC0415 - OpenCV stays in the worker

    return add_sound(mp4, scene)
