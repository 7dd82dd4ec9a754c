"""One worker process, seen from the bot: started at need, asked one thing at a time, killed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from media.errors import JobTimedOut, WorkerCrashed, WorkerNotStarted
from media.wire import HEADER, Broke, Done, Raised, Request, pack, unpack

if TYPE_CHECKING:
    from asyncio.subprocess import Process

logger = logging.getLogger(__name__)

_ROOT: Final = Path(__file__).resolve().parent.parent
# Settings hold tokens and keys, which a process that reads strangers' files has no use for.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP")
_PIPE_BUFFER: Final = 1024 * 1024
_END_SECONDS: Final = 5.0


class WorkerProcess:
    """Runs jobs of `media.child`, one at a time, in a process that is renewed after `jobs` of them.

    After a timeout, a crash or a cancelled wait the process is killed, and the next job gets a
    new one.
    """

    def __init__(self, *, jobs: int) -> None:
        self._jobs = jobs
        self._left = 0
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process's number, or None while there is none."""
        return None if self._process is None else self._process.pid

    async def ask(self, request: Request) -> object:
        """Return what a job returns.

        Raises the job's own error of `media.errors`; JobTimedOut; WorkerCrashed; WorkerNotStarted.
        """
        sound = False
        try:
            async with asyncio.timeout(request.seconds):
                answer = await self._exchange(request)
            sound = isinstance(answer, Done | Raised)
        except TimeoutError as error:
            raise JobTimedOut(request.job, request.seconds) from error
        except _NoProcess as error:
            raise WorkerNotStarted(request.job, type(error.__cause__).__name__) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerCrashed(request.job, f"exit status {await self._end()}") from error
        finally:
            if not sound:
                await self.stop()
        return _value(request.job, answer)

    def kill(self) -> None:
        """Make a job that is running in another task raise WorkerCrashed."""
        if self._process is not None:
            _kill(self._process)

    async def stop(self) -> None:
        """End the process, if there is one. No job may be running."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            # Reads what is left in the pipes to their end, so that they close too.
            await process.communicate()

    async def _end(self) -> int | None:
        """Return the exit status of a process whose pipes broke; None when it lives on."""
        if self._process is None:
            return None
        with contextlib.suppress(TimeoutError):
            # A signal sent now would take the status away from asyncio, which knows it soon.
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        return self._process.returncode

    async def _exchange(self, request: Request) -> object:
        process = await self._ready()
        if process.stdin is None or process.stdout is None:
            raise WorkerCrashed(request.job, "it has no pipes")
        process.stdin.write(pack(request))
        await process.stdin.drain()
        header = await process.stdout.readexactly(HEADER)
        body = await process.stdout.readexactly(int.from_bytes(header, "big"))
        return unpack(body)

    async def _ready(self) -> Process:
        if self._left == 0 or self._process is None or self._process.returncode is not None:
            await self.stop()
            self._process = await _start()
            self._left = self._jobs
            logger.debug("worker %d started", self._process.pid)
        self._left -= 1
        return self._process


class _NoProcess(Exception):  # noqa: N818 - becomes WorkerNotStarted, which knows the job
    """The machine gave no process."""


async def _start() -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the working folder is nobody's place to import from
            "-m",
            "media.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=_PIPE_BUFFER,
        )
    except OSError as error:
        raise _NoProcess from error


def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself just now
            process.kill()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # With many cores each thread of a decoder would else reserve address space of its own.
    return {**kept, "PYTHONPATH": str(_ROOT), "MALLOC_ARENA_MAX": "2"}


def _value(job: str, answer: object) -> object:
    match answer:
        case Done(value=value):
            return value
        case Raised(error=error):
            raise error
        case Broke(trace=trace):
            logger.error("media job %s failed:\n%s", job, trace)
            raise WorkerCrashed(job, trace.strip().rpartition("\n")[2])
        case _:
            raise WorkerCrashed(job, f"it answered a {type(answer).__name__}")
