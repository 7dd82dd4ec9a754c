"""A file that appears under its name only once it is whole and on the disk."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from akool.errors import NotStored

if TYPE_CHECKING:
    from collections.abc import Iterator


class PartFile:
    """Collects bytes beside the target and moves them there in one step.

    The methods block; `discard` is quick and does nothing after `commit`. The others raise
    NotStored.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self.size = 0
        with _disk():
            # Buffered on purpose: its lock keeps a close from racing a write in another thread.
            self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - commit or discard closes it
                dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".part", delete=False
            )

    def write(self, data: bytes) -> None:
        """Append bytes."""
        with _disk():
            self._file.write(data)
        self.size += len(data)

    def commit(self) -> None:
        """Put the file in its place; after this it survives a power cut."""
        with _disk():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            Path(self._file.name).replace(self._target)
            _sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove what was collected, as far as that is possible."""
        # Closing writes the buffer out, which fails on a full disk once more.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            Path(self._file.name).unlink()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotStored(f"the file can't be written: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows can't open folders, and does it by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
