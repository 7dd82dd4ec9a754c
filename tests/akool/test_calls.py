"""Each endpoint against a real socket: what leaves, to the byte, and what its answer reads as."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from akool.models import (
    AudioSupport,
    Balance,
    BatchAnswer,
    DeleteAnswer,
    Effect,
    ItemError,
    Model,
    Resolution,
    VendorClip,
    VendorStatus,
)
from tests.akool.conftest import KEY
from tests.akool.orders import AUDIO, BATCH, HOOK, PICTURE, SINGLE, TRACK
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from akool.client import AkoolClient

I2V = "/api/open/v4/image2Video"
LORA = "https://static.website-files.org/assets/Image_to_Video/Lora"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    call: Callable[[AkoolClient], Awaitable[object]]
    method: str
    target: str
    body: object
    value: object


def batch_clip(number: int) -> VendorClip:
    return VendorClip(
        id=f"689174694b4dbdd4ab3d28c{'9ab'[number]}",
        status=VendorStatus.QUEUED,
        deduction_credit=5,
        created_at=1754362985482 + number,
        resolution="720p",
        model="seedance-1-0-lite-i2v-250428",
        batch_id="1754362985482_101400",
        batch_count=3,
    )


def effect(name: str, code: str) -> Effect:
    return Effect(
        code=code, name=name, logo_url=f"{LORA}/{name}.png", video_url=f"{LORA}/{name}.mp4"
    )


SINGLE_BODY = {
    "image_url": PICTURE,
    "prompt": "the balloon rises",
    "negative_prompt": "blurry",
    "extend_prompt": True,
    "resolution": "4k",
    "audio_type": 2,
    "audio_url": TRACK,
    "video_length": 10,
    "is_premium_model": True,
    "effect_code": "squish_89244231312",
    "webhookurl": HOOK,
}
BATCH_BODY = {
    "image_url": PICTURE,
    "prompt": "the balloon rises",
    "model_name": "seedance-1-0-lite-i2v-250428",
    "negative_prompt": "blurry",
    "extend_prompt": False,
    "resolution": "1080P",
    "video_length": 5,
    "last_image_url": "https://example.invalid/last.png",
    "generate_audio": True,
    "count": 3,
    "webhookurl": HOOK,
}

ROWS = [
    Row(
        case="create_one",
        call=lambda client: client.create_one(SINGLE),
        method="POST",
        target=f"{I2V}/createBySourcePrompt",
        body=SINGLE_BODY,
        value=VendorClip(
            id="689174694b4dbdd4ab3d28c9",
            status=VendorStatus.QUEUED,
            deduction_credit=60,
            created_at=1754362985482,
            resolution="4k",
        ),
    ),
    Row(
        case="create_batch",
        call=lambda client: client.create_batch(BATCH),
        method="POST",
        target=f"{I2V}/createBySourcePrompt/batch",
        body=BATCH_BODY,
        value=BatchAnswer(created=(batch_clip(0), batch_clip(1), batch_clip(2))),
    ),
    Row(
        case="create_batch_partial",
        call=lambda client: client.create_batch(BATCH),
        method="POST",
        target=f"{I2V}/createBySourcePrompt/batch",
        body=BATCH_BODY,
        value=BatchAnswer(
            created=(batch_clip(0),),
            refused=(
                ItemError(code=1006, message="quota not enough"),
                ItemError(message="parameter validate error"),
            ),
        ),
    ),
    Row(
        case="create_batch_refused",
        call=lambda client: client.create_batch(BATCH),
        method="POST",
        target=f"{I2V}/createBySourcePrompt/batch",
        body=BATCH_BODY,
        value=BatchAnswer(refused=(ItemError(code=1003, message="parameter validate error"),)),
    ),
    Row(
        case="update_audio",
        call=lambda client: client.update_audio(AUDIO),
        method="POST",
        target=f"{I2V}/updateVideoAudio",
        body={"pre_video_id": "6891a07f5d612f78c9204f1c", "audio_type": 2, "audio_url": TRACK},
        value=VendorClip(
            id="6891a2295d612f78c9204f77",
            status=VendorStatus.QUEUED,
            deduction_credit=5,
            created_at=1754374697629,
            updated_at=1754374394023,
            duration=5.063,
            resolution="4k",
            pre_video_id="6891a07f5d612f78c9204f1c",
            only_add_audio=True,
        ),
    ),
    Row(
        case="results",
        call=lambda client: client.results(
            ["68919a464b4dbdd4ab3d3034", "6891abe782f7cd2a890c44ba"]
        ),
        method="POST",
        target=f"{I2V}/resultsByIds",
        body={"_ids": "68919a464b4dbdd4ab3d3034,6891abe782f7cd2a890c44ba"},
        value=(
            VendorClip(
                id="6891a2295d612f78c9204f77",
                status=VendorStatus.QUEUED,
                deduction_credit=5,
                created_at=1754374697629,
                updated_at=1754374394023,
                duration=5.063,
                resolution="4k",
                only_add_audio=True,
            ),
            VendorClip(
                id="6891abe782f7cd2a890c44ba",
                status=VendorStatus.COMPLETED,
                video_url="https://d2qf6ukcym4kn9.cloudfront.net/1754377291791-1423.mp4",
                deduction_credit=30,
                created_at=1754377191100,
                updated_at=1754377293090,
                duration=5.063,
                resolution="4k",
            ),
        ),
    ),
    Row(
        case="results_empty",
        call=lambda client: client.results(["68919a464b4dbdd4ab3d3034"]),
        method="POST",
        target=f"{I2V}/resultsByIds",
        body={"_ids": "68919a464b4dbdd4ab3d3034"},
        value=(),
    ),
    Row(
        case="delete",
        call=lambda client: client.delete(["6882f4c10529ae771e71531d", "6881cd86618fa41c89557b0c"]),
        method="POST",
        target=f"{I2V}/delbyids",
        body={"_ids": "6882f4c10529ae771e71531d,6881cd86618fa41c89557b0c"},
        value=DeleteAnswer(
            deleted=("6882f4c10529ae771e71531d",),
            kept=(
                ItemError(
                    message="video resource is processing, please try again later",
                    id="6881cd86618fa41c89557b0c",
                ),
            ),
        ),
    ),
    Row(
        case="effects",
        call=lambda client: client.effects(),
        method="GET",
        target=f"{I2V}/effects",
        body=None,
        value=(
            effect("Squish", "squish_89244231312"),
            effect("Cakeify", "cakeify_24743216"),
            effect("Samurai", "samurai_99757865"),
        ),
    ),
    Row(
        case="models",
        call=lambda client: client.models(),
        method="GET",
        target="/api/open/v4/aigModel/list?types%5B%5D=1501",
        body=None,
        value=(
            Model(
                value="AkoolImage2VideoFastV1",
                label="Akool Basic",
                sort=Decimal(100),
                provider="akool",
                group="own",
                resolutions=(
                    Resolution(
                        value="720p", label="720p", width=1280, height=720, unit_credit=Decimal(4)
                    ),
                ),
                durations=(5, 10),
                audio=AudioSupport(multiplier=Decimal("1.5")),
                extend_prompt=True,
                most_images=1,
                most_clips=4,
            ),
            Model(
                value="seedance-1-0-lite-i2v-250428",
                label="Seedance Lite",
                sort=Decimal(90),
                provider="seedance",
                group="third",
                pro=True,
                requires_pay=True,
                resolutions=(
                    Resolution(
                        value="480p", label="480p", width=854, height=480, unit_credit=Decimal(3)
                    ),
                    Resolution(
                        value="720p", label="720p", width=1280, height=720, unit_credit=Decimal(5)
                    ),
                    Resolution(
                        value="1080P",
                        label="1080p",
                        width=1920,
                        height=1080,
                        unit_credit=Decimal(10),
                    ),
                ),
                durations=(5, 10),
                last_frame=True,
                most_images=1,
                most_clips=10,
            ),
        ),
    ),
    Row(
        case="balance",
        call=lambda client: client.balance(),
        method="GET",
        target="/api/open/v3/faceswap/quota/info",
        body=None,
        value=Balance(credits=123),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
async def test_a_call_sends_what_the_vendor_documents_and_reads_its_answer(
    row: Row, client: AkoolClient, vendor: Vendor
) -> None:
    vendor.reply(sample(row.case))
    value = await row.call(client)
    (request,) = vendor.seen
    assert (request.method, request.target) == (row.method, row.target)
    assert request.headers["x-api-key"] == KEY
    assert "Authorization" not in request.headers
    if row.body is None:
        assert request.body == b""
    else:
        assert request.headers["Content-Type"] == "application/json"
        assert request.json == row.body
    assert value == row.value


async def test_the_raw_documents_stay_at_hand(client: AkoolClient, vendor: Vendor) -> None:
    vendor.reply(sample("create_one"))
    vendor.reply(sample("models"))
    clip = await client.create_one(SINGLE)
    first, _ = await client.models()
    assert clip.raw["effect_name"] == "Squish"
    assert first.raw["provider"] == "akool"
