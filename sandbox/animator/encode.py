"""Write H.264 and AAC into an MP4 that starts playing at once, with honest colour tags."""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import cv2
import numpy as np

from sandbox.animator.scene import UnreadableInputError
from sandbox.animator.sound import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from cv2.typing import MatLike

    from sandbox.animator.sound import Samples

FPS: Final = 24
COMMENT: Final = "procedural preview (no AI model)"
_BT709: Final = 1
_TO_709: Final = np.array(  # blue, green, red -> limited-range Y, Cb, Cr
    [
        [0.0620, 0.6142, 0.1826, 16],
        [0.4392, -0.3386, -0.1006, 128],
        [-0.0403, -0.3989, 0.4392, 128],
    ]
)
_CHUNK: Final = 1024


def encode(frames: Iterable[MatLike], size: tuple[int, int], sound: Samples | None) -> bytes:
    """Return an MP4 of BGR frames at 24 a second, with the sound laid under them."""
    with _writing() as (container, path):
        video = _video_stream(container, size)
        audio = None if sound is None else container.add_stream("aac", rate=RATE, layout="stereo")
        for number, frame in enumerate(frames):
            container.mux(video.encode(_converted(frame, number)))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            _mux_sound(container, audio, sound)
        container.close()
        return path.read_bytes()


def replace_sound(mp4: bytes, sound: Samples) -> bytes:
    """Return the same picture stream, copied, with another sound."""
    try:
        with av.open(io.BytesIO(mp4), "r") as old, _writing() as (new, path):
            video = new.add_stream_from_template(old.streams.video[0])
            audio = new.add_stream("aac", rate=RATE, layout="stereo")
            for packet in old.demux(old.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = video
                    new.mux(packet)
            _mux_sound(new, audio, sound)
            new.close()
            return path.read_bytes()
    except (av.FFmpegError, IndexError) as error:
        raise UnreadableInputError(f"no video in {len(mp4)} bytes: {error}") from error


@contextmanager
def _writing() -> Iterator[tuple[OutputContainer, Path]]:
    # a file, not memory: to move the index to the front FFmpeg opens what it wrote again
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.mp4")
        with av.open(path, "w", options={"movflags": "+faststart"}) as container:
            container.metadata["comment"] = COMMENT
            yield container, path


def _video_stream(container: OutputContainer, size: tuple[int, int]) -> VideoStream:
    preset, crf = ("superfast", "22") if min(size) > 1440 else ("veryfast", "20")
    options = {"preset": preset, "crf": crf, "rc-lookahead": "10"}
    stream = container.add_stream("libx264", rate=FPS, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = 2
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = 1
    return stream


def _converted(frame: MatLike, number: int) -> av.VideoFrame:
    # swscale and cv2 would use BT.601 whatever the tags say, and be slower
    half = cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    luma = cv2.transform(frame, _TO_709[:1])
    chroma = cv2.transform(half, _TO_709[1:])
    planes = (luma.ravel(), chroma[..., 0].ravel(), chroma[..., 1].ravel())
    stacked = np.concatenate(planes, dtype=np.uint8).reshape(-1, frame.shape[1])
    picture = av.VideoFrame.from_ndarray(stacked, format="yuv420p")
    picture.colorspace = _BT709
    picture.color_range = 1
    picture.pts, picture.time_base = number, Fraction(1, FPS)
    return picture


def _mux_sound(container: OutputContainer, stream: AudioStream, sound: Samples) -> None:
    for start in range(0, sound.shape[1], _CHUNK):
        part = np.ascontiguousarray(sound[:, start : start + _CHUNK])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = start, Fraction(1, RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
