"""What goes into a drawing and what comes out, light enough for the process that only asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.animator.plan import Effect, Plan


class UnreadableInputError(ValueError):
    """A picture, sound or video that can't be decoded, or is too large to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What to draw: `short_side` in pixels, `seconds` of film. `audio` wins over `sound`."""

    image: bytes = field(repr=False)
    prompt: str = field(default="", repr=False)
    avoid: str = field(default="", repr=False)
    short_side: int = 720
    seconds: float = 5
    last_image: bytes | None = field(default=None, repr=False)
    sound: bool = False
    audio: bytes | None = field(default=None, repr=False)
    effect: Effect | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A finished MP4, its size in pixels, and the plan it was drawn by."""

    mp4: bytes = field(repr=False)
    width: int
    height: int
    plan: Plan
