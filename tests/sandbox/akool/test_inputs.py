"""How the emulated vendor fetches pictures and sounds, and what fails a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.inputs import UnusableInputError, fetch_picture, fetch_sound

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.sandbox.akool.lab import Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]


@pytest.mark.parametrize("name", ["gone.png", "text.png", "moved.png", "a.wav"])
async def test_a_picture_that_cannot_be_had_fails_the_clip_without_a_reason(
    lab: Lab, name: str
) -> None:
    before = await lab.balance()
    item = await lab.finished(image_url=f"{lab.outside.base}/{name}")

    assert item["status"] == 4
    assert item["deduction_credit"] == 0
    assert not {"msg", "error", "failed_reason", "video_url"} & set(item)
    assert await lab.balance() == before
    assert [line.credits for line in lab.emulator.bill] == [4, -4]


async def test_a_last_frame_and_an_own_sound_are_fetched_as_well(lab: Lab) -> None:
    missing = f"{lab.outside.base}/gone"
    model = "seedance-1-0-lite-i2v-250428"

    assert (await lab.finished(model_name=model, last_image_url=missing))["status"] == 4
    job = await lab.single(audio_type=2, audio_url=f"{lab.outside.base}/a.png")
    await lab.emulator.idle()
    assert (await lab.results(job["_id"]))[0]["status"] == 4


async def test_only_loopback_is_fetched_from(lab: Lab) -> None:
    with pytest.raises(UnusableInputError, match="loopback only"):
        await fetch_picture(lab.session, "http://example.com/a.png")
    with pytest.raises(UnusableInputError, match="not fetched: ClientConnectorError"):
        await fetch_picture(lab.session, "http://127.0.0.1:1/a.png")


async def test_a_picture_is_no_sound_and_a_sound_no_picture(lab: Lab) -> None:
    with pytest.raises(UnusableInputError, match="not decodable"):
        await fetch_sound(lab.session, f"{lab.outside.base}/a.png")
    with pytest.raises(UnusableInputError, match="not decodable"):
        await fetch_picture(lab.session, f"{lab.outside.base}/a.wav")


async def test_a_link_that_died_while_the_clip_was_queued_fails_it(open_lab: OpenLab) -> None:
    async with open_lab(queue_seconds=600) as lab:
        [job] = await lab.batch(image_url=f"{lab.outside.base}/died")
        await lab.clock.until_asleep()
        assert [one["status"] for one in await lab.results(job["_id"])] == [1]

        lab.clock.advance(600)
        await lab.emulator.idle()

        assert [one["status"] for one in await lab.results(job["_id"])] == [4]


async def test_without_fetching_links_are_taken_on_trust(open_lab: OpenLab) -> None:
    async with open_lab(fetching=False) as lab:
        item = await lab.finished(image_url="https://cdn.example.com/a.png")

        assert item["status"] == 3
        assert lab.emulator.faults.take(Fault.FAILS, lab.emulator.bill[0].endpoint) is None


async def test_without_refunds_a_failed_clip_stays_charged(open_lab: OpenLab) -> None:
    async with open_lab(refunds=False) as lab:
        item = await lab.finished(image_url=f"{lab.outside.base}/gone.png")

        assert (item["status"], item["deduction_credit"]) == (4, 4)
        assert lab.emulator.store.charged() == {item["_id"]: 4}
