"""What the drawn frames show: smooth moves, no edges, both ends of a morph, effects."""

from __future__ import annotations

import dataclasses
import io
import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from sandbox.animator.camera import Camera, Layer
from sandbox.animator.picture import frame_size, half_of, open_picture
from sandbox.animator.plan import Effect, Move, plan_clip
from sandbox.animator.scene import Scene, UnreadableInputError
from tests.sandbox.animator.pictures import encoded, frames_of, likeness, photo

if TYPE_CHECKING:
    from cv2.typing import MatLike

Frame = npt.NDArray[np.uint8]

DOTS = [(x, y) for x in (220, 350, 480, 610) for y in (150, 225, 300)]


def dotted(width: int = 800, height: int = 450) -> bytes:
    down, across = np.mgrid[0:height, 0:width]
    levels = np.full((height, width), 20.0)
    for x, y in DOTS:
        levels += 220 * np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * 3.5**2))
    return encoded(np.dstack([np.clip(levels, 0, 255)] * 3))


def centre_near(frame: Frame, x: float, y: float, reach: int = 12) -> tuple[float, float]:
    left, top = round(x) - reach, round(y) - reach
    window = frame[top : top + 2 * reach + 1, left : left + 2 * reach + 1, 0].astype(float)
    weight = np.clip(window - 30, 0, None)
    down, across = np.mgrid[0 : window.shape[0], 0 : window.shape[1]]
    total = weight.sum()
    return left + (across * weight).sum() / total, top + (down * weight).sum() / total


def dots_in(frame: Frame) -> list[tuple[float, float]]:
    """Return the centres of the dots that are well inside the frame."""
    bright = (frame[..., 0] > 60).astype(np.uint8)
    centres = cv2.connectedComponentsWithStats(bright)[3][1:]
    height, width = bright.shape
    return [(x, y) for x, y in centres if 70 < x < width - 70 and 60 < y < height - 60]


@pytest.mark.parametrize("prompt", ["push in", "pan left", "orbit", "pull out slowly, tilt up"])
def test_moves_are_smooth_to_a_twentieth_of_a_pixel(prompt: str) -> None:
    frames = frames_of(Scene(image=dotted(), prompt=prompt, short_side=360, seconds=2.5))
    times = np.linspace(-1, 1, len(frames))
    residuals, lengths = [], []
    for place in dots_in(np.asarray(frames[0])):
        track = [place]
        for frame in frames[1:]:
            track.append(centre_near(np.asarray(frame), *track[-1]))
        path = np.array(track[1:])
        fit = np.polynomial.polynomial.polyfit(times[1:], path, 6)
        residuals.append(path - np.polynomial.polynomial.polyval(times[1:], fit).T)
        lengths.append(float(np.linalg.norm(path[-1] - path[0])))

    assert len(lengths) >= 4
    assert max(lengths) > 5
    assert np.sqrt(np.mean(np.square(np.concatenate(residuals)))) < 0.05


@pytest.mark.parametrize("move", list(Move))
def test_no_move_shows_the_edge_of_the_picture(move: Move) -> None:
    plan = dataclasses.replace(plan_clip("dramatic"), moves=(move,))
    picture = open_picture(photo())
    size = frame_size(picture, 180)
    camera, layer = Camera(plan, size, returns=False), Layer(picture, size)
    cover = camera.cover(layer)
    half = half_of(size) + 0.5 / 180

    assert cover < 1.4
    for time in np.linspace(0, 1, 9):
        inner = camera.seen(layer, float(time), cover)[1:-1, 1:-1]
        assert np.all(np.abs(inner) <= half)


def test_panning_right_shows_more_of_the_right() -> None:
    picture = np.zeros((180, 320, 3))
    picture[:, 160:] = 255
    brightness = {}
    for side in ("left", "right"):
        frames = frames_of(
            Scene(image=encoded(picture), prompt=f"pan {side}", short_side=180, seconds=1)
        )
        brightness[side] = [float(np.mean(frame)) for frame in (frames[0], frames[-1])]

    assert brightness["right"][0] < brightness["right"][1]
    assert brightness["left"][0] > brightness["left"][1]


def test_tilting_up_shows_more_of_the_top() -> None:
    picture = np.zeros((180, 320, 3))
    picture[:90] = 255
    frames = frames_of(Scene(image=encoded(picture), prompt="tilt up", short_side=180, seconds=1))

    assert np.mean(frames[0]) < np.mean(frames[-1])


def test_a_still_camera_shows_the_whole_picture_all_the_time() -> None:
    frames = frames_of(Scene(image=photo(), prompt="static camera", short_side=270, seconds=0.5))
    whole = open_picture(photo())

    assert all(np.array_equal(one, two) for one, two in itertools.pairwise(frames))
    assert likeness(frames[0], whole) > 45


@pytest.mark.parametrize("seed", [1, 5])
def test_a_last_frame_leads_from_the_whole_first_picture_to_the_whole_last(seed: int) -> None:
    last = photo(300, 300, seed=seed) if seed == 5 else photo(seed=seed)
    frames = frames_of(
        Scene(image=photo(), last_image=last, prompt="push in", short_side=270, seconds=1)
    )
    height, width = frames[0].shape[:2]
    end = open_picture(last)
    if seed == 5:
        crop = round(300 * height / width)
        end = end[(300 - crop) // 2 : (300 + crop) // 2]
    end = cv2.resize(end, (width, height), interpolation=cv2.INTER_LANCZOS4)

    assert likeness(frames[0], open_picture(photo())) > 40
    assert likeness(frames[-1], end) > 33


def test_pictures_of_one_scene_are_led_along_their_motion() -> None:
    wide = np.asarray(open_picture(photo(520, 270)))
    first, halfway, last = (np.ascontiguousarray(wide[:, at : at + 480]) for at in (0, 10, 20))
    frames = frames_of(
        Scene(
            image=encoded(first[..., ::-1]),
            last_image=encoded(last[..., ::-1]),
            prompt="static camera",
            short_side=270,
            seconds=25 / 24,
        )
    )
    camera = Camera(plan_clip("static camera"), (480, 270), returns=True)

    def seen(picture: MatLike) -> MatLike:
        layer = Layer(picture, (480, 270))
        return layer.look(camera.seen(layer, 0.5, 1.06))[20:-20, 30:-30]

    dissolved = cv2.addWeighted(seen(first), 0.5, seen(last), 0.5, 0)
    middle = frames[12][20:-20, 30:-30]
    assert likeness(middle, seen(halfway)) > likeness(dissolved, seen(halfway)) + 3


@pytest.mark.parametrize("effect", list(Effect))
def test_an_effect_begins_with_the_picture_and_changes_it(effect: Effect) -> None:
    scene = Scene(image=photo(), effect=effect, short_side=180, seconds=1)
    plain = frames_of(Scene(image=photo(), prompt="static camera", short_side=180, seconds=1))
    frames = frames_of(scene)

    assert likeness(frames[0], plain[0]) > 30
    assert likeness(frames[-1], plain[-1]) < 22
    assert {frame.shape for frame in frames} == {(180, 320, 3)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}


@pytest.mark.parametrize(
    ("picture", "short_side", "size"),
    [
        ((1600, 1200), 720, (960, 720)),
        ((1200, 1600), 720, (720, 960)),
        ((1920, 1080), 2160, (3840, 2160)),
        ((1000, 1000), 1080, (1080, 1080)),
        ((333, 500), 720, (720, 1082)),
        ((3000, 300), 720, (1728, 172)),
        ((1, 1), 720, (720, 720)),
    ],
)
def test_the_size_follows_the_picture_not_the_label(
    picture: tuple[int, int], short_side: int, size: tuple[int, int]
) -> None:
    assert frame_size(np.zeros((picture[1], picture[0], 3), np.uint8), short_side) == size


def test_pictures_of_any_kind_are_opened_upright_on_white() -> None:
    clear = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
    deep = Image.fromarray(np.full((30, 40), 32768, np.uint16))
    turned = Image.new("RGB", (40, 30), "blue")
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = []
    for image, options in ((clear, {}), (deep, {}), (turned, {"exif": exif})):
        memory = io.BytesIO()
        image.save(memory, "PNG", **options)
        shown.append(open_picture(memory.getvalue()))

    assert shown[0][0, 0].tolist() == [255, 255, 255]
    assert shown[1][0, 0].tolist() == [127, 127, 127]
    assert (shown[2].shape, shown[2][0, 0].tolist()) == ((40, 30, 3), [255, 0, 0])


def test_what_is_no_picture_or_too_large_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="no picture in 4 bytes"):
        open_picture(b"text")
    memory = io.BytesIO()
    Image.new("1", (9000, 8000)).save(memory, "PNG")
    with pytest.raises(UnreadableInputError, match="9000x8000"):
        open_picture(memory.getvalue())


def test_a_tiny_picture_can_be_drawn() -> None:
    frames = frames_of(
        Scene(image=encoded(np.zeros((1, 1, 3))), prompt="orbit", short_side=64, seconds=0.2)
    )

    assert frames[0].shape == (64, 64, 3)
