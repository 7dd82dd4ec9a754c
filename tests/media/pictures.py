"""Pictures for the tests, made on the spot: good ones, odd ones and broken ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

from PIL import Image

_ORIENTATION: Final = 0x0112
_ARTIST: Final = 0x013B

CORNERS: Final = ((200, 30, 40), (30, 160, 60), (40, 60, 200), (240, 200, 40))
"""Colours of the corners: top left, top right, bottom left, bottom right."""


def quarters(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Draw a picture of four plain quarters, by which its position can be told."""
    image = Image.new("RGB", (width, height))
    boxes = ((0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2))
    for colour, box in zip(CORNERS, boxes, strict=True):
        image.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return image if mode == "RGB" else image.convert(mode)


TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by its EXIF orientation."""


def held(turn: int, format_: str = "JPEG", **options: object) -> bytes:
    """Make a picture whose EXIF says how the camera was held, and whose it was."""
    exif = Image.Exif()
    exif[_ORIENTATION] = turn
    exif[_ARTIST] = "a secret name"
    return encode(quarters(), format_, exif=exif, **options)


def noise(width: int = 320, height: int = 240) -> Image.Image:
    """Draw a picture that no format can make small."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 90) for _ in "RGB"])


def encode(image: Image.Image, format_: str, **options: object) -> bytes:
    """Return a picture's bytes in one of Pillow's formats."""
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def moving(format_: str) -> bytes:
    """Return an animation of three frames; the first is `quarters`."""
    first = quarters()
    rest = [Image.new("RGB", first.size, colour) for colour in ("black", "white")]
    return encode(first, format_, save_all=True, append_images=rest, duration=100)


def decode(data: bytes) -> Image.Image:
    """Return the picture in some bytes."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours of the corners, in the order of CORNERS."""
    rgb = image.convert("RGB")
    right, bottom = image.width - 4, image.height - 4
    found = [rgb.getpixel(at) for at in ((4, 4), (right, 4), (4, bottom), (right, bottom))]
    return [pixel for pixel in found if isinstance(pixel, tuple)]


def farthest(one: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> int:
    """Return the largest difference between two lists of colours, of 255."""
    pairs = zip(one, other, strict=True)
    return max(abs(a - b) for left, right in pairs for a, b in zip(left, right, strict=True))


def png(width: int, height: int, depth: int, colour: int, row: bytes) -> bytes:
    """Write a PNG by hand, every row the same, for depths that Pillow can't save."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pack = zlib.compressobj()
    pixels = b"".join(pack.compress(b"\0" + row) for _ in range(height)) + pack.flush()
    body = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def heic() -> bytes:
    """Return the beginning of a HEIC file, as a phone writes it, and nothing behind."""
    brands = b"heic" + b"\0\0\0\0" + b"mif1" + b"heic"
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + bytes(200)


def grey_ink_profile() -> bytes:
    """Write an ICC profile by which every mix of printing inks is the same grey.

    One `mft1` table (ICC.1:2001-04, 6.5.8): four inks in, Lab out, two grid points for each ink.
    """
    straight = bytes(range(256))
    grid = bytes((128, 128, 128)) * 2**4  # L* 50, a* and b* 0
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + grid + straight * 3
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    white = struct.pack(">3i", 63190, 65536, 54061)
    head = struct.pack(
        ">I4sI4s4s4s12s4s4s24s12s48s",
        144 + len(table),
        b"",
        0x02400000,
        b"prtr",
        b"CMYK",
        b"Lab ",
        struct.pack(">6H", 2026, 1, 1, 0, 0, 0),
        b"acsp",
        b"",
        b"",
        white,
        b"",
    )
    return head + tags + table
