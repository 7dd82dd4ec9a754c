"""Draws an avatar for everyone, so that people on the page can be told apart."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont
from simcord.backend.cdn import CDN_BASE

if TYPE_CHECKING:
    from simcord.backend import Backend
    from simcord.backend.models import User

SIDE: Final = 128
_COLOURS: Final = ("#5865f2", "#3ba55d", "#faa61a", "#ed4245", "#eb459e", "#0f9b8e", "#7b61ff")


def give_avatar(backend: Backend, user: User) -> None:
    """Give a user a picture with the first letter of the name."""
    name = user.global_name or user.name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    user.avatar = digest
    address = f"{CDN_BASE}/avatars/{user.id}/{digest}.png"
    picture = _draw(name[:1].upper(), _COLOURS[int(digest[:4], 16) % len(_COLOURS)])
    backend.cdn._blobs[address] = picture  # noqa: SLF001 - it has no method for avatars


def _draw(letter: str, colour: str) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE), colour)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=SIDE * 0.56)
    pen.text((SIDE / 2, SIDE / 2), letter, fill="white", font=font, anchor="mm")
    written = io.BytesIO()
    picture.save(written, format="PNG")
    return written.getvalue()
