"""Stand-ins for drawn material: a tiny video of the right length, a picture for effects."""

from __future__ import annotations

import functools
import io
import itertools
from typing import Final

import av
from PIL import Image, ImageDraw

_SIZE: Final = (128, 72)
_FPS: Final = 8


@functools.cache
def canned_clip(seconds: int) -> bytes:
    """Return a flat H.264 MP4 of that length, made once."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=_FPS, options={"preset": "veryfast"})
        stream.width, stream.height = _SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(seconds * _FPS):
            frame = av.VideoFrame(*_SIZE, "yuv420p")
            for plane, level in zip(frame.planes, (64 + number, 110, 150), strict=True):
                plane.update(bytes([level]) * plane.buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return memory.getvalue()


def late_frame(video: bytes) -> bytes:
    """Return a PNG of the frame at two thirds of an MP4, where an effect is well on its way."""
    memory = io.BytesIO()
    with av.open(io.BytesIO(video), "r") as container:
        wanted = container.streams.video[0].frames * 2 // 3
        frame = next(itertools.islice(container.decode(video=0), wanted, None))
        Image.fromarray(frame.to_ndarray(format="rgb24")).save(memory, "PNG")
    return memory.getvalue()


@functools.cache
def sample_picture(name: str) -> bytes:
    """Return a small PNG with something in its middle, and the effect's name on it."""
    image = Image.new("RGB", (320, 320), (58, 76, 122))
    draw = ImageDraw.Draw(image)
    for step in range(320):
        draw.line([(0, step), (320, step)], fill=(58 + step // 4, 76 + step // 5, 122))
    draw.ellipse((60, 70, 260, 270), fill=(236, 178, 70), outline=(120, 70, 20), width=6)
    draw.ellipse((115, 130, 145, 165), fill=(40, 30, 30))
    draw.ellipse((175, 130, 205, 165), fill=(40, 30, 30))
    draw.arc((110, 150, 210, 235), 20, 160, fill=(40, 30, 30), width=8)
    draw.text((160, 36), name, fill="white", anchor="mm", font_size=34)
    memory = io.BytesIO()
    image.save(memory, "PNG")
    return memory.getvalue()
