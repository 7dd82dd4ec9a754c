"""Errors of media: their data, their words, and their way between processes."""

from __future__ import annotations

import pytest

from media import errors
from media.errors import MediaError
from media.wire import HEADER, Raised, pack, unpack

SAMPLES: tuple[MediaError, ...] = (
    errors.EmptyPicture(),
    errors.TooManyBytes(30, 20),
    errors.NotAPicture(7),
    errors.UnsupportedFormat("heic"),
    errors.DamagedPicture("jpeg"),
    errors.TooManyPixels(20_000, 20_000, 40_000_000),
    errors.TooManyPixels(None, None, 40_000_000),
    errors.SideTooLong(9_000, 40, 8_000),
    errors.SideTooShort(1, 1, 32),
    errors.EmptySound(),
    errors.SoundTooLarge(30, 20),
    errors.NotSound(7),
    errors.DamagedSound("mp3"),
    errors.SoundTooLong(700.2, 600.0),
    errors.NotAVideo(12, "it is html, expected mp4"),
    errors.Truncated(5_000),
    errors.TooLong(3_600.4, 600.0),
    errors.FrameTooLarge(9_000, 40, 8_192),
    errors.CannotFit(50_000, 20_000),
    errors.WorkerCrashed("fit", "exit status -9"),
    errors.JobTimedOut("fit", 2.5),
    errors.WorkerNotStarted("probe", "OSError"),
    errors.WorkerClosed("fit"),
    errors.StoreFull("17.mp4"),
    errors.BadName("../17.mp4"),
)
BRANCHES = {
    MediaError,
    errors.PictureError,
    errors.SoundError,
    errors.VideoError,
    errors.WorkerError,
    errors.StoreError,
}


def test_there_is_a_sample_of_every_error() -> None:
    named = {one for one in vars(errors).values() if isinstance(one, type)}
    own = {one for one in named if issubclass(one, MediaError)} - BRANCHES

    assert own == {type(sample) for sample in SAMPLES}


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_crosses_between_processes_with_its_data_and_words(error: MediaError) -> None:
    answer = unpack(pack(Raised(error=error))[HEADER:])

    assert isinstance(answer, Raised)
    copy = answer.error
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_says_in_words_what_its_data_are(error: MediaError) -> None:
    words = str(error).lower()

    assert len(words) > 15
    for value in vars(error).values():
        shown = f"{value:g}" if isinstance(value, float) and value < 1_000 else str(value)
        assert value is None or isinstance(value, float) or shown.lower() in words
