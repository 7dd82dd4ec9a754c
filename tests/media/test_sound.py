"""Own audio files: what is really sound passes as it is, everything else is named."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from jobs.errors import BadTrack, TrackFault
from media.errors import DamagedSound, EmptySound, NotSound, SoundTooLarge, SoundTooLong
from media.library import MediaLibrary
from media.model import SoundLimits
from media.sound import check_sound
from media.store import MediaStore
from media.worker import MediaWorker
from tests.fakes import FakeClock
from tests.media.clips import Clip
from tests.media.pictures import encode, quarters
from tests.media.sounds import tone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.mark.parametrize("kind", ["mp3", "wav", "ogg", "m4a"])
def test_sound_in_a_common_format_passes_byte_for_byte(kind: str) -> None:
    data = tone(kind, 1.0)
    sound = check_sound(data)
    assert sound.format.value == kind
    assert sound.data == data
    assert sound.seconds == pytest.approx(1.0, abs=0.1)


def test_an_mp3_without_any_tag_is_known_by_its_first_frame() -> None:
    data = tone("mp3")
    size = int.from_bytes(bytes(data[6:10]), "big")
    assert data.startswith(b"ID3")
    assert check_sound(data[10 + size :]).format.value == "mp3"


@pytest.mark.parametrize(
    "data",
    [
        b"just some notes, renamed to song.mp3\n" * 50,
        encode(quarters(), "PNG"),
        tone("flac"),
        b"\xff\xd8\xff\xe0" + bytes(2000),
    ],
    ids=["text", "picture", "flac", "jpeg"],
)
def test_what_is_no_sound_that_we_take_is_refused(data: bytes) -> None:
    with pytest.raises(NotSound, match="not MP3, WAV, OGG or M4A"):
        check_sound(data)


def test_a_film_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    Clip(sound="aac").encode(path)
    with pytest.raises(NotSound):
        check_sound(path.read_bytes())


@pytest.mark.parametrize("head", [b"ID3\x03" + bytes(6), b"OggS", b"RIFF" + bytes(4) + b"WAVE"])
def test_a_good_beginning_alone_does_not_pass(head: bytes) -> None:
    with pytest.raises(DamagedSound):
        check_sound(head + b"and then words, words, words. " * 100)


@pytest.mark.parametrize("kind", ["mp3", "wav", "ogg", "m4a"])
def test_hostile_bytes_in_the_middle_raise_nothing_unforeseen(kind: str) -> None:
    data = bytearray(tone(kind, 2.0))
    data[len(data) // 4 : len(data) // 2] = os.urandom(len(data) // 2 - len(data) // 4)
    try:
        check_sound(bytes(data))
    except (DamagedSound, NotSound, SoundTooLong) as error:
        assert str(error)  # noqa: PT017 - either answer is right, anything else is not


def test_bounds_are_bytes_and_seconds() -> None:
    data = tone("wav", 2.0)
    with pytest.raises(SoundTooLarge, match="at most 100 are taken"):
        check_sound(data, SoundLimits(max_bytes=100))
    with pytest.raises(SoundTooLong, match="runs 2 s, at most 1 s"):
        check_sound(data, SoundLimits(max_seconds=1.0))
    with pytest.raises(EmptySound):
        check_sound(b"")


def test_a_file_that_claims_to_be_short_is_still_counted_while_it_is_decoded() -> None:
    data = tone("ogg", 3.0)
    with pytest.raises(SoundTooLong):
        check_sound(data, SoundLimits(max_seconds=1.0))


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[MediaLibrary]:
    async with MediaWorker() as worker:
        yield MediaLibrary(MediaStore(tmp_path, FakeClock()), worker)


async def test_a_track_is_checked_in_the_worker_and_kept_under_its_content(
    library: MediaLibrary,
) -> None:
    data = tone("mp3", 1.0)
    first, second = await asyncio.gather(library.keep_track(data), library.keep_track(data))
    assert first == second
    assert first.bytes == len(data)
    path = library.picture_path(first.key)
    assert path is not None
    assert path.suffix == ".mp3"
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", TrackFault.EMPTY),
        (b"words", TrackFault.NOT_SOUND),
        (b"OggS and words", TrackFault.DAMAGED),
        (bytes(20 * 1024 * 1024 + 1), TrackFault.TOO_MANY_BYTES),
    ],
)
async def test_the_library_names_what_is_wrong_with_a_track(
    library: MediaLibrary, data: bytes, fault: TrackFault
) -> None:
    with pytest.raises(BadTrack) as caught:
        await library.keep_track(data)
    assert caught.value.fault is fault


async def test_a_track_that_nobody_used_for_long_is_swept(library: MediaLibrary) -> None:
    kept = await library.keep_track(tone("wav", 0.5))
    assert await library.sweep(FakeClock().now() + 1) == 1
    assert library.picture_path(kept.key) is None
