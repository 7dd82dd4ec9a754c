"""The engine's port, played through to the vendor's socket and back."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from akool.client import AkoolClient
from akool.credentials import ApiKey
from akool.renderer import AkoolRenderer
from billing.prices import Endpoint
from jobs.ports import (
    AccountBlocked,
    InDoubt,
    Made,
    MadeClip,
    NothingMade,
    Renderer,
    RenderRequest,
    RequestRefused,
    SubmitOutcome,
)
from tests.akool.conftest import KEY
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    import aiohttp

    from akool.download import Downloader

BATCH = RenderRequest(
    endpoint=Endpoint.BATCH,
    model="seedance-1-0-lite-i2v-250428",
    image_link="https://example.invalid/picture.png",
    prompt="the balloon rises",
    avoid="blurry",
    resolution="720p",
    seconds=5,
    count=3,
    last_image_link="https://example.invalid/last.png",
    sound=True,
    webhook_link="https://example.invalid/hook/1",
)
SINGLE = RenderRequest(
    endpoint=Endpoint.SINGLE,
    model="",
    image_link="https://example.invalid/picture.png",
    prompt="the balloon rises",
    avoid="",
    resolution="4k",
    seconds=10,
    effect_code="squish_89244231312",
    audio_link="https://example.invalid/track.mp3",
    fast=True,
)
SOUND = RenderRequest(
    endpoint=Endpoint.SOUNDTRACK,
    model="",
    image_link="",
    prompt="",
    avoid="",
    resolution="4k",
    seconds=5,
    sound=True,
    source_id="6891a07f5d612f78c9204f1c",
    webhook_link="https://example.invalid/hook/1",
)


async def test_a_batch_is_asked_for_in_full(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(sample("create_batch"))
    assert await renderer.submit(BATCH) == Made(
        clips=tuple(MadeClip(vendor_id=f"689174694b4dbdd4ab3d28c{i}", cost=5) for i in "9ab")
    )
    assert vendor.seen[0].json == {
        "image_url": "https://example.invalid/picture.png",
        "prompt": "the balloon rises",
        "model_name": "seedance-1-0-lite-i2v-250428",
        "negative_prompt": "blurry",
        "resolution": "720p",
        "video_length": 5,
        "last_image_url": "https://example.invalid/last.png",
        "generate_audio": True,
        "count": 3,
        "webhookurl": "https://example.invalid/hook/1",
    }


async def test_a_plain_batch_says_no_to_sound(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(sample("create_batch"))
    plain = replace(BATCH, avoid="", last_image_link="", sound=False, webhook_link="", count=1)
    await renderer.submit(plain)
    assert vendor.seen[0].json == {
        "image_url": "https://example.invalid/picture.png",
        "prompt": "the balloon rises",
        "model_name": "seedance-1-0-lite-i2v-250428",
        "resolution": "720p",
        "video_length": 5,
        "generate_audio": False,
        "count": 1,
    }


async def test_refused_clips_of_a_batch_carry_the_vendors_words(
    renderer: Renderer, vendor: Vendor
) -> None:
    vendor.reply_json(
        {
            "code": 1000,
            "data": {
                "successList": [{"_id": "a"}],
                "errorList": ["no face", {"code": 1006}, {"odd": 1}],
            },
        }
    )
    assert await renderer.submit(BATCH) == Made(
        clips=(MadeClip(vendor_id="a", cost=None),),
        refused=("no face", "code 1006", "no reason given"),
    )


@pytest.mark.parametrize(
    ("request_", "audio"),
    [
        (SINGLE, {"audio_type": 2, "audio_url": "https://example.invalid/track.mp3"}),
        (replace(SINGLE, audio_link="", sound=True), {"audio_type": 1}),
        (replace(SINGLE, audio_link=""), {"audio_type": 3}),
    ],
)
async def test_an_effect_is_asked_for_with_its_sound(
    request_: RenderRequest, audio: dict[str, object], renderer: Renderer, vendor: Vendor
) -> None:
    vendor.reply(sample("create_one"))
    assert await renderer.submit(request_) == Made(
        clips=(MadeClip(vendor_id="689174694b4dbdd4ab3d28c9", cost=60),)
    )
    assert (
        vendor.seen[0].json
        == {
            "image_url": "https://example.invalid/picture.png",
            "prompt": "the balloon rises",
            "negative_prompt": "",
            "resolution": "4k",
            "video_length": 10,
            "is_premium_model": True,
            "effect_code": "squish_89244231312",
        }
        | audio
    )


@pytest.mark.parametrize(
    "request_",
    [
        replace(BATCH, count=0),
        replace(BATCH, count=11),
        replace(SINGLE, count=2),
        replace(BATCH, endpoint=Endpoint.SOUNDTRACK),
        replace(SOUND, sound=False),
    ],
)
async def test_a_request_that_cannot_be_put_is_refused_and_never_sent(
    request_: RenderRequest, renderer: Renderer, vendor: Vendor
) -> None:
    assert isinstance(await renderer.submit(request_), RequestRefused)
    assert vendor.seen == []


# DESIGN's outcome table, row by row.
OUTCOMES: list[tuple[int, object, SubmitOutcome]] = [
    (429, {"message": "slow"}, NothingMade(note="too many calls, HTTP 429")),
    (200, {"code": 1005}, NothingMade(note="too many calls, code 1005, HTTP 200")),
    (200, {"code": 1006, "msg": "x"}, AccountBlocked(
        note="the account's quota is used up, code 1006, HTTP 200")),
    (200, {"code": 1104}, AccountBlocked(
        note="the account has too few credits, code 1104, HTTP 200")),
    (200, {"code": 1101}, AccountBlocked(
        note="the key or token is not valid, code 1101, HTTP 200")),
    (200, {"code": 1102}, AccountBlocked(
        note="the key or token is missing, code 1102, HTTP 200")),
    (200, {"code": 1103}, AccountBlocked(
        note="the account is not paid for, code 1103, HTTP 200")),
    (200, {"code": 1109}, AccountBlocked(
        note="the account does not exist, code 1109, HTTP 200")),
    (200, {"code": 1200}, AccountBlocked(note="the account is banned, code 1200, HTTP 200")),
    (200, {"code": 1003, "msg": "no such model"}, RequestRefused(note="no such model")),
    (200, {"code": 1299}, RequestRefused(note="the vendor refused, code 1299, HTTP 200")),
    (200, {"code": 1015}, InDoubt(
        note="the vendor failed while making the video, code 1015, HTTP 200")),
    (200, {"code": 1205}, InDoubt(
        note="the vendor failed while creating the video, code 1205, HTTP 200")),
    (502, "<html>", InDoubt(note="the vendor's server failed, HTTP 502")),
    (200, "<html>", InDoubt(note="the answer can't be read, HTTP 200")),
    (200, {"code": 1000, "data": {}}, InDoubt(
        note="the answer can't be read, code 1000, HTTP 200")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "sent"),
    [
        (SOUND, {"pre_video_id": SOUND.source_id, "audio_type": 1}),
        (
            replace(SOUND, sound=False, audio_link="https://example.invalid/a.mp3"),
            {
                "pre_video_id": SOUND.source_id,
                "audio_type": 2,
                "audio_url": "https://example.invalid/a.mp3",
            },
        ),
    ],
    ids=["the vendor's sound", "an own track"],
)
async def test_sound_for_a_clip_is_asked_for_and_makes_a_clip_of_its_own(
    request_: RenderRequest, sent: dict[str, object], renderer: Renderer, vendor: Vendor
) -> None:
    vendor.reply(sample("update_audio"))
    made = MadeClip(vendor_id="6891a2295d612f78c9204f77", cost=5)
    assert await renderer.submit(request_) == Made(clips=(made,))
    assert [one.json for one in vendor.seen] == [sent]


async def test_the_source_s_own_id_in_the_answer_is_no_new_clip(
    renderer: Renderer, vendor: Vendor
) -> None:
    vendor.reply(sample("update_audio"))
    own = replace(SOUND, source_id="6891a2295d612f78c9204f77")
    assert isinstance(await renderer.submit(own), InDoubt)


@pytest.mark.parametrize("request_", [BATCH, SINGLE, SOUND], ids=["batch", "single", "sound"])
@pytest.mark.parametrize(("status", "content", "outcome"), OUTCOMES)
async def test_an_answer_without_clips_is_the_outcome_that_the_table_says(
    status: int,
    content: object,
    outcome: SubmitOutcome,
    request_: RenderRequest,
    renderer: Renderer,
    vendor: Vendor,
) -> None:
    vendor.reply_json(content, status)
    assert await renderer.submit(request_) == outcome
    assert len(vendor.seen) == 1


async def test_the_vendors_wish_to_wait_is_passed_on(renderer: Renderer, vendor: Vendor) -> None:
    vendor.reply(b"{}", 429, {"Retry-After": "7"})
    assert await renderer.submit(BATCH) == NothingMade(
        note="too many calls, HTTP 429", retry_after=7.0
    )


async def test_a_request_that_finds_nobody_made_nothing(
    session: aiohttp.ClientSession, downloader: Downloader
) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{one.getsockname()[1]}"
    renderer = AkoolRenderer(AkoolClient(session, url, ApiKey(KEY)), downloader)
    assert await renderer.submit(BATCH) == NothingMade(note="no connection")


async def test_a_request_without_an_answer_is_in_doubt(
    hasty_client: AkoolClient, downloader: Downloader, vendor: Vendor
) -> None:
    renderer = AkoolRenderer(hasty_client, downloader)
    vendor.never_answer()
    assert await renderer.submit(BATCH) == InDoubt(note="no answer in time")
    vendor.hang_up()
    assert await renderer.submit(BATCH) == InDoubt(note="the connection was lost")
    assert len(vendor.seen) == 2
