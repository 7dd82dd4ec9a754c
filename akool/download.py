"""Bringing a finished file home from a link that leads outside."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import aiohttp
from aiohttp.abc import AbstractResolver

from akool.errors import Evidence, Gone, NotTheFile, TooBig, TryLater, Unsafe
from akool.partfile import PartFile
from akool.redirects import REDIRECTS, is_literal, is_public, next_hop, parse_link

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aiohttp.abc import ResolveResult
    from yarl import URL

MOST_REDIRECTS: Final = 5

_CHUNK: Final = 256 * 1024
_GONE: Final = frozenset({403, 404, 410})
_WEB_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_HEADERS: Final = {"Accept": "video/*, */*;q=0.5", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that was brought home: its bytes, and what its sender called it."""

    size: int
    content_type: str


class Downloader:
    """Fetches files, each over a connection of its own and without any credentials.

    `max_bytes` bounds a file, `timeout` (seconds) its whole transfer. `resolver` looks up host
    names in place of the system, `outside` tells which of their addresses are public.

    The link itself comes from the vendor over an authenticated channel and is trusted, wherever
    it leads (a stand-in for the vendor lives on loopback). Whom it redirects to is not: see
    `akool.redirects.next_hop`; and when the link's host is a public one, a redirect to a name with
    any address that is not public is refused. Names are looked up once, inside the connection
    attempt, and the very addresses that were checked are connected to, so a name that changes its
    answer gains nothing.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout: float,
        resolver: AbstractResolver | None = None,
        outside: Callable[[str], bool] = is_public,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._resolver = resolver
        self._outside = outside

    async def fetch(self, link: str, target: Path) -> Fetched:
        """Bring a file into `target`, which is replaced in one step or left alone.

        Raises FetchError as `akool.errors` sorts it; no error quotes the link.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._fetch(parse_link(link), target)
        # None of these is chained: aiohttp's texts quote the link.
        except (aiohttp.InvalidURL, UnicodeError):
            raise Unsafe("the link names an impossible host") from None
        except TimeoutError:
            raise TryLater("the file did not come in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise TryLater(f"the transfer broke off ({type(error).__name__})") from None

    async def _fetch(self, url: URL, target: Path) -> Fetched:
        gate = _Gate(self._resolver or aiohttp.ThreadedResolver(), self._outside)
        gate.look_at(url.host or "")
        connector = aiohttp.TCPConnector(resolver=gate, use_dns_cache=False, force_close=True)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=_HEADERS
        ) as session:
            for _ in range(MOST_REDIRECTS + 1):
                async with session.get(
                    url, allow_redirects=False, timeout=aiohttp.ClientTimeout()
                ) as response:
                    if response.status not in REDIRECTS:
                        return await self._take(response, target)
                    url = next_hop(url, response.headers.get("Location"))
                gate.shut()
        raise Unsafe(f"more than {MOST_REDIRECTS} redirects")

    async def _take(self, response: aiohttp.ClientResponse, target: Path) -> Fetched:
        _require_file(response)
        if (response.content_length or 0) > self._max_bytes:
            raise self._too_big(response)
        part = PartFile(target)
        try:
            await self._collect(response, part)
            await asyncio.to_thread(part.commit)
        finally:
            part.discard()
        return Fetched(size=part.size, content_type=response.content_type)

    async def _collect(self, response: aiohttp.ClientResponse, part: PartFile) -> None:
        async for chunk in response.content.iter_chunked(_CHUNK):
            if part.size + len(chunk) > self._max_bytes:
                raise self._too_big(response)
            await asyncio.to_thread(part.write, chunk)
        if not part.size:
            raise TryLater("the file is empty", Evidence(http_status=response.status))

    def _too_big(self, response: aiohttp.ClientResponse) -> TooBig:
        evidence = Evidence(http_status=response.status)
        return TooBig("the file is too large", evidence, limit=self._max_bytes)


def _require_file(response: aiohttp.ClientResponse) -> None:
    evidence = Evidence(http_status=response.status)
    if response.status in _GONE:
        raise Gone("the link is dead", evidence)
    if response.status != 200:
        raise TryLater("the server has trouble", evidence)
    if response.content_type in _WEB_PAGES:
        raise NotTheFile("a web page came instead of the file", evidence)


class _Gate(AbstractResolver):
    """Looks up names; once shut it lets no private address pass, if the first host was public."""

    def __init__(self, inner: AbstractResolver, outside: Callable[[str], bool]) -> None:
        self._inner = inner
        self._outside = outside
        self._public = False
        self._shut = False

    def look_at(self, first_host: str) -> None:
        """Take note of the first host, which is not looked up when it is an address itself."""
        self._public = is_literal(first_host) and self._outside(first_host)

    def shut(self) -> None:
        """Begin to refuse: from here on names come from redirects."""
        self._shut = True

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return a name's addresses. Raises Unsafe for those where a redirect may not lead."""
        found = await self._inner.resolve(host, port, family)
        outside = all(self._outside(one["host"]) for one in found)
        if not self._shut:
            self._public = outside
        elif self._public and not outside:
            raise Unsafe("a redirect to a name in a private network")
        return found

    async def close(self) -> None:
        """Leave the resolver behind as it is: it belongs to the caller."""
