"""Probing clips and taking a still from them, whole, cut and hostile ones."""

from __future__ import annotations

import contextlib
import io
import struct
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media.errors import FrameTooLarge, NotAVideo, TooLong, Truncated, VideoError
from media.frames import matrix_of
from media.model import Container, VideoInfo, VideoLimits
from media.video import poster, probe
from tests.media.clips import BT601, UNSPECIFIED, Clip, grain, ladder_of_grey, turned
from tests.media.pictures import CORNERS, corners, encode, farthest, quarters

if TYPE_CHECKING:
    from pytest import TempPathFactory  # noqa: PT013 - a type

PAGE = b"<!DOCTYPE html><html><body>This content is no longer available.</body></html>"


@pytest.fixture(scope="module")
def sounding(tmp_path_factory: TempPathFactory) -> Path:
    """Make a clip with sound, index at the end."""
    return Clip(sound="aac").encode(tmp_path_factory.mktemp("clips") / "sounding.mp4")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: TempPathFactory) -> Path:
    """Make a clip with sound, index first."""
    path = tmp_path_factory.mktemp("clips") / "quick.mp4"
    return Clip(sound="aac").encode(path, movflags="+faststart")


def changed(source: Path, folder: Path, data: bytes) -> Path:
    path = folder / source.name
    path.write_bytes(data)
    return path


# --- what a good file holds ---


def test_a_probe_tells_size_length_rate_and_codecs(sounding: Path) -> None:
    info = probe(sounding)

    assert (info.container, info.width, info.height) == (Container.MP4, 128, 96)
    assert info.seconds == pytest.approx(0.5)
    assert info.fps == pytest.approx(24)
    assert (info.video_codec, info.audio_codec) == ("h264", "aac")
    assert 60_000 < info.audio_bps < 130_000
    assert info.size == sounding.stat().st_size


def test_a_silent_clip_has_no_sound(tmp_path: Path) -> None:
    info = probe(Clip(frames=3).encode(tmp_path / "a.mp4"))

    assert info.audio_codec is None
    assert info.audio_bps == 0


def test_a_clip_in_matroska_is_read_too(tmp_path: Path) -> None:
    info = probe(Clip(sound="libopus").encode(tmp_path / "a.webm", "matroska"))

    assert info.container is Container.MATROSKA
    assert info.audio_codec == "opus"
    assert info.seconds == pytest.approx(0.5, abs=0.05)


def test_a_single_frame_is_a_video(tmp_path: Path) -> None:
    assert probe(Clip(frames=1).encode(tmp_path / "a.mp4")).seconds == pytest.approx(1 / 24)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_clip_held_sideways_is_measured_and_shown_upright(tmp_path: Path, degrees: int) -> None:
    path = turned(Clip().encode(tmp_path / "a.mp4"), degrees)
    method = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }[degrees]

    info, still = probe(path), Image.open(io.BytesIO(poster(path)))

    size = (128, 96) if degrees == 180 else (96, 128)
    assert (info.width, info.height) == still.size == size
    assert farthest(corners(still), corners(quarters().transpose(method))) <= 12


def test_pixels_that_are_not_square_count_as_they_are_shown(tmp_path: Path) -> None:
    path = Clip(aspect=Fraction(4, 3)).encode(tmp_path / "a.mp4")

    info = probe(path)

    assert (info.width, info.height) == (171, 96)
    assert Image.open(io.BytesIO(poster(path))).size == (171, 96)


def test_padding_behind_a_whole_file_does_no_harm(sounding: Path, tmp_path: Path) -> None:
    for padding in (b"\0" * 3, b"\0" * 999, b"\r\n", b"more to come, of no kind"):
        padded = changed(sounding, tmp_path, sounding.read_bytes() + padding)
        assert probe(padded).seconds == pytest.approx(0.5)


# --- what is refused ---


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (PAGE, "html"),
        (encode(quarters(), "PNG"), "png"),
        (bytes(100_000), "unknown"),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n", "unknown"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", "unknown"),
    ],
    ids=["empty", "page", "picture", "zeros", "playlist", "concat"],
)
def test_what_is_no_video_is_refused(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(data)

    with pytest.raises(NotAVideo, match=found) as refused:
        probe(path)
    assert refused.value.size == len(data)


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.mp4", Path("/dev/zero")):
        with pytest.raises(NotAVideo, match=r"gone|regular"):
            probe(path)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as file:
        clip = Clip(sound="aac")
        clip._play(file, clip._sound_track(file, "aac"))

    for look in (probe, poster):
        with pytest.raises(NotAVideo, match="no picture track"):
            look(path)


def test_a_clip_whose_pictures_are_rubbish_is_no_video(tmp_path: Path) -> None:
    path = Clip().encode(tmp_path / "a.mp4")
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    path.write_bytes(data[:start] + b"\x5a" * (end - start) + data[end:])

    with pytest.raises(NotAVideo):
        probe(path)


def test_a_codec_that_nobody_knows_is_no_picture_and_no_sound(
    sounding: Path, tmp_path: Path
) -> None:
    data = sounding.read_bytes()

    with pytest.raises(NotAVideo, match="no picture track"):
        probe(changed(sounding, tmp_path, data.replace(b"avc1", b"zzzz")))
    dumb = data.replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz")
    assert probe(changed(sounding, tmp_path, dumb)).audio_codec is None


def test_a_box_with_a_long_size_is_walked_over(sounding: Path, tmp_path: Path) -> None:
    data = sounding.read_bytes()
    free = struct.pack(">I4sQ", 1, b"free", 16)
    tail = struct.pack(">I4sQ", 1, b"free", 16 + 5) + b"12345"

    assert probe(changed(sounding, tmp_path, data + free + tail)).seconds == pytest.approx(0.5)


@pytest.mark.parametrize("which", ["sounding", "quick"])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9, 0.999])
def test_a_clip_that_was_cut_short_is_told_from_a_bad_one(
    request: pytest.FixtureRequest, tmp_path: Path, which: str, part: float
) -> None:
    source: Path = request.getfixturevalue(which)
    data = source.read_bytes()
    cut = changed(source, tmp_path, data[: int(len(data) * part)])

    with pytest.raises(Truncated) as refused:
        probe(cut)
    assert refused.value.size == cut.stat().st_size


def test_a_clip_without_the_size_of_its_media_is_found_short_by_its_length(tmp_path: Path) -> None:
    path = Clip(frames=48, draw=ladder_of_grey_noise).encode(
        tmp_path / "a.mp4", movflags="+faststart"
    )
    data = bytearray(path.read_bytes())
    at = data.index(b"mdat") - 4
    data[at : at + 4] = bytes(4)  # "to the end of the file"
    path.write_bytes(data)
    assert probe(path).seconds == pytest.approx(2)

    path.write_bytes(data[: at + (len(data) - at) // 2])
    with pytest.raises(Truncated):
        probe(path)


def ladder_of_grey_noise(width: int, height: int, number: int) -> Image.Image:
    return Image.effect_noise((width, height), 50 + number).convert("RGB")


def test_a_matroska_that_was_cut_short_is_found_by_its_length(tmp_path: Path) -> None:
    path = Clip(frames=48, draw=ladder_of_grey_noise).encode(tmp_path / "a.mkv")
    data = path.read_bytes()

    path.write_bytes(data[: len(data) // 2])

    with pytest.raises(Truncated):
        probe(path)


def test_a_clip_longer_than_we_handle_is_refused_by_its_header_or_on_the_way(
    sounding: Path, tmp_path: Path
) -> None:
    with pytest.raises(TooLong) as by_header:
        probe(sounding, VideoLimits(max_seconds=0.2))
    assert by_header.value.limit == 0.2
    with pytest.raises(TooLong):
        probe(sounding, VideoLimits(max_packets=5))


def test_a_clip_that_claims_to_run_for_hours_is_refused(tmp_path: Path) -> None:
    path = Clip().encode(tmp_path / "a.mp4")
    data = bytearray(path.read_bytes())
    at = data.index(b"stts") + 16  # how long each frame is shown
    data[at : at + 4] = struct.pack(">I", 0x0FFFFFFF)
    path.write_bytes(data)

    with pytest.raises(TooLong) as refused:
        probe(path)
    assert refused.value.seconds > 3_600


def test_frames_larger_than_we_decode_are_refused(sounding: Path) -> None:
    with pytest.raises(FrameTooLarge) as refused:
        probe(sounding, VideoLimits(max_side=100))
    assert (refused.value.width, refused.value.height, refused.value.limit) == (128, 96, 100)


@settings(max_examples=120, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=8),
    end=st.floats(0.1, 1),
)
def test_a_clip_with_any_bytes_changed_is_read_or_refused(
    quick: Path, tmp_path_factory: TempPathFactory, cuts: list[tuple[float, bytes]], end: float
) -> None:
    data = bytearray(quick.read_bytes())
    for where, instead in cuts:
        at = int(where * (len(data) - 1))
        data[at : at + len(instead)] = instead
    path = tmp_path_factory.getbasetemp() / "changed.mp4"
    path.write_bytes(data[: int(len(data) * end)])

    with contextlib.suppress(VideoError):
        assert isinstance(probe(path), VideoInfo)
        assert poster(path)


# --- the poster ---


def test_a_poster_shows_the_middle(tmp_path: Path) -> None:
    path = Clip(draw=ladder_of_grey).encode(tmp_path / "a.mp4")

    still = Image.open(io.BytesIO(poster(path)))

    assert still.format == "WEBP"
    assert farthest(corners(still), [(120, 120, 120)] * 4) <= 6


def test_a_clip_whose_middle_is_damaged_has_no_poster(tmp_path: Path) -> None:
    path = Clip(width=320, height=180, draw=grain, crf=20).encode(tmp_path / "a.mp4")
    data = bytearray(path.read_bytes())
    at = len(data) * 2 // 5
    data[at : at + len(data) // 2] = bytes(len(data) // 2)
    path.write_bytes(data)
    assert probe(path).seconds == pytest.approx(0.5)

    with pytest.raises(NotAVideo, match="middle"):
        poster(path)


def test_a_poster_is_scaled_down_and_never_up(tmp_path: Path) -> None:
    path = Clip(width=320, height=160).encode(tmp_path / "a.mp4")

    assert Image.open(io.BytesIO(poster(path, 200))).size == (200, 100)
    assert Image.open(io.BytesIO(poster(path))).size == (320, 160)


@pytest.mark.parametrize(
    "clip",
    [
        Clip(),
        Clip(matrix=BT601),
        Clip(matrix=UNSPECIFIED),
        Clip(range=2),
        Clip(matrix=BT601, range=2),
        Clip(pixels="yuv444p"),
    ],
    ids=["709", "601", "untagged", "709 full", "601 full", "444"],
)
def test_a_poster_has_the_right_colours(tmp_path: Path, clip: Clip) -> None:
    still = Image.open(io.BytesIO(poster(clip.encode(tmp_path / "a.mp4"))))

    assert farthest(corners(still), list(CORNERS)) <= 8


def test_an_untagged_frame_has_the_colours_that_players_assume() -> None:
    assert matrix_of(av.VideoFrame(640, 480)) == 5
    assert matrix_of(av.VideoFrame(1280, 720)) == 1
    assert matrix_of(av.VideoFrame(720, 1280)) == 1
