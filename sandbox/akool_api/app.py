"""Akool on loopback: the emulator that tests, the demo and a developer point the bot at."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

import aiohttp
from aiohttp import web

from sandbox.akool_api.admin import Admin
from sandbox.akool_api.desk import Desk
from sandbox.akool_api.exchange import Call, Exchange
from sandbox.akool_api.files import Files
from sandbox.akool_api.loopback import NotLoopbackError, is_loopback
from sandbox.akool_api.orders import Form, RefusedError
from sandbox.akool_api.production import Production
from sandbox.akool_api.settings import Endpoint, VendorSettings
from sandbox.akool_api.store import BillLine, Store
from sandbox.akool_api.vendor import Vendor
from sandbox.akool_api.webhook import Webhooks

if TYPE_CHECKING:
    import random

    from multidict import MultiMapping

    from jobs.ports import Clock
    from sandbox.akool_api.exchange import Handler

_V4: Final = "/api/open/v4"
_V3: Final = "/api/open/v3"


class AkoolEmulator:
    """The vendor's API with its state in memory: `app` to serve, or `start` and `close`.

    `faults` chooses what goes wrong, `store` knows what was made and charged, `complaints` lists
    what a strict vendor would frown at: malformed requests, and accepted ones with odd fields.
    """

    def __init__(
        self, *, clock: Clock, rng: random.Random, settings: VendorSettings | None = None
    ) -> None:
        chosen = settings or VendorSettings()
        vendor = Vendor(settings=chosen, clock=clock, rng=rng, store=Store(chosen.balance, rng))
        self.settings, self.store = vendor.settings, vendor.store
        self.faults, self.complaints = vendor.faults, vendor.complaints
        self.webhooks = Webhooks(vendor)
        self._production = Production(vendor, self.webhooks)
        self._desk = Desk(vendor, self._production, self.webhooks)
        self._exchange = Exchange(vendor, self._open_session)
        self._files = Files(vendor, self._production)
        self._tokens: set[str] = set()
        self._rng = rng
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self.app = self._application()

    @property
    def bill(self) -> list[BillLine]:
        """All credits taken and given back, oldest first."""
        return self.store.bill

    @property
    def calls(self) -> dict[Endpoint, int]:
        """How often each endpoint was called."""
        return dict(self._exchange.calls)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and return the base URL; raises `NotLoopbackError` for any other address."""
        if not is_loopback(host):
            raise NotLoopbackError(host)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{bound[1]}"

    async def idle(self) -> None:
        """Wait until every clip is done or failed, and its end was reported once."""
        await self._production.idle()

    def let_finish(self) -> None:
        """Let the clips that a fault has rendering for ever come to their end."""
        self._production.let_finish()

    async def close(self) -> None:
        """Stop listening and end all clips where they are."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _application(self) -> web.Application:
        app = web.Application()
        desk, video = self._desk, f"{_V4}/image2Video"
        create = f"{video}/createBySourcePrompt"
        posts: dict[str, tuple[Endpoint, Handler]] = {
            create: (Endpoint.CREATE, desk.create),
            f"{create}/batch": (Endpoint.BATCH, desk.batch),
            f"{video}/resultsByIds": (Endpoint.RESULTS, desk.results),
            f"{video}/updateVideoAudio": (Endpoint.AUDIO, desk.audio),
            f"{video}/delbyids": (Endpoint.DELETE, desk.delete),
        }
        gets: dict[str, tuple[Endpoint, Handler]] = {
            f"{video}/effects": (Endpoint.EFFECTS, desk.effects),
            f"{_V4}/aigModel/list": (Endpoint.MODELS, desk.models),
            f"{_V3}/faceswap/quota/info": (Endpoint.QUOTA, desk.quota),
        }
        serve = self._exchange.serve
        for path, (endpoint, work) in posts.items():
            app.router.add_post(path, serve(endpoint, work, self._guard))
        for path, (endpoint, work) in gets.items():
            app.router.add_get(path, serve(endpoint, work, self._guard))
        token = serve(Endpoint.SIGN_IN, self._sign_in, lambda _headers: None)
        app.router.add_post(f"{_V3}/getToken", token)
        app.router.add_get("/files/{id}.mp4", self._files.video)
        app.router.add_get("/assets/{name}.png", self._files.picture)
        app.router.add_get("/assets/{name}.mp4", self._files.preview)
        app.add_routes(Admin(self.store, self.faults, self._exchange, self._counted).routes())
        app.on_shutdown.append(self._let_go)
        app.on_cleanup.append(self._end)
        return app

    def _guard(self, headers: MultiMapping[str]) -> None:
        """Refuse strangers; Authorization wins over x-api-key, even when wrong (AKOOL.md 2)."""
        bearer, key = headers.get("Authorization"), headers.get("x-api-key")
        if bearer:
            scheme, _, token = bearer.partition(" ")
            if scheme != "Bearer" or token not in self._tokens:
                raise RefusedError(1101, "invalid authorization")
        elif not key:
            raise RefusedError(1102, "authorization is empty")
        elif key == self.settings.client_id:
            raise RefusedError(1109, "account does not exist")
        elif not hmac.compare_digest(key.encode(), self.settings.client_secret.encode()):
            raise RefusedError(1101, "invalid authorization")

    async def _sign_in(self, call: Call) -> dict[str, object]:
        form = Form(call.body, call.endpoint)
        names = [form.text(name, required=True) for name in ("clientId", "clientSecret")]
        if names != [self.settings.client_id, self.settings.client_secret]:
            raise RefusedError(1101, "invalid clientId or clientSecret")
        token = f"sandbox-{self._rng.getrandbits(128):032x}"
        self._tokens.add(token)
        return {"token": token}

    def _counted(self) -> dict[str, object]:
        return {
            "calls": self.calls,
            "videos_served": self._files.served,
            "complaints": self.complaints,
            "webhooks": self.webhooks.delivered,
        }

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _let_go(self, _app: web.Application) -> None:
        self._exchange.release()

    async def _end(self, _app: web.Application) -> None:
        await self._production.close()
        await self.webhooks.close()
        if self._session is not None:
            await self._session.close()
            self._session = None
