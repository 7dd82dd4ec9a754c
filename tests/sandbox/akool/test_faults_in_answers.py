"""Every way in which an answer of the emulated vendor can go wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint
from tests.sandbox.akool.lab import BATCH, CREATE, MODELS, QUOTA, RESULTS

if TYPE_CHECKING:
    from tests.sandbox.akool.lab import Json, Lab


async def raw_batch(lab: Lab) -> tuple[int, str, str]:
    """Create by hand and return (HTTP status, content type, body)."""
    key = {"x-api-key": lab.emulator.settings.client_secret}
    async with lab.session.post(lab.base + BATCH, json=lab.batch_body(), headers=key) as answer:
        return answer.status, answer.content_type, await answer.text()


@pytest.mark.parametrize("code", [1005, 1006, 1104, 1101, 1200])
async def test_a_call_can_be_refused_with_any_code_and_makes_nothing(lab: Lab, code: int) -> None:
    lab.emulator.faults.add(Fault.REFUSE, Endpoint.CREATE, value=code)

    assert (await lab.call(CREATE, lab.single_body()))["code"] == code
    assert lab.emulator.bill == []
    await lab.single()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_call_can_be_turned_away_before_it_is_accepted(lab: Lab, status: int) -> None:
    lab.emulator.faults.add(Fault.HTTP_ERROR, value=status)

    assert (await raw_batch(lab))[0] == status
    assert lab.emulator.bill == []


async def test_a_429_says_when_to_come_back(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.HTTP_ERROR)
    async with lab.session.get(lab.base + QUOTA) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")


@pytest.mark.parametrize(
    ("fault", "made"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1), (Fault.SILENCE, 1)]
)
async def test_a_connection_can_be_lost_before_or_after_the_work(
    lab: Lab, fault: Fault, made: int
) -> None:
    lab.emulator.faults.add(fault, Endpoint.BATCH)
    sending = asyncio.create_task(raw_batch(lab))
    if fault is Fault.SILENCE:
        while not lab.emulator.faults.struck:
            await lab.balance()
        await lab.session.delete(f"{lab.base}/sandbox/faults")

    with pytest.raises(aiohttp.ClientError):
        await sending
    assert len(lab.emulator.bill) == made


async def test_a_lost_answer_leaves_a_clip_that_is_finished_all_the_same(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.DROP_AFTER, Endpoint.BATCH)
    with pytest.raises(aiohttp.ClientError):
        await raw_batch(lab)
    await lab.emulator.idle()

    [line] = lab.emulator.bill
    assert [item["status"] for item in await lab.results(line.vendor_id)] == [3]


async def test_a_body_can_stall_half_way_until_the_faults_are_cleared(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.STALL)
    key = {"x-api-key": lab.emulator.settings.client_secret}
    async with lab.session.post(lab.base + BATCH, json=lab.batch_body(), headers=key) as answer:
        assert (await answer.content.readany()).startswith(b'{"code": 1000')
        await lab.session.delete(f"{lab.base}/sandbox/faults")
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
    assert len(lab.emulator.bill) == 1


async def test_a_kept_call_does_not_keep_the_emulator_from_closing(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.SILENCE, Endpoint.BATCH)
    sending = asyncio.create_task(raw_batch(lab))
    while not lab.emulator.faults.struck:
        await lab.balance()

    await lab.emulator.close()

    with pytest.raises(aiohttp.ClientError):
        await sending


@pytest.mark.parametrize(
    ("fault", "value", "status", "kind", "begins"),
    [
        (Fault.ERROR_AFTER, None, 500, "text/plain", "Internal"),
        (Fault.ERROR_AFTER, 502, 502, "text/plain", "Internal"),
        (Fault.CODE_AFTER, None, 200, "application/json", '{"code": 1015'),
        (Fault.CODE_AFTER, 1205, 200, "application/json", '{"code": 1205'),
        (Fault.HTML, None, 200, "text/html", "<html>"),
        (Fault.HTML, 502, 502, "text/html", "<html>"),
        (Fault.CUT_JSON, None, 200, "application/json", '{"code": 1000'),
    ],
)
async def test_an_answer_can_be_lost_although_the_clip_was_made_and_charged(
    lab: Lab, fault: Fault, value: int | None, status: int, kind: str, begins: str
) -> None:
    lab.emulator.faults.add(fault, Endpoint.BATCH, value=value)
    answer = await raw_batch(lab)

    assert answer[:2] == (status, kind)
    assert answer[2].startswith(begins)
    assert not (fault is Fault.CUT_JSON and answer[2].endswith("}"))
    assert [line.credits for line in lab.emulator.bill] == [4]


async def test_refusals_can_come_as_http_errors(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.ERRORS_AS_4XX, times=None)
    statuses = []
    for path in (QUOTA, MODELS.partition("?")[0]):
        for headers in ({}, {"x-api-key": lab.emulator.settings.client_secret}):
            async with lab.session.get(lab.base + path, headers=headers) as answer:
                statuses.append(answer.status)

    assert statuses == [401, 200, 401, 400]


async def three(lab: Lab) -> list[str]:
    return [job["_id"] for job in await lab.batch(count=3)]


async def test_results_can_come_in_another_order(lab: Lab) -> None:
    ids = await three(lab)
    lab.emulator.faults.add(Fault.SHUFFLED)
    shuffled = [item["_id"] for item in await lab.results(*ids)]

    assert shuffled != ids
    assert sorted(shuffled) == sorted(ids)


async def test_results_can_be_empty_or_lack_some(lab: Lab) -> None:
    ids = await three(lab)
    lab.emulator.faults.add(Fault.EMPTY_RESULT)
    lab.emulator.faults.add(Fault.MISSING_RESULT, value=2)

    # an empty answer has nothing left to lack, so the second fault waits for the next call
    assert await lab.results(*ids) == []
    assert [item["_id"] for item in await lab.results(*ids)] == ids[2:]
    assert len(await lab.results(*ids)) == 3


async def test_unknown_ids_can_refuse_the_whole_call(lab: Lab) -> None:
    ids = await three(lab)
    lab.emulator.faults.add(Fault.UNKNOWN_ID_REFUSED, times=None)

    assert (await lab.call(RESULTS, {"_ids": f"{ids[0]},none"}))["code"] == 1008
    assert len(await lab.results(*ids)) == 3


async def test_too_many_ids_can_refuse_the_whole_call(lab: Lab) -> None:
    ids = await three(lab)
    lab.emulator.faults.add(Fault.TOO_MANY_IDS, times=None, value=2)

    assert (await lab.call(RESULTS, {"_ids": ",".join(ids)}))["msg"] == "Failed to get results"
    assert len(await lab.results(*ids[:2])) == 2
    assert lab.emulator.complaints == []


async def test_times_and_states_can_be_odd(lab: Lab) -> None:
    ids = await three(lab)
    lab.emulator.faults.add(Fault.UPDATED_BEFORE_CREATED, Endpoint.RESULTS)
    lab.emulator.faults.add(Fault.ODD_STATUS, Endpoint.RESULTS, after=1, value=0)
    items = await lab.results(*ids)

    assert [item["update_time"] < item["create_time"] for item in items] == [True, False, False]
    assert items[1]["status"] == 0


async def test_answers_can_grow_fields_nobody_knows(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.EXTRA_FIELDS, times=None)
    for path in (MODELS, QUOTA):
        answer = await lab.call(path)
        first = answer["data"][0] if isinstance(answer["data"], list) else answer["data"]

        assert answer["request_id"] == "sandbox"
        assert "x_new_field" in first


async def test_numbers_can_come_as_strings(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.ODD_TYPES, times=None)
    answer = await lab.call(BATCH, lab.batch_body())
    job = answer["data"]["successList"][0]

    assert answer["code"] == 1000
    assert (job["status"], job["deduction_credit"], job["batch_count"]) == ("1", "4", "1")
    assert job["extend_prompt"] is False
    model = (await lab.call(MODELS))["data"][0]
    assert model["durationList"] == ["5", "10"]
    assert model["resolutionList"][0]["unit_credit"] == "4"


async def batch_of_three(lab: Lab) -> Json:
    answer = await lab.call(BATCH, lab.batch_body(count=3))
    assert answer["code"] == 1000
    data: Json = answer["data"]
    return data


@pytest.mark.parametrize(("fault", "kind"), [(Fault.ERROR_ITEMS, dict), (Fault.ERROR_TEXTS, str)])
async def test_a_batch_can_be_accepted_in_part(lab: Lab, fault: Fault, kind: type) -> None:
    lab.emulator.faults.add(fault, value=2)
    data = await batch_of_three(lab)

    assert len(data["successList"]) == 1
    assert [type(item) for item in data["errorList"]] == [kind, kind]
    assert len(lab.emulator.bill) == 1


async def test_all_clips_of_a_batch_can_be_refused(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.ERROR_ITEMS, value=10)
    data = await batch_of_three(lab)

    assert (data["successList"], len(data["errorList"])) == ([], 3)
    assert lab.emulator.bill == []


async def test_a_good_code_can_come_with_empty_lists(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.EMPTY_SUCCESS)

    assert await batch_of_three(lab) == {"successList": [], "errorList": []}
    assert lab.emulator.bill == []


async def test_a_list_can_hide_clips_that_were_made_and_charged(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.SHORT_LIST, value=2)
    data = await batch_of_three(lab)

    assert (len(data["successList"]), data["errorList"]) == (1, [])
    assert len(lab.emulator.bill) == 3


async def test_a_fault_strikes_its_endpoint_its_number_of_times_after_its_delay(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.REFUSE, Endpoint.QUOTA, after=1, times=2, value=1200)
    codes = [(await lab.call(path))["code"] for path in (QUOTA, MODELS, QUOTA, QUOTA, QUOTA)]

    assert codes == [1000, 1000, 1200, 1200, 1000]
    assert lab.emulator.faults.struck == [(Fault.REFUSE, Endpoint.QUOTA)] * 2
