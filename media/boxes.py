"""Walk the top-level boxes of an MP4 file, to tell a whole file from one that was cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_HEADER: Final = 8
_LARGE_HEADER: Final = 16
_MOST_BOXES: Final = 10_000  # a fragmented clip of minutes has hundreds


def is_whole(file: BinaryIO, size: int) -> bool:
    """Return whether the index (`moov`) and the media (`mdat`) lie wholly inside the file.

    A download that broke off leaves a box that says it is longer than the file, or no index at
    all. Bytes behind both are let pass: some servers pad. Layout: ISO/IEC 14496-12, 4.2.
    """
    seen: set[bytes] = set()
    start = 0
    for _ in range(_MOST_BOXES):
        length, name = _box(file, start, size)
        if length < _HEADER or start + length > size:
            break
        seen.add(name)
        start += length
        if start == size:
            break
    return {b"moov", b"mdat"} <= seen


def _box(file: BinaryIO, start: int, size: int) -> tuple[int, bytes]:
    """Return a box's length in bytes and its name; length 0 where there is none."""
    file.seek(start)
    header = file.read(_LARGE_HEADER)
    if len(header) < _HEADER:
        return 0, b""
    length, name = int.from_bytes(header[:4], "big"), header[4:8]
    if length == 0:
        return size - start, name  # "to the end of the file"
    if length == 1:
        return int.from_bytes(header[8:16], "big"), name
    return length, name
