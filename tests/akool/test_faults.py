"""What goes wrong on the wire, and whether the request can have reached the vendor."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from akool.client import AkoolClient
from akool.credentials import ApiKey
from akool.errors import Doubt, InDoubt, NotSent
from tests.akool.conftest import KEY
from tests.akool.orders import AUDIO, BATCH, SINGLE
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.akool.conftest import SelfSigned

CREATES = [
    pytest.param(lambda client: client.create_one(SINGLE), id="single"),
    pytest.param(lambda client: client.create_batch(BATCH), id="batch"),
    pytest.param(lambda client: client.update_audio(AUDIO), id="audio"),
]


async def doubt_of(call: Awaitable[object]) -> Doubt:
    with pytest.raises(InDoubt) as caught:
        await call
    return caught.value.doubt


class Nowhere(AbstractResolver):
    """Knows no host at all."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(-2, "Name or service not known")

    async def close(self) -> None:
        """Close nothing."""


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# --- the request never left -----------------------------------------------------------------


@pytest.mark.parametrize("call", CREATES)
async def test_a_create_that_finds_nobody_was_not_sent(
    call: Callable[[AkoolClient], Awaitable[object]], session: aiohttp.ClientSession
) -> None:
    client = AkoolClient(session, f"http://127.0.0.1:{closed_port()}", ApiKey(KEY))
    with pytest.raises(NotSent):
        await call(client)


async def test_a_create_to_an_unknown_name_was_not_sent() -> None:
    connector = aiohttp.TCPConnector(resolver=Nowhere())
    async with aiohttp.ClientSession(connector=connector) as session:
        client = AkoolClient(session, "http://vendor.invalid", ApiKey(KEY))
        with pytest.raises(NotSent):
            await client.create_one(SINGLE)


async def test_a_create_to_a_host_that_cannot_prove_itself_was_not_sent(
    session: aiohttp.ClientSession, self_signed: SelfSigned
) -> None:
    vendor = Vendor()
    await vendor.start(self_signed.server)
    try:
        client = AkoolClient(session, vendor.url, ApiKey(KEY))
        with pytest.raises(NotSent):
            await client.create_one(SINGLE)
        assert vendor.seen == []
    finally:
        await vendor.stop()


async def test_a_create_to_a_host_that_speaks_no_tls_was_not_sent(
    session: aiohttp.ClientSession, vendor: Vendor
) -> None:
    client = AkoolClient(session, vendor.url.replace("http:", "https:"), ApiKey(KEY))
    with pytest.raises(NotSent):
        await client.create_one(SINGLE)
    assert vendor.seen == []


async def test_a_create_over_tls_arrives_when_the_host_can_prove_itself(
    self_signed: SelfSigned,
) -> None:
    vendor = Vendor()
    await vendor.start(self_signed.server)
    vendor.reply(sample("create_one"))
    try:
        connector = aiohttp.TCPConnector(ssl=self_signed.client)
        async with aiohttp.ClientSession(connector=connector) as session:
            client = AkoolClient(session, vendor.url, ApiKey(KEY))
            assert (await client.create_one(SINGLE)).id == "689174694b4dbdd4ab3d28c9"
    finally:
        await vendor.stop()


async def test_a_create_that_gets_no_connection_in_time_was_not_sent(vendor: Vendor) -> None:
    # All connections of the session are taken: the create waits for one in vain.
    vendor.never_answer()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        holding = asyncio.create_task(session.get(vendor.url).__aenter__())
        await vendor.arrived()
        client = AkoolClient(session, vendor.url, ApiKey(KEY), timeout=0.05)
        with pytest.raises(NotSent):
            await client.create_one(SINGLE)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
    assert len(vendor.seen) == 1


async def test_a_create_after_the_session_is_closed_was_not_sent(vendor: Vendor) -> None:
    session = aiohttp.ClientSession()
    client = AkoolClient(session, vendor.url, ApiKey(KEY))
    await session.close()
    with pytest.raises(NotSent):
        await client.create_one(SINGLE)


# --- the request may have arrived -----------------------------------------------------------


@pytest.mark.parametrize("call", CREATES)
async def test_a_create_without_an_answer_is_in_doubt_and_sent_once(
    call: Callable[[AkoolClient], Awaitable[object]], hasty_client: AkoolClient, vendor: Vendor
) -> None:
    vendor.never_answer()
    assert await doubt_of(call(hasty_client)) is Doubt.TIMEOUT
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("call", CREATES)
async def test_a_create_whose_answer_stalls_half_way_is_in_doubt(
    call: Callable[[AkoolClient], Awaitable[object]], hasty_client: AkoolClient, vendor: Vendor
) -> None:
    vendor.stall_in_body(b'{"code":1000,"data":{"_id":"a"')
    assert await doubt_of(call(hasty_client)) is Doubt.TIMEOUT
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("call", CREATES)
@pytest.mark.parametrize("begun", [None, b'{"code":1000'])
async def test_a_create_whose_connection_breaks_is_in_doubt_and_sent_once(
    call: Callable[[AkoolClient], Awaitable[object]],
    begun: bytes | None,
    client: AkoolClient,
    vendor: Vendor,
) -> None:
    vendor.hang_up(begun, {"Content-Length": "100"})
    assert await doubt_of(call(client)) is Doubt.CONNECTION
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("call", CREATES)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_create_that_a_server_fails_on_is_in_doubt_and_sent_once(
    call: Callable[[AkoolClient], Awaitable[object]],
    status: int,
    client: AkoolClient,
    vendor: Vendor,
) -> None:
    vendor.reply(b"<html>Bad Gateway</html>", status, {"Content-Type": "text/html"})
    assert await doubt_of(call(client)) is Doubt.SERVER
    assert len(vendor.seen) == 1


async def test_a_create_answered_with_a_web_page_is_in_doubt(
    client: AkoolClient, vendor: Vendor
) -> None:
    vendor.reply(b"<html>Hello</html>", 200, {"Content-Type": "text/html"})
    assert await doubt_of(client.create_one(SINGLE)) is Doubt.UNREADABLE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirected_create_is_in_doubt_and_not_followed(
    status: int, client: AkoolClient, vendor: Vendor
) -> None:
    vendor.reply(b"", status, {"Location": f"{vendor.url}/elsewhere"})
    assert await doubt_of(client.create_one(SINGLE)) is Doubt.UNREADABLE
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_an_answer_without_end_is_cut_off(
    encoding: str, hasty_client: AkoolClient, vendor: Vendor
) -> None:
    # Cut off although it would read as a success.
    body = b'{"code":1000,"data":{"_id":"a"},"pad":"' + b"x" * 1_000_000 + b'"}'

    async def flood(_: web.Request) -> web.StreamResponse:
        response = web.Response(body=body)
        if encoding == "gzip":
            response.enable_compression(web.ContentCoding.gzip)
        return response

    vendor.script(flood)
    assert await doubt_of(hasty_client.create_one(SINGLE)) is Doubt.UNREADABLE


async def test_an_answer_that_is_not_http_is_in_doubt_and_hides_the_key(
    session: aiohttp.ClientSession,
) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/9.9 what\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = AkoolClient(session, f"http://127.0.0.1:{port}", ApiKey(KEY))
        with pytest.raises(InDoubt) as caught:
            await client.create_one(SINGLE)
    assert caught.value.doubt is Doubt.UNREADABLE
    assert caught.value.__cause__ is None


async def test_a_cancelled_create_is_cancelled_and_not_sent_again(
    client: AkoolClient, vendor: Vendor
) -> None:
    vendor.never_answer()
    create = asyncio.create_task(client.create_one(SINGLE))
    await vendor.arrived()
    create.cancel()
    with pytest.raises(asyncio.CancelledError):
        await create
    assert len(vendor.seen) == 1


# --- connections ----------------------------------------------------------------------------


async def test_a_create_never_rides_on_a_used_connection(
    client: AkoolClient, vendor: Vendor
) -> None:
    for case in ("balance", "create_one", "create_one", "balance"):
        vendor.reply(sample(case))
    await client.balance()
    await client.create_one(SINGLE)
    await client.create_one(SINGLE)
    await client.balance()
    before, one, two, after = (request.peer for request in vendor.seen)
    assert before == after
    assert len({before, one, two}) == 3
