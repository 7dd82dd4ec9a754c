"""Every code of the vendor's, and every HTTP status that outweighs one, becomes the right error."""

from __future__ import annotations

import json

import pytest

from akool import protocol
from akool.errors import (
    AccountBlocked,
    AkoolError,
    BlockReason,
    Doubt,
    InDoubt,
    Refused,
    SlowDown,
)
from akool.protocol import Answer
from tests.akool.orders import AUDIO, BATCH, SINGLE
from tests.akool.vendor import sample

CREATES = [
    pytest.param(protocol.create_one(SINGLE), id="single"),
    pytest.param(protocol.create_batch(BATCH), id="batch"),
    pytest.param(protocol.update_audio(AUDIO), id="audio"),
]
READS = [
    pytest.param(protocol.results(["a"]), id="results"),
    pytest.param(protocol.delete(["a"]), id="delete"),
    pytest.param(protocol.effects(), id="effects"),
    pytest.param(protocol.models(), id="models"),
    pytest.param(protocol.balance(), id="balance"),
    pytest.param(protocol.get_token("id", "secret"), id="token"),
]
ONE = protocol.create_one(SINGLE)


def answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status=status, headers=headers or {}, body=json.dumps(content).encode())


def failure(call: protocol.Call[object], given: Answer) -> AkoolError:
    with pytest.raises(AkoolError) as caught:
        call.read(given)
    return caught.value


# AKOOL.md 7, row by row; 1000 is not an error.
CODES: list[tuple[int, type[AkoolError], object]] = [
    (1003, Refused, None),
    (1004, Refused, None),
    (1005, SlowDown, None),
    (1006, AccountBlocked, BlockReason.NO_CREDIT),
    (1007, Refused, None),
    (1008, Refused, None),
    (1009, Refused, None),
    (1010, Refused, None),
    (1011, Refused, None),
    (1013, Refused, None),
    (1014, Refused, None),
    (1015, InDoubt, Doubt.VENDOR),
    (1016, Refused, None),
    (1017, Refused, None),
    (1101, AccountBlocked, BlockReason.BAD_KEY),
    (1102, AccountBlocked, BlockReason.BAD_KEY),
    (1103, AccountBlocked, BlockReason.UNPAID),
    (1104, AccountBlocked, BlockReason.NO_CREDIT),
    (1105, Refused, None),
    (1108, Refused, None),
    (1109, AccountBlocked, BlockReason.BAD_KEY),
    (1110, Refused, None),
    (1111, Refused, None),
    (1112, Refused, None),
    (1200, AccountBlocked, BlockReason.BANNED),
    (1201, Refused, None),
    (1202, Refused, None),
    (1203, Refused, None),
    (1204, Refused, None),
    (1205, InDoubt, Doubt.VENDOR),
    (1206, Refused, None),
    (1207, Refused, None),
    (1299, Refused, None),
    (9999, Refused, None),
    (0, Refused, None),
    (-1, Refused, None),
    (404, Refused, None),
    (429, SlowDown, None),
    (500, InDoubt, Doubt.SERVER),
    (599, InDoubt, Doubt.SERVER),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("code", "kind", "detail"), CODES)
def test_a_code_becomes_the_error_that_says_what_to_do(
    code: int, kind: type[AkoolError], detail: object, status: int
) -> None:
    error = failure(ONE, answer({"code": code, "msg": "words", "data": None}, status))
    assert type(error) is kind
    assert (error.code, error.http_status, error.vendor_message) == (code, status, "words")
    assert getattr(error, "reason", getattr(error, "doubt", None)) == detail


def test_every_documented_code_has_its_row() -> None:
    assert set(protocol.CODES) <= {code for code, _, _ in CODES}


@pytest.mark.parametrize("call", [*CREATES, *READS])
@pytest.mark.parametrize("code", [1005, "1005", 1005.0])
def test_every_endpoint_reads_codes_however_they_are_spelt(
    call: protocol.Call[object], code: object
) -> None:
    assert type(failure(call, answer({"code": code}))) is SlowDown


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (500, {"code": 1003, "msg": "parameter"}, InDoubt),
        (502, "<html>", InDoubt),
        (503, {"code": 1006}, InDoubt),
        (503, {"message": "busy"}, InDoubt),
        (408, {"message": "too slow"}, InDoubt),
        (429, {"code": 1003}, SlowDown),
        (429, "<html>", SlowDown),
        (401, "<html>", AccountBlocked),
        (401, {"message": "Unauthorized"}, AccountBlocked),
        (401, {"code": 1003}, Refused),
        (404, {"message": "Not Found"}, Refused),
        (400, {"error": "bad"}, Refused),
        (400, {"error": {"message": "bad"}}, InDoubt),
        (403, "<html>", InDoubt),
        (404, {}, InDoubt),
        (200, {"message": "no code"}, InDoubt),
        (200, {"code": None, "msg": "no code"}, InDoubt),
        (200, {"code": True}, InDoubt),
        (200, {"code": "soon"}, InDoubt),
        (200, [], InDoubt),
        (200, "OK", InDoubt),
        (302, {"code": 1000, "data": {"_id": "a"}}, InDoubt),
        (302, {"code": 1003}, InDoubt),
        (204, None, InDoubt),
    ],
)
def test_an_http_status_is_weighed_against_the_body(
    status: int, content: object, kind: type[AkoolError]
) -> None:
    error = failure(ONE, answer(content, status))
    assert type(error) is kind
    assert error.http_status == status


@pytest.mark.parametrize("call", [*CREATES, *READS])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Bad Gateway</body></html>",
        b'{"code":1000,',
        b"\xff\xfe\x00",
        b'{"code":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"code":NaN}',
        b'{"code":1e999}',
    ],
)
def test_a_body_that_is_no_envelope_leaves_doubt(call: protocol.Call[object], body: bytes) -> None:
    error = failure(call, Answer(status=200, body=body))
    assert isinstance(error, InDoubt)
    assert error.doubt is Doubt.UNREADABLE


@pytest.mark.parametrize("call", CREATES)
@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        "done",
        7,
        {"_id": ""},
        {"_id": None},
        {"_id": "a,b"},
        {"_id": {"$oid": "a"}},
        {"_id": "x" * 200},
        {"successList": [], "errorList": []},
        {"successList": None, "errorList": None},
        {"successList": [{"status": 1}], "errorList": [None, {}, "", []]},
        {"successList": {}, "errorList": {}},
    ],
)
def test_success_without_an_id_leaves_doubt(call: protocol.Call[object], data: object) -> None:
    error = failure(call, answer({"code": 1000, "msg": "OK", "data": data}))
    assert isinstance(error, InDoubt)


@pytest.mark.parametrize(
    "content",
    [{}, {"data": None}, {"data": {"credit": "many"}}, {"data": {"credit": None}}],
)
def test_a_balance_without_a_figure_is_no_balance(content: dict[str, object]) -> None:
    assert isinstance(failure(protocol.balance(), answer({"code": 1000} | content)), InDoubt)


@pytest.mark.parametrize("token", [None, "", 7, "two words", "ünï", "line\r\nX: y"])
def test_a_token_that_no_header_can_hold_is_no_token(token: object) -> None:
    call = protocol.get_token("id", "secret")
    assert isinstance(failure(call, answer({"code": 1000, "token": token})), InDoubt)


def test_a_token_is_found_at_the_top_and_under_data() -> None:
    call = protocol.get_token("id", "secret")
    assert call.read(Answer(status=200, body=sample("get_token"))) == "a-token-of-some-length"
    assert call.read(answer({"code": 1000, "data": {"token": "deep"}})) == "deep"


DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "86400"}, SlowDown.RETRY_AFTER_CAP),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT", "Date": DATE}, 30.0),
        ({"Retry-After": "Sun, 06 Nov 1994 09:49:37 GMT", "Date": DATE}, SlowDown.RETRY_AFTER_CAP),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:07 GMT", "Date": DATE}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT", "Date": "today"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:07 -0000", "Date": DATE}, None),
    ],
)
def test_the_vendors_wish_to_wait_is_honoured_up_to_a_cap(
    headers: dict[str, str], wait: float | None
) -> None:
    error = failure(ONE, answer({"message": "Too Many Requests"}, 429, headers))
    assert isinstance(error, SlowDown)
    assert error.retry_after == wait


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"msg": "plain"}, "plain"),
        ({"msg": "", "message": "second"}, "second"),
        ({"msg": 7}, "7"),
        ({"msg": {"deep": 1}, "error": "flat"}, "flat"),
        ({"msg": "see https://cdn.invalid/a.png?sig=1 now"}, "see [link] now"),
        ({"msg": "data:image/png;base64,AAAA"}, "[link]"),
        ({"msg": "key secret-key-1 is wrong"}, "key [secret] is wrong"),
        ({"msg": "a\x00b\nc\ud800d"}, "a b c d"),
        ({"msg": "x" * 1000}, "x" * 300),
        ({"msg": "x" * 295 + "secret-key-1"}, "x" * 295 + "[secr"),
        ({"msg": None}, ""),
    ],
)
def test_the_vendors_words_are_kept_bounded_and_clean(
    content: dict[str, object], words: str
) -> None:
    given = Answer(
        status=200,
        body=json.dumps({"code": 1003} | content).encode(),
        secrets=("secret-key-1", "is", ""),
    )
    error = failure(ONE, given)
    assert error.vendor_message == words
    assert str(error) == "a parameter is wrong or empty, code 1003, HTTP 200"
