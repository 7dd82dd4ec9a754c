"""The bot's own client against the emulator: neither may speak a dialect of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from akool.client import AkoolClient
from akool.credentials import ApiKey, ClientPair
from akool.download import Downloader
from akool.errors import (
    AccountBlocked,
    AkoolError,
    Gone,
    InDoubt,
    Refused,
    SlowDown,
    TryLater,
    Unsafe,
)
from akool.models import AudioType, AudioUpdate, BatchCreate, SingleCreate, VendorStatus
from akool.webhook import WebhookKeys, open_message
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint

if TYPE_CHECKING:
    from pathlib import Path

    from akool.models import VendorClip
    from tests.sandbox.akool.lab import Lab


@pytest.fixture
def client(lab: Lab) -> AkoolClient:
    keys = lab.emulator.settings
    return AkoolClient(lab.session, lab.base, ApiKey(keys.client_secret), timeout=5)


def batch_of(lab: Lab, count: int = 1, webhook: str | None = None) -> BatchCreate:
    return BatchCreate(
        image_url=f"{lab.outside.base}/a.png",
        last_image_url=f"{lab.outside.base}/z.png",
        prompt="Slow push in",
        negative_prompt="blur",
        model="seedance-1-0-lite-i2v-250428",
        resolution="480p",
        seconds=5,
        count=count,
        webhook_url=webhook,
    )


def single_of(lab: Lab) -> SingleCreate:
    return SingleCreate(
        image_url=f"{lab.outside.base}/a.png",
        prompt="Slow push in",
        resolution="720p",
        seconds=10,
        audio_type=AudioType.OWN,
        audio_url=f"{lab.outside.base}/a.wav",
        premium=True,
        effect_code="samurai_99757865",
    )


async def done(lab: Lab, client: AkoolClient, clip: VendorClip) -> VendorClip:
    await lab.emulator.idle()
    [found] = await client.results([clip.id])
    assert found.status is VendorStatus.COMPLETED
    return found


async def test_every_call_of_our_client_is_understood_without_complaint(
    lab: Lab, client: AkoolClient
) -> None:
    batch = await client.create_batch(batch_of(lab, count=3))
    single = await client.create_one(single_of(lab))
    finished = await done(lab, client, single)
    sound = await client.update_audio(AudioUpdate(video_id=single.id, audio_type=AudioType.AI))
    await lab.emulator.idle()
    gone = await client.delete([clip.id for clip in batch.created])

    assert [clip.deduction_credit for clip in batch.created] == [3, 3, 3]
    assert batch.refused == ()
    assert (single.deduction_credit, finished.duration) == (40, 10.0)
    assert (sound.pre_video_id, sound.only_add_audio) == (single.id, True)
    assert (len(gone.deleted), gone.kept) == (3, ())
    assert (await client.balance()).credits == 100_000 - 9 - 40 - 10
    assert lab.emulator.complaints == []


async def test_our_client_reads_every_model_and_effect(lab: Lab, client: AkoolClient) -> None:
    models = {model.value: model for model in await client.models()}
    effects = await client.effects()

    assert len(models) == 5
    wan, hailuo = models["alibaba/wan2.5-i2v-preview"], models["MiniMax-Hailuo-2.3/image-to-video"]
    assert wan.audio is not None
    assert (wan.audio.required, str(wan.audio.multiplier)) == (True, "1.5")
    assert (hailuo.durations, hailuo.audio, hailuo.requires_pay) == ((6, 10), None, True)
    assert [one.value for one in hailuo.resolutions] == ["768P", "1080P"]
    assert [effect.name for effect in effects] == ["Squish", "Cakeify", "Samurai"]


async def test_our_client_can_sign_in_with_its_pair(lab: Lab) -> None:
    keys = lab.emulator.settings
    pair = ClientPair(client_id=keys.client_id, client_secret=keys.client_secret)
    client = AkoolClient(lab.session, lab.base, pair)

    assert (await client.balance()).credits == keys.balance
    assert lab.emulator.calls == {"sign-in": 1, "quota": 1}


@pytest.mark.parametrize(
    ("fault", "value", "outcome", "made"),
    [
        (Fault.REFUSE, 1005, SlowDown, 0),
        (Fault.HTTP_ERROR, 429, SlowDown, 0),
        (Fault.REFUSE, 1006, AccountBlocked, 0),
        (Fault.REFUSE, 1104, AccountBlocked, 0),
        (Fault.REFUSE, 1101, AccountBlocked, 0),
        (Fault.REFUSE, 1200, AccountBlocked, 0),
        (Fault.REFUSE, 1003, Refused, 0),
        (Fault.DROP_BEFORE, None, InDoubt, 0),
        (Fault.DROP_AFTER, None, InDoubt, 1),
        (Fault.ERROR_AFTER, None, InDoubt, 1),
        (Fault.CODE_AFTER, 1015, InDoubt, 1),
        (Fault.CODE_AFTER, 1205, InDoubt, 1),
        (Fault.HTML, None, InDoubt, 1),
        (Fault.HTML, 502, InDoubt, 1),
        (Fault.CUT_JSON, None, InDoubt, 1),
    ],
)
async def test_our_client_sorts_each_failed_create_and_sends_none_twice(
    lab: Lab,
    client: AkoolClient,
    fault: Fault,
    value: int | None,
    outcome: type[AkoolError],
    made: int,
) -> None:
    lab.emulator.faults.add(fault, Endpoint.BATCH, value=value)

    with pytest.raises(outcome):
        await client.create_batch(batch_of(lab))

    assert lab.emulator.calls == {"batch": 1}
    assert len(lab.emulator.bill) == made


@pytest.mark.parametrize("fault", [Fault.ERROR_ITEMS, Fault.ERROR_TEXTS])
async def test_our_client_reads_a_batch_that_was_accepted_in_part(
    lab: Lab, client: AkoolClient, fault: Fault
) -> None:
    lab.emulator.faults.add(fault, value=2)
    answer = await client.create_batch(batch_of(lab, count=3))

    assert (len(answer.created), len(answer.refused)) == (1, 2)


async def test_our_client_reads_numbers_in_strings_and_unknown_fields(
    lab: Lab, client: AkoolClient
) -> None:
    lab.emulator.faults.add(Fault.ODD_TYPES, times=None)
    lab.emulator.faults.add(Fault.EXTRA_FIELDS, times=None)
    [clip] = (await client.create_batch(batch_of(lab))).created
    found = await done(lab, client, clip)

    assert (clip.deduction_credit, found.deduction_credit, found.duration) == (3, 3, 5.0)
    assert len(await client.models()) == 5


async def test_our_client_opens_the_emulators_webhook(lab: Lab, client: AkoolClient) -> None:
    hook = f"{lab.outside.base}/hook/t"
    [clip] = (await client.create_batch(batch_of(lab, webhook=hook))).created
    await lab.emulator.idle()
    settings = lab.emulator.settings
    keys = WebhookKeys(client_id=settings.client_id, client_secret=settings.client_secret)
    bodies = [json.dumps(message).encode() for _, message in lab.outside.hooks]
    opened = [open_message(one, keys, now=lab.clock.now(), window=60_000) for one in bodies]

    assert [(one.id, one.status) for one in opened] == [
        (clip.id, VendorStatus.PROCESSING),
        (clip.id, VendorStatus.COMPLETED),
    ]


@pytest.mark.parametrize(
    ("fault", "value", "outcome"),
    [
        (Fault.VIDEO_STATUS, 404, Gone),
        (Fault.VIDEO_STATUS, 403, Gone),
        (Fault.VIDEO_STATUS, 503, TryLater),
        (Fault.VIDEO_DROPPED, None, TryLater),
        (Fault.VIDEO_REDIRECT, None, Unsafe),
    ],
)
async def test_our_downloader_sorts_each_bad_link(
    lab: Lab,
    client: AkoolClient,
    tmp_path: Path,
    fault: Fault,
    value: int | None,
    outcome: type[AkoolError],
) -> None:
    [clip] = (await client.create_batch(batch_of(lab))).created
    link = (await done(lab, client, clip)).video_url or ""
    downloader = Downloader(max_bytes=10_000_000, timeout=5)
    lab.emulator.faults.add(fault, Endpoint.FILE, value=value)

    with pytest.raises(outcome):
        await downloader.fetch(link, tmp_path / "clip.mp4")
    fetched = await downloader.fetch(link, tmp_path / "clip.mp4")

    assert (tmp_path / "clip.mp4").stat().st_size == fetched.size > 0
