"""Tell what this build of PyAV and Pillow can't do: some distributions leave encoders out."""

from __future__ import annotations

from typing import Final

import av
from av.codec.codec import Codec
from PIL import features

_ENCODERS: Final = ("libx264", "aac")
_PICTURES: Final = ("webp", "avif")


def missing_codecs() -> tuple[str, ...]:
    """Return the codecs that are missing, empty where all is well.

    Without libx264 or aac no video can be made smaller, without webp there are no posters, and
    pictures in webp or avif are refused (RENDER.md 9.10).
    """
    encoders = tuple(name for name in _ENCODERS if not _encodes(name))
    return encoders + tuple(name for name in _PICTURES if not features.check(name))


def _encodes(name: str) -> bool:
    try:
        Codec(name, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True
