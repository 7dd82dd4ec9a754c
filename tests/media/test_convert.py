"""Pictures that can not go as they are, and what becomes of their pixels."""

from __future__ import annotations

import struct

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from media.errors import (
    DamagedPicture,
    TooManyBytes,
)
from media.model import PictureFormat, PictureLimits
from media.picture import check_picture
from tests.media.pictures import (
    CORNERS,
    TURNS,
    corners,
    decode,
    encode,
    farthest,
    grey_ink_profile,
    held,
    moving,
    noise,
    png,
    quarters,
)

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_other_formats_become_png(format_: str) -> None:
    options = {"lossless": True} if format_ == "WEBP" else {}

    picture = check_picture(encode(quarters(), format_, **options))

    assert picture.converted
    assert picture.format is PictureFormat.PNG
    assert farthest(corners(decode(picture.data)), list(CORNERS)) <= 6
    assert not picture.first_frame_only


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_a_moving_picture_the_first_frame_is_taken_and_that_is_said(format_: str) -> None:
    picture = check_picture(moving(format_))

    assert picture.first_frame_only
    assert picture.converted
    assert picture.format is PictureFormat.PNG
    still = decode(picture.data)
    assert getattr(still, "n_frames", 1) == 1
    assert farthest(corners(still), list(CORNERS)) <= 12


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_held_sideways_comes_out_upright_without_exif(turn: int, format_: str) -> None:
    data = held(turn, format_, **({"quality": 95} if format_ == "JPEG" else {}))
    expected = corners(quarters() if turn == 1 else quarters().transpose(TURNS[turn]))

    picture = check_picture(data)

    assert farthest(corners(decode(picture.data)), expected) <= 12
    if turn == 1 and format_ in {"JPEG", "PNG"}:
        assert picture.data == data
        return
    assert picture.converted
    assert not decode(picture.data).getexif()
    assert b"a secret name" not in picture.data
    assert (picture.width, picture.height) == ((96, 64) if turn < 5 else (64, 96))
    assert picture.format is (PictureFormat.JPEG if format_ == "JPEG" else PictureFormat.PNG)


def test_a_cmyk_jpeg_becomes_rgb_in_the_same_colours() -> None:
    picture = check_picture(encode(quarters(mode="CMYK"), "JPEG", quality=95))

    assert picture.converted
    assert picture.format is PictureFormat.PNG
    still = decode(picture.data)
    assert still.mode == "RGB"
    assert farthest(corners(still), list(CORNERS)) <= 12


def test_a_cmyk_jpeg_is_converted_by_its_own_profile() -> None:
    data = encode(quarters(mode="CMYK"), "JPEG", quality=95, icc_profile=grey_ink_profile())

    still = decode(check_picture(data).data)

    (only,) = set(corners(still))
    assert max(only) - min(only) <= 2, "grey"
    assert "icc_profile" not in still.info


@pytest.mark.parametrize("profile", [b"no profile", SRGB], ids=["rubbish", "for other colours"])
def test_a_cmyk_jpeg_with_a_useless_profile_is_still_converted(profile: bytes) -> None:
    data = encode(quarters(mode="CMYK"), "JPEG", quality=95, icc_profile=profile)

    assert farthest(corners(decode(check_picture(data).data)), list(CORNERS)) <= 12


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped() -> None:
    row = struct.pack(">64H", *(value * 1040 for value in range(64)))

    picture = check_picture(png(64, 40, 16, 0, row))

    still = decode(picture.data)
    assert picture.converted
    assert [still.getpixel((x, 0)) for x in (0, 1, 32, 63)] == [
        (0, 0, 0),
        (4, 4, 4),
        (129, 129, 129),
        (255, 255, 255),
    ]


def test_sixteen_bits_of_colour_become_eight() -> None:
    row = struct.pack(">120H", *([0x8000, 0x4000, 0xC000] * 40))

    picture = check_picture(png(40, 40, 16, 2, row))

    assert picture.converted
    assert picture.data[24] == 8
    assert decode(picture.data).getpixel((0, 0)) == (0x80, 0x40, 0xC0)


def test_grey_without_an_agreed_white_is_stretched_from_darkest_to_lightest() -> None:
    image = Image.new("F", (40, 40), -2.5)
    image.paste(7.5, (20, 0, 40, 40))

    still = decode(check_picture(encode(image, "TIFF")).data)

    assert (still.getpixel((0, 0)), still.getpixel((39, 0))) == ((0, 0, 0), (255, 255, 255))


def test_a_plain_float_picture_is_black_and_one_that_is_not_a_number_is_damaged() -> None:
    plain = encode(Image.new("F", (40, 40), 0.5), "TIFF")
    endless = encode(Image.new("F", (40, 40), float("inf")), "TIFF")

    assert decode(check_picture(plain).data).getpixel((0, 0)) == (0, 0, 0)
    with pytest.raises(DamagedPicture):
        check_picture(endless)


@pytest.mark.parametrize("format_", ["WEBP", "TIFF", "GIF"])
def test_what_is_transparent_becomes_white(format_: str) -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((200, 30, 40, 255), (0, 0, 32, 64))

    still = decode(check_picture(encode(image, format_)).data)

    assert still.mode == "RGB"
    assert still.getpixel((60, 5)) == (255, 255, 255)
    assert farthest([still.getpixel((5, 5))], [(200, 30, 40)]) <= 8  # type: ignore[list-item]


def test_words_in_the_file_do_not_come_along() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "a secret name")
    apng = encode(quarters(), "PNG", save_all=True, append_images=[noise(96, 64)], pnginfo=notes)
    turned = held(6, comment=b"a secret name")
    gif = encode(quarters(), "GIF", comment=b"a secret name")

    for data in (apng, turned, gif):
        assert b"a secret name" in data
        assert b"a secret name" not in check_picture(data).data


def test_a_colour_profile_stays_with_rgb_and_leaves_grey() -> None:
    colour = check_picture(held(6, icc_profile=SRGB))
    grey = check_picture(encode(quarters(mode="L"), "TIFF", icc_profile=SRGB))

    assert decode(colour.data).info["icc_profile"] == SRGB
    assert "icc_profile" not in decode(grey.data).info


def test_a_conversion_that_grows_too_large_becomes_a_jpeg() -> None:
    image = noise()
    data = encode(image, "WEBP", quality=50)

    picture = check_picture(data, PictureLimits(max_bytes=160_000))

    assert picture.format is PictureFormat.JPEG
    assert picture.converted
    assert len(data) < len(picture.data) <= 160_000


def test_a_conversion_that_no_quality_makes_small_enough_is_refused() -> None:
    data = encode(noise(), "WEBP", quality=1)

    with pytest.raises(TooManyBytes) as refused:
        check_picture(data, PictureLimits(max_bytes=len(data)))
    assert refused.value.limit == len(data) < refused.value.size
