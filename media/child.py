"""The worker process itself: reads jobs from its standard input until that closes."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from math import ceil
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from media.codecs import missing_codecs
from media.errors import MediaError
from media.fit import fit
from media.picture import check_picture
from media.sound import check_sound
from media.video import poster, probe
from media.wire import HEADER, Broke, Done, Raised, Request, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from media.wire import Answer


def draw_bars(*arguments: Any) -> bytes:  # noqa: ANN401 - they are those of media.chart
    """Do what `media.chart.draw_bars` does, which takes long to import and is seldom wanted."""
    from media import chart  # noqa: PLC0415 - see above

    return chart.draw_bars(*arguments)


JOBS: Final[Mapping[str, Callable[..., object]]] = {
    job.__name__: job
    for job in (check_picture, check_sound, draw_bars, fit, missing_codecs, poster, probe)
}

_NICE: Final = 10  # the bot's event loop goes first
_GRACE_SECONDS: Final = 10
_MEMORY: Final = 4 * 1024**3


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Do one job after the other until `requests` ends, which it does when the bot is gone."""
    while len(header := requests.read(HEADER)) == HEADER:
        request = unpack(requests.read(int.from_bytes(header, "big")))
        if not isinstance(request, Request):
            raise TypeError(f"read a {type(request).__name__}, expected a Request")
        _arm(request.seconds + _GRACE_SECONDS)
        answers.write(pack(_answer(request)))
        answers.flush()
        _arm(0)


def _answer(request: Request) -> Answer:
    try:
        return Done(value=JOBS[request.job](*request.arguments))
    except MediaError as error:
        return Raised(error=error)
    except Exception:  # noqa: BLE001 - the process's own loop; the bot logs it and counts it
        return Broke(trace=traceback.format_exc())


def _arm(seconds: float) -> None:
    """Have the system end this process after so long, even when the bot is no more; 0 disarms."""
    if hasattr(signal, "alarm"):
        signal.alarm(ceil(seconds))


def _stand_back() -> None:
    """Give way to the bot, and leave the ending to it.

    A terminal's Ctrl-C and a service manager's SIGTERM go to the whole group, while the bot still
    wants its running jobs done; it closes our input when it leaves.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)


def _bound_memory() -> None:
    """Let a hostile file break this process before it takes the machine's memory."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _silence_libraries() -> None:
    """Send what C code prints nowhere: not into the answers, nor a line per bad TIFF to the log.

    What matters comes back as an answer, or as the exit status.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def main() -> None:
    """Serve the bot over the standard pipes."""
    _stand_back()
    _bound_memory()
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as answers:
        _silence_libraries()
        serve(requests, answers)


if __name__ == "__main__":
    main()
