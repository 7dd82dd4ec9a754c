"""The reckoning of sizes behind a fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.ladder import FITS, Rung, climb_down, keeps_audio, rungs
from media.model import Container, VideoInfo

MIB = 1024 * 1024


def info(
    width: int = 1920,
    height: int = 1080,
    seconds: float = 10.0,
    fps: float = 24.0,
    audio_codec: str | None = None,
    audio_bps: float = 0.0,
) -> VideoInfo:
    return VideoInfo(
        container=Container.MP4,
        width=width,
        height=height,
        seconds=seconds,
        fps=fps,
        video_codec="h264",
        audio_codec=audio_codec,
        audio_bps=audio_bps,
        size=100 * MIB,
    )


def first(video: VideoInfo, limit: int) -> tuple[int, int]:
    rung = next(rungs(video, limit))
    return rung.width, rung.height


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ((3840, 2160), 50 * MIB, (3840, 2160)),
        ((3840, 2160), 10 * MIB, (2560, 1440)),
        ((1920, 1080), 10 * MIB, (1920, 1080)),
        ((1920, 1080), 3 * MIB, (1280, 720)),
        ((1920, 1080), 1 * MIB, (854, 480)),
        ((1080, 1920), 1 * MIB, (480, 854)),
        ((1920, 1080), 100_000, (640, 360)),
        ((320, 180), 100_000, (320, 180)),
    ],
)
def test_the_first_size_is_the_largest_that_the_limit_pays_for(
    size: tuple[int, int], limit: int, expected: tuple[int, int]
) -> None:
    assert first(info(*size, fps=30), limit) == expected


def test_the_sizes_go_down_to_360_and_no_further() -> None:
    sizes = [(rung.width, rung.height) for rung in rungs(info(3840, 2160), 10 * MIB)]

    assert sizes == [(2560, 1440), (1920, 1080), (1280, 720), (960, 540), (854, 480), (640, 360)]


def test_more_frames_a_second_need_a_smaller_size() -> None:
    assert first(info(fps=60), 5 * MIB) < first(info(fps=24), 5 * MIB)


def test_a_limit_that_the_sound_fills_pays_for_no_picture() -> None:
    spoken = info(audio_codec="aac", audio_bps=128_000)

    assert list(rungs(spoken, 180_000)) == []
    assert list(rungs(info(), 180_000))
    assert list(rungs(info(), 20_000)) == []


@pytest.mark.parametrize(
    ("codec", "bps", "kept"),
    [("aac", 96_000, True), ("aac", 160_000, True), ("aac", 160_001, False), ("mp3", 1, False)],
)
def test_sound_is_kept_when_it_is_aac_and_modest(codec: str, bps: float, *, kept: bool) -> None:
    assert keeps_audio(info(audio_codec=codec, audio_bps=bps)) is kept


def test_a_file_that_came_out_too_large_is_tried_one_size_smaller() -> None:
    tried: list[int] = []

    def encode(rung: Rung) -> int:
        tried.append(rung.height)
        return rung.height * 1000

    found = climb_down(rungs(info(3840, 2160), 10 * MIB), 1_000_000, encode)

    assert found is not None
    assert (found[0].height, found[1]) == (720, 720_000)
    assert tried == [1440, 1080, 720]


def test_when_no_size_fits_each_is_tried_once() -> None:
    tried: list[int] = []

    def encode(rung: Rung) -> int:
        tried.append(rung.height)
        return 991

    assert climb_down(rungs(info(), 3 * MIB), 1000, encode) is None
    assert tried == [720, 540, 480, 360]


@given(
    width=st.integers(2, 8192),
    height=st.integers(2, 8192),
    seconds=st.floats(0.04, 600),
    fps=st.floats(1, 240),
    bps=st.floats(0, 400_000),
    limit=st.integers(1_000, 500 * MIB),
)
def test_no_size_is_odd_or_grows_or_costs_more_than_the_limit(
    width: int, height: int, seconds: float, fps: float, bps: float, limit: int
) -> None:
    video = info(width, height, seconds, fps, "aac", bps)
    pixels = []
    for rung in rungs(video, limit):
        assert rung.width % 2 == rung.height % 2 == 0
        assert rung.width <= width + 1
        assert rung.height <= height + 1
        worst = rung.bits_per_second * seconds + 0.9 * rung.buffer_bits
        sound = min(bps, 160_000) if keeps_audio(video) else 96_000
        assert (worst + sound * seconds) / 8 <= FITS * limit
        pixels.append(rung.width * rung.height)
    assert pixels == sorted(pixels, reverse=True)
