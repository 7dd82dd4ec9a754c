"""Whatever JSON or bytes come back, reading them ends in a value or in an AkoolError."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akool import fields, protocol
from akool.errors import AkoolError
from akool.protocol import Answer, Call
from akool.webhook import WebhookError, WebhookKeys, open_message
from tests.akool.orders import AUDIO, BATCH, SINGLE

CALLS: list[Call[object]] = [
    protocol.create_one(SINGLE),
    protocol.create_batch(BATCH),
    protocol.update_audio(AUDIO),
    protocol.results(["a"]),
    protocol.delete(["a"]),
    protocol.effects(),
    protocol.models(),
    protocol.balance(),
    protocol.get_token("id", "secret"),
]

NAMES = st.sampled_from(
    ["_id", "code", "msg", "data", "status", "result", "successList", "errorList", "successIds",
     "noPermissionItems", "video_url", "deduction_credit", "create_time", "video_duration", "error",
     "token", "credit", "value", "type", "sort", "label", "resolutionList", "durationList",
     "generate_audio", "extra_credit_multiplier", "unit_credit", "effect_code", "pre_video_id"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([1000, "1000", 1003, 3, "a", "https://a/b", "1e999999999", "NaN", "-Infinity"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, st.text()), inner, max_size=6)
    ),
    max_leaves=25,
)
ENVELOPES = st.fixed_dictionaries(
    {"data": JSON},
    optional={"code": st.one_of(st.just(1000), SCALARS), "msg": SCALARS, "token": SCALARS},
)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.request.path.rsplit("/", 1)[-1])
@settings(max_examples=60, deadline=None)
@given(content=st.one_of(ENVELOPES, JSON), status=st.integers(200, 599))
def test_any_json_is_a_value_or_an_akool_error(
    call: Call[object], content: object, status: int
) -> None:
    with suppress(AkoolError):
        call.read(Answer(status=status, body=json.dumps(content).encode()))


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=200), status=st.integers(100, 599), wish=st.text(max_size=30))
def test_any_bytes_are_an_akool_error(body: bytes, status: int, wish: str) -> None:
    headers = {"Retry-After": wish, "Date": wish}
    with pytest.raises(AkoolError):
        CALLS[0].read(Answer(status=status, headers=headers, body=body))


@settings(max_examples=200, deadline=None)
@given(value=st.one_of(SCALARS, JSON))
def test_what_a_field_reads_as_can_be_stored(value: object) -> None:
    for found in (fields.text(value), fields.message(value), fields.link(value) or ""):
        assert "\x00" not in found
        found.encode()
    for number in (fields.whole(value), fields.amount(value)):
        assert number is None or abs(number) < 2**53
    credit = fields.amount(value)
    assert credit is None or credit >= 0
    found_id = fields.identifier(value)
    assert found_id is None or "," not in found_id


@settings(max_examples=100, deadline=None)
@given(content=st.one_of(JSON, st.fixed_dictionaries(
    {"signature": SCALARS, "dataEncrypt": SCALARS, "timestamp": SCALARS, "nonce": SCALARS}
)))  # fmt: skip
def test_any_webhook_body_is_refused_in_an_orderly_way(content: object) -> None:
    keys = WebhookKeys(client_id="SYNTH-client-16c", client_secret="SYNTHETIC-secret-24chars")
    with pytest.raises(WebhookError):
        open_message(json.dumps(content).encode(), keys, now=0, window=1)
