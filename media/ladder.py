"""Reckon how large a picture a limit in bytes can pay for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from media.model import VideoInfo

# All figures: RENDER.md 6, "Rule".
FITS: Final = 0.99
"""A file counts as fitting up to this part of the limit: Discord counts the whole request."""

AUDIO_BPS: Final = 96_000
AUDIO_COPY_BPS: Final = 160_000
_BUDGET_PART: Final = 0.965
_CONTAINER_BYTES: Final = 24_000
_BITS_PER_PIXEL: Final = 0.055
_SHORT_SIDES: Final = (2160, 1440, 1080, 720, 540, 480, 360)
_BUFFER_SECONDS: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One size to try: even width and height in pixels, and bits per second for the picture.

    `buffer_bits` is the rate control's bucket: the encoder may overdraw by it, once.
    """

    width: int
    height: int
    bits_per_second: int
    buffer_bits: int


def keeps_audio(info: VideoInfo) -> bool:
    """Return whether the sound is copied as it is; else it is encoded anew at `AUDIO_BPS`."""
    return info.audio_codec == "aac" and info.audio_bps <= AUDIO_COPY_BPS


def rungs(info: VideoInfo, limit: int) -> Iterator[Rung]:
    """Yield the sizes to try, largest first, for a file of at most `limit` bytes.

    Starts where each pixel gets bits enough; none at all when the sound alone fills the limit.
    """
    rate = _picture_bps(info, limit)
    if rate <= 0:
        return
    sizes = _sizes(info.width, info.height)
    for number, (width, height) in enumerate(sizes, start=1):
        enough = rate / (width * height * info.fps) >= _BITS_PER_PIXEL
        if enough or number == len(sizes):
            break
    else:  # pragma: no cover - `sizes` is never empty
        return
    # maxrate and bufsize alike: over the whole clip they sum up to `rate` exactly.
    capped = int(rate * info.seconds / (info.seconds + _BUFFER_SECONDS))
    for width, height in sizes[number - 1 :]:
        yield Rung(width=width, height=height, bits_per_second=capped, buffer_bits=capped)


def climb_down(
    tries: Iterable[Rung], limit: int, encode: Callable[[Rung], int]
) -> tuple[Rung, int] | None:
    """Encode size by size until a file fits; return that size and its bytes, None when none does.

    `encode` returns the bytes of the file that it made.
    """
    for rung in tries:
        size = encode(rung)
        if size <= FITS * limit:
            return rung, size
    return None


def _picture_bps(info: VideoInfo, limit: int) -> float:
    budget = _BUDGET_PART * limit - _CONTAINER_BYTES
    sound = 0.0
    if info.audio_codec is not None:
        sound = info.audio_bps if keeps_audio(info) else AUDIO_BPS
    return budget * 8 / info.seconds - sound


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return the video's own size and the smaller rungs by its short side, all even."""
    short = min(width, height)
    scales = [1.0, *(side / short for side in _SHORT_SIDES if side < short)]
    return [(_even(width * scale), _even(height * scale)) for scale in scales]


def _even(length: float) -> int:
    """Return the nearest even number: H.264 with 4:2:0 colours has no odd sizes."""
    return max(2, round(length / 2) * 2)
