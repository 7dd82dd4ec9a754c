"""Lead one picture into another: along optical flow where they match, else a dissolve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from sandbox.animator.picture import half_of, place, read

if TYPE_CHECKING:
    from cv2.typing import MatLike

    from sandbox.animator.camera import Camera, Layer
    from sandbox.animator.picture import Points

_FLOW_SIDE: Final = 320
_SAME_SCENE: Final = 3.0
"""Pixels of disagreement between forward and backward flow; unrelated pictures have over ten."""


class Morph:
    """The way from a first picture to a last one, both of the frame's shape."""

    def __init__(self, first: MatLike, last: MatLike, size: tuple[int, int]) -> None:
        scale = _FLOW_SIDE / max(size)
        small = (round(size[0] * scale), round(size[1] * scale))
        one, two = (_grey(picture, small) for picture in (first, last))
        there, back = _flow(one, two), _flow(two, one)
        self.matched = _disagreement(there, back) < _SAME_SCENE
        self._half = half_of(size)
        pixels = math.sqrt(small[0] * small[1])
        self._there, self._back = there / pixels, back / pixels

    def frame(self, camera: Camera, layers: tuple[Layer, Layer], time: float) -> MatLike:
        """Draw the frame at `time` from 0 (first picture) to 1 (last picture)."""
        share = time * time * (3 - 2 * time)
        first, last = (camera.seen(layer, time, 1.06) for layer in layers)
        if self.matched:
            first = self._flowed(first, self._there, share)
            last = self._flowed(last, self._back, 1 - share)
            weight = share
        else:
            first, last = first / (1 + 0.25 * share), last / (1 + 0.25 * (1 - share))
            weight = min(max((time - 0.3) / 0.4, 0.0), 1.0)
        if weight in (0, 1):
            return layers[int(weight)].look(last if weight else first)
        frames = (layers[0].look(first), layers[1].look(last))
        return cv2.addWeighted(frames[0], 1 - weight, frames[1], weight, 0)

    def _flowed(self, seen: Points, flow: Points, share: float) -> Points:
        return np.asarray(seen - share * read(flow, place(flow, seen, self._half)), np.float32)


def _grey(picture: MatLike, size: tuple[int, int]) -> MatLike:
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)


def _flow(one: MatLike, two: MatLike) -> Points:
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = search.calc(one, two, np.zeros((*one.shape, 2), np.float32))
    return np.asarray(cv2.GaussianBlur(found, (0, 0), 2), np.float32)


def _disagreement(there: Points, back: Points) -> float:
    """Return the median distance, in pixels, from a point to where both flows bring it."""
    height, width = there.shape[:2]
    start = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=2)
    returned = read(back, np.asarray(start + there, np.float32))
    return float(np.median(np.linalg.norm(there + returned, axis=2)))
