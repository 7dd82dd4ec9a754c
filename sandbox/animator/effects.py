"""Cheap named effects: one bends where the camera looks, two cut the finished frame open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from sandbox.animator.picture import Points

_CAKE: Final = ((222, 236, 250), (120, 178, 226), (120, 178, 226), (96, 92, 214), (120, 178, 226))
"""Layers from the top: cream, sponge, sponge, berries, sponge; blue, green, red."""
_NIGHT: Final = (18, 10, 60)


def squish(seen: Points, time: float) -> Points:
    """Press the middle flat, let it bounce, and end a little flattened."""
    since = max(0.0, time - 0.15) / 0.85
    press = 1.1 * (1 - math.exp(-9 * since)) * (0.62 + 0.38 * math.cos(5 * math.tau * since**0.8))
    across, down = np.split((1 - np.minimum((seen / np.abs(seen).max((0, 1))) ** 2, 1)) ** 2, 2, 2)
    weight = across * down  # nothing moves at the border, so nothing beyond it is seen
    return np.asarray(seen * (1 + press * weight * [-0.3, 0.9]), np.float32)


class Cut:
    """Cut the frame along a line and move the pieces apart, or along the cut."""

    def __init__(self, size: tuple[int, int], *, cake: bool) -> None:
        width, height = size
        self._size, self._cake = size, cake
        self._unit = math.sqrt(width * height)
        angle = math.radians(8 if cake else -62)
        self._normal = (math.cos(angle), math.sin(angle))
        across, down = np.meshgrid(np.arange(width) - width / 2, np.arange(height) - height / 2)
        self._side = (across * self._normal[0] + down * self._normal[1]).astype(np.float32)
        self._mask = (self._side > 0).astype(np.uint8)
        self._inside = _layers(size) if cake else np.full((height, width, 3), _NIGHT)

    def paint(self, frame: MatLike, time: float) -> MatLike:
        """Return the frame with the cut as far open as it is at `time` from 0 to 1."""
        opened = _smooth((time - 0.3) / 0.5)
        apart = self._unit * opened * (0.24 if self._cake else 0.02)
        along = 0 if self._cake else self._unit * opened * 0.16
        cut = self._pieces(frame, apart, along) if opened else frame
        return self._flash(cut, time)

    def _pieces(self, frame: MatLike, apart: float, along: float) -> MatLike:
        near, far = (self._moved(frame, sign * apart / 2, sign * along / 2) for sign in (1, -1))
        cv2.copyTo(near, self._mask, far)
        edge = apart * self._normal[0] / 2 - np.abs(self._side)
        shade = 0.6 + 0.4 * np.clip(edge / (0.04 * self._unit), 0, 1)
        gap = np.clip(edge + 0.5, 0, 1).astype(np.float32)
        inside = (self._inside * shade[..., None]).astype(np.uint8)
        return cv2.blendLinear(inside, far, gap, 1 - gap)

    def _moved(self, frame: MatLike, apart: float, along: float) -> MatLike:
        across, down = self._normal
        shift = np.array([[1, 0, apart - down * along], [0, 1, across * along]], np.float32)
        return cv2.warpAffine(frame, shift, self._size, borderValue=_NIGHT)

    def _flash(self, frame: MatLike, time: float) -> MatLike:
        glow = math.exp(-(((time - 0.28) / 0.035) ** 2))
        if glow < 0.02:
            return frame
        light = 255 * glow * np.exp(-((self._side / (0.006 * self._unit)) ** 2))
        return cv2.add(frame, cv2.merge([light.astype(np.uint8)] * 3))


def _smooth(time: float) -> float:
    held = min(max(time, 0.0), 1.0)
    return held * held * (3 - 2 * held)


def _layers(size: tuple[int, int]) -> MatLike:
    width, height = size
    rows = [_CAKE[min(len(_CAKE) - 1, row * len(_CAKE) // height)] for row in range(height)]
    flat = np.array(rows, np.float32)[:, None, :]
    soft = cv2.GaussianBlur(np.repeat(flat, width, axis=1), (0, 0), height / 160)
    crumbs = np.random.default_rng(7).normal(0, 16, (height // 4 + 1, width // 4 + 1))
    grain = cv2.resize(crumbs.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(soft + grain[..., None], 0, 255))
