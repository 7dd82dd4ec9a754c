"""The emulator as tools see it: faults, bill and state over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import aiohttp

from sandbox.akool_api.faults import Fault
from tests.sandbox.akool.lab import QUOTA

if TYPE_CHECKING:
    from tests.sandbox.akool.lab import Lab


async def test_faults_are_chosen_shown_and_cleared_over_http(lab: Lab) -> None:
    rules = [
        {"kind": "refuse", "endpoint": "quota", "value": 1200},
        {"kind": "drop-after", "endpoint": "batch", "times": None, "after": 2},
    ]
    url = f"{lab.base}/sandbox/faults"
    async with lab.session.post(url, json=rules) as answer:
        assert await answer.json() == {"added": 2}
    assert (await lab.call(QUOTA))["code"] == 1200
    async with lab.session.get(url) as answer:
        shown = await answer.json()
        assert shown["struck"] == [["refuse", "quota"]]
        assert shown["rules"][0]["times"] == 0
        assert shown["rules"][1] == {
            "kind": "drop-after",
            "endpoint": "batch",
            "times": None,
            "after": 2,
            "value": None,
        }
    async with lab.session.delete(url) as answer:
        assert await answer.json() == {"rules": []}
    assert lab.emulator.faults.rules == []


async def test_a_rule_that_cannot_be_read_is_refused_whole(lab: Lab) -> None:
    url = f"{lab.base}/sandbox/faults"
    for wrong in (
        {"kind": "nonsense"},
        {"kind": "refuse", "endpoint": "nowhere"},
        {"kind": "refuse", "times": "many"},
        {"kind": "refuse", "value": []},
        [{"kind": "refuse"}, 5],
    ):
        async with lab.session.post(url, json=wrong) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]
    async with lab.session.post(url, data=b"{}") as answer:
        assert answer.status == 415
    assert lab.emulator.faults.rules == []


async def test_the_bill_and_the_state_are_shown_as_json(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.FAILS)
    jobs = await lab.batch(count=2, model_name="seedance-1-0-lite-i2v-250428", effect_code="x")
    await lab.emulator.idle()
    ids = [job["_id"] for job in jobs]

    async with lab.session.get(f"{lab.base}/sandbox/bill") as answer:
        bill = await answer.json()
    assert bill["charged"] == {ids[0]: 0, ids[1]: 5}
    assert [line["credits"] for line in bill["lines"]] == [5, 5, -5]
    assert bill["lines"][0]["endpoint"] == "batch"
    async with lab.session.get(f"{lab.base}/sandbox/state") as answer:
        state = await answer.json()
    assert state["balance"] == 99_995
    assert [(one["_id"], one["status"]) for one in state["clips"]] == [(ids[0], 4), (ids[1], 3)]
    assert state["clips"][0]["note"] == "a fault of the scenario"
    assert state["calls"] == {"batch": 1}
    assert state["complaints"] == ["batch: field 'effect_code' is not documented here"]


async def test_the_emulator_runs_as_a_program_of_its_own() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox.akool_api", "--no-drawing", "--balance", "33"),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert program.stdout is not None
    said = dict([(await program.stdout.readline()).decode().strip().split("=") for _ in range(3)])
    key = {"x-api-key": said["AKOOL_API_KEY"]}
    async with (
        aiohttp.ClientSession(headers=key) as session,
        session.get(said["AKOOL_BASE_URL"] + QUOTA) as answer,
    ):
        assert (await answer.json())["data"] == {"credit": 33}
    program.send_signal(signal.SIGTERM)

    assert await program.wait() == 0
