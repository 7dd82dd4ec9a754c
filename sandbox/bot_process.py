"""The real bot as a process of its own: started, stopped and killed from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
STOP_S: Final = 15.0

_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a command of the bot's ended: its exit code, what it printed, and what it complained."""

    code: int
    output: str
    errors: str


class BotProcess:
    """`python bot.py` in a folder of its own, so that no `.env` of the operator's is read.

    `settings` are its environment variables, read anew at each start; its log goes to `bot.log`
    in the folder. `program` is what runs in the place of `bot.py`, for one that does more;
    `within` is a command that goes before all that, such as one that makes a container.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        program: Path = ROOT / "bot.py",
        within: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._program = program
        self._within = tuple(within)
        self.settings = dict(settings)
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "bot.log"

    async def start(self) -> None:
        """Start it; does not wait until it is connected."""
        with self.log.open("ab") as log:
            self._process = await self._spawn((), log.fileno(), asyncio.subprocess.STDOUT)

    async def command(self, *arguments: str) -> Finished:
        """Run `python bot.py` with these arguments, beside a running bot, until it ends."""
        process = await self._spawn(arguments, asyncio.subprocess.PIPE, asyncio.subprocess.PIPE)
        try:
            printed, complained = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Finished(
            code=process.returncode or 0,
            output=printed.decode(errors="replace"),
            errors=complained.decode(errors="replace"),
        )

    async def _spawn(
        self, arguments: tuple[str, ...], output: int, errors: int
    ) -> asyncio.subprocess.Process:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return await asyncio.create_subprocess_exec(
            *self._within,
            sys.executable,
            str(self._program),
            *arguments,
            cwd=self._folder,
            env=environment | self.settings,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )

    @property
    def pid(self) -> int | None:
        """The process's id, None before it was started."""
        return None if self._process is None else self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, None while it runs or before it was started."""
        return None if self._process is None else self._process.returncode

    async def ended(self) -> None:
        """Wait until it ends by itself."""
        if self._process is not None:
            await self._process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int | None:
        """Ask it to stop and wait for it; return its exit code. One that does not is killed."""
        try:
            async with asyncio.timeout(STOP_S):
                await self._end(signal.SIGTERM)
        except TimeoutError:
            await self.kill()
        return self.returncode

    async def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(how)
        await self._process.wait()

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
