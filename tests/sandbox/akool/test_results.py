"""How clips of the emulated vendor are asked for, deleted and given sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.faults import Fault
from tests.sandbox.akool.lab import AUDIO, DELETE, RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.sandbox.akool.lab import Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]


async def test_a_clip_is_queued_then_processed_then_done(open_lab: OpenLab) -> None:
    async with open_lab(queue_seconds=10, render_seconds=60, fetching=False) as lab:
        [job] = await lab.batch()
        seen: list[int] = []
        for seconds in (0, 9, 1, 59, 1):
            lab.clock.advance(seconds)
            if seconds == 1 and len(seen) == 4:
                await lab.emulator.idle()
            else:
                await lab.clock.until_asleep()
            seen += [item["status"] for item in await lab.results(job["_id"])]

        assert seen == [1, 1, 2, 2, 3]


async def test_a_result_has_the_documented_fields(lab: Lab) -> None:
    job = await lab.single(audio_type=1)
    await lab.emulator.idle()
    [item] = await lab.results(job["_id"])

    assert item == {
        "_id": job["_id"],
        "create_time": job["create_time"],
        "uid": 101400,
        "team_id": job["team_id"],
        "update_time": lab.clock.now(),
        "video_duration": 5.0,
        "webhookUrl": "",
        "file_name": job["file_name"],
        "effect_name": "",
        "image_url": job["image_url"],
        "prompt": job["prompt"],
        "resolution": "720p",
        "audio_type": 1,
        "audio_url": "",
        "deduction_credit": 20,
        "effect_code": "",
        "video_url": f"{lab.base}/files/{job['_id']}.mp4",
        "status": 3,
        "sub_type": 1501,
        "only_add_audio": False,
    }


async def test_a_result_has_no_link_before_it_is_done(open_lab: OpenLab) -> None:
    async with open_lab(render_seconds=60, fetching=False) as lab:
        [job] = await lab.batch()
        await lab.clock.until_asleep()
        [item] = await lab.results(job["_id"])

        assert item["status"] == 2
        assert "video_url" not in item
        assert "video_duration" not in item


async def test_unknown_ids_are_left_out_and_repeated_ones_told_once(lab: Lab) -> None:
    [job] = await lab.batch()

    items = await lab.results("0" * 24, job["_id"], job["_id"])

    assert [item["_id"] for item in items] == [job["_id"]]


@pytest.mark.parametrize("body", [{"_ids": ["a"]}, {"ids": "a"}, {"_ids": ""}, {"_ids": 5}, {}])
async def test_ids_must_be_one_comma_separated_string(lab: Lab, body: dict[str, object]) -> None:
    answer = await lab.call(RESULTS, body)

    assert answer["code"] != 1000
    assert answer["msg"] == "Failed to get results"


async def test_deleting_takes_finished_clips_and_says_which_are_not(open_lab: OpenLab) -> None:
    async with open_lab(fetching=False) as lab:
        [done] = await lab.batch()
        await lab.emulator.idle()
        lab.emulator.faults.add(Fault.SLOW)
        [running] = await lab.batch()
        answer = await lab.call(DELETE, {"_ids": f"{done['_id']},{running['_id']},none"})

        assert answer["code"] == 1000
        assert answer["msg"] == "Delete successfully"
        assert answer["data"]["successIds"] == [done["_id"]]
        assert answer["data"]["noPermissionItems"] == [
            {
                "_id": running["_id"],
                "msg": "video resource is processing, please try again later",
            },
            {"_id": "none", "msg": "video resource does not exist"},
        ]
        assert [one["_id"] for one in await lab.results(done["_id"], running["_id"])] == [
            running["_id"]
        ]


async def test_a_soundtrack_is_a_new_charged_job_that_shows_its_source_times(lab: Lab) -> None:
    source = await lab.finished(video_length=10)
    lab.clock.advance(60)
    answer = await lab.call(
        AUDIO,
        {
            "pre_video_id": source["_id"],
            "audio_type": 2,
            "audio_url": f"{lab.outside.base}/a.wav",
        },
    )
    job = answer["data"]

    assert job["_id"] != source["_id"]
    assert (job["pre_video_id"], job["only_add_audio"]) == (source["_id"], True)
    assert (job["status"], job["deduction_credit"]) == (1, 10)
    assert job["update_time"] < job["create_time"]
    await lab.emulator.idle()
    [item] = await lab.results(job["_id"])
    assert (item["status"], item["only_add_audio"]) == (3, True)
    assert lab.emulator.complaints == []


async def test_a_soundtrack_made_by_the_vendor_needs_no_link(lab: Lab) -> None:
    source = await lab.finished()

    answer = await lab.call(AUDIO, {"pre_video_id": source["_id"], "audio_type": 1})

    assert answer["code"] == 1000
    assert answer["data"]["deduction_credit"] == 5


async def test_a_soundtrack_is_refused_for_what_is_not_a_finished_clip(open_lab: OpenLab) -> None:
    async with open_lab(fetching=False) as lab:
        [done] = await lab.batch()
        await lab.emulator.idle()
        lab.emulator.faults.add(Fault.SLOW)
        [running] = await lab.batch()

        async def code(source: str, audio_type: int = 1) -> int:
            body = {"pre_video_id": source, "audio_type": audio_type}
            answer: int = (await lab.call(AUDIO, body))["code"]
            return answer

        assert await code("none") == 1008
        assert await code(running["_id"]) == 1010
        assert await code(done["_id"], audio_type=3) == 1003
        assert await code(done["_id"], audio_type=2) == 1003
        lab.clock.advance(7 * 24 * 3600)
        assert await code(done["_id"]) == 1010
