"""What the emulated vendor charges for a clip, in whole credits (AKOOL.md 5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sandbox.akool_api.settings import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.akool_api.orders import VideoOrder

_SINGLE: Final = {"720p": 20, "1080p": 25, "4k": 30}
"""Credits for 5 seconds by the vendor's published table; 10 seconds cost twice that."""
_AUDIO: Final = 5
"""Credits for 5 seconds of sound on a finished clip."""


def price_of(order: VideoOrder, overrides: Mapping[tuple[Endpoint, str], int]) -> int:
    """Return the credits of one clip; a model's unit credit buys 5 seconds, rounded up."""
    model = order.model
    fixed = overrides.get((order.endpoint, model.value if model else ""))
    if fixed is not None:
        return fixed
    if model is None:
        return _SINGLE[order.resolution] * order.seconds // 5
    unit = next(one.unit_credit for one in model.resolutions if one.value == order.resolution)
    multiplier = model.sound.multiplier if order.with_sound and model.sound else 1
    return math.ceil(unit * order.seconds * multiplier / 5)


def price_of_sound(seconds: float, overrides: Mapping[tuple[Endpoint, str], int]) -> int:
    """Return the credits for adding sound to a clip of that length."""
    fixed = overrides.get((Endpoint.AUDIO, ""))
    return _AUDIO * max(1, math.ceil(seconds / 5)) if fixed is None else fixed
