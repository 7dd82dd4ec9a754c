"""The drawn file: streams, colours, sound, and the process that draws it."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import threading
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from sandbox.animator.draw import add_sound, draw_clip
from sandbox.animator.encode import COMMENT, FPS
from sandbox.animator.plan import plan_clip
from sandbox.animator.scene import Scene, UnreadableInputError
from sandbox.animator.sound import RATE, compose, own
from sandbox.animator.studio import Studio
from tests.sandbox.akool.lab import wav
from tests.sandbox.animator.pictures import decoded, encoded, likeness, photo

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Scene(image=photo(), prompt="push in, rain", short_side=180, seconds=2)


def boxes(mp4: bytes) -> list[bytes]:
    """Return the names of the file's top-level boxes, in order."""
    names, at = [], 0
    while at < len(mp4):
        names.append(mp4[at + 4 : at + 8])
        at += int.from_bytes(mp4[at : at + 4], "big")
    return names


def test_a_clip_is_h264_at_24_frames_a_second_and_says_what_it_is() -> None:
    drawing = draw_clip(SMALL)
    with av.open(io.BytesIO(drawing.mp4), "r") as video:
        assert len(video.streams) == 1
        stream = video.streams.video[0]
        context = stream.codec_context

        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == (drawing.width, drawing.height) == (320, 180)
        assert stream.average_rate == FPS
        assert len(list(video.decode(video=0))) == 2 * FPS
        assert video.duration == 2_000_000
        assert video.metadata["comment"] == COMMENT == "procedural preview (no AI model)"


def test_a_clip_starts_playing_before_it_is_whole() -> None:
    names = boxes(draw_clip(SMALL).mp4)

    assert names.index(b"moov") < names.index(b"mdat")


@pytest.mark.parametrize(
    "colour", [(200, 30, 40), (20, 180, 60), (30, 60, 220), (255, 255, 255), (128, 128, 128)]
)
def test_colours_come_back_as_their_tags_say(colour: tuple[int, int, int]) -> None:
    flat = encoded(np.full((90, 160, 3), colour))
    drawing = draw_clip(Scene(image=flat, prompt="static camera", short_side=90, seconds=0.2))
    with av.open(io.BytesIO(drawing.mp4), "r") as video:
        frame = next(video.decode(video=0))
        tags = (frame.colorspace, frame.color_range)
        luma, blue, red = (float(memoryview(plane)[0]) for plane in frame.planes)

    y, u, v = (luma - 16) / 219, (blue - 128) / 224, (red - 128) / 224
    shown = 255 * np.array([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u])
    assert tags == (1, 1)
    assert np.abs(shown - colour).max() <= 4


def test_a_clip_with_sound_has_both_streams_of_the_same_length() -> None:
    mp4 = draw_clip(Scene(image=photo(), short_side=90, seconds=2, sound=True)).mp4
    with av.open(io.BytesIO(mp4), "r") as video:
        lengths = [(one.duration or 0) * (one.time_base or 0) for one in video.streams]
        names = [stream.codec_context.name for stream in video.streams]
        starts = [stream.start_time for stream in video.streams]

    assert names == ["h264", "aac"]
    assert lengths == [2, 2]
    assert starts == [0, 0]


def test_sound_is_put_on_a_finished_clip_without_touching_its_picture() -> None:
    silent = draw_clip(SMALL).mp4
    sounding = add_sound(silent, Scene(image=b"", prompt="waves", seconds=2))
    again = add_sound(sounding, Scene(image=b"", seconds=2, audio=wav()))

    for mp4 in (sounding, again):
        with av.open(io.BytesIO(mp4), "r") as video:
            assert [one.codec_context.name for one in video.streams] == ["h264", "aac"]
            assert video.metadata["comment"] == COMMENT
        assert all(
            likeness(one, two) > 90 for one, two in zip(decoded(silent), decoded(mp4), strict=True)
        )
    with pytest.raises(UnreadableInputError, match="no video"):
        add_sound(b"text", Scene(image=b"", seconds=2))


@pytest.mark.parametrize("prompt", ["rain", "wind", "waves at the beach", "fire", "a dark chair"])
def test_composed_sound_is_heard_and_never_clips(prompt: str) -> None:
    sound = compose(plan_clip(prompt), 2, seed=3)
    loudness = np.sqrt(np.mean(sound**2))

    assert sound.shape == (2, 2 * RATE)
    assert 0.02 < loudness < 0.3
    assert np.abs(sound).max() < 0.98
    assert np.abs(sound[:, [0, -1]]).max() < 0.001
    assert np.array_equal(sound, compose(plan_clip(prompt), 2, seed=3))


def test_own_sound_is_cut_or_padded_to_the_clip() -> None:
    short, long = own(wav(0.5), 2), own(wav(3), 2)

    assert short.shape == long.shape == (2, 2 * RATE)
    assert np.abs(short[:, RATE:]).max() == 0
    assert np.abs(long[:, RATE : RATE + 4800]).max() > 0.1


def test_what_is_no_sound_is_refused() -> None:
    for data in (b"text", photo()):
        with pytest.raises(UnreadableInputError, match="no audio"):
            own(data, 2)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def until_written(folder: Path) -> None:
    """Wait until another process has written a file there."""
    while not any(path.is_file() for path in files_in(folder)):
        threading.Event().wait(0.02)


async def test_a_cancelled_drawing_ends_its_process_and_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    drawing = asyncio.create_task(Studio().draw(Scene(image=photo(), short_side=1080, seconds=60)))
    await asyncio.to_thread(until_written, tmp_path)
    [worker] = multiprocessing.active_children()

    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    await asyncio.to_thread(worker.join)

    assert worker.exitcode == 0
    assert files_in(tmp_path) == []


async def test_a_studio_draws_in_another_process_and_brings_errors_back() -> None:
    studio = Studio()
    drawing = await studio.draw(Scene(image=photo(), prompt="orbit", short_side=90, seconds=0.5))

    assert drawing.plan.explain() == "orbit right x1; “orbit”"
    assert len(decoded(drawing.mp4)) == 12
    with pytest.raises(UnreadableInputError, match="no picture in 4 bytes"):
        await studio.draw(Scene(image=b"text"))
