"""A lock beside the database's file that keeps a second bot off it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import weakref
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from storage.database import DatabaseLocked

if TYPE_CHECKING:
    from types import TracebackType

_PID_BYTES: Final = 20


class BotLock:
    """Holds `<database>.lock` from `acquire` to `release`, or until the process ends, however.

    Operator commands don't take it: they may run beside the bot. The file stays behind on
    purpose; were it removed, two bots could hold locks on two files of the same name.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        # A forked child shares this kind of lock, and would keep it after our death. It is held
        # until every process has closed the file, so what the child lets go of stays ours.
        os.register_at_fork(after_in_child=partial(_release_in_child, weakref.ref(self)))

    @classmethod
    def acquire(cls, database: Path, *, shared: bool = False) -> Self:
        """Take the lock of that database file, without waiting; any number may share one.

        Raises `DatabaseLocked` when another process, or another part of this one, has it, and
        `OSError` when the lock's file can't be written.
        """
        # Two names of one file (a link, a relative path) must be one lock.
        path = Path(f"{database.resolve()}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            if not shared:
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError:
            holder = _pid_in(descriptor)
            os.close(descriptor)
            raise DatabaseLocked(path, holder) from None
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        """Give the lock back; doing it twice does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _release_in_child(reference: weakref.ref[BotLock]) -> None:
    lock = reference()
    if lock is not None:
        lock.release()


def _pid_in(descriptor: int) -> int | None:
    """Return the number the holder wrote; None in the instant before it wrote one."""
    with contextlib.suppress(ValueError):
        return int(os.pread(descriptor, _PID_BYTES, 0))
    return None
