"""Short videos for the tests, encoded on the spot, and a look at what became of them."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from math import pi, sin
from typing import TYPE_CHECKING, Final

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from PIL import Image

from tests.media.pictures import noise, quarters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from av.container import OutputContainer
    from av.video.stream import VideoStream

BT709: Final = 1
UNSPECIFIED: Final = 2
BT601: Final = 6
LIMITED: Final = 1
FULL: Final = 2
SOUND_RATE: Final = 48_000


@dataclass(frozen=True, kw_only=True)
class Clip:
    """What to encode: size, frames, colours and sound."""

    width: int = 128
    height: int = 96
    frames: int = 12
    fps: int = 24
    draw: Callable[[int, int, int], Image.Image] = field(
        default=lambda width, height, _number: quarters(width, height)
    )
    sound: str | None = None
    sound_bps: int = 96_000
    matrix: int = BT709
    range: int = LIMITED
    pixels: str = "yuv420p"
    aspect: Fraction | None = None
    crf: int = 12
    ticks: tuple[int, ...] | None = None

    def encode(self, path: Path, format_: str | None = None, **options: str) -> Path:
        """Write the clip as H.264 (the name's ending tells the container) and return its path."""
        with av.open(str(path), "w", format=format_, container_options=options) as file:
            picture = self._picture_track(file)
            sound = None if self.sound is None else self._sound_track(file, self.sound)
            for number in range(self.frames):
                file.mux(picture.encode(self._frame(number)))
            file.mux(picture.encode(None))
            if sound is not None:
                self._play(file, sound)
        return path

    def _picture_track(self, file: OutputContainer) -> VideoStream:
        options = {"preset": "veryfast", "crf": str(self.crf)}
        stream = file.add_stream("libx264", rate=self.fps, options=options)
        stream.width, stream.height, stream.pix_fmt = self.width, self.height, self.pixels
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = self.matrix
        context.color_range = self.range
        if self.aspect is not None:
            context.sample_aspect_ratio = self.aspect
        if self.ticks is not None:
            context.time_base = Fraction(1, 1000)
        return stream

    def _frame(self, number: int) -> VideoFrame:
        image = self.draw(self.width, self.height, number)
        frame = VideoFrame.from_image(image).reformat(  # type: ignore[no-untyped-call]
            format=self.pixels,
            src_colorspace=UNSPECIFIED,
            dst_colorspace=BT601 if self.matrix == UNSPECIFIED else self.matrix,
            src_color_range=FULL,
            dst_color_range=self.range,
        )
        assert isinstance(frame, VideoFrame)
        frame.pts = number if self.ticks is None else self.ticks[number]
        frame.time_base = Fraction(1, self.fps) if self.ticks is None else Fraction(1, 1000)
        return frame

    def _sound_track(self, file: OutputContainer, codec: str) -> AudioStream:
        stream = file.add_stream(codec, rate=SOUND_RATE)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = self.sound_bps
        stream.layout = "stereo"
        return stream

    def _play(self, file: OutputContainer, stream: AudioStream) -> None:
        for at in range(0, SOUND_RATE * self.frames // self.fps, 1024):
            frame = AudioFrame("fltp", "stereo", 1024)
            frame.sample_rate = SOUND_RATE
            frame.pts = at
            frame.time_base = Fraction(1, SOUND_RATE)
            # Two tones and a hiss, else an encoder would need next to nothing for it.
            wave = array("f", (_tone(at + step) for step in range(1024))).tobytes()
            for plane in frame.planes:
                plane.update(wave)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _tone(step: int) -> float:
    hiss = (step * 2_654_435_761 % 2**32) / 2**32 - 0.5
    return 0.3 * sin(2 * pi * 440 * step / SOUND_RATE) + 0.3 * hiss


def grain(width: int, height: int, _number: int) -> Image.Image:
    """Draw noise, new in every frame: the hardest there is to encode."""
    return noise(width, height)


def ladder_of_grey(width: int, height: int, number: int) -> Image.Image:
    """Draw one grey, a step lighter in every frame, so that a frame tells its number."""
    return Image.new("RGB", (width, height), (number * 20,) * 3)


def turned(path: Path, degrees: int) -> Path:
    """Write into an MP4's first track that a player is to turn it clockwise, as phones do."""
    matrices = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = (value * 0x10000 for value in matrices[degrees])
    data = bytearray(path.read_bytes())
    # ISO/IEC 14496-12, 8.3.2: 36 bytes, 40 behind the name of the box
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def picture_of(path: Path, number: int = 0) -> Image.Image:
    """Decode one frame in the colours that its tags name; turning is left out."""
    with av.open(str(path)) as file:
        frames = [frame for _, frame in zip(range(number + 1), file.decode(video=0), strict=False)]
        frame = frames[-1]
        matrix = BT601 if frame.colorspace == UNSPECIFIED else frame.colorspace
        rgb = frame.reformat(
            format="rgb24",
            src_colorspace=matrix,
            dst_colorspace=0,
            src_color_range=frame.color_range,
            dst_color_range=FULL,
        )
        plane = rgb.planes[0]
        size = (rgb.width, rgb.height)
        return Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size)


def times_of(path: Path) -> list[float]:
    """Return when each frame is shown, in seconds."""
    with av.open(str(path)) as file:
        return [round(frame.time, 4) for frame in file.decode(video=0)]


def sound_of(path: Path) -> list[bytes]:
    """Return the packets of the sound."""
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]
