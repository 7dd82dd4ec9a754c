"""What media jobs take and give back; imports no library, so the bot itself stays light."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PictureFormat(StrEnum):
    """What the vendor reads for sure (AKOOL.md 8)."""

    PNG = "png"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """What is taken: bytes of the file, pixels in all, and pixels of each side.

    The vendor publishes no limits (AKOOL.md 8). `max_pixels` bounds the memory of a decode to
    some 160 MB, `min_side` keeps out tracking pixels and icons, of which no video can be made.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 40_000_000
    max_side: int = 8_000
    min_side: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that was decoded to its end, as it goes to the vendor.

    `converted` tells that `data` differs from the upload, `first_frame_only` that the upload
    had more frames or pages, which are gone. `sha256` is of `data`, in lower-case hex.
    """

    data: bytes = field(repr=False)
    format: PictureFormat
    width: int
    height: int
    converted: bool
    first_frame_only: bool
    sha256: str


class SoundFormat(StrEnum):
    """Audio formats that are taken; the values are the endings of their files' names."""

    MP3 = "mp3"
    WAV = "wav"
    OGG = "ogg"
    M4A = "m4a"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundLimits:
    """Bounds of an upload: bytes of the file, seconds of sound.

    The vendor names none (AKOOL.md 8); these let a whole song pass and bound the work of a check.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_seconds: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A checked audio file, byte for byte as it came; `sha256` is that of `data`, in hex."""

    data: bytes = field(repr=False)
    format: SoundFormat
    seconds: float
    sha256: str


class Container(StrEnum):
    """What the tracks of a video are packed in; the values are FFmpeg's names of the readers."""

    MP4 = "mp4"
    MATROSKA = "matroska"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    """What is looked at: seconds of video, pixels of each side, and packets of all tracks.

    The vendor sells clips of seconds, up to 4k (AKOOL.md 3.1, 4); these bounds only keep a
    hostile or endless file from holding the worker.
    """

    max_seconds: float = 600.0
    max_side: int = 8_192
    max_packets: int = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoInfo:
    """What a whole video holds.

    `width` and `height` are as a player shows it: upright, square pixels. `seconds` is the
    picture track's real length. `audio_codec` is None for a silent file, `audio_bps` the sound's
    real bits per second, `size` the bytes of the file.
    """

    container: Container
    width: int
    height: int
    seconds: float
    fps: float
    video_codec: str
    audio_codec: str | None
    audio_bps: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A file under the limit: the source itself, or a smaller copy (`shrunk`).

    `size` in bytes, `width` and `height` in pixels as shown.
    """

    path: Path
    size: int
    width: int
    height: int
    shrunk: bool
