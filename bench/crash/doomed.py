"""`bot.py` under a sentence: it kills itself at a chosen moment of a chosen transaction.

Run by its path in the place of `bot.py`. The bot's own code is as it always is; only the driver's
`run` is wrapped from here, so production knows nothing of this.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import runpy
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

ROOT: Final = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # the folder of this file is nobody's place to import from

from bench.crash.points import LATER, SEEN, SENTENCE, Moment  # noqa: E402
from jobs.clock import SystemClock  # noqa: E402
from storage.postgres import PostgresDatabase  # noqa: E402
from storage.sqlite import SqliteDatabase  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DRIVERS: Final[tuple[Any, ...]] = (SqliteDatabase, PostgresDatabase)

SERVER_CLOCK: Final = "storage.postgres_clock"
"""The module of the clock that comes with a database of several processes, where there is one."""


class Executioner:
    """Reads the sentence, `before intend 2`, from a file that may change while the bot runs.

    `seen` is a file to which each transaction's name is added when it is first run.
    """

    def __init__(self, sentence: Path, seen: Path) -> None:
        self._file = sentence
        self._seen_file = seen
        self._seen: set[str] = set()
        self._text = ""
        self._left = 0

    def is_due(self, when: Moment, name: str) -> bool:
        """Count this moment, and tell whether it is the one."""
        text = self._read()
        if text != self._text:
            self._text = text
            self._left = int(text.rpartition(" ")[2]) if text else 0
        if text.rpartition(" ")[0] != f"{when} {name}":
            return False
        self._left -= 1
        return self._left == 0

    def note(self, name: str) -> None:
        """Remember that there is a transaction of that name."""
        if name not in self._seen:
            self._seen.add(name)
            with self._seen_file.open("a") as out:
                out.write(f"{name}\n")

    def _read(self) -> str:
        try:
            return self._file.read_text()
        except FileNotFoundError:
            return ""


def die() -> NoReturn:
    """End at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL came back")


def torn(transaction: Callable[..., Any]) -> Callable[..., Any]:
    """Return a transaction that dies in the middle: one statement is done, COMMIT never comes."""

    @functools.wraps(transaction)
    def begun(*args: object, **kwargs: object) -> Any:  # noqa: ANN401 - as the transaction
        statements = transaction(*args, **kwargs)
        yield next(statements)
        die()

    return begun


def doom(driver: Any, executioner: Executioner) -> None:  # noqa: ANN401 - a class to be changed
    """Wrap a driver's `run`; a transaction handed over is also due when nothing waits for it."""
    run = driver.run

    async def doomed(
        self: object, transaction: Callable[..., Any], /, *args: object, **kwargs: object
    ) -> object:
        name = transaction.__name__
        executioner.note(name)
        if executioner.is_due(Moment.BEFORE, name):
            die()
        if executioner.is_due(Moment.INSIDE, name):
            transaction = torn(transaction)
        result = await run(self, transaction, *args, **kwargs)
        if executioner.is_due(Moment.AFTER, name):
            die()
        return result

    driver.run = doomed


def put_clock_forward(milliseconds: int) -> None:
    """Have the bot believe that it is later, as after an outage of that length."""
    for clock in _clocks():
        _put_forward(clock, milliseconds)


def _clocks() -> Iterator[Any]:
    """Yield the classes that tell the time.

    A server's clock is the machine's, put right: it takes back what the other is put forward.
    """
    yield SystemClock
    if importlib.util.find_spec(SERVER_CLOCK):
        yield importlib.import_module(SERVER_CLOCK).DatabaseClock


def _put_forward(clock: Any, milliseconds: int) -> None:  # noqa: ANN401 - a class to be changed
    now = clock.now
    clock.now = lambda self: now(self) + milliseconds


def main() -> None:
    """Wrap what is to be wrapped, and run the bot."""
    executioner = Executioner(Path(os.environ[SENTENCE]), Path(os.environ[SEEN]))
    for driver in DRIVERS:
        doom(driver, executioner)
    put_clock_forward(int(os.environ.get(LATER, "0")))
    runpy.run_path(str(ROOT / "bot.py"), run_name="__main__")


if __name__ == "__main__":
    main()
