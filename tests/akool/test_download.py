"""Files are brought home whole or not at all, from where they may come."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from akool.download import MOST_REDIRECTS, Downloader, Fetched
from akool.errors import Gone, NotStored, NotTheFile, TooBig, TryLater, Unsafe

if TYPE_CHECKING:
    from pathlib import Path

    from akool.errors import FetchError
    from tests.akool.vendor import Vendor

FILM = os.urandom(700_000)
MP4 = {"Content-Type": "video/mp4"}


class Names(AbstractResolver):
    """Knows the names it was told, and counts how often each was asked for."""

    def __init__(self, **known: str) -> None:
        self.known = {name.replace("_", "."): address for name, address in known.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.known:
            raise OSError(-2, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=self.known[host],
                port=port,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Close nothing."""


@pytest.fixture
def downloader() -> Downloader:
    return Downloader(max_bytes=1_000_000, timeout=30)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "clip.mp4"


def content(file: Path) -> bytes:
    return file.read_bytes()


def put(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def occupy(place: Path) -> None:
    """Put a folder where a file should go."""
    place.mkdir()


async def failure(
    downloader: Downloader, link: str, target: Path, kind: type[FetchError]
) -> FetchError:
    """Fetch in vain: nothing is left behind, and the error does not quote the link."""
    with pytest.raises(kind) as caught:
        await downloader.fetch(link, target)
    assert list(target.parent.iterdir()) == []
    assert "127.0.0.1" not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


async def test_a_file_arrives_whole_and_alone(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.reply(FILM, headers=MP4)
    fetched = await downloader.fetch(f"{vendor.url}/a.mp4?X-Sig=a%2Bb", target)
    assert fetched == Fetched(size=len(FILM), content_type="video/mp4")
    assert content(target) == FILM
    assert list(target.parent.iterdir()) == [target]
    (request,) = vendor.seen
    assert (request.method, request.target) == ("GET", "/a.mp4?X-Sig=a%2Bb")
    assert request.headers["Accept-Encoding"] == "identity"
    assert "x-api-key" not in request.headers


async def test_a_file_replaces_an_older_one_in_one_step(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    put(target, b"older")
    vendor.reply(FILM, headers=MP4)
    await downloader.fetch(vendor.url, target)
    assert content(target) == FILM


async def test_a_failed_transfer_leaves_the_older_file_alone(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    put(target, b"older")
    vendor.hang_up(b"begun", {"Content-Length": "100"})
    with pytest.raises(TryLater):
        await downloader.fetch(vendor.url, target)
    assert content(target) == b"older"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_dead_link_is_gone(
    status: int, downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.reply(b"<Error/>", status)
    error = await failure(downloader, vendor.url, target, Gone)
    assert error.http_status == status


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 408, 425, 429, 500, 503])
async def test_a_server_in_trouble_is_tried_later(
    status: int, downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.reply(b"", status)
    assert (await failure(downloader, vendor.url, target, TryLater)).http_status == status


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])
async def test_a_web_page_is_not_the_file(
    kind: str, downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.reply(b"<html>", headers={"Content-Type": kind})
    await failure(downloader, vendor.url, target, NotTheFile)


async def test_an_empty_file_is_tried_later(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.reply(b"", headers=MP4)
    await failure(downloader, vendor.url, target, TryLater)


@pytest.mark.parametrize("headers", [MP4 | {"Content-Length": "700000"}, MP4])
async def test_a_transfer_that_breaks_off_is_tried_later(
    headers: dict[str, str], downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.hang_up(FILM[:300_000], headers)
    await failure(downloader, vendor.url, target, TryLater)


@pytest.mark.parametrize("begun", [b"", FILM[:300_000]])
async def test_a_transfer_that_stalls_is_tried_later(
    begun: bytes, vendor: Vendor, target: Path
) -> None:
    vendor.stall_in_body(begun, MP4)
    hasty = Downloader(max_bytes=1_000_000, timeout=0.1)
    async with asyncio.timeout(30):
        await failure(hasty, vendor.url, target, TryLater)


async def test_nobody_there_is_tried_later(downloader: Downloader, target: Path) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    await failure(downloader, f"http://127.0.0.1:{port}/a", target, TryLater)


async def test_an_unknown_name_is_tried_later(target: Path) -> None:
    downloader = Downloader(max_bytes=1, timeout=30, resolver=Names())
    await failure(downloader, "http://cdn.invalid/a", target, TryLater)


async def test_a_file_that_says_it_is_too_big_is_not_even_begun(
    vendor: Vendor, target: Path
) -> None:
    vendor.stall_in_body(b"", MP4 | {"Content-Length": "700000"})
    small = Downloader(max_bytes=699_999, timeout=30)
    error = await failure(small, vendor.url, target, TooBig)
    assert isinstance(error, TooBig)
    assert error.limit == 699_999


async def test_a_file_that_grows_too_big_is_dropped(vendor: Vendor, target: Path) -> None:
    vendor.stall_in_body(FILM, MP4)
    small = Downloader(max_bytes=699_999, timeout=30)
    await failure(small, vendor.url, target, TooBig)


async def test_a_file_of_exactly_the_limit_is_taken(vendor: Vendor, target: Path) -> None:
    vendor.reply(FILM, headers=MP4)
    exact = Downloader(max_bytes=len(FILM), timeout=30)
    assert (await exact.fetch(vendor.url, target)).size == len(FILM)


async def test_a_file_without_a_folder_to_lie_in_is_the_operators_business(
    downloader: Downloader, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.reply(FILM, headers=MP4)
    with pytest.raises(NotStored):
        await downloader.fetch(vendor.url, tmp_path / "nowhere" / "a.mp4")


async def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_behind(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    occupy(target)
    vendor.reply(FILM, headers=MP4)
    with pytest.raises(NotStored):
        await downloader.fetch(vendor.url, target)
    assert list(target.parent.iterdir()) == [target]


async def test_a_cancelled_transfer_leaves_nothing_behind(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    vendor.stall_in_body(FILM[:300_000], MP4)
    fetching = asyncio.create_task(downloader.fetch(vendor.url, target))
    await vendor.arrived()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert list(target.parent.iterdir()) == []


# --- redirects ------------------------------------------------------------------------------


def redirect(vendor: Vendor, location: str) -> None:
    vendor.reply(b"", 302, {"Location": location})


async def test_a_redirect_to_a_name_is_followed_over_a_new_connection(
    vendor: Vendor, target: Path
) -> None:
    names = Names(cdn_invalid="127.0.0.1", store_invalid="127.0.0.1")
    downloader = Downloader(max_bytes=1_000_000, timeout=30, resolver=names)
    port = vendor.url.rsplit(":", 1)[1]
    redirect(vendor, f"http://store.invalid:{port}/b.mp4?x=%2F")
    vendor.reply(FILM, headers=MP4)
    await downloader.fetch(f"http://cdn.invalid:{port}/a.mp4", target)
    assert content(target) == FILM
    assert [request.target for request in vendor.seen] == ["/a.mp4", "/b.mp4?x=%2F"]
    assert vendor.seen[0].peer != vendor.seen[1].peer
    assert names.asked == ["cdn.invalid", "store.invalid"]


@pytest.mark.parametrize("location", ["{}/b", "http://localhost/b", "file:///etc/passwd"])
async def test_a_redirect_into_the_dark_is_not_followed(
    location: str, downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    redirect(vendor, location.format(vendor.url))
    await failure(downloader, vendor.url, target, Unsafe)
    assert len(vendor.seen) == 1


async def test_a_redirect_from_a_public_host_to_a_private_name_is_not_followed(
    vendor: Vendor, target: Path
) -> None:
    # On this machine 127.0.0.1 plays the public internet and 127.0.0.2 a private network.
    names = Names(cdn_invalid="127.0.0.1", inside_invalid="127.0.0.2")
    downloader = Downloader(
        max_bytes=1_000_000,
        timeout=30,
        resolver=names,
        outside=lambda address: address == "127.0.0.1",
    )
    port = vendor.url.rsplit(":", 1)[1]
    redirect(vendor, f"http://inside.invalid:{port}/b")
    await failure(downloader, f"http://cdn.invalid:{port}/a", target, Unsafe)
    redirect(vendor, f"http://inside.invalid:{port}/b")
    await failure(downloader, f"{vendor.url}/a", target, Unsafe)
    redirect(vendor, f"http://cdn.invalid:{port}/b")
    vendor.reply(FILM, headers=MP4)
    await downloader.fetch(f"{vendor.url}/a", target)
    assert content(target) == FILM


async def test_a_name_that_turns_private_between_two_connections_is_not_followed(
    vendor: Vendor, target: Path
) -> None:
    names = Names(cdn_invalid="127.0.0.1")
    downloader = Downloader(
        max_bytes=1_000_000,
        timeout=30,
        resolver=names,
        outside=lambda address: address == "127.0.0.1",
    )

    async def turn(_: web.Request) -> web.StreamResponse:
        names.known["cdn.invalid"] = "127.0.0.2"
        return web.Response(status=302, headers={"Location": "/b"})

    vendor.script(turn)
    link = f"http://cdn.invalid:{vendor.url.rsplit(':', 1)[1]}/a"
    await failure(downloader, link, target, Unsafe)
    assert names.asked == ["cdn.invalid", "cdn.invalid"]


@pytest.mark.parametrize("hops", [MOST_REDIRECTS, MOST_REDIRECTS + 1])
async def test_redirects_come_to_an_end(hops: int, vendor: Vendor, target: Path) -> None:
    names = Names(cdn_invalid="127.0.0.1")
    downloader = Downloader(max_bytes=1_000_000, timeout=30, resolver=names)
    link = f"http://cdn.invalid:{vendor.url.rsplit(':', 1)[1]}/a"
    for _ in range(hops):
        redirect(vendor, "/again")
    vendor.reply(FILM, headers=MP4)
    if hops > MOST_REDIRECTS:
        await failure(downloader, link, target, Unsafe)
    else:
        assert (await downloader.fetch(link, target)).size == len(FILM)


@pytest.mark.parametrize(
    "link",
    ["", "file:///etc/passwd", f"http://{'a' * 64}.invalid/a", "http://2130706433/a", "http:///a"],
)
async def test_a_link_that_leads_nowhere_is_refused(
    link: str, downloader: Downloader, target: Path
) -> None:
    await failure(downloader, link, target, Unsafe)


async def test_an_answer_that_is_not_http_is_tried_later(
    downloader: Downloader, vendor: Vendor, target: Path
) -> None:
    async def babble(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"HTTP/9.9 what\r\n\r\n")
        request.transport.close()
        return web.Response()

    vendor.script(babble)
    await failure(downloader, vendor.url, target, TryLater)
