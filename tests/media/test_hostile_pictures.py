"""Bytes that nobody would call a picture, and pictures with bytes changed."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from media.errors import PictureError
from media.model import PictureLimits
from media.picture import check_picture
from tests.media.pictures import encode, heic, held, moving, quarters

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES: tuple[Callable[[], bytes], ...] = (
    lambda: held(6),
    lambda: encode(quarters(mode="CMYK"), "JPEG"),
    lambda: moving("PNG"),
    lambda: encode(quarters(mode="P"), "PNG", transparency=0),
    lambda: moving("GIF"),
    lambda: moving("WEBP"),
    lambda: encode(quarters(), "BMP"),
    lambda: encode(quarters(), "TIFF", compression="tiff_lzw"),
    lambda: encode(quarters(), "AVIF"),
    heic,
)
MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0", b"MM\0*")


def accept_or_refuse(data: bytes) -> None:
    """Check a picture; what comes out of that must pass as it is."""
    limits = PictureLimits(max_pixels=1_000_000)
    with contextlib.suppress(PictureError):
        picture = check_picture(data, limits)
        assert check_picture(picture.data, limits) == replace(
            picture, converted=False, first_frame_only=False
        )


@settings(max_examples=150, deadline=None)
@given(head=st.sampled_from((*MAGIC, b"", b"RIFF\0\0\0\0WEBPVP8X")), tail=st.binary(max_size=300))
def test_arbitrary_bytes_are_taken_or_refused(head: bytes, tail: bytes) -> None:
    accept_or_refuse(head + tail)


@settings(max_examples=250, deadline=None)
@given(
    sample=st.sampled_from(range(len(SAMPLES))),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    end=st.floats(0.05, 1),
)
@example(sample=0, cuts=[], end=1.0)
def test_a_picture_with_any_bytes_changed_is_taken_or_refused(
    sample: int, cuts: list[tuple[float, bytes]], end: float
) -> None:
    data = bytearray(SAMPLES[sample]())
    for where, instead in cuts:
        at = int(where * (len(data) - 1))
        data[at : at + len(instead)] = instead
    accept_or_refuse(bytes(data[: int(len(data) * end)]))
