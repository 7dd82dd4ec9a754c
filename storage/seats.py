"""Tells processes that share a database apart, so that a start frees only its predecessor's."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from typing import TYPE_CHECKING, Final

from storage.database import DatabaseLocked
from storage.lock import BotLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = ".seats"
DOOR: Final = "door"
MOST: Final = 64

ALONE: Final = 0
"""The owner of every lease where one process has the database to itself."""


@contextlib.contextmanager
def seated(folder: Path) -> Iterator[int]:
    """Take the first free seat in a folder until this process ends, however; yield its number.

    A seat is a locked file with a number that no other has. Who could lock it knows, from the
    kernel, that whoever sat there before is dead, and so may free the leases of that number.
    A seat that nobody takes again is found by the others (`Vacancies`).

    Raises `DatabaseLocked` when all are taken, `OSError` when the folder can't be written to.
    """
    seats = folder / FOLDER
    seats.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as sitting:
        sitting.enter_context(BotLock.acquire(seats / DOOR, shared=True))
        yield _owner(_sit_down(seats, sitting))


@contextlib.contextmanager
def nobody_seated(folder: Path) -> Iterator[None]:
    """Keep every seat of a folder empty.

    Raises `DatabaseLocked` when somebody sits there, `OSError` when it can't be written to.
    """
    seats = folder / FOLDER
    seats.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as closed:
        for lock in sorted(seats.glob("[0-9]*.lock")):  # a message with a process's number
            closed.enter_context(BotLock.acquire(lock.with_suffix("")))
        closed.enter_context(BotLock.acquire(seats / DOOR))
        yield


def _sit_down(seats: Path, sitting: contextlib.ExitStack) -> Path:
    for place in range(1, MOST + 1):
        seat = seats / str(place)
        with contextlib.suppress(DatabaseLocked):
            sitting.enter_context(BotLock.acquire(seat))
            return seat
    raise DatabaseLocked(seats / f"{MOST}.lock", None)


class Vacancies:
    """Finds the seats whose process is dead, and tells of each death once."""

    def __init__(self, folder: Path) -> None:
        self._seats = folder / FOLDER
        self._told: dict[Path, int] = {}

    @contextlib.contextmanager
    def found(self) -> Iterator[tuple[int, ...]]:
        """Yield the numbers of seats that have come free; nobody can sit down there meanwhile.

        They are found again when the caller raises.
        """
        with contextlib.ExitStack() as held:
            found = dict(self._find(held))
            yield tuple(owner for owner, _ in found.values())
            self._told.update((lock, sat_at) for lock, (_, sat_at) in found.items())

    def _find(self, held: contextlib.ExitStack) -> Iterator[tuple[Path, tuple[int, int]]]:
        for lock in sorted(self._seats.glob("[0-9]*.lock")):
            descriptor = os.open(lock, os.O_RDWR)
            held.callback(os.close, descriptor)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                sat_at = os.fstat(descriptor).st_mtime_ns  # whoever sits down writes there
                owner = _kept(lock.with_suffix(""))
                if owner is not None and self._told.get(lock) != sat_at:
                    yield lock, (owner, sat_at)


def _kept(seat: Path) -> int | None:
    """Read a seat's number; None for one that a crash left half written."""
    with contextlib.suppress(OSError, ValueError):
        kept = int(seat.read_text(encoding="ascii"))
        if 0 < kept < 2**63:
            return kept
    return None


def _owner(seat: Path) -> int:
    """Read a seat's number, or draw it."""
    kept = _kept(seat)
    if kept is not None:
        return kept
    drawn = secrets.randbelow(2**62) + 1
    written = seat.with_suffix(".new")
    written.write_text(str(drawn), encoding="ascii")
    written.replace(seat)
    return drawn
