"""Uploaded pictures: good ones, odd ones, and every bad one we could think of."""

from __future__ import annotations

import struct

import pytest
from PIL import Image

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
from media.model import PictureFormat
from media.picture import check_picture
from tests.media.pictures import (
    encode,
    heic,
    moving,
    noise,
    png,
    quarters,
)

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PAGE = b"<!DOCTYPE html><html><body>This content is no longer available.</body></html>"


# --- what goes through as it is ---


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_a_png_goes_through_byte_for_byte(mode: str) -> None:
    data = encode(quarters(mode=mode), "PNG")

    picture = check_picture(data)

    assert picture.data == data
    assert (picture.format, picture.width, picture.height) == (PictureFormat.PNG, 96, 64)
    assert not picture.converted
    assert not picture.first_frame_only


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("progressive", [False, True])
def test_an_upright_jpeg_goes_through_byte_for_byte(mode: str, *, progressive: bool) -> None:
    data = encode(quarters(mode=mode), "JPEG", progressive=progressive)

    picture = check_picture(data)

    assert picture.data == data
    assert picture.format is PictureFormat.JPEG
    assert not picture.converted


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0MM\0*\xff\xff\xff\xff"])
def test_a_jpeg_with_unreadable_exif_goes_through_byte_for_byte(exif: bytes) -> None:
    data = encode(quarters(), "JPEG", exif=exif)

    assert check_picture(data).data == data


def test_the_checksum_is_that_of_the_bytes_given_back() -> None:
    first, second = check_picture(encode(quarters(), "BMP")), check_picture(moving("GIF"))

    assert first.sha256 == second.sha256, "both hold the same pixels"
    assert first.sha256 == check_picture(first.data).sha256
    assert len(first.sha256) == 64


def test_a_picture_does_not_print_its_bytes() -> None:
    assert "data" not in repr(check_picture(encode(quarters(), "PNG")))


# --- what is refused ---


@pytest.mark.parametrize(
    "data",
    [b"dear reader, this is no picture", bytes(5000), b"RIFF\0\0\0\0WAVEfmt ", b"<note>hi</note>"],
    ids=["words", "zeros", "sound", "xml"],
)
def test_a_picture_that_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture) as refused:
        check_picture(data)
    assert refused.value.size == len(data)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EmptyPicture):
        check_picture(b"")


def test_forty_megabytes_are_refused_unread() -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(40 * 1024 * 1024)

    with pytest.raises(TooManyBytes) as refused:
        check_picture(data)
    assert (refused.value.size, refused.value.limit) == (len(data), 20 * 1024 * 1024)


def test_a_tiny_file_with_a_huge_picture_is_refused_before_it_is_decoded() -> None:
    bomb = png(20_000, 20_000, 1, 0, bytes(2_500))
    assert len(bomb) < 100_000

    with pytest.raises(TooManyPixels) as refused:
        check_picture(bomb)
    assert (refused.value.width, refused.value.height) == (20_000, 20_000)
    assert refused.value.limit == 40_000_000


def test_a_webp_that_its_own_decoder_calls_a_bomb_is_refused_too() -> None:
    size = (16_383).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size + size
    bomb = b"RIFF" + struct.pack("<I", len(body)) + body

    with pytest.raises(TooManyPixels, match="too many pixels"):
        check_picture(bomb)


def test_a_side_that_is_too_long_is_refused() -> None:
    with pytest.raises(SideTooLong) as refused:
        check_picture(encode(Image.new("L", (8_001, 40)), "PNG"))
    assert (refused.value.width, refused.value.height, refused.value.limit) == (8_001, 40, 8_000)


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (400, 31)])
def test_a_side_that_is_too_short_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(SideTooShort) as refused:
        check_picture(encode(Image.new("RGB", size), "PNG"))
    assert (refused.value.width, refused.value.height, refused.value.limit) == (*size, 32)


@pytest.mark.parametrize(
    ("data", "found"),
    [(heic(), "heic"), (SVG, "svg"), (PDF, "pdf"), (PAGE, "html"), (b"8BPS\0\1", "photoshop")],
)
def test_a_file_under_a_false_name_is_refused_by_its_real_format(data: bytes, found: str) -> None:
    with pytest.raises(UnsupportedFormat, match=found.upper()) as refused:
        check_picture(data)
    assert refused.value.format == found


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("part", [0.1, 0.6])
def test_a_file_that_is_cut_short_is_refused(format_: str, part: float) -> None:
    data = encode(noise(), format_)

    with pytest.raises(DamagedPicture) as refused:
        check_picture(data[: int(len(data) * part)])
    assert refused.value.format == format_.lower()
