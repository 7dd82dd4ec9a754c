"""The chart is a readable PNG, drawn in the worker process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from jobs.usage import Bars, Series
from media.chart import COLOURS, PAPER, draw_bars
from media.painter import ChartPainter
from media.worker import JobSeconds, MediaWorker

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = tuple(f"11-{day:02}" for day in range(1, 31))


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def drawn(*series: tuple[str, Sequence[int]]) -> Image.Image:
    whole = tuple((name, tuple(values)) for name, values in series)
    return opened(draw_bars("Credits by day", "credits", LABELS, whole))


def colour(code: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(code.lstrip("#"))
    return red, green, blue


def pixels(image: Image.Image, code: str) -> int:
    counted = image.getcolors(maxcolors=2**24)
    assert counted is not None
    return next((n for n, seen in counted if seen == colour(code)), 0)


def test_a_bar_twice_as_high_covers_twice_the_ground() -> None:
    image = drawn(("one", [10] * 30), ("two", [20] * 30))
    assert pixels(image, COLOURS[1]) / pixels(image, COLOURS[0]) == pytest.approx(2, rel=0.15)


def test_it_brings_its_own_background_for_both_themes() -> None:
    image = drawn(("one", [10] * 30))
    corners = [image.getpixel(at) for at in ((0, 0), (image.width - 1, image.height - 1))]
    assert corners == [colour(PAPER)] * 2


def test_a_name_is_never_read_as_mathematics() -> None:
    assert drawn((r"$\frac{1}{0}$ $x", [1] * 30)).width > 800


@pytest.mark.parametrize("days", [1, 7, 92])
def test_any_number_of_days_is_drawn(days: int) -> None:
    labels = tuple(str(n) for n in range(days))
    png = draw_bars("t", "u", labels, (("m", tuple(range(days))),))
    assert (opened(png).format, len(png) < 150_000) == (None, True)


async def test_the_worker_process_draws_it() -> None:
    bars = Bars(
        title="t", unit="u", labels=LABELS, series=(Series(name="m", credits=tuple(range(30))),)
    )
    async with MediaWorker() as worker:
        png = await ChartPainter(worker).draw(bars)
    assert png is not None
    assert png.startswith(b"\x89PNG")


async def test_a_chart_that_takes_too_long_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    bars = Bars(title="t", unit="u", labels=LABELS, series=())
    async with MediaWorker(seconds=JobSeconds(draw_bars=0.001)) as worker:
        assert await ChartPainter(worker).draw(bars) is None
    assert "JobTimedOut" in caplog.text
