"""Run media jobs beside the event loop, in processes that can be killed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, cast

from media.errors import WorkerClosed, WorkerCrashed
from media.process import WorkerProcess
from media.wire import Request

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from media.model import Fitted, Picture, Sound, VideoInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSeconds:
    """How long each job may run, in seconds; waiting for a free process does not count.

    Ten seconds of 4k take 15 to 40 s for each size that is tried (RENDER.md 6).
    """

    check_picture: float = 20.0
    check_sound: float = 30.0
    probe: float = 20.0
    poster: float = 30.0
    fit: float = 150.0
    draw_bars: float = 60.0


DEFAULT_SECONDS: Final = JobSeconds()


class MediaWorker:
    """Checks, probes and fits outside the bot's own process; use it with `async with`.

    Why a process and not a thread: a decoder that hangs or crashes over a hostile file can be
    killed without the bot; the hundreds of megabytes of a 4k encode go back to the system; and
    the event loop keeps its share of the CPU. Why not `ProcessPoolExecutor`: it can't kill one
    job, its children import the whole bot anew (`__main__`) and outlive a killed one. Ours import
    `media` alone, see none of the bot's secrets, and end when the bot does.

    Fits have a lane of their own, so that nobody who attaches a picture waits for one. A process
    starts at the first job that needs it and is renewed after `jobs_per_process`. Every method
    raises WorkerCrashed, JobTimedOut and WorkerClosed besides what it names.
    """

    def __init__(
        self,
        *,
        quick: int = 1,
        fits: int = 1,
        seconds: JobSeconds = DEFAULT_SECONDS,
        jobs_per_process: int = 50,
    ) -> None:
        self._seconds = seconds
        self._quick = _Lane(quick, jobs_per_process)
        self._fits = _Lane(fits, jobs_per_process)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that are up."""
        return self._quick.pids + self._fits.pids

    async def close(self) -> None:
        """Kill the processes; jobs that still run or wait raise WorkerClosed."""
        await self._quick.close()
        await self._fits.close()

    async def check_picture(self, data: bytes) -> Picture:
        """Return what `media.picture.check_picture` returns; raises PictureError."""
        answer = await self._quick.run("check_picture", self._seconds.check_picture, data)
        return cast("Picture", answer)

    async def check_sound(self, data: bytes) -> Sound:
        """Return what `media.sound.check_sound` returns; raises SoundError."""
        return cast("Sound", await self._quick.run("check_sound", self._seconds.check_sound, data))

    async def probe(self, path: Path) -> VideoInfo:
        """Return what `media.video.probe` returns; raises VideoError."""
        return cast("VideoInfo", await self._quick.run("probe", self._seconds.probe, path))

    async def poster(self, path: Path) -> bytes:
        """Return what `media.video.poster` returns, WebP; raises VideoError."""
        return cast("bytes", await self._quick.run("poster", self._seconds.poster, path))

    async def fit(self, source: Path, target: Path, limit_bytes: int) -> Fitted:
        """Return what `media.fit.fit` returns; raises VideoError, StoreFull."""
        answer = await self._fits.run("fit", self._seconds.fit, source, target, limit_bytes)
        return cast("Fitted", answer)

    async def draw_bars(
        self,
        title: str,
        unit: str,
        labels: tuple[str, ...],
        series: tuple[tuple[str, tuple[int, ...]], ...],
    ) -> bytes:
        """Return what `media.chart.draw_bars` returns, PNG."""
        arguments = (title, unit, labels, series)
        answer = await self._quick.run("draw_bars", self._seconds.draw_bars, *arguments)
        return cast("bytes", answer)

    async def missing_codecs(self) -> tuple[str, ...]:
        """Return what `media.codecs.missing_codecs` returns; a start-up check asks it."""
        answer = await self._quick.run("missing_codecs", self._seconds.probe)
        return cast("tuple[str, ...]", answer)


class _Lane:
    """Processes that share one line of waiting jobs."""

    def __init__(self, processes: int, jobs_per_process: int) -> None:
        self._processes = tuple(WorkerProcess(jobs=jobs_per_process) for _ in range(processes))
        # Last in, first out: the second process starts only when the first is busy.
        self._idle: asyncio.LifoQueue[WorkerProcess] = asyncio.LifoQueue()
        self._closed = False
        for process in self._processes:
            self._idle.put_nowait(process)

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(one.pid for one in self._processes if one.pid is not None)

    async def run(self, job: str, seconds: float, *arguments: object) -> object:
        process = await self._idle.get()
        try:
            if self._closed:
                raise WorkerClosed(job)
            return await process.ask(Request(job=job, arguments=arguments, seconds=seconds))
        except WorkerCrashed as error:
            if self._closed:
                raise WorkerClosed(job) from error
            raise
        finally:
            self._idle.put_nowait(process)

    async def close(self) -> None:
        self._closed = True
        for process in self._processes:
            process.kill()
        # Each comes back here when its job has noticed.
        for process in [await self._idle.get() for _ in self._processes]:
            await process.stop()
            self._idle.put_nowait(process)
