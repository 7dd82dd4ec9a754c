"""Move a camera over a flat picture with parallax: one smooth remap on a coarse grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from sandbox.animator.picture import Points, half_of, nearness, place, prepare, read
from sandbox.animator.plan import Move

if TYPE_CHECKING:
    from collections.abc import Callable

    from cv2.typing import MatLike

    from sandbox.animator.plan import Plan

Pose = npt.NDArray[np.float64]
"""How far the camera is from facing the whole picture: the numbers named in `_PARTS`."""

_STEP: Final = 8
"""Output pixels between two points of the grid."""
_MOST_COVER: Final = 1.6
_PARTS: Final = ("zoom", "x", "y", "roll", "side", "rise", "depth")
"""Radians for roll; shares for zoom and depth; the rest in geometric means of the frame's sides."""


def _pose(**parts: float) -> Pose:
    return np.array([parts.get(name, 0.0) for name in _PARTS])


def _eased(time: float) -> float:
    return 0.35 * time + 0.65 * time * time * (3 - 2 * time)


def _left_over(time: float) -> float:
    return 1 - _eased(time)


def _swing(time: float) -> float:
    return 2 * _eased(time) - 1


def _sway(time: float) -> float:
    return math.sin(math.tau * time)


def _shake(time: float) -> float:
    return math.sin(19 * time) + 0.7 * math.sin(45 * time + 1)


def _wobble(time: float) -> float:
    return math.sin(14 * time + 2) + 0.8 * math.sin(38 * time)


_PATHS: Final[dict[Move, tuple[tuple[Callable[[float], float], Pose], ...]]] = {
    Move.STILL: (),
    Move.PUSH_IN: ((_eased, _pose(zoom=0.16, depth=0.10)),),
    Move.PULL_OUT: ((_left_over, _pose(zoom=0.16, depth=0.10)),),
    Move.PAN_LEFT: ((_swing, _pose(x=-0.06, side=-0.012)),),
    Move.PAN_RIGHT: ((_swing, _pose(x=0.06, side=0.012)),),
    Move.TILT_UP: ((_swing, _pose(y=-0.06, rise=-0.012)),),
    Move.TILT_DOWN: ((_swing, _pose(y=0.06, rise=0.012)),),
    Move.ORBIT_LEFT: ((_swing, _pose(x=0.012, side=-0.06)), (_eased, _pose(zoom=0.04))),
    Move.ORBIT_RIGHT: ((_swing, _pose(x=-0.012, side=0.06)), (_eased, _pose(zoom=0.04))),
    Move.ROLL: ((_swing, _pose(roll=math.radians(4))), (_eased, _pose(zoom=0.03))),
    Move.DRIFT: ((_sway, _pose(x=0.008, y=0.005, side=0.02)), (_eased, _pose(zoom=0.04))),
    Move.HANDHELD: ((_shake, _pose(x=0.004, roll=0.004)), (_wobble, _pose(y=0.004, side=0.005))),
}


class Layer:
    """One picture as the camera sees it."""

    def __init__(self, picture: MatLike, size: tuple[int, int]) -> None:
        self._source = prepare(picture, size)
        self._near = nearness(picture)
        self.size = size
        self._half = half_of(size)

    def aim(self, grid: Points, pose: Pose, cover: float) -> Points:
        """Return, for each point of the grid, the point of the picture that is seen there."""
        zoom, x, y, roll, side, rise, depth = pose
        shrink = cover * (1 + zoom)
        cosine, sine = math.cos(roll) / shrink, math.sin(roll) / shrink
        seen = (grid @ np.array([[cosine, sine], [-sine, cosine]]) + [x, y]).astype(np.float32)
        near = read(self._near, place(self._near, seen, self._half))[..., None]
        return np.asarray(seen + near * ([side, rise] - depth * seen), np.float32)

    def look(self, seen: Points) -> MatLike:
        """Draw the frame that sees those points."""
        width, height = self.size
        coarse = place(self._source, seen, self._half)
        grown = np.asarray(cv2.resize(coarse, None, fx=_STEP, fy=_STEP), np.float32)
        return read(self._source, grown[_STEP : _STEP + height, _STEP : _STEP + width])


class Camera:
    """All poses of a clip; `returns` makes both ends show the whole picture, for a last frame."""

    def __init__(self, plan: Plan, size: tuple[int, int], *, returns: bool) -> None:
        self._plan = plan
        self._returns = returns
        self._half = half_of(size)
        self.grid = _grid(size)

    def pose(self, time: float) -> Pose:
        """Return the sum of the plan's moves at `time` from 0 to 1."""
        total = _pose()
        for move in self._plan.moves:
            for curve, most in _PATHS[move]:
                total += curve(time) * most
        return total * self._plan.strength * self._presence(time)

    def cover(self, layer: Layer) -> float:
        """Return the smallest zoom, at most 1.6, that never shows an edge of the layer."""
        low, high = 1.0, _MOST_COVER
        while high - low > 0.002:
            middle = (low + high) / 2
            low, high = (low, middle) if self._covered(layer, middle) else (middle, high)
        return high if high > 1.003 else 1.0

    def seen(self, layer: Layer, time: float, cover: float) -> Points:
        """Return the points of the layer seen at that time."""
        now = 1 + (cover - 1) * self._presence(time)
        return layer.aim(self.grid, self.pose(time), now)

    def _covered(self, layer: Layer, cover: float) -> bool:
        edges = _border(self.grid)
        return all(
            np.all(np.abs(layer.aim(edges, self.pose(time), cover)) <= self._half)
            for time in np.linspace(0, 1, 13)
        )

    def _presence(self, time: float) -> float:
        return math.sin(math.pi * time) ** 2 if self._returns else 1.0


def _grid(size: tuple[int, int]) -> Points:
    unit = math.sqrt(size[0] * size[1])
    axes = []
    for side in size:
        places = np.arange(-1, math.ceil(side / _STEP) + 1) * _STEP + (_STEP - 1) / 2
        axes.append((places - (side - 1) / 2) / unit)
    return np.stack(np.meshgrid(*axes), axis=2).astype(np.float32)


def _border(grid: Points) -> Points:
    inner = grid[1:-1, 1:-1]
    sides = (inner[0], inner[-1], inner[:, 0], inner[:, -1])
    return np.concatenate(sides)[None]
