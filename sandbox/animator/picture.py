"""Open a picture, choose the size of its clip, and guess what is near in it."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from sandbox.animator.scene import UnreadableInputError

if TYPE_CHECKING:
    from cv2.typing import MatLike

Points = npt.NDArray[np.float32]
"""Places in a frame, from its centre, in units of the geometric mean of its sides."""

MAX_PIXELS: Final = 64_000_000
_SMALLEST: Final = 32
_OVERSIZE: Final = 1.25
"""A linear warp from this much more picture neither breathes nor shimmers."""


def open_picture(data: bytes) -> MatLike:
    """Decode to upright BGR on white; raises `UnreadableInputError`."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                msg = f"picture of {image.width}x{image.height}: at most {MAX_PIXELS} pixels"
                raise UnreadableInputError(msg)
            return _flatten(ImageOps.exif_transpose(image))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableInputError(f"no picture in {len(data)} bytes: {error}") from error


def _flatten(image: Image.Image) -> MatLike:
    if image.mode.startswith("I"):  # Pillow would clip 16 bits to white
        image = Image.fromarray((np.asarray(image) // 257).astype(np.uint8))
    rgba = image.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    return cv2.cvtColor(np.asarray(flat), cv2.COLOR_RGB2BGR)


def frame_size(picture: MatLike, short_side: int) -> tuple[int, int]:
    """Return even (width, height) with the picture's aspect ratio, at most 2.4 to 1."""
    height, width = picture.shape[:2]
    scale = min(short_side / min(width, height), 2.4 * short_side / max(width, height))
    even = [max(_SMALLEST, 2 * round(side * scale / 2)) for side in (width, height)]
    return even[0], even[1]


def cropped(picture: MatLike, size: tuple[int, int]) -> MatLike:
    """Return the middle of the picture in the shape of `size`, so that nothing is stretched."""
    height, width = picture.shape[:2]
    scale = min(width / size[0], height / size[1])
    wide, high = round(size[0] * scale), round(size[1] * scale)
    left, top = (width - wide) // 2, (height - high) // 2
    return picture[top : top + high, left : left + wide]


def prepare(picture: MatLike, size: tuple[int, int]) -> MatLike:
    """Resample to what the warp reads from: larger than the frame where the picture allows."""
    height, width = picture.shape[:2]
    spare = min(width / size[0], height / size[1])
    if spare < _OVERSIZE:
        return cv2.resize(picture, size, interpolation=cv2.INTER_LANCZOS4)
    large = (round(size[0] * _OVERSIZE), round(size[1] * _OVERSIZE))
    return cv2.resize(picture, large, interpolation=cv2.INTER_AREA)


def half_of(size: tuple[int, int]) -> Points:
    """Return half of (width, height) in the units of `Points`."""
    return (np.array(size) / math.sqrt(size[0] * size[1]) / 2).astype(np.float32)


def place(image: MatLike, points: Points, half: Points) -> Points:
    """Return the pixels of an image, stretched over a frame of those half sides, at the points."""
    side = np.array(image.shape[1::-1], np.float32)
    return np.asarray((points / half + 1) * side / 2 - 0.5, np.float32)


def read(image: MatLike, pixels: Points) -> MatLike:
    """Read an image between its pixels; outside it is a mirror."""
    return cv2.remap(  # type: ignore[call-overload, no-any-return]  # stub demands a second map
        image, pixels, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


def nearness(picture: MatLike) -> Points:
    """Guess from -0.5 (far) to 0.5 (near), small and smooth: low, central and odd-coloured is near.

    This is for parallax only; it is no depth estimate.
    """
    scale = 256 / max(picture.shape[:2])
    size = [max(_SMALLEST, round(side * scale)) for side in picture.shape[1::-1]]
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    odd = np.linalg.norm(lab - lab.mean(axis=(0, 1)), axis=2)
    across, down = (np.linspace(-1, 1, side, dtype=np.float32) for side in size)
    centre = np.exp(-1.5 * (across[None, :] ** 2 + down[:, None] ** 2))
    guess = 0.5 * down[:, None] + 0.8 * centre * odd / max(float(odd.max()), 1.0) + 0.4 * centre
    smooth = cv2.GaussianBlur(guess, (0, 0), 256 / 18)
    smooth -= smooth.min()
    return np.asarray(smooth / max(float(smooth.max()), 1e-6) - 0.5, np.float32)
