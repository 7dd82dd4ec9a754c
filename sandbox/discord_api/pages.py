"""The page for people: every channel at one address, live, as whichever member one likes."""

from __future__ import annotations

import asyncio
import html
import logging
from typing import TYPE_CHECKING, Final, TypeAlias

from aiohttp import web
from simcord import ChannelHandle, SetupError
from simcord.backend.access import can_access_channel

from sandbox.discord_api.channel_page import (
    ChannelPage,
    SharedServer,
    allow_clicks_while_it_changes,
    tell_menus_apart,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from simcord import MemberActor

    from sandbox.discord_api.linked import LinkedPictures
    from sandbox.discord_api.pulse import Pulse
    from sandbox.discord_api.world import World

logger = logging.getLogger(__name__)

PUBLISH_SECONDS: Final = 0.1  # the page asks every half second
DIRECT: Final = "@me"

Handler: TypeAlias = "Callable[[web.Request], Awaitable[web.StreamResponse]]"

_SCRIPT: Final = '<script src="/sandbox.js"></script>\n    <title>{guild}</title>'


class Pages:
    """Channel pages by name; a page is made when someone first looks at it."""

    def __init__(self, world: World, pulse: Pulse, linked: LinkedPictures, port: int) -> None:
        self._world = world
        self._linked = linked
        self._port = port
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._pages: dict[str, ChannelPage] = {}
        self._servers: dict[str, SharedServer] = {}
        self._publisher: asyncio.Task[None] | None = None
        pulse.listen(self._changed.set)
        allow_clicks_while_it_changes()
        tell_menus_apart()

    def routes(self) -> list[web.RouteDef]:
        """Return what the sandbox's server must answer for the page."""
        api = {
            "pages": ("POST", "_pages"),
            "pages/{context_id}": ("DELETE", "_delete_page"),
            "state": ("GET", "_state"),
            "commands": ("GET", "_commands"),
            "action-result": ("GET", "_action_result"),
            "action": ("POST", "_action"),
            "assets/{asset_id}": ("GET", "_asset"),
        }
        found = [web.get("/", self._index), web.get("/go/{channel}", self._go)]
        found += [web.get(path, self._file) for path in SharedServer.files()]
        for path, (method, name) in api.items():
            found.append(web.route(method, f"/api/{path}", self._forward(name)))
        return found

    async def start(self) -> None:
        """Open the first channel and begin to publish."""
        await self.page(self._home)
        self._publisher = asyncio.create_task(self._publish())

    async def close(self) -> None:
        """Close every page."""
        if self._publisher is not None:
            self._publisher.cancel()
            await asyncio.gather(self._publisher, return_exceptions=True)
        for page in self._pages.values():
            await page.close()

    # --- pages --------------------------------------------------------------------------------

    @property
    def _home(self) -> str:
        return next(iter(self._world.channels))

    async def page(self, name: str, viewer_id: int | None = None) -> ChannelPage:
        """Return a channel's page, or with `@me` the direct messages of the viewer.

        Raises:
            KeyError: no such channel or member.

        """
        key = f"{DIRECT}/{viewer_id}" if name == DIRECT else name
        page = self._pages.get(key)
        if page is None:
            page = await self._open(name, viewer_id)
            self._pages[key] = page
        if name != DIRECT:
            page.viewers = tuple(self._viewers(page.channel))
        if viewer_id is not None:
            page.show_first(viewer_id)
        return page

    async def _open(self, name: str, viewer_id: int | None) -> ChannelPage:
        world = self._world
        if name == DIRECT:
            user = next(each.user for each in world.members.values() if each.id == viewer_id)
            page = ChannelPage(world.env, user.dm_channel, [user], self._lock)
        else:
            channel = world.channel_named(name)
            page = ChannelPage(world.env, channel, list(self._viewers(channel)), self._lock)
        page.know(self._linked.pictures)
        self._servers[page.capability] = await page.open(self._port, self._dress)
        return page

    def _viewers(self, channel: ChannelHandle) -> Iterable[MemberActor]:
        world = self._world
        present = world.backend.get_guild(world.guild.id).members
        for member in world.members.values():
            if member.id in present and can_access_channel(
                world.env, channel.id, member, history=True
            ):
                yield member

    async def _publish(self) -> None:
        """Show every change soon after it happened, many at once."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(PUBLISH_SECONDS)
            self._changed.clear()
            for page in list(self._pages.values()):
                if not page.watched:
                    continue
                try:
                    await page.publish()
                except (SetupError, TimeoutError):
                    logger.exception(
                        "The page of channel %s was not brought up to date", page.channel
                    )

    # --- HTTP ---------------------------------------------------------------------------------

    async def _go(self, request: web.Request) -> web.Response:
        """Lead to a channel, as the person asked for."""
        viewer = request.query.get("as", "")
        try:
            page = await self.page(
                request.match_info["channel"], int(viewer) if viewer.isdecimal() else None
            )
        except (KeyError, StopIteration) as error:
            raise web.HTTPNotFound(text="no such channel") from error
        raise web.HTTPFound(f"/?as={viewer}#{page.capability}")

    async def _index(self, request: web.Request) -> web.Response:
        return await self._any_server().index(request)

    async def _file(self, request: web.Request) -> web.Response:
        return await self._any_server().file(request)

    def _any_server(self) -> SharedServer:
        return next(iter(self._servers.values()))

    def _forward(self, name: str) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            server = self._servers.get(request.headers.get("X-Simcord-Capability", ""))
            if server is None:
                raise web.HTTPUnauthorized
            answer: web.StreamResponse = await getattr(server, name)(request)
            return answer

        return handle

    def _dress(self, text: str) -> str:
        """Put our name, the channel list and our style into simcord's page."""
        guild = html.escape(self._world.guild.name)
        home = f"/go/{self._home}"
        text = text.replace('<html lang="en">', f'<html lang="en" data-home="{home}">')
        text = text.replace("<title>SimCord Preview</title>", _SCRIPT.format(guild=guild))
        text = text.replace("</head>", '  <link rel="stylesheet" href="/sandbox.css">\n  </head>')
        text = text.replace(
            "<strong>SimCord</strong><small>Preview</small>",
            f"<strong>{guild}</strong><small>sandbox, drawn by simcord</small>",
        )
        text = text.replace('aria-hidden="true">S</span>', f'aria-hidden="true">{guild[:1]}</span>')
        return text.replace(
            '<header class="sidebar-heading">',
            f'{self._navigation()}<header class="sidebar-heading">',
        )

    def _navigation(self) -> str:
        lines = ['<nav class="sandbox-nav" aria-label="Channels"><h1>Channels</h1>']
        for name in self._world.channels:
            page = self._pages.get(name)
            shown = html.escape(name)
            mark = f' data-channel="{shown}"'
            mark += f' data-hash="#{page.capability}"' if page else ""
            if name in self._world.setting.hidden_channels:
                mark += ' title="The bot can\'t see this channel"'
            lines.append(f'<a href="/go/{shown}"{mark}><span class="mark">#</span>{shown}</a>')
        lines.append(f'<a href="/go/{DIRECT}"><span class="mark">@</span>Direct messages</a>')
        # A plain mark: a sign that Noto Sans lacks makes browsers fetch every fallback font.
        lines.append('<a href="/apps"><span class="mark">+</span>Menus and files</a></nav>')
        return "".join(lines)
