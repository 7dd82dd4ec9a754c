"""Pictures and measurements that the animator's tests share."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image

from sandbox.animator.draw import draw_frames
from sandbox.animator.picture import frame_size, open_picture
from sandbox.animator.plan import plan_clip

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from sandbox.animator.scene import Scene


def encoded(pixels: MatLike, kind: str = "PNG") -> bytes:
    memory = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(memory, kind)
    return memory.getvalue()


def photo(width: int = 480, height: int = 270, seed: int = 1) -> bytes:
    """Return a soft random picture: something everywhere, nothing twice."""
    blobs = np.random.default_rng(seed).integers(0, 255, (9, 16, 3), np.uint8)
    memory = io.BytesIO()
    Image.fromarray(blobs).resize((width, height), Image.Resampling.BICUBIC).save(memory, "PNG")
    return memory.getvalue()


def frames_of(scene: Scene) -> list[MatLike]:
    plan = plan_clip(scene.prompt, avoid=scene.avoid, effect=scene.effect, seed=scene.seed)
    picture = open_picture(scene.image)
    return list(draw_frames(scene, plan, picture, frame_size(picture, scene.short_side)))


def likeness(one: MatLike, two: MatLike) -> float:
    """Return the peak signal-to-noise ratio in dB; the same picture is over 30."""
    error = np.mean((np.asarray(one, np.float64) - np.asarray(two, np.float64)) ** 2)
    return float(10 * np.log10(255**2 / max(float(error), 1e-9)))


def decoded(mp4: bytes) -> list[MatLike]:
    with av.open(io.BytesIO(mp4), "r") as video:
        return [frame.to_ndarray(format="bgr24") for frame in video.decode(video=0)]
