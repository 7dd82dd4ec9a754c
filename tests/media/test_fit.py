"""Fitting clips under a limit: size, colours, sound, times, and a full disk."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import pytest
from PIL import Image

from media.errors import CannotFit, NotAVideo
from media.fit import fit
from media.ladder import FITS
from media.model import Container
from media.video import probe
from tests.media.clips import (
    BT601,
    BT709,
    UNSPECIFIED,
    Clip,
    grain,
    picture_of,
    sound_of,
    times_of,
    turned,
)
from tests.media.pictures import CORNERS, corners, farthest, quarters

if TYPE_CHECKING:
    from pytest import TempPathFactory  # noqa: PT013 - a type

HARD: Final = Clip(width=256, height=144, frames=8, draw=grain, crf=10)
"""Noise, above any limit below."""

ROOT = Path(__file__).resolve().parents[2]


def quarters_in_grain(width: int, height: int, number: int) -> Image.Image:
    """Draw the corners' colours over noise: known colours in a clip that is hard to encode."""
    image = grain(width, height, number)
    for x in (0, width - 40):
        for y in (0, height - 40):
            corner = quarters(80, 80).crop(
                (40 * (x > 0), 40 * (y > 0), 40 + 40 * (x > 0), 40 + 40 * (y > 0))
            )
            image.paste(corner, (x, y))
    return image


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: TempPathFactory) -> Path:
    """Make a third of a second of noise with sound."""
    clip = replace(HARD, sound="aac")
    return clip.encode(tmp_path_factory.mktemp("clips") / "noisy.mp4")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- whether, and how large ---


def test_a_clip_under_the_limit_is_left_as_it_is(noisy: Path, tmp_path: Path) -> None:
    before = noisy.read_bytes()

    fitted = fit(noisy, tmp_path / "out.mp4", len(before) * 2)

    assert (fitted.path, fitted.size, fitted.shrunk) == (noisy, len(before), False)
    assert (fitted.width, fitted.height) == (256, 144)
    assert noisy.read_bytes() == before
    assert left_in(tmp_path) == []


def test_a_clip_just_under_the_limit_is_shrunk_for_the_rest_of_the_request(
    noisy: Path, tmp_path: Path
) -> None:
    size = noisy.stat().st_size

    assert not fit(noisy, tmp_path / "out.mp4", int(size / FITS) + 1).shrunk
    assert fit(noisy, tmp_path / "out.mp4", int(size / FITS) - 1).shrunk


@pytest.mark.parametrize("part", [0.9, 0.5, 0.3])
@pytest.mark.parametrize("sound", [None, "aac"])
def test_noise_is_brought_under_any_limit(tmp_path: Path, part: float, sound: str | None) -> None:
    clip = replace(HARD, sound=sound)
    source = clip.encode(tmp_path / "in.mp4")
    limit = int(source.stat().st_size * part)

    fitted = fit(source, tmp_path / "out.mp4", limit)

    assert fitted.shrunk
    assert fitted.path == tmp_path / "out.mp4"
    assert fitted.size == fitted.path.stat().st_size <= FITS * limit
    info = probe(fitted.path)
    assert (info.width, info.height) == (fitted.width, fitted.height) == (256, 144)
    assert info.seconds == pytest.approx(1 / 3)
    assert info.audio_codec == sound
    assert left_in(tmp_path) == ["in.mp4", "out.mp4"]


def test_a_clip_that_is_noise_for_a_moment_only_stays_under_the_limit(tmp_path: Path) -> None:
    def moment(width: int, height: int, number: int) -> Image.Image:
        return grain(width, height, number) if 10 < number < 16 else quarters(width, height)

    source = Clip(width=256, height=144, frames=24, draw=moment, crf=5).encode(tmp_path / "in.mp4")
    limit = source.stat().st_size // 3

    assert fit(source, tmp_path / "out.mp4", limit).size <= FITS * limit


def test_a_limit_too_small_for_the_size_makes_the_picture_smaller(tmp_path: Path) -> None:
    clip = Clip(width=960, height=540, frames=6, draw=grain, crf=30)
    source = clip.encode(tmp_path / "in.mp4")

    fitted = fit(source, tmp_path / "out.mp4", 42_000)

    assert (fitted.width, fitted.height) == (640, 360)
    assert (probe(fitted.path).width, probe(fitted.path).height) == (640, 360)
    assert fitted.size <= 42_000


@pytest.mark.parametrize("limit", [28_000, 20_000, 1])
def test_a_limit_below_all_sense_is_refused_and_leaves_nothing(
    noisy: Path, tmp_path: Path, limit: int
) -> None:
    with pytest.raises(CannotFit) as refused:
        fit(noisy, tmp_path / "out.mp4", limit)

    assert (refused.value.size, refused.value.limit) == (noisy.stat().st_size, limit)
    assert left_in(tmp_path) == []


def test_what_is_no_video_can_not_be_fitted(tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    source.write_bytes(b"<html>")

    with pytest.raises(NotAVideo):
        fit(source, tmp_path / "out.mp4", 1_000_000)
    assert left_in(tmp_path) == ["in.mp4"]


def test_a_clip_that_is_damaged_inside_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    source = HARD.encode(tmp_path / "in.mp4")
    data = bytearray(source.read_bytes())
    at = len(data) * 3 // 4
    data[at : at + 60_000] = bytes(60_000)
    source.write_bytes(data)

    with pytest.raises(CannotFit):
        fit(source, tmp_path / "out.mp4", 60_000)
    assert left_in(tmp_path) == ["in.mp4"]


# --- what the copy is like ---


def test_a_copy_begins_to_play_before_all_of_it_is_loaded(noisy: Path, tmp_path: Path) -> None:
    data = fit(noisy, tmp_path / "out.mp4", 200_000).path.read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    "clip",
    [
        Clip(),
        Clip(matrix=BT601),
        Clip(matrix=UNSPECIFIED),
        Clip(range=2),
        Clip(matrix=BT601, range=2),
        Clip(pixels="yuv444p"),
        Clip(pixels="yuv420p10le"),
    ],
    ids=["709", "601", "untagged", "709 full", "601 full", "444", "ten bits"],
)
def test_a_copy_has_the_colours_of_its_source_and_says_which(tmp_path: Path, clip: Clip) -> None:
    hard = replace(clip, width=256, height=144, frames=8, draw=quarters_in_grain, crf=10)
    source = hard.encode(tmp_path / "in.mp4")

    copy = fit(source, tmp_path / "out.mp4", source.stat().st_size // 2).path

    assert farthest(corners(picture_of(copy)), list(CORNERS)) <= 12
    with av.open(str(copy)) as file:
        context = file.streams.video[0].codec_context
        assert (context.colorspace, context.color_range, context.pix_fmt) == (BT709, 1, "yuv420p")
        said = BT601 if clip.matrix == BT601 else BT709
        assert (context.color_primaries, context.color_trc) == (said, said)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_clip_held_sideways_is_upright_in_its_copy(tmp_path: Path, degrees: int) -> None:
    clip = replace(HARD, draw=quarters_in_grain)
    source = turned(clip.encode(tmp_path / "in.mp4"), degrees)
    method = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }[degrees]

    fitted = fit(source, tmp_path / "out.mp4", source.stat().st_size // 2)

    size = (256, 144) if degrees == 180 else (144, 256)
    assert (fitted.width, fitted.height) == picture_of(fitted.path).size == size
    expected = corners(quarters(256, 144).transpose(method))
    assert farthest(corners(picture_of(fitted.path)), expected) <= 12
    info = probe(fitted.path)
    assert (info.width, info.height) == size


def test_odd_sizes_and_oblong_pixels_become_even_and_square(tmp_path: Path) -> None:
    odd = Clip(width=257, height=145, frames=8, pixels="yuv444p", draw=grain, crf=20)
    oblong = Clip(width=240, height=180, frames=8, aspect=Fraction(4, 3), draw=grain, crf=20)

    for clip, size in ((odd, (256, 144)), (oblong, (320, 180))):
        source = clip.encode(tmp_path / "in.mp4")
        fitted = fit(source, tmp_path / "out.mp4", source.stat().st_size // 2)
        assert (fitted.width, fitted.height) == picture_of(fitted.path).size == size


def test_modest_sound_is_copied_packet_by_packet(noisy: Path, tmp_path: Path) -> None:
    copy = fit(noisy, tmp_path / "out.mp4", 200_000).path

    assert sound_of(copy) == sound_of(noisy)


@pytest.mark.parametrize(("codec", "bps"), [("aac", 256_000), ("mp3", 128_000)])
def test_other_sound_is_encoded_anew(tmp_path: Path, codec: str, bps: int) -> None:
    clip = replace(HARD, sound=codec, sound_bps=bps)
    source = clip.encode(tmp_path / "in.mp4")

    info = probe(fit(source, tmp_path / "out.mp4", 250_000).path)

    assert info.audio_codec == "aac"
    assert info.audio_bps < 125_000
    assert sound_of(tmp_path / "out.mp4") != sound_of(source)


def test_frames_of_uneven_length_keep_their_times(tmp_path: Path) -> None:
    ticks = (0, 20, 40, 200, 210, 260, 400, 440, 480, 500)
    clip = replace(HARD, frames=10, ticks=ticks)
    source = clip.encode(tmp_path / "in.mp4")

    copy = fit(source, tmp_path / "out.mp4", source.stat().st_size // 2).path

    assert times_of(copy) == times_of(source) == [tick / 1000 for tick in ticks]


def test_a_matroska_becomes_an_mp4_even_when_it_is_small(tmp_path: Path) -> None:
    source = Clip(sound="libopus").encode(tmp_path / "in.webm", "matroska")

    fitted = fit(source, tmp_path / "out.mp4", 10_000_000)

    assert fitted.shrunk
    info = probe(fitted.path)
    assert (info.container, info.audio_codec) == (Container.MP4, "aac")
    assert farthest(corners(picture_of(fitted.path)), list(CORNERS)) <= 12


# --- when there is no room ---

NO_ROOM = """
import resource, sys
from pathlib import Path
from media.errors import StoreFull
from media.fit import fit
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    fit(Path(sys.argv[1]), Path(sys.argv[2]), 200_000)
except StoreFull as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes there")
def test_a_disk_without_room_is_told_and_nothing_is_left(noisy: Path, tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", NO_ROOM, str(noisy), str(tmp_path / "out.mp4")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout == "no room left on the disk for out.mp4\n"
    assert left_in(tmp_path) == []
