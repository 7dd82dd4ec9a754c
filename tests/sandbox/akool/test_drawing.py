"""The emulator with its animator switched on: real pictures in, real clips out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
from PIL import Image, ImageChops

from sandbox.akool_api.canned import sample_picture
from tests.sandbox.akool.lab import AUDIO, EFFECTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.sandbox.akool.lab import Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]


async def streams(lab: Lab, url: str) -> dict[str, str | int]:
    async with lab.session.get(url) as answer:
        body = await answer.read()
    with av.open(io.BytesIO(body), "r") as video:
        picture = video.streams.video[0].codec_context
        return {
            "codecs": "+".join(one.codec_context.name for one in video.streams),
            "width": picture.width,
            "height": picture.height,
            "seconds": (video.duration or 0) // 1_000_000,
        }


async def test_a_clip_and_its_soundtrack_are_really_drawn(open_lab: OpenLab) -> None:
    async with open_lab(drawing=True) as lab:
        item = await lab.finished(
            model_name="seedance-1-0-lite-i2v-250428", resolution="480p", prompt="orbit, rain"
        )
        silent = await streams(lab, item["video_url"])
        body = {"pre_video_id": item["_id"], "audio_type": 1}
        job = (await lab.call(AUDIO, body))["data"]
        await lab.emulator.idle()
        [sounding] = await lab.results(job["_id"])

        assert silent == {"codecs": "h264", "width": 854, "height": 480, "seconds": 5}
        assert await streams(lab, sounding["video_url"]) == silent | {"codecs": "h264+aac"}
        assert "orbit right" in lab.emulator.store.clips[item["_id"]].plan


async def test_previews_of_effects_are_drawn_once(open_lab: OpenLab) -> None:
    async with open_lab(drawing=True) as lab:
        url = (await lab.call(EFFECTS))["data"]["result"][0]["video_url"]
        first = await streams(lab, url)

        assert first == {"codecs": "h264", "width": 320, "height": 320, "seconds": 2}
        assert await streams(lab, url) == first


async def test_the_still_of_an_effect_shows_what_it_does(open_lab: OpenLab) -> None:
    async with open_lab(drawing=True) as lab:
        effect = (await lab.call(EFFECTS))["data"]["result"][1]
        async with lab.session.get(effect["logo"]) as answer:
            still = Image.open(io.BytesIO(await answer.read()))

    sample = Image.open(io.BytesIO(sample_picture(effect["name"])))
    changed = ImageChops.difference(still.convert("RGB"), sample).getbbox()
    assert still.size == sample.size
    assert changed is not None
    assert changed[3] - changed[1] > 250  # cut from top to bottom
