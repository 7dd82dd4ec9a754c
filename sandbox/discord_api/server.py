"""The sandbox's Discord: one server on loopback with REST, gateway, files and pages."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final, Self

from aiohttp import web

from jobs.clock import SystemClock
from sandbox.discord_api.acting import Stage
from sandbox.discord_api.admin import Admin
from sandbox.discord_api.apps_page import AppsPage
from sandbox.discord_api.cdn import CDN_PATH, Links, serve_file
from sandbox.discord_api.faults import Faults
from sandbox.discord_api.gateway import Gateway
from sandbox.discord_api.limits import Buckets, RateLimit
from sandbox.discord_api.linked import LinkedPictures
from sandbox.discord_api.pages import Pages
from sandbox.discord_api.pinned import require_simcord
from sandbox.discord_api.pulse import Pulse
from sandbox.discord_api.requests import RequestLog
from sandbox.discord_api.rest import Rest
from sandbox.discord_api.transcript import transcript
from sandbox.discord_api.wire import API_PREFIX
from sandbox.discord_api.world import Setting, World, close_world, open_world
from sandbox.people import Person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from aiohttp.typedefs import Middleware

    from jobs.ports import Clock

READY_SECONDS: Final = 30.0
GATEWAY_PATH: Final = "/gateway"
# Above Discord's own limit, so that the rules refuse a large request, not aiohttp.
_MAX_BODY: Final = 64 * 1024 * 1024


class DiscordSandbox:
    """A Discord to run the bot against.

    Use it as `async with DiscordSandbox() as discord:`, start the bot with
    `DISCORD_API_BASE=discord.api_base`, then act through `discord.person("Alice")`.
    """

    world: World
    faults: Faults
    gateway: Gateway

    def __init__(
        self,
        setting: Setting | None = None,
        *,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        rate_limits: tuple[RateLimit, ...] = (),
    ) -> None:
        """`port` 0 takes any free one.

        Raises:
            ValueError: `host` is not a loopback address. Nothing here asks who is calling.

        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"The sandbox listens on loopback only, not on {host}")
        require_simcord()
        self._setting = setting or Setting()
        self._clock = clock or SystemClock()
        self._host, self._port = host, port
        self._rate_limits = rate_limits
        self._closing = AsyncExitStack()
        self.requests = RequestLog()
        self.pulse = Pulse()
        self.linked = LinkedPictures(self.pulse)
        self.people: dict[str, Person] = {}
        self.middlewares: list[Middleware] = []  # seen by every request; add before the start

    # --- life ---------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Start."""
        async with AsyncExitStack() as closing:
            listening = socket.create_server((self._host, self._port))
            closing.callback(listening.close)
            self._port = listening.getsockname()[1]
            self.world = await open_world(self._clock, self._setting)
            closing.push_async_callback(close_world, self.world)
            closing.callback(self.world.puppet.acks.close)
            await self._serve(listening, closing)
            self._closing = closing.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self._closing.aclose()

    async def _serve(self, listening: socket.socket, closing: AsyncExitStack) -> None:
        links = Links(self.world.clock, self.address)
        closing.push_async_callback(self.linked.close)
        self.stage = Stage(self.world)
        self._invite()
        self._pages = Pages(self.world, self.pulse, self.linked, self._port)
        middlewares = [self._own_host_only, *self.middlewares]
        app = web.Application(client_max_size=_MAX_BODY, middlewares=middlewares)
        self._route_bot(app, links)
        app.add_routes(self._pages.routes())
        app.add_routes(AppsPage(self.world, self.people, self._pages).routes())
        app.add_routes(Admin(self).routes())
        await self._pages.start()
        closing.push_async_callback(self._pages.close)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        closing.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening).start()
        closing.push_async_callback(self.gateway.close)

    def _route_bot(self, app: web.Application, links: Links) -> None:
        """Add what the bot talks to: REST, gateway, files."""
        world = self.world

        def seconds() -> float:
            return world.clock.now_ms() / 1000

        async def serve(request: web.Request) -> web.Response:
            return await serve_file(world.backend.cdn, links, request)

        self.faults = Faults(seconds)
        self.gateway = Gateway(world, links, self.faults, self.pulse)
        self.gateway.address = f"ws://{self._host}:{self._port}{GATEWAY_PATH}"
        rest = Rest(world, links, self.faults, Buckets(self._rate_limits, seconds), self.pulse)
        rest.bind(self.requests, self.linked, self.gateway.address)
        app.router.add_route("*", API_PREFIX + "/{path:.*}", rest.handle)
        app.router.add_get(GATEWAY_PATH, self.gateway.handle)
        app.router.add_get(CDN_PATH + "/{path:.*}", serve)

    @web.middleware
    async def _own_host_only(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Refuse a page from elsewhere that reaches us through a name pointing at loopback."""
        if request.host not in (f"{self._host}:{self._port}", f"localhost:{self._port}"):
            raise web.HTTPForbidden(text="wrong host")
        return await handler(request)

    def _invite(self) -> None:
        for name, actor in self.world.members.items():
            self.people[name] = Person(self.world, self.stage, self.pulse, actor)

    # --- addresses ----------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """The server's address."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_base(self) -> str:
        """What the bot needs as `DISCORD_API_BASE`."""
        return self.address + API_PREFIX

    @property
    def page_url(self) -> str:
        """Where a person opens the page."""
        return self.address + "/"

    # --- people -------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Return a member by name.

        Raises:
            KeyError: nobody of that name is a member.

        """
        return self.people[name]

    def join(self, name: str, *roles: str) -> Person:
        """Let someone new join, with roles by name."""
        actor = self.world.add_member(name, roles)
        self.people[name] = Person(self.world, self.stage, self.pulse, actor)
        return self.people[name]

    def transcript(self, channel: str = "studio", *, viewer: str | None = None) -> list[str]:
        """Return a channel's conversation in lines; `@Alice` is her direct messages."""
        if channel.startswith("@"):
            found = self.world.dm_of(channel[1:])
        else:
            found = self.world.backend.get_channel(self.world.channel_named(channel).id)
        viewer_id = None if viewer is None else self.people[viewer].id
        return transcript(self.world, found, viewer_id)

    # --- the bot ------------------------------------------------------------------------------

    async def ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until a bot is connected and has registered its commands.

        Raises:
            TimeoutError: none did within that many seconds.

        """
        commands = self.world.backend.commands

        def look() -> bool | None:
            registered = any(each for each in commands.values())
            return True if self.gateway.connected and registered else None

        await self.pulse.until(look, seconds)

    async def gone(self, seconds: float = READY_SECONDS) -> None:
        """Wait until no bot is connected.

        Raises:
            TimeoutError: one still was after that many seconds.

        """
        await self.pulse.until(lambda: None if self.gateway.connected else True, seconds)

    def skip(self, seconds: float) -> None:
        """Let that much of the world's time pass at once."""
        self.world.clock.advance(seconds)
        self.world.puppet.acks.skip(seconds)
        self.pulse.beat()
