"""How calls are authorised, when a token is renewed, and that no secret is ever shown."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from akool.client import AkoolClient
from akool.credentials import ApiKey, ClientPair
from akool.errors import AccountBlocked, AkoolError, BlockReason, InDoubt, NotSent, SlowDown
from tests.akool.conftest import KEY
from tests.akool.orders import BATCH, SINGLE
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_PATH = "/api/open/v3/getToken"


def give_token(vendor: Vendor, token: str) -> None:
    vendor.reply_json({"code": 1000, "token": token})


def authorisations(vendor: Vendor) -> list[str | None]:
    return [request.headers.get("Authorization") for request in vendor.seen]


async def test_a_pair_is_traded_for_a_token_once(pair_client: AkoolClient, vendor: Vendor) -> None:
    give_token(vendor, "first")
    vendor.reply(sample("create_one"))
    vendor.reply(sample("balance"))
    await pair_client.create_one(SINGLE)
    await pair_client.balance()
    assert authorisations(vendor) == [None, "Bearer first", "Bearer first"]
    trade = vendor.seen[0]
    assert (trade.method, trade.target) == ("POST", TOKEN_PATH)
    assert trade.json == {
        "clientId": "client-id-sixteen",
        "clientSecret": "client-secret-of-24-char",
    }
    assert not any("x-api-key" in request.headers for request in vendor.seen)


async def test_callers_at_the_same_time_share_one_token(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    give_token(vendor, "first")
    for _ in range(3):
        vendor.reply(sample("balance"))
    await asyncio.gather(*(pair_client.balance() for _ in range(3)))
    assert sorted(request.target for request in vendor.seen).count(TOKEN_PATH) == 1


@pytest.mark.parametrize(("content", "status"), [({"code": 1101}, 200), ("<html>", 401)])
async def test_a_question_with_a_stale_token_is_asked_again_with_a_new_one(
    content: object, status: int, pair_client: AkoolClient, vendor: Vendor
) -> None:
    give_token(vendor, "first")
    vendor.reply_json(content, status)
    give_token(vendor, "second")
    vendor.reply(sample("balance"))
    assert (await pair_client.balance()).credits == 123
    assert authorisations(vendor) == [None, "Bearer first", None, "Bearer second"]


async def test_a_new_token_that_is_refused_too_is_not_renewed_again(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    for token in ("first", "second"):
        give_token(vendor, token)
        vendor.reply_code(1101)
    with pytest.raises(AccountBlocked) as caught:
        await pair_client.balance()
    assert caught.value.reason is BlockReason.BAD_KEY
    assert len(vendor.seen) == 4


async def test_a_create_with_a_stale_token_is_not_sent_again_but_the_next_call_gets_a_new_one(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    give_token(vendor, "first")
    vendor.reply_code(1101)
    with pytest.raises(AccountBlocked):
        await pair_client.create_one(SINGLE)
    assert authorisations(vendor) == [None, "Bearer first"]
    give_token(vendor, "second")
    vendor.reply(sample("create_one"))
    await pair_client.create_one(SINGLE)
    assert authorisations(vendor)[2:] == [None, "Bearer second"]


async def test_an_answer_to_an_old_token_does_not_drop_the_new_one(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    slow = asyncio.Event()

    async def late(_: web.Request) -> web.StreamResponse:
        await slow.wait()
        return web.json_response({"code": 1101})

    give_token(vendor, "first")
    vendor.script(late)
    create = asyncio.create_task(pair_client.create_one(SINGLE))
    await vendor.arrived(2)
    vendor.reply_code(1101)
    give_token(vendor, "second")
    vendor.reply(sample("balance"))
    await pair_client.balance()
    slow.set()
    with pytest.raises(AccountBlocked):
        await create
    vendor.reply(sample("balance"))
    await pair_client.balance()
    assert authorisations(vendor)[-1] == "Bearer second"


@pytest.mark.parametrize("code", [1006, 1109, 1200])
async def test_other_blocks_do_not_renew_the_token(
    code: int, pair_client: AkoolClient, vendor: Vendor
) -> None:
    give_token(vendor, "first")
    vendor.reply_code(code)
    with pytest.raises(AccountBlocked):
        await pair_client.balance()
    assert len(vendor.seen) == 2


async def test_a_bad_key_is_told_at_once(client: AkoolClient, vendor: Vendor) -> None:
    vendor.reply_code(1101)
    with pytest.raises(AccountBlocked):
        await client.balance()
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        ({"code": 1003, "msg": "clientId is wrong"}, 200, AccountBlocked),
        ({"code": 1109}, 200, AccountBlocked),
        ({"code": 1005}, 200, SlowDown),
        ({"code": 1000}, 200, NotSent),
        ("<html>", 502, NotSent),
    ],
)
async def test_a_create_without_a_token_never_leaves_and_is_never_in_doubt(
    content: object,
    status: int,
    kind: type[AkoolError],
    pair_client: AkoolClient,
    vendor: Vendor,
) -> None:
    vendor.reply_json(content, status)
    with pytest.raises(kind) as caught:
        await pair_client.create_one(SINGLE)
    assert type(caught.value) is kind
    assert [request.target for request in vendor.seen] == [TOKEN_PATH]


async def test_a_create_whose_token_does_not_come_in_time_was_not_sent(
    session: aiohttp.ClientSession, vendor: Vendor
) -> None:
    pair = ClientPair(client_id="client-id", client_secret="client-secret")
    client = AkoolClient(session, vendor.url, pair, timeout=0.05)
    vendor.never_answer()
    with pytest.raises(NotSent):
        await client.create_one(SINGLE)


# --- secrets --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", " ", "two words", "line\r\nX: y", "schlüssel", "\x00"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(key: str) -> None:
    for make in (
        lambda: ApiKey(key),
        lambda: ClientPair(client_id=key, client_secret="s"),
        lambda: ClientPair(client_id="i", client_secret=key),
    ):
        with pytest.raises(ValueError, match="empty or has characters") as caught:
            make()
        assert len(key) < 2 or key not in str(caught.value)


def test_credentials_and_clients_do_not_show_their_secrets(client: AkoolClient) -> None:
    pair = ClientPair(client_id="client-id", client_secret="client-secret")
    assert "client-id" not in repr(pair)
    assert "client-secret" not in repr(pair)
    assert KEY not in repr(ApiKey(KEY))
    assert KEY not in repr(client)
    assert "127.0.0.1" in repr(client)


def everything(error: BaseException) -> Iterator[str]:
    """Yield all that a careless log might show of an error and of those behind it."""
    yield "".join(traceback.format_exception(error))
    chain: BaseException | None = error
    while chain is not None:
        yield f"{chain} {chain!r} {chain.args} {vars(chain)}"
        chain = chain.__cause__


async def test_no_failure_shows_the_key_the_prompt_or_a_link(
    client: AkoolClient, hasty_client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"key {KEY}, picture {SINGLE.image_url}"
    failing = [
        lambda: vendor.reply_json({"code": 1003, "msg": echo}),
        lambda: vendor.reply_json({"code": 1101, "msg": echo}),
        lambda: vendor.reply_json({"message": echo}, 429),
        lambda: vendor.reply_json({"message": echo}, 502),
        lambda: vendor.reply(echo.encode()),
        lambda: vendor.hang_up(echo.encode(), {"Content-Length": "999"}),
        vendor.hang_up,
        vendor.never_answer,
    ]
    for one, fail in [(client, fail) for fail in failing[:-1]] + [(hasty_client, failing[-1])]:
        fail()
        with pytest.raises(AkoolError) as caught:
            await one.create_one(SINGLE)
        for shown in everything(caught.value):
            assert KEY not in shown
            assert "example.invalid" not in shown
            assert "balloon" not in shown
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert KEY not in logged
    assert "balloon" not in logged
    assert "example.invalid" not in logged


async def test_a_token_is_blanked_out_of_the_vendors_words(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    give_token(vendor, "token-of-this-test")
    vendor.reply_code(1200, "token-of-this-test and client-secret-of-24-char")
    with pytest.raises(AccountBlocked) as caught:
        await pair_client.create_one(SINGLE)
    assert caught.value.vendor_message == "[secret] and [secret]"


async def test_refused_clips_are_logged_by_their_code_alone(
    client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    data = {"successList": [], "errorList": [{"code": 1003, "msg": "the balloon is banned"}]}
    vendor.reply(json.dumps({"code": 1000, "data": data}).encode())
    await client.create_batch(BATCH)
    assert [record.getMessage() for record in caplog.records if record.name == "akool.client"] == [
        "Akool refused a clip of a batch, code 1003"
    ]


async def test_an_interrupted_token_fetch_leaves_the_next_caller_unharmed(
    pair_client: AkoolClient, vendor: Vendor
) -> None:
    vendor.never_answer()
    first = asyncio.create_task(pair_client.balance())
    await vendor.arrived()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    give_token(vendor, "second")
    vendor.reply(sample("balance"))
    assert (await pair_client.balance()).credits == 123
    with pytest.raises(InDoubt):
        await pair_client.balance()
