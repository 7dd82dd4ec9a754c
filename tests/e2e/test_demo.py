"""`python -m sandbox demo`: what it prints, and that whatever is wrong ends it with a sentence."""

from __future__ import annotations

import asyncio
import io
import re
from typing import TYPE_CHECKING

import av
import pytest
from av.video.stream import VideoStream

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint
from sandbox.demo import DemoFailedError, Narrator, demo, describe, keep, play
from sandbox.discord_api.faults import Fault, FaultKind
from sandbox.studio import BotDiedError, Studio, StudioSettings
from sandbox.watch import LOOK, Watch, When
from tests.e2e.stage import FAST, PATIENCE_S, QUICK, described
from tests.openapi import needs_description

if TYPE_CHECKING:
    from pathlib import Path

RAW = re.compile(r"<t:|<@|<#|\*\*|^\s*-# |`", re.MULTILINE)


def settings(**variables: str) -> StudioSettings:
    return StudioSettings(vendor=QUICK, variables=FAST | variables)


async def test_the_demo_tells_its_story_and_writes_the_video(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out" / "animate.mp4"
    assert await demo(output=output) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert RAW.findall(told.out) == []
    lines = [line.strip() for line in told.out.splitlines()]
    typed = next(line for line in lines if line.startswith("Alice used /animate"))
    assert re.fullmatch(r"Alice used /animate image:coffee\.png prompt:A slow push in .*", typed)
    for wanted in (
        r"\[.*\] The bot is connected\.",
        r"\[.*\] +… still rendering",
        r"\[.*\] The card: Order #\w+ for @Alice: rendering.*",
        r"Muybridge: @Alice, here is your clip\.",
        r"Quote: +20 credits at most",
        r"Charge: +4 credits, .*",
        r"Wallet before: +100 credits to spend",
        r"Wallet after: +96 credits to spend",
        rf"Video: +{re.escape(str(output))} \(1080x720, 5\.0 s, H\.264, \d\.\d MB\)",
    ):
        assert any(re.fullmatch(wanted, line) for line in lines), wanted
    with av.open(str(output)) as video:
        assert video.streams.video[0].codec_context.name == "h264"


@needs_description
async def test_every_request_of_the_demo_is_as_discord_describes_it(tmp_path: Path) -> None:
    async with Studio(tmp_path, settings()) as studio:
        await play(studio, Narrator())
        assert len(studio.discord.requests) >= 12
        assert described(studio) == []


async def test_a_bot_that_ends_at_its_start_ends_the_demo_with_its_last_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await demo(settings(POLL_SECONDS="often"), tmp_path / "x.mp4") == 1
    said = capsys.readouterr().err
    assert "The demo failed: the bot ended with exit code 78" in said
    assert "POLL_SECONDS: expected a number" in said


async def test_a_video_that_can_not_be_written_ends_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert await demo(settings(), blocked / "animate.mp4") == 1
    said = capsys.readouterr().err
    assert said.startswith("The demo failed: ")
    assert str(blocked) in said


async def test_a_bot_that_dies_on_the_way_ends_the_demo(tmp_path: Path) -> None:
    watch = Watch()
    chosen = StudioSettings(vendor=QUICK, variables=FAST, middlewares=(watch.middleware,))
    async with Studio(tmp_path, chosen) as studio:
        watch.at(LOOK, When.ARRIVES, studio.bot.kill)
        with pytest.raises(BotDiedError, match="exit code -9"):
            await play(studio, Narrator())


async def test_a_bot_that_lacks_a_package_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import a_package_that_was_lost")
    studio = Studio(tmp_path, StudioSettings(program=broken))
    with pytest.raises(BotDiedError, match="a_package_that_was_lost'\nA package is missing: `make"):
        await studio.__aenter__()


@pytest.mark.parametrize(
    ("fault", "how", "sentence"),
    [
        (VendorFault.FAILS, {}, r"no video came; the bot said: @Alice, no video came of order .*"),
        (VendorFault.DROP_AFTER, {}, r"no video came; the bot said: @Alice, no video came .*"),
        (
            VendorFault.COSTS_MORE_LATER,
            {"value": 30},
            r"Akool took 34 credits for 1 paid requests, and Alice paid 20; .*",
        ),
    ],
    ids=["failed clip", "lost reply", "wrong charge"],
)
async def test_what_goes_wrong_at_the_vendor_ends_the_demo(
    fault: VendorFault, how: dict[str, int], sentence: str, tmp_path: Path
) -> None:
    async with Studio(tmp_path, settings()) as studio:
        studio.akool.faults.add(fault, Endpoint.BATCH, **how)
        with pytest.raises(DemoFailedError) as failed:
            await play(studio, Narrator())
    assert re.fullmatch(sentence, str(failed.value))


async def test_a_refusal_ends_the_demo(tmp_path: Path) -> None:
    async with Studio(tmp_path, settings(DEFAULT_ALLOWANCE="3")) as studio:
        with pytest.raises(DemoFailedError, match="the bot took no order; it said: This costs 20"):
            await play(studio, Narrator())


async def test_a_bot_that_does_not_answer_ends_the_demo(tmp_path: Path) -> None:
    async with Studio(tmp_path, settings()) as studio:
        lost = Fault(kind=FaultKind.ERROR, path="/interactions/*/callback", status=404, code=10062)
        studio.discord.faults.add(lost)
        playing = asyncio.create_task(play(studio, Narrator()))
        await studio.discord.pulse.until(
            lambda: True if studio.discord.faults.struck else None, PATIENCE_S
        )
        studio.discord.skip(3)
        with pytest.raises(DemoFailedError, match="did not answer /credits within three seconds"):
            await playing


async def test_a_vendor_that_would_complain_ends_the_demo(tmp_path: Path) -> None:
    async with Studio(tmp_path, settings()) as studio:
        studio.akool.complaints.append("batch: field 'colour' is not documented here")
        with pytest.raises(DemoFailedError, match="Akool would complain: batch: field 'colour'"):
            await play(studio, Narrator())


def encoded(codec: str, seconds: int) -> bytes:
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=8)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        for _ in range(8 * seconds):
            container.mux(stream.encode(av.VideoFrame(128, 72, "yuv420p")))
        container.mux(stream.encode(None))
    return written.getvalue()


@pytest.mark.parametrize(
    ("video", "sentence"),
    [
        (encoded("mpeg4", 5), "the video is mpeg4 of 5.0 s, expected h264 of 5 s"),
        (encoded("libx264", 1), "the video is h264 of 1.0 s, expected h264 of 5 s"),
        (b"<html>gone</html>", "the posted file is no video"),
    ],
    ids=["codec", "length", "page"],
)
def test_a_file_that_is_not_the_promised_video_is_not_kept(
    video: bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(DemoFailedError, match=re.escape(sentence)):
        keep(video, tmp_path / "animate.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_good_file_is_described() -> None:
    described_as = describe(encoded("libx264", 5))
    assert re.fullmatch(r"128x72, 5\.0 s, H\.264, 0\.[01] MB", described_as), described_as
