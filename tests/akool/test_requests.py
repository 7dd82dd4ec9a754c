"""What a request says when little is asked for, and which requests can't be made at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from akool.models import AudioType, AudioUpdate, BatchCreate, SingleCreate
from tests.akool.orders import AUDIO, BATCH, PICTURE, SINGLE
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from akool.client import AkoolClient


async def test_the_least_single_create_still_sends_a_negative_prompt(
    client: AkoolClient, vendor: Vendor
) -> None:
    vendor.reply(sample("create_one"))
    await client.create_one(
        SingleCreate(image_url=PICTURE, prompt="a", resolution="720p", seconds=5)
    )
    assert vendor.seen[0].json == {
        "image_url": PICTURE,
        "prompt": "a",
        "negative_prompt": "",
        "resolution": "720p",
        "audio_type": 3,
        "video_length": 5,
    }


async def test_the_least_batch_create_leaves_out_what_was_not_asked_for(
    client: AkoolClient, vendor: Vendor
) -> None:
    vendor.reply(sample("create_batch"))
    await client.create_batch(
        BatchCreate(image_url=PICTURE, prompt="é", model="m", resolution="720p", seconds=5)
    )
    assert vendor.seen[0].json == {
        "image_url": PICTURE,
        "prompt": "é",
        "model_name": "m",
        "resolution": "720p",
        "video_length": 5,
        "count": 1,
    }


async def test_ai_sound_is_asked_for_without_a_link(client: AkoolClient, vendor: Vendor) -> None:
    vendor.reply(sample("update_audio"))
    await client.update_audio(AudioUpdate(video_id="v1", audio_type=AudioType.AI))
    assert vendor.seen[0].json == {"pre_video_id": "v1", "audio_type": 1}


@pytest.mark.parametrize("ids", [[], ["a,b"], ["a", ""]])
async def test_ids_that_cannot_be_joined_are_never_sent(
    ids: list[str], client: AkoolClient, vendor: Vendor
) -> None:
    with pytest.raises(ValueError, match="ids"):
        await client.results(ids)
    with pytest.raises(ValueError, match="ids"):
        await client.delete(ids)
    assert vendor.seen == []


@pytest.mark.parametrize("count", [0, -1, 11])
def test_a_batch_has_one_to_ten_clips(count: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 10"):
        BatchCreate(
            image_url=PICTURE, prompt="a", model="m", resolution="720p", seconds=5, count=count
        )


def test_own_sound_needs_its_link() -> None:
    with pytest.raises(ValueError, match="audio_url"):
        SingleCreate(
            image_url=PICTURE, prompt="a", resolution="4k", seconds=5, audio_type=AudioType.OWN
        )
    with pytest.raises(ValueError, match="audio_url"):
        AudioUpdate(video_id="v1", audio_type=AudioType.OWN)


def test_new_sound_cannot_be_no_sound() -> None:
    with pytest.raises(ValueError, match="expected AI or OWN"):
        AudioUpdate(video_id="v1", audio_type=AudioType.NONE)


@pytest.mark.parametrize("order", [SINGLE, BATCH, AUDIO])
def test_no_prompt_or_link_shows_in_a_requests_repr(order: object) -> None:
    assert "balloon" not in repr(order)
    assert "blurry" not in repr(order)
    assert "://" not in repr(order)
