"""Who is let in to the emulated vendor, and where it may listen."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.app import AkoolEmulator
from sandbox.akool_api.loopback import NotLoopbackError
from tests.fake_clock import FakeClock
from tests.sandbox.akool.lab import BATCH, QUOTA, RESULTS, TOKEN

if TYPE_CHECKING:
    from tests.sandbox.akool.lab import Lab


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 1102),
        ({"x-api-key": ""}, 1102),
        ({"x-api-key": "somebody-else"}, 1101),
        ({"x-api-key": "SANDBOX-client-1"}, 1109),
        ({"Authorization": "Bearer expired"}, 1101),
        ({"Authorization": "SANDBOX-secret-24-chars!"}, 1101),
    ],
)
async def test_a_caller_without_a_good_key_is_refused(
    lab: Lab, headers: dict[str, str], code: int
) -> None:
    answer = await lab.call(QUOTA, headers=headers)

    assert answer["code"] == code
    assert "data" not in answer


async def test_a_wrong_bearer_token_wins_over_a_good_key(lab: Lab) -> None:
    both = {"x-api-key": lab.emulator.settings.client_secret, "Authorization": "Bearer expired"}

    assert (await lab.call(QUOTA, headers=both))["code"] == 1101


async def test_a_token_is_given_at_the_top_level_and_lets_its_bearer_in(lab: Lab) -> None:
    keys = lab.emulator.settings
    answer = await lab.call(
        TOKEN, {"clientId": keys.client_id, "clientSecret": keys.client_secret}, headers={}
    )

    assert answer["code"] == 1000
    assert "data" not in answer
    bearer = {"Authorization": f"Bearer {answer['token']}"}
    assert (await lab.call(QUOTA, headers=bearer))["data"] == {"credit": keys.balance}


async def test_a_wrong_pair_gets_no_token(lab: Lab) -> None:
    answer = await lab.call(TOKEN, {"clientId": "x", "clientSecret": "y"}, headers={})

    assert answer["code"] == 1101
    assert "token" not in answer


async def test_a_body_that_is_not_a_json_object_is_refused(lab: Lab) -> None:
    key = {"x-api-key": lab.emulator.settings.client_secret}
    for body, kind in ((b'{"_ids":"a"}', "text/plain"), (b"{", "application/json")):
        async with lab.session.post(
            lab.base + RESULTS, data=body, headers=key | {"Content-Type": kind}
        ) as answer:
            assert (await lab.read(answer))["code"] == 1003
    assert (await lab.call(BATCH, [1]))["code"] == 1003


async def test_an_unknown_path_is_a_plain_404(lab: Lab) -> None:
    async with lab.session.get(lab.base + "/api/open/v4/image2video/effects") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", ""])  # noqa: S104
async def test_the_emulator_binds_to_loopback_only(host: str) -> None:
    emulator = AkoolEmulator(clock=FakeClock(), rng=random.Random(1))  # noqa: S311

    with pytest.raises(NotLoopbackError, match="loopback only"):
        await emulator.start(host)


async def test_calls_are_counted_by_endpoint(lab: Lab) -> None:
    await lab.balance()
    await lab.balance()
    await lab.results("a")

    assert lab.emulator.calls == {"quota": 2, "results": 1}
