"""Audio files for the tests, encoded on the spot in the formats that members have."""

from __future__ import annotations

import io
from array import array
from math import pi, sin
from typing import TYPE_CHECKING, Final, cast

import av
from av.audio.frame import AudioFrame

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

RATE: Final = 48_000
_BLOCK: Final = 960  # 20 ms, a length that every encoder here takes
_CODECS: Final = {
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "ogg": ("ogg", "libopus"),
    "m4a": ("ipod", "aac"),
    "flac": ("flac", "flac"),
}


def tone(kind: str, seconds: float = 1.0) -> bytes:
    """Return a tone of so many seconds as a file of that kind."""
    container, codec = _CODECS[kind]
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = cast("AudioStream", file.add_stream(codec, rate=RATE, layout="mono"))
        for start in range(0, int(seconds * RATE), _BLOCK):
            file.mux(stream.encode(_block(start)))
        file.mux(stream.encode(None))
    return out.getvalue()


def _block(start: int) -> AudioFrame:
    wave = (int(9000 * sin(2 * pi * 440 * at / RATE)) for at in range(start, start + _BLOCK))
    frame = AudioFrame(format="s16", layout="mono", samples=_BLOCK)
    frame.planes[0].update(array("h", wave).tobytes())
    frame.rate = RATE
    frame.pts = start
    return frame
