"""Webhook calls are opened when they are ours, fresh and readable, and refused by name if not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from akool.models import VendorStatus
from akool.webhook import (
    Malformed,
    OutOfWindow,
    Undecryptable,
    WebhookKeys,
    WebhookMessage,
    WrongSignature,
    decrypt,
    open_message,
    sign,
)
from tests.akool.vendor import SAMPLES

VECTORS: list[dict[str, Any]] = json.loads((SAMPLES / "webhook_vectors.json").read_bytes())
PUBLISHED: dict[str, Any] = json.loads((SAMPLES / "webhook_published.json").read_bytes())

KEYS = WebhookKeys(client_id="SYNTH-client-16c", client_secret="SYNTHETIC-secret-24chars")
SENT = 1_710_757_981_609
HOUR = 3_600_000


def seal(content: bytes, keys: WebhookKeys = KEYS) -> str:
    iv = keys.client_id.encode()[:16].ljust(16, b"\0")
    padder = padding.PKCS7(128).padder()
    sealer = Cipher(algorithms.AES(keys.client_secret.encode()), modes.CBC(iv)).encryptor()
    padded = padder.update(content) + padder.finalize()
    return base64.b64encode(sealer.update(padded) + sealer.finalize()).decode()


def call(inner: object, keys: WebhookKeys = KEYS, **changed: object) -> bytes:
    """Return a signed call; a changed field is signed as it is then."""
    content = inner if isinstance(inner, bytes) else json.dumps(inner).encode()
    outer: dict[str, object] = {
        "dataEncrypt": seal(content, keys),
        "timestamp": SENT,
        "nonce": "1529",
    }
    outer |= changed
    parts = [str(outer[name]) for name in ("timestamp", "nonce", "dataEncrypt")]
    return json.dumps({"signature": sign(keys.client_id, *parts)} | outer).encode()


def opened(body: bytes, now: int = SENT) -> WebhookMessage:
    return open_message(body, KEYS, now=now, window=HOUR)


@pytest.mark.parametrize(
    "vector", VECTORS, ids=lambda one: f"{one['case'][0]}-{one['message']['nonce']}"
)
def test_the_vectors_open(vector: dict[str, Any]) -> None:
    keys = WebhookKeys(client_id=vector["client_id"], client_secret=vector["client_secret"])
    outer = vector["message"]
    inner = json.loads(vector["plaintext"])
    assert decrypt(outer["dataEncrypt"], keys) == vector["plaintext"].encode()
    message = open_message(json.dumps(outer).encode(), keys, now=outer["timestamp"], window=0)
    assert message == WebhookMessage(
        id=inner["_id"],
        status=VendorStatus(inner["status"]),
        url=inner.get("url"),
        sent_at=outer["timestamp"],
    )


@pytest.mark.parametrize(
    "vector", VECTORS, ids=lambda one: f"{one['case'][0]}-{one['message']['nonce']}"
)
def test_the_vectors_can_be_made_again(vector: dict[str, Any]) -> None:
    keys = WebhookKeys(client_id=vector["client_id"], client_secret=vector["client_secret"])
    assert seal(vector["plaintext"].encode(), keys) == vector["message"]["dataEncrypt"]


def test_the_published_sample_is_parsed_and_its_signature_is_found_not_to_fit() -> None:
    keys = WebhookKeys(client_id=PUBLISHED["client_id"], client_secret=PUBLISHED["client_secret"])
    outer = PUBLISHED["message"]
    parts = (keys.client_id, str(outer["timestamp"]), outer["nonce"], outer["dataEncrypt"])
    assert sign(*parts) == PUBLISHED["sha1_of_sorted_join"]
    with pytest.raises(WrongSignature):
        open_message(json.dumps(outer).encode(), keys, now=outer["timestamp"], window=HOUR)
    with pytest.raises(Undecryptable):
        decrypt(outer["dataEncrypt"], keys)


@pytest.mark.parametrize(
    ("inner", "status", "url"),
    [
        ({"_id": "a", "status": 3, "url": "https://cdn.invalid/a"}, 3, "https://cdn.invalid/a"),
        ({"_id": "a", "status": "4", "type": "image2video"}, 4, None),
        ({"_id": "a", "status": 2, "url": ""}, 2, None),
        ({"_id": "a", "status": 99, "url": "file:///a", "deduction_credit": 5}, 0, None),
        ({"_id": "a"}, 0, None),
    ],
)
def test_a_message_is_read_with_whatever_it_holds(
    inner: dict[str, object], status: int, url: str | None
) -> None:
    expected = WebhookMessage(id="a", status=VendorStatus(status), url=url, sent_at=SENT)
    assert opened(call(inner)) == expected


@pytest.mark.parametrize("field", ["signature", "dataEncrypt", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", True, [], {}, 1.5, "x" * 100_001])
def test_a_call_with_a_missing_or_odd_field_is_malformed(field: str, value: object) -> None:
    outer = json.loads(call({"_id": "a"})) | {field: value}
    with pytest.raises(Malformed):
        opened(json.dumps(outer).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000, b"7"])
def test_a_call_that_is_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        opened(body)


@pytest.mark.parametrize("field", ["dataEncrypt", "timestamp", "nonce", "signature"])
def test_a_call_that_was_changed_is_not_ours(field: str) -> None:
    outer = json.loads(call({"_id": "a"}))
    value = outer[field]
    outer[field] = value + 1 if isinstance(value, int) else value.swapcase() + "0"
    with pytest.raises(WrongSignature):
        opened(json.dumps(outer).encode())


def test_a_call_signed_with_another_id_is_not_ours() -> None:
    other = WebhookKeys(client_id="SYNTH-client-16d", client_secret=KEYS.client_secret)
    with pytest.raises(WrongSignature):
        opened(call({"_id": "a"}, other))


@pytest.mark.parametrize("timestamp", [SENT, str(SENT), float(SENT)])
def test_a_timestamp_is_signed_as_javascript_writes_it(timestamp: object) -> None:
    body = json.loads(call({"_id": "a"})) | {"timestamp": timestamp}
    assert opened(json.dumps(body).encode()).sent_at == SENT


def test_a_nonce_may_be_a_number() -> None:
    assert opened(call({"_id": "a"}, nonce=1529)).id == "a"


def test_a_timestamp_that_is_no_number_is_malformed() -> None:
    with pytest.raises(Malformed):
        opened(call({"_id": "a"}, timestamp="yesterday"))


@pytest.mark.parametrize("now", [SENT - HOUR, SENT, SENT + HOUR])
def test_a_message_within_the_window_is_taken(now: int) -> None:
    assert opened(call({"_id": "a"}), now).id == "a"


@pytest.mark.parametrize("now", [SENT - HOUR - 1, SENT + HOUR + 1])
def test_a_message_outside_the_window_is_refused(now: int) -> None:
    with pytest.raises(OutOfWindow) as caught:
        opened(call({"_id": "a"}), now)
    assert caught.value.age == now - SENT


@pytest.mark.parametrize("sealed", ["%%%", "YQ==", "A" * 22 + "==", seal(b"x")[:-4] + "AAA="])
def test_content_that_does_not_open_is_undecryptable(sealed: str) -> None:
    with pytest.raises(Undecryptable):
        opened(call({"_id": "a"}, dataEncrypt=sealed))


def test_content_sealed_with_another_secret_is_undecryptable() -> None:
    other = WebhookKeys(client_id=KEYS.client_id, client_secret="another-secret16")
    with pytest.raises(Undecryptable):
        opened(call({"_id": "a"}, dataEncrypt=seal(b'{"_id":"a"}', other)))


def test_content_that_is_not_json_is_undecryptable() -> None:
    with pytest.raises(Undecryptable):
        opened(call(b"\xff\xfe"))


@pytest.mark.parametrize("inner", [{}, [], {"_id": None}, {"_id": "a,b"}, {"status": 3}])
def test_a_message_without_a_clip_is_malformed(inner: object) -> None:
    with pytest.raises(Malformed):
        opened(call(inner))


@pytest.mark.parametrize("length", [16, 24, 32])
@pytest.mark.parametrize("client_id", ["short", "SYNTH-client-16c", "SYNTH-client-22-chars="])
def test_secrets_and_ids_of_the_lengths_in_the_field_work(length: int, client_id: str) -> None:
    keys = WebhookKeys(client_id=client_id, client_secret="s" * length)
    message = open_message(call({"_id": "a"}, keys), keys, now=SENT, window=0)
    assert message.id == "a"


@pytest.mark.parametrize("length", [0, 15, 17, 23, 25, 31, 33])
def test_a_secret_that_is_no_key_is_refused_at_start(length: int) -> None:
    with pytest.raises(ValueError, match=f"has {length} bytes"):
        WebhookKeys(client_id="id", client_secret="s" * length)


def test_an_empty_id_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="client id"):
        WebhookKeys(client_id="", client_secret="s" * 16)


def test_parts_are_sorted_as_javascript_sorts_them() -> None:
    # By UTF-16 code units the pair of an emoji comes before U+FF41, by code points after it.
    assert sign("\uff41", "\U0001f600") == sign("\U0001f600", "\uff41")
    assert sign("\U0001f600\uff41") == sign("\uff41", "\U0001f600")


def test_no_secret_or_link_shows_in_a_repr() -> None:
    assert "SYNTH" not in repr(KEYS)
    assert "cdn" not in repr(opened(call({"_id": "a", "url": "https://cdn.invalid/a"})))
