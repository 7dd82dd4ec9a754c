"""Put files on disk so that a crash at any moment leaves either the whole file or none."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from media.errors import StoreFull

if TYPE_CHECKING:
    from collections.abc import Iterator

PART_SUFFIX: Final = ".part"
"""What unfinished files end in; one that is a day old belongs to a process that died."""

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FOLDER_MODE: Final = 0o700


@contextlib.contextmanager
def room_for(name: str) -> Iterator[None]:
    """Turn "no space", "quota" and "file too large" of the system into StoreFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull(name) from error
        raise


def is_full(code: int | None) -> bool:
    """Return whether a system error number means that no room is left."""
    return code in _NO_ROOM


def new_part(target: Path) -> Path:
    """Make an empty file beside `target`, to be filled and then settled. Raises StoreFull."""
    with room_for(target.name):
        _make_folder(target.parent)
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=PART_SUFFIX, dir=target.parent
        )
    os.close(handle)
    return Path(name)


def settle(part: Path, target: Path, at: int) -> None:
    """Make a filled part the target, for good, with that time (epoch ms) on it.

    The file's bytes reach the disk before its name does, else a power cut could leave the name
    with nothing behind it. Raises StoreFull.
    """
    with room_for(target.name):
        stamp(part, at)
        _sync(part)
        part.replace(target)
        _sync_folder(target.parent)


def write_whole(target: Path, data: bytes, at: int) -> None:
    """Write a file in one go; what was there before is replaced. Raises StoreFull."""
    part = new_part(target)
    try:
        with room_for(target.name):
            part.write_bytes(data)
        settle(part, target, at)
    finally:
        part.unlink(missing_ok=True)


def stamp(path: Path, at: int) -> None:
    """Put a time (epoch ms) on a file: the injected clock's, not the system's."""
    os.utime(path, ns=(at * 1_000_000, at * 1_000_000))


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    _sync_folder(folder.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have a new name reach the disk; Windows has no such call and does it by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
