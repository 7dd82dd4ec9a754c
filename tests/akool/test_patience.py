"""Which calls are repeated after a broken connection, where they go, what is logged of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from akool.client import AkoolClient
from akool.credentials import ApiKey
from akool.errors import AkoolError, Doubt, InDoubt, Refused
from tests.akool.conftest import KEY
from tests.akool.orders import SINGLE
from tests.akool.vendor import Vendor, sample

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

READS = [
    pytest.param(lambda client: client.results(["a"]), "results", id="results"),
    pytest.param(lambda client: client.effects(), "effects", id="effects"),
    pytest.param(lambda client: client.models(), "models", id="models"),
    pytest.param(lambda client: client.balance(), "balance", id="balance"),
]


async def doubt_of(call: Awaitable[object]) -> Doubt:
    with pytest.raises(InDoubt) as caught:
        await call
    return caught.value.doubt


# --- repeating ------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "case"), READS)
async def test_a_question_is_asked_again_when_the_connection_breaks(
    call: Callable[[AkoolClient], Awaitable[object]],
    case: str,
    client: AkoolClient,
    vendor: Vendor,
) -> None:
    vendor.hang_up(b"{", {"Content-Length": "100"})
    vendor.reply(sample(case))
    assert await call(client)
    assert len(vendor.seen) == 2


@pytest.mark.parametrize(("call", "case"), READS)
async def test_a_question_is_asked_twice_and_no_more(
    call: Callable[[AkoolClient], Awaitable[object]],
    case: str,
    client: AkoolClient,
    vendor: Vendor,
) -> None:
    for _ in range(3):
        vendor.hang_up(b"{", {"Content-Length": "100"})
    assert await doubt_of(call(client)) is Doubt.CONNECTION
    assert len(vendor.seen) == 2, case


async def test_a_deletion_is_not_repeated(client: AkoolClient, vendor: Vendor) -> None:
    vendor.hang_up()
    assert await doubt_of(client.delete(["a"])) is Doubt.CONNECTION
    assert len(vendor.seen) == 1


async def test_a_question_that_times_out_or_is_refused_is_not_repeated(
    hasty_client: AkoolClient, vendor: Vendor
) -> None:
    vendor.never_answer()
    assert await doubt_of(hasty_client.results(["a"])) is Doubt.TIMEOUT
    vendor.reply(sample("failed_to_get_results"))
    with pytest.raises(Refused):
        await hasty_client.results(["a"])
    assert len(vendor.seen) == 2


# --- the base address -----------------------------------------------------------------------


@pytest.mark.parametrize("base", ["{}", "{}/", "{}/proxy", "{}/proxy/"])
async def test_a_base_address_may_have_a_path(
    base: str, session: aiohttp.ClientSession, vendor: Vendor
) -> None:
    vendor.reply(sample("balance"))
    await AkoolClient(session, base.format(vendor.url), ApiKey(KEY)).balance()
    path = "/proxy" if "proxy" in base else ""
    assert vendor.seen[0].target == f"{path}/api/open/v3/faceswap/quota/info"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "openapi.akool.com",
        "ftp://openapi.akool.com",
        "https://",
        "https://user:word@openapi.akool.com",
        "https://openapi.akool.com?x=1",
        "https://openapi.akool.com/#x",
        f"https://{'a' * 64}.com",
        "https://openapi.akool.com:port",
    ],
)
async def test_an_odd_base_address_is_refused_at_once(
    base: str, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(ValueError, match=r"[Bb]ase address|URL|[Pp]ort"):
        AkoolClient(session, base, ApiKey(KEY))


# --- the log --------------------------------------------------------------------------------


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    found = [one for one in caplog.records if one.name.startswith("akool")]
    return [(one.levelno, one.getMessage()) for one in found if one.levelno >= logging.INFO]


async def test_an_outage_is_logged_once_and_so_is_its_end(
    client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        with pytest.raises(AkoolError):
            await client.create_one(SINGLE)
    vendor.reply_code(1003, "no")
    vendor.reply_code(1015, "later")
    for _ in range(2):
        with pytest.raises(AkoolError):
            await client.create_one(SINGLE)
    vendor.reply(sample("balance"))
    await client.balance()
    assert lines(caplog) == [
        (logging.WARNING, "Akool can't be used: the vendor's server failed, HTTP 500"),
        (logging.INFO, "Akool answers again"),
    ]


async def test_a_connection_that_breaks_once_is_no_outage(
    client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.hang_up(b"{", {"Content-Length": "100"})
    vendor.reply(sample("balance"))
    await client.balance()
    assert lines(caplog) == []


async def test_an_undocumented_status_is_logged_once(
    client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    for status in (7, 7, "paused", None):
        vendor.reply_json({"code": 1000, "data": {"result": [{"_id": "a", "status": status}]}})
        await client.results(["a"])
    assert lines(caplog) == [
        (logging.WARNING, "Akool gave clip a the undocumented status '7'"),
        (logging.WARNING, "Akool gave clip a the undocumented status 'paused'"),
        (logging.WARNING, "Akool gave clip a the undocumented status ''"),
    ]


async def test_ever_new_statuses_do_not_flood_the_log(
    client: AkoolClient, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    found = [{"_id": f"c{number}", "status": f"s{number}"} for number in range(200)]
    vendor.reply_json({"code": 1000, "data": {"result": found}})
    await client.results(["a"])
    assert len(lines(caplog)) == 50
