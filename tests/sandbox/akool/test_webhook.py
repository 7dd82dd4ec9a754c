"""The emulated webhook: signed, encrypted, repeated, and misbehaving on request."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.webhook import encrypt, sign

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from sandbox.akool_api.settings import VendorSettings
    from tests.sandbox.akool.lab import Json, Lab

    OpenLab = Callable[..., AbstractAsyncContextManager[Lab]]

VECTORS = Path(__file__).parents[2] / "samples" / "akool" / "webhook_vectors.json"


def opened(message: Json, keys: VendorSettings) -> Json:
    """Check the signature and decrypt, by the description and with none of the code under test."""
    parts = (
        keys.client_id,
        str(message["timestamp"]),
        message["nonce"],
        message["dataEncrypt"],
    )
    digest = hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324
    assert message["signature"] == digest
    cipher = Cipher(
        algorithms.AES(keys.client_secret.encode()), modes.CBC(keys.client_id.encode()[:16])
    ).decryptor()
    padded = cipher.update(base64.b64decode(message["dataEncrypt"])) + cipher.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    content: Json = json.loads(unpadder.update(padded) + unpadder.finalize())
    return content


def told(lab: Lab) -> list[tuple[str, int]]:
    """Return what the webhook heard: (token, status)."""
    keys = lab.emulator.settings
    return [(token, opened(message, keys)["status"]) for token, message in lab.outside.hooks]


async def started(lab: Lab, *, webhook: str = "secret-token") -> Json:
    [job] = await lab.batch(webhookurl=f"{lab.outside.base}/hook/{webhook}")
    await lab.emulator.idle()
    return job


async def test_a_webhook_hears_of_processing_and_of_the_end(lab: Lab) -> None:
    job = await started(lab)

    assert told(lab) == [("secret-token", 2), ("secret-token", 3)]
    last = opened(lab.outside.hooks[-1][1], lab.emulator.settings)
    assert last == {
        "_id": job["_id"],
        "status": 3,
        "type": "image2video",
        "url": f"{lab.base}/files/{job['_id']}.mp4",
    }
    assert lab.emulator.webhooks.delivered == [(job["_id"], 2), (job["_id"], 3)]


async def test_every_clip_of_a_batch_calls_on_its_own(lab: Lab) -> None:
    jobs = await lab.batch(count=3, webhookurl=f"{lab.outside.base}/hook/t")
    await lab.emulator.idle()

    ended = [opened(one, lab.emulator.settings)["_id"] for _, one in lab.outside.hooks]
    assert sorted(ended) == sorted([job["_id"] for job in jobs] * 2)


async def test_a_failure_is_told_without_a_link(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.FAILS)
    await started(lab)

    last = opened(lab.outside.hooks[-1][1], lab.emulator.settings)
    assert last["status"] == 4
    assert "url" not in last


async def test_a_webhook_that_does_not_answer_200_is_called_again(lab: Lab) -> None:
    lab.outside.statuses.extend([200, 503])
    await started(lab)
    assert [status for _, status in told(lab)] == [2, 3]
    assert len(lab.emulator.webhooks.delivered) == 1

    await lab.clock.until_asleep()
    lab.clock.advance(1)
    await lab.emulator.webhooks.idle()

    assert [status for _, status in told(lab)] == [2, 3, 3]
    assert len(lab.emulator.webhooks.delivered) == 2


async def test_a_dead_webhook_is_given_up(lab: Lab) -> None:
    await lab.batch(webhookurl="http://127.0.0.1:1/hook/dead")
    await lab.emulator.idle()
    for wait in (1, 2, 4, 8, 16):
        await lab.clock.until_asleep(2)
        lab.clock.advance(wait)
    await lab.emulator.webhooks.idle()

    assert lab.emulator.webhooks.delivered == []


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (Fault.WEBHOOK_TWICE, [2, 2, 3]),
        (Fault.WEBHOOK_REVERSED, [3, 2]),
        (Fault.WEBHOOK_EARLY, [2, 2, 3]),
        (Fault.WEBHOOK_LOST, [3]),
    ],
)
async def test_webhooks_can_misbehave(lab: Lab, fault: Fault, heard: list[int]) -> None:
    lab.emulator.faults.add(fault)
    await started(lab)

    assert [status for _, status in told(lab)] == heard
    assert lab.emulator.faults.struck == [(fault, "webhook")]


async def test_an_early_webhook_comes_before_the_create_is_answered(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.WEBHOOK_EARLY)
    lab.emulator.faults.add(Fault.SLOW)
    [job] = await lab.batch(webhookurl=f"{lab.outside.base}/hook/early")

    first = opened(lab.outside.hooks[0][1], lab.emulator.settings)
    assert first["_id"] == job["_id"]


async def test_a_forged_webhook_has_a_signature_that_does_not_fit(lab: Lab) -> None:
    lab.emulator.faults.add(Fault.WEBHOOK_FORGED)
    await started(lab)

    with pytest.raises(AssertionError):
        opened(lab.outside.hooks[0][1], lab.emulator.settings)
    assert opened(lab.outside.hooks[1][1], lab.emulator.settings)["status"] == 3


async def test_processing_need_not_be_told(open_lab: OpenLab) -> None:
    async with open_lab(processing_webhook=False) as lab:
        await started(lab)

        assert [status for _, status in told(lab)] == [3]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text()), ids=lambda one: one["case"])
def test_encryption_and_signature_agree_with_known_vectors(vector: dict[str, Any]) -> None:
    message = vector["message"]
    encrypted = encrypt(vector["plaintext"], vector["client_id"], vector["client_secret"])

    assert encrypted == message["dataEncrypt"]
    signature = sign(vector["client_id"], message["timestamp"], message["nonce"], encrypted)
    assert signature == message["signature"]
