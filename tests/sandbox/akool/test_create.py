"""What the emulated vendor accepts, refuses, charges and complains of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.settings import Endpoint
from tests.sandbox.akool.lab import BATCH, CREATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.sandbox.akool.lab import Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]

SEEDANCE = "seedance-1-0-lite-i2v-250428"
HAILUO = "MiniMax-Hailuo-2.3/image-to-video"
WAN = "alibaba/wan2.5-i2v-preview"


async def test_a_single_create_answers_the_documented_fields(lab: Lab) -> None:
    job = await lab.single(effect_code="squish_89244231312", extend_prompt=True)

    assert len(job.pop("_id")) == 24
    assert job == {
        "create_time": lab.clock.now(),
        "uid": 101400,
        "team_id": "6805fb69e92d9edc7ca0b409",
        "status": 1,
        "webhookUrl": "",
        "resolution": "720p",
        "file_name": "Image2Video_Animate this image with .mp4",
        "effect_name": "Squish",
        "image_url": f"{lab.outside.base}/a.png",
        "prompt": "Animate this image with smooth camera movement",
        "negative_prompt": "",
        "extend_prompt": True,
        "audio_type": 3,
        "audio_url": "",
        "deduction_credit": 20,
        "effect_code": "squish_89244231312",
    }
    assert lab.emulator.complaints == []


async def test_an_id_begins_with_its_second_in_hexadecimal(lab: Lab) -> None:
    job = await lab.single()

    assert int(job["_id"][:8], 16) == job["create_time"] // 1000


@pytest.mark.parametrize(
    ("resolution", "seconds", "credits_"),
    [("720p", 5, 20), ("1080p", 5, 25), ("4k", 5, 30), ("720p", 10, 40), ("4k", 10, 60)],
)
async def test_a_single_create_costs_what_the_table_says(
    lab: Lab, resolution: str, seconds: int, credits_: int
) -> None:
    job = await lab.single(resolution=resolution, video_length=seconds)

    assert job["deduction_credit"] == credits_


async def test_a_batch_lists_one_charged_job_for_each_clip(lab: Lab) -> None:
    before = await lab.balance()
    jobs = await lab.batch(model_name=SEEDANCE, count=3, last_image_url=f"{lab.outside.base}/z.png")

    assert len({job["_id"] for job in jobs}) == 3
    assert [job["deduction_credit"] for job in jobs] == [5, 5, 5]
    assert {job["batch_id"] for job in jobs} == {f"{jobs[0]['create_time']}_101400"}
    assert {job["batch_count"] for job in jobs} == {3}
    assert {job["model_name"] for job in jobs} == {SEEDANCE}
    assert "audio_type" not in jobs[0]
    assert await lab.balance() == before - 15
    assert lab.emulator.complaints == []


@pytest.mark.parametrize(
    ("order", "credits_"),
    [
        ({"model_name": SEEDANCE, "resolution": "480p"}, 3),
        ({"model_name": SEEDANCE, "resolution": "1080p", "video_length": 10}, 20),
        ({"model_name": HAILUO, "resolution": "768P", "video_length": 6}, 12),
        ({"model_name": "AkoolImage2VideoHDV1", "generate_audio": True}, 16),
        ({"model_name": WAN, "resolution": "1280x720"}, 14),
        ({"model_name": SEEDANCE, "generate_audio": True}, 5),
    ],
)
async def test_a_batch_costs_unit_credits_per_five_seconds(
    lab: Lab, order: dict[str, object], credits_: int
) -> None:
    [job] = await lab.batch(**order)

    assert job["deduction_credit"] == credits_


async def test_prices_can_be_set_per_endpoint_and_model(open_lab: OpenLab) -> None:
    prices = {(Endpoint.CREATE, ""): 100, (Endpoint.BATCH, SEEDANCE): 7}
    async with open_lab(prices=prices) as lab:
        assert (await lab.single())["deduction_credit"] == 100
        assert (await lab.batch(model_name=SEEDANCE))[0]["deduction_credit"] == 7
        assert (await lab.batch())[0]["deduction_credit"] == 4


@pytest.mark.parametrize(
    "fault",
    [
        {"image_url": None},
        {"image_url": ""},
        {"image_url": 5},
        {"image_url": "ftp://127.0.0.1/a.png"},
        {"prompt": None},
        {"negative_prompt": None},
        {"resolution": "480p"},
        {"resolution": "720P"},
        {"audio_type": None},
        {"audio_type": "1"},
        {"audio_type": 4},
        {"audio_type": True},
        {"audio_type": 2},
        {"video_length": 6},
        {"video_length": "5"},
        {"extend_prompt": "true"},
        {"is_premium_model": 1},
        {"effect_code": "unknown_1"},
    ],
)
async def test_a_faulty_single_create_is_refused_and_free(
    lab: Lab, fault: dict[str, object]
) -> None:
    before = await lab.balance()
    answer = await lab.call(CREATE, lab.single_body(**fault))

    assert answer["code"] == 1003
    assert await lab.balance() == before
    assert lab.emulator.bill == []
    assert lab.emulator.complaints == [f"create: refused, {answer['msg']}"]


@pytest.mark.parametrize(
    "fault",
    [
        {"image_url": None},
        {"prompt": ""},
        {"model_name": "no-such-model"},
        {"resolution": "480p"},
        {"model_name": HAILUO, "resolution": "768p", "video_length": 6},
        {"model_name": HAILUO, "resolution": "768P", "video_length": 5},
        {"count": 0},
        {"count": 11, "model_name": SEEDANCE},
        {"count": 5},
        {"count": 2.0},
        {"last_image_url": "http://127.0.0.1/z.png"},
        {"generate_audio": "yes"},
        {"model_name": WAN, "resolution": "1280x720", "generate_audio": False},
    ],
)
async def test_a_faulty_batch_is_refused_and_free(lab: Lab, fault: dict[str, object]) -> None:
    answer = await lab.call(BATCH, lab.batch_body(**fault))

    assert answer["code"] == 1003
    assert lab.emulator.bill == []


async def test_a_link_off_this_machine_is_refused_and_the_answer_says_so(lab: Lab) -> None:
    for name in ("image_url", "webhookurl"):
        answer = await lab.call(BATCH, lab.batch_body(**{name: "https://example.com/a.png"}))

        assert answer["code"] == 1003
        assert "loopback only, not 'example.com'" in answer["msg"]


async def test_fields_of_the_other_dialect_are_accepted_but_complained_of(lab: Lab) -> None:
    await lab.batch(effect_code="squish_89244231312", audio_type="1", webhookUrl="http://x")
    await lab.single(model_name=SEEDANCE, count=2)

    assert lab.emulator.complaints == [
        "batch: field 'effect_code' is not documented here",
        "batch: field 'audio_type' is not documented here",
        "batch: field 'webhookUrl' is not documented here",
        "create: field 'model_name' is not documented here",
        "create: field 'count' is not documented here",
    ]


async def test_wishes_that_the_vendor_ignores_are_complained_of(lab: Lab) -> None:
    await lab.batch(model_name=SEEDANCE, generate_audio=True)
    await lab.batch(model_name=WAN, resolution="1280x720", extend_prompt=True)
    await lab.single(audio_url=f"{lab.outside.base}/a.wav")

    assert [one.split(" is ")[0] for one in lab.emulator.complaints] == [
        "batch: generate_audio",
        "batch: extend_prompt",
        "create: audio_url",
    ]


@pytest.mark.parametrize("code", [1006, 1104])
async def test_nothing_is_made_when_the_credit_does_not_cover_all_clips(
    open_lab: OpenLab, code: int
) -> None:
    async with open_lab(balance=11, no_credit_code=code) as lab:
        answer = await lab.call(BATCH, lab.batch_body(count=3))

        assert answer["code"] == code
        assert lab.emulator.bill == []
        assert await lab.batch(count=2)


async def test_a_model_that_requires_pay_needs_a_paid_plan(open_lab: OpenLab) -> None:
    async with open_lab(paid_plan=False) as lab:
        body = lab.batch_body(model_name=HAILUO, resolution="768P", video_length=6)

        assert (await lab.call(BATCH, body))["code"] == 1009


async def test_the_bill_tells_requests_apart_and_knows_equal_ones(lab: Lab) -> None:
    hook = f"{lab.outside.base}/hook/token-1"
    jobs = await lab.batch(count=2, webhookurl=hook)
    await lab.batch(count=2, webhookurl=hook)
    await lab.single()

    bill = lab.emulator.bill
    assert [line.request for line in bill] == [1, 1, 2, 2, 3]
    assert [line.vendor_id for line in bill[:2]] == [job["_id"] for job in jobs]
    assert [line.credits for line in bill] == [4, 4, 4, 4, 20]
    assert [line.webhook_token for line in bill] == ["token-1"] * 4 + [""]
    assert [line.endpoint for line in bill] == ["batch"] * 4 + ["create"]
    assert len({line.fingerprint for line in bill}) == 2
