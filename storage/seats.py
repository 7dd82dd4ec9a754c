"""Tells processes that share a database apart, so that a start frees only its predecessor's."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Final

from storage.database import DatabaseLocked
from storage.lock import BotLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = ".seats"
MOST: Final = 64

ALONE: Final = 0
"""The owner of every lease where one process has the database to itself."""


@contextlib.contextmanager
def seated(folder: Path) -> Iterator[int]:
    """Take the first free seat in a folder until this process ends, however; yield its number.

    A seat is a locked file with a number that no other has. Who could lock it knows, from the
    kernel, that whoever sat there before is dead, and so may free the leases of that number.
    Leases of a seat that nobody takes again simply run out.

    Raises `DatabaseLocked` when all are taken, `OSError` when the folder can't be written to.
    """
    seats = folder / FOLDER
    seats.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as sitting:
        yield _owner(_sit_down(seats, sitting))


def _sit_down(seats: Path, sitting: contextlib.ExitStack) -> Path:
    for place in range(1, MOST + 1):
        seat = seats / str(place)
        with contextlib.suppress(DatabaseLocked):
            sitting.enter_context(BotLock.acquire(seat))
            return seat
    raise DatabaseLocked(seats / f"{MOST}.lock", None)


def _owner(seat: Path) -> int:
    """Read a seat's number, or draw it; one that a crash left half written is drawn anew."""
    with contextlib.suppress(OSError, ValueError):
        kept = int(seat.read_text(encoding="ascii"))
        if 0 < kept < 2**63:
            return kept
    drawn = secrets.randbelow(2**62) + 1
    written = seat.with_suffix(".new")
    written.write_text(str(drawn), encoding="ascii")
    written.replace(seat)
    return drawn
