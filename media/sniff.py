"""Tell what a file really is from its first bytes, whatever its name says."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class FileKind(StrEnum):
    """Kinds of files that people upload as pictures, and what a broken download brings."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    TIFF = "tiff"
    AVIF = "avif"
    HEIC = "heic"
    SVG = "svg"
    PDF = "pdf"
    JPEG_XL = "jpeg xl"
    JPEG_2000 = "jpeg 2000"
    PHOTOSHOP = "photoshop"
    ICON = "icon"
    MP4 = "mp4"
    MATROSKA = "matroska"
    HTML = "html"


_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"BM", FileKind.BMP),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
    (b"II+\x00", FileKind.TIFF),
    (b"MM\x00+", FileKind.TIFF),
    (b"%PDF-", FileKind.PDF),
    (b"\xff\x0a", FileKind.JPEG_XL),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", FileKind.JPEG_XL),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", FileKind.JPEG_2000),
    (b"\xff\x4f\xff\x51", FileKind.JPEG_2000),
    (b"8BPS", FileKind.PHOTOSHOP),
    (b"\x00\x00\x01\x00", FileKind.ICON),
    (b"\x1a\x45\xdf\xa3", FileKind.MATROSKA),
)

_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_BRANDS_END: Final = 128
_TEXT_END: Final = 4096


def sniff(data: bytes) -> FileKind | None:
    """Return the kind that the content begins like, or None when it is like nothing we know."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    return _by_markup(data)


def _by_brand(data: bytes) -> FileKind:
    """Tell AVIF, HEIC and MP4 apart, which share one container (ISO/IEC 14496-12, `ftyp`)."""
    end = min(int.from_bytes(data[:4], "big"), _BRANDS_END)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return FileKind.AVIF
    # Any HEIF brand will do: "mif1" may be the main one and "heic" only among the others.
    return FileKind.HEIC if brands & _HEIF_BRANDS else FileKind.MP4


def _by_markup(data: bytes) -> FileKind | None:
    text = data[:_TEXT_END].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return None
    if b"<svg" in text:
        return FileKind.SVG
    return FileKind.HTML if b"<html" in text or b"<!doctype html" in text else None
