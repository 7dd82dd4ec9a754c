"""Bring decoded pixels into what every picture reader agrees on: upright, opaque, 8 bits, RGB."""

from __future__ import annotations

import io
import math
import struct
from typing import Final

from PIL import Image, ImageCms

_ORIENTATION: Final = 0x0112  # https://exiftool.org/TagNames/EXIF.html
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_RGB_MODES: Final = frozenset({"RGB", "RGBA", "RGBX", "P"})
_SIXTEEN_TO_EIGHT: Final = [(value + 128) // 257 for value in range(65536)]


def orientation(image: Image.Image) -> int:
    """Return how the camera was held (EXIF, 1 to 8); 1 when the file does not say it readably.

    Only EXIF counts. Pillow's own `getexif` would also believe XMP, which browsers ignore.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        turn = exif.get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return 1  # a picture with broken EXIF is still a picture
    return turn if turn in _UPRIGHT else 1


def upright(image: Image.Image, turn: int) -> Image.Image:
    """Return the picture as its maker saw it, given its EXIF orientation."""
    method = _UPRIGHT.get(turn)
    return image if method is None else image.transpose(method)


def plain_rgb(image: Image.Image) -> Image.Image:
    """Return any picture as opaque 8-bit RGB, transparent parts on white.

    Raises ValueError for pixels that have no meaning as a picture, such as a float not a number.
    """
    if image.mode == "CMYK":
        return _from_print(image)
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return image.convert("RGB")


def kept_profile(image: Image.Image) -> bytes | None:
    """Return the colour profile that still holds for the picture once it is RGB.

    Phones store wide-gamut colours this way; without the profile they look dull. A grey or CMYK
    profile is left out, because it says nothing of RGB.
    """
    profile = image.info.get("icc_profile")
    return profile if image.mode in _RGB_MODES and isinstance(profile, bytes) else None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale deep grey to 8 bits; Pillow's `convert` would clip it to white (RENDER.md 9.4)."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(_SIXTEEN_TO_EIGHT, "L")
    low, high = (float(edge) for edge in image.getextrema())  # type: ignore[arg-type]
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"grey values from {low} to {high}, expected finite ones")
    # 32-bit and float grey have no agreed white, so the darkest and lightest values are the ends.
    scale = 255 / (high - low) if high > low else 0.0
    return image.point(lambda value: value * scale - low * scale).convert("L")


def _from_print(image: Image.Image) -> Image.Image:
    """Turn printing inks into RGB, by the file's own profile where it has a good one."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            inks = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, inks, screen, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            turned = None  # the profile is broken, the inks are not
        if turned is not None:
            return turned
    return image.convert("RGB")
