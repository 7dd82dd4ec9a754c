"""Check an uploaded picture by decoding it, and give back bytes that the vendor can read."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PIL import Image, features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from media.convert import kept_profile, orientation, plain_rgb, upright
from media.errors import (
    DamagedPicture,
    EmptyPicture,
    NotAPicture,
    SideTooLong,
    SideTooShort,
    TooManyBytes,
    TooManyPixels,
    UnsupportedFormat,
)
from media.model import Picture, PictureFormat, PictureLimits
from media.sniff import FileKind, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL.ImageFile import ImageFile

    _Attempts = tuple[tuple[PictureFormat, Mapping[str, int]], ...]


DEFAULT_LIMITS: Final = PictureLimits()

# The plugin classes themselves and not `Image.open`: nothing but these formats is ever tried, and
# no process-wide pixel limit warns or raises before we have seen the size.
_READERS: Final[Mapping[FileKind, Callable[[io.BytesIO], ImageFile]]] = {
    FileKind.PNG: PngImageFile,
    FileKind.JPEG: JpegImageFile,
    FileKind.GIF: GifImageFile,
    FileKind.BMP: BmpImageFile,
    FileKind.TIFF: TiffImageFile,
    **({FileKind.WEBP: WebPImageFile} if features.check("webp") else {}),
    **({FileKind.AVIF: AvifImageFile} if features.check("avif") else {}),
}

# What Pillow's readers are known to raise over hostile bytes. MemoryError belongs here because
# the pixels are bounded: a demand for more comes from a broken field of the file.
_BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_PNG_DEPTH_AT: Final = 24  # https://www.w3.org/TR/png-3/#11IHDR
_PNG: Final[_Attempts] = ((PictureFormat.PNG, {}),)
_JPEG: Final[_Attempts] = tuple(
    (PictureFormat.JPEG, {"quality": quality, "subsampling": 0}) for quality in (95, 88, 80)
)


def check_picture(data: bytes, limits: PictureLimits = DEFAULT_LIMITS) -> Picture:
    """Decode an upload to its end and return what to send to the vendor.

    PNG and JPEG come back byte for byte. What is stored on its side, in printing inks, with 16
    bits or with several frames, and every other format, becomes a plain upright 8-bit picture
    without EXIF: JPEG stays JPEG, all else is PNG (JPEG where PNG would pass `max_bytes`).
    The real format counts, never the name. Raises PictureError.

    Pillow's warnings are silenced process-wide meanwhile: call it in the worker process.
    """
    kind = _kind(data, limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _READERS[kind](io.BytesIO(data)) as image:
                _check_size(image, limits)
                moves = bool(getattr(image, "is_animated", False))
                image.load()
                if not moves and _goes_as_it_is(data, kind, image):
                    return _described(data, PictureFormat(kind.value), image.size)
                return _converted(image, kind, limits, moves=moves)
        except Image.DecompressionBombError as error:
            raise TooManyPixels(None, None, limits.max_pixels) from error
        except _BROKEN as error:
            raise DamagedPicture(kind) from error


def _kind(data: bytes, limits: PictureLimits) -> FileKind:
    if not data:
        raise EmptyPicture
    if len(data) > limits.max_bytes:
        raise TooManyBytes(len(data), limits.max_bytes)
    kind = sniff(data)
    if kind is None:
        raise NotAPicture(len(data))
    if kind not in _READERS:
        raise UnsupportedFormat(kind)
    return kind


def _check_size(image: Image.Image, limits: PictureLimits) -> None:
    """Refuse by the size in the header, before a pixel is decoded."""
    width, height = image.size
    if width * height > limits.max_pixels:
        raise TooManyPixels(width, height, limits.max_pixels)
    if max(width, height) > limits.max_side:
        raise SideTooLong(width, height, limits.max_side)
    if min(width, height) < limits.min_side:
        raise SideTooShort(width, height, limits.min_side)


def _goes_as_it_is(data: bytes, kind: FileKind, image: Image.Image) -> bool:
    if orientation(image) != 1:
        return False
    if kind is FileKind.JPEG:
        return image.mode != "CMYK"
    return kind is FileKind.PNG and data[_PNG_DEPTH_AT] <= 8


def _converted(image: ImageFile, kind: FileKind, limits: PictureLimits, *, moves: bool) -> Picture:
    """Encode the first frame anew, in the first format and quality that keeps `max_bytes`."""
    profile = kept_profile(image)
    still = upright(image, orientation(image))
    photo = kind is FileKind.JPEG and image.mode != "CMYK"
    if not photo:
        still = plain_rgb(still)
    still.info.clear()  # Pillow would write comments and the like into the new file
    size = 0
    for format_, options in _JPEG if photo else _PNG + _JPEG:
        out = io.BytesIO()
        still.save(out, format_.name, icc_profile=profile, **options)
        size = out.tell()
        if size <= limits.max_bytes:
            picture = _described(out.getvalue(), format_, still.size)
            return replace(picture, converted=True, first_frame_only=moves)
    raise TooManyBytes(size, limits.max_bytes)


def _described(data: bytes, format_: PictureFormat, size: tuple[int, int]) -> Picture:
    return Picture(
        data=data,
        format=format_,
        width=size[0],
        height=size[1],
        converted=False,
        first_frame_only=False,
        sha256=hashlib.sha256(data).hexdigest(),
    )
