"""Pictures that a message links to: fetched once and shown, as Discord's media proxy does."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from yarl import URL

from sandbox.akool_api.background import Background
from sandbox.akool_api.inputs import UnusableInputError, fetch_picture
from sandbox.akool_api.loopback import NotLoopbackError, require_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.discord_api.pulse import Pulse

logger = logging.getLogger(__name__)

MOST: Final = 200
_HOLDERS: Final = ("media", "image", "thumbnail")  # components and embeds name pictures under these


class LinkedPictures:
    """Fetches from this machine only; what lies elsewhere stays unavailable on the page.

    `pictures` are those that came, by address, with the file name that simcord wants.
    """

    def __init__(self, pulse: Pulse, most: int = MOST) -> None:
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self._pulse = pulse
        self._most = most
        self._asked: deque[str] = deque()
        self._background = Background()
        self._session: aiohttp.ClientSession | None = None

    def look(self, payload: Any) -> None:  # noqa: ANN401 - any JSON
        """Begin to fetch what a request of the bot links to and nobody asked for yet."""
        for link in _links(payload):
            if link not in self._asked:
                self._asked.append(link)
                self._background.start(self._fetch(link))
        while len(self._asked) > self._most:
            self.pictures.pop(self._asked.popleft(), None)

    async def idle(self) -> None:
        """Wait until nothing is being fetched."""
        await self._background.idle()

    async def close(self) -> None:
        """Stop fetching."""
        await self._background.close()
        if self._session is not None:
            await self._session.close()

    async def _fetch(self, link: str) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            picture = await fetch_picture(self._session, link)
        except UnusableInputError as error:
            logger.info("A linked picture is not shown: %s", error)
            return
        if link in self._asked:  # else so many came meanwhile that this one is let go already
            self.pictures[link] = (URL(link).name, picture)
            self._pulse.beat()


def _links(payload: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Find the addresses of pictures on this machine."""
    if isinstance(payload, list):
        for item in payload:
            yield from _links(item)
    if not isinstance(payload, dict):
        return
    for name, item in payload.items():
        if name in _HOLDERS and isinstance(item, dict) and _near(item.get("url")):
            yield str(item["url"])
        yield from _links(item)


def _near(link: object) -> bool:
    try:
        require_loopback(str(link))
    except NotLoopbackError:
        return False
    return True
