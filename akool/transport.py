"""One HTTP exchange with the vendor, and whether a failed one can have reached it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import aiohttp
from yarl import URL

from akool.envelope import Answer
from akool.errors import Doubt, Evidence, InDoubt, NotSent

if TYPE_CHECKING:
    from akool.protocol import Request

_CHUNK: Final = 64 * 1024
_LONGEST_CONNECT: Final = 10.0

_NEVER_LEFT: Final = (
    aiohttp.ClientConnectorError,  # no name, nobody there, TLS failed
    aiohttp.ConnectionTimeoutError,  # no connection in time, or none free
    aiohttp.ClientHttpProxyError,  # a proxy did not open the tunnel
    aiohttp.InvalidURL,
)
"""What aiohttp raises before it has written the first byte of a request."""


class Transport:
    """Sends requests to one base address over a session that somebody else owns.

    `timeout` (seconds) bounds a whole exchange, `max_body_bytes` the answer. Raises ValueError
    for a base address that is not a plain http(s) one.
    """

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, *, timeout: float, max_body_bytes: int
    ) -> None:
        self._session = session
        self._base = _checked(base_url)
        self._timeout = timeout
        self._max_body_bytes = max_body_bytes

    @property
    def base_url(self) -> str:
        """The address in front of every path."""
        return str(self._base)

    async def exchange(
        self, request: Request, credentials: dict[str, str], *, fresh: bool
    ) -> Answer:
        """Send a request once and read the whole answer.

        With `fresh` it goes over a connection that nothing else has used. Raises NotSent when the
        request surely did not leave, else InDoubt: once a byte may be out, nobody can tell.
        """
        if self._session.closed:
            raise NotSent("the session is closed")
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(request, credentials, fresh=fresh)
        except _NEVER_LEFT as error:
            raise NotSent("no connection") from error
        except TimeoutError as error:
            raise InDoubt("no answer in time", doubt=Doubt.TIMEOUT) from error
        except aiohttp.ClientResponseError:
            # Not chained: its repr shows the request's headers, and with them the key.
            raise InDoubt("the answer is not HTTP", doubt=Doubt.UNREADABLE) from None
        except (aiohttp.ClientError, OSError) as error:
            raise InDoubt("the connection was lost", doubt=Doubt.CONNECTION) from error

    async def _send(self, request: Request, credentials: dict[str, str], *, fresh: bool) -> Answer:
        async with self._session.request(
            request.method,
            # Joined as text and not encoded again: the query must stay as the protocol spelt it.
            URL(f"{str(self._base).rstrip('/')}{request.target}", encoded=True),
            data=request.body,
            headers=_headers(request, credentials, fresh=fresh),
            # The vendor documents no redirects, and following one could send a create twice.
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(connect=min(_LONGEST_CONNECT, self._timeout / 2)),
            # An idle connection may have been closed by the other side a moment ago, and a create
            # lost that way is in doubt for nothing. Naming the host keeps creates apart from other
            # calls in the session's pool, "Connection: close" keeps them out of it.
            server_hostname=self._base.raw_host if fresh else None,
        ) as response:
            return Answer(
                status=response.status,
                headers=response.headers.copy(),
                body=await self._bounded_body(response),
            )

    async def _bounded_body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._max_body_bytes:
                raise InDoubt(
                    f"the answer is longer than {self._max_body_bytes} bytes",
                    Evidence(http_status=response.status),
                    doubt=Doubt.UNREADABLE,
                )
        return bytes(body)


def _headers(request: Request, credentials: dict[str, str], *, fresh: bool) -> dict[str, str]:
    headers = {"Accept": "application/json", **credentials}
    if request.json is not None:
        headers["Content-Type"] = "application/json"
    if fresh:
        headers["Connection"] = "close"
    return headers


def _checked(base_url: str) -> URL:
    """Return the base address as a URL that needs no further care."""
    url = URL(base_url)
    plain = url.scheme in ("http", "https") and url.host and not url.query_string
    if not plain or url.fragment or url.user or url.password:
        raise ValueError("the base address must be http(s)://host, with a path at most")
    if any(len(label) > 63 for label in (url.raw_host or "").split(".")):
        raise ValueError("the base address has a host name that can't exist")
    return url
