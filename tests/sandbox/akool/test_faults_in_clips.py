"""Every way in which a clip, its charge or its link can go wrong."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import aiohttp
import av
import pytest

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.sandbox.akool.lab import Json, Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]


async def get(lab: Lab, item: Json) -> tuple[int, str, bytes]:
    async with lab.session.get(item["video_url"], allow_redirects=False) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_clip_can_fail_and_is_refunded(lab: Lab) -> None:
    before = await lab.balance()
    lab.emulator.faults.add(Fault.FAILS, Endpoint.BATCH)
    item = await lab.finished()

    assert (item["status"], item["deduction_credit"]) == (4, 0)
    assert await lab.balance() == before
    assert lab.emulator.store.charged() == {item["_id"]: 0}


async def test_a_clip_can_fail_and_stay_charged(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.FAILS_CHARGED)
    item = await lab.finished()

    assert (item["status"], item["deduction_credit"]) == (4, 4)
    assert lab.emulator.store.charged() == {item["_id"]: 4}


async def test_only_the_chosen_clip_of_a_batch_fails(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.FAILS, after=1)
    jobs = await lab.batch(count=3)
    await lab.emulator.idle()

    assert [item["status"] for item in await lab.results(*(job["_id"] for job in jobs))] == [
        3,
        4,
        3,
    ]


async def test_a_clip_can_cost_more_than_listed_from_the_start(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.COSTS_MORE, value=9)
    [job] = await lab.batch()

    assert job["deduction_credit"] == 13
    assert [line.credits for line in lab.emulator.bill] == [13]


async def test_a_clip_can_turn_out_to_cost_more_when_it_is_done(lab: Lab) -> None:
    before = await lab.balance()
    lab.emulator.faults.add(Fault.COSTS_MORE_LATER, value=9)
    [job] = await lab.batch()
    await lab.emulator.idle()
    [item] = await lab.results(job["_id"])

    assert (job["deduction_credit"], item["deduction_credit"]) == (4, 13)
    assert [line.credits for line in lab.emulator.bill] == [4, 9]
    assert await lab.balance() == before - 13


async def test_a_clip_can_take_longer_or_for_ever(open_lab: OpenLab) -> None:
    async with open_lab(render_seconds=60, fetching=False) as lab:
        lab.emulator.faults.add(Fault.SLOW, value=30)
        lab.emulator.faults.add(Fault.SLOW)
        jobs = await lab.batch(count=3)
        await lab.clock.until_asleep(2)
        seen = []
        for seconds, sleepers in ((60, 1), (30, 0), (900_000, 0)):
            lab.clock.advance(seconds)
            while lab.clock.sleepers > sleepers:
                await lab.balance()
            await lab.balance()
            items = await lab.results(*(job["_id"] for job in jobs))
            seen.append([item["status"] for item in items])

        assert seen == [[2, 2, 3], [3, 2, 3], [3, 2, 3]]


async def test_a_finished_video_is_a_real_mp4(lab: Lab) -> None:
    item = await lab.finished(video_length=10)
    status, kind, body = await get(lab, item)

    assert (status, kind) == (200, "video/mp4")
    with av.open(io.BytesIO(body), "r") as video:
        assert video.streams.video[0].codec_context.name == "h264"
        assert video.duration == 10_000_000
        assert len(list(video.decode(video=0))) == 80


async def test_there_is_no_video_before_the_clip_is_done(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.SLOW)
    [job] = await lab.batch()
    item = {"video_url": f"{lab.base}/files/{job['_id']}.mp4"}

    assert (await get(lab, item))[0] == 404
    assert (await get(lab, {"video_url": f"{lab.base}/files/none.mp4"}))[0] == 404


async def test_a_link_expires_after_seven_days(lab: Lab) -> None:
    item = await lab.finished()
    lab.clock.advance(7 * 24 * 3600 - 1)
    assert (await get(lab, item))[0] == 200

    lab.clock.advance(1)

    assert (await get(lab, item))[0] == 403


@pytest.mark.parametrize(("value", "status"), [(None, 404), (403, 403), (500, 500)])
async def test_a_link_can_answer_any_status(lab: Lab, value: int | None, status: int) -> None:
    item = await lab.finished()
    lab.emulator.faults.add(Fault.VIDEO_STATUS, Endpoint.FILE, value=value)

    assert (await get(lab, item))[0] == status
    assert (await get(lab, item))[0] == 200


async def test_a_video_can_be_cut_short_without_http_noticing(lab: Lab) -> None:
    item = await lab.finished()
    whole = (await get(lab, item))[2]
    lab.emulator.faults.add(Fault.VIDEO_CUT)

    status, _, body = await get(lab, item)

    assert status == 200
    assert body == whole[: len(whole) // 2]


async def test_a_video_can_break_off(lab: Lab) -> None:
    item = await lab.finished()
    lab.emulator.faults.add(Fault.VIDEO_DROPPED)

    with pytest.raises(aiohttp.ClientPayloadError):
        await get(lab, item)


async def test_a_page_can_pose_as_a_video(lab: Lab) -> None:
    item = await lab.finished()
    lab.emulator.faults.add(Fault.VIDEO_HTML)
    status, kind, body = await get(lab, item)

    assert (status, kind) == (200, "video/mp4")
    assert body.startswith(b"<html>")


@pytest.mark.parametrize("target", [None, "http://10.0.0.1/x.mp4"])
async def test_a_link_can_lead_into_a_private_network(lab: Lab, target: str | None) -> None:
    item = await lab.finished()
    lab.emulator.faults.add(Fault.VIDEO_REDIRECT, value=target)
    async with lab.session.get(item["video_url"], allow_redirects=False) as answer:
        assert answer.status == 302
        expected = target or "http://169.254.169.254/latest/meta-data/"
        assert answer.headers["Location"] == expected
