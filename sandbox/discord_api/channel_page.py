"""One channel of the page: simcord's preview of it, served from our own port."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from aiohttp import web
from simcord.enums import SELECT_TYPES
from simcord.preview import Preview, _action_plans, _actions, _component_projection, _server
from simcord.preview._server import PreviewServer

from sandbox.discord_api.media import PromptWorker

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping, Sequence

    from simcord import ChannelHandle, Env, InteractionResult, MemberActor, UserHandle
    from simcord.preview._pages import _Page

STATIC: Final = Path(__file__).with_name("static")
# The page loads thirty megabytes of fonts before it shows anything. Without these lines it waits
# for the one it writes with; the others still come when a message needs them.
_OTHER_FONTS: Final = re.compile(
    r'^ *\{ family: "Noto [^\n]*css: \'(?!normal 16px "Noto Sans"\').*\n', re.MULTILINE
)
_OWN_FILES: Final = {"/sandbox.js": "application/javascript", "/sandbox.css": "text/css"}


def allow_clicks_while_it_changes() -> None:
    """Let a click count although the bot edited something since the page was drawn.

    Otherwise half of the clicks are refused while a card is edited every second. What the click
    is about is looked up again anyway when it is carried out.
    """
    _actions.ACTION_SPECS = MappingProxyType(
        {kind: replace(spec, revision_bound=False) for kind, spec in _actions.ACTION_SPECS.items()}
    )
    _server.web = web  # type: ignore[attr-defined]  # it imports this only when it binds a port


def tell_menus_apart() -> None:
    """Let a menu that takes another one's place on a message start afresh, as Discord does.

    simcord keeps what was chosen by the place alone, so the next menu there seems to hold it.
    """
    if isinstance(_component_projection._control_key, _ByCustomId):  # noqa: SLF001
        return
    for module, name in (
        (_component_projection, "_control_key"),
        (_action_plans, "_component_key"),
    ):
        setattr(module, name, _ByCustomId(getattr(module, name)))


class _ByCustomId:
    """Makes the key of a control, which for a message's menu also has its custom_id in it."""

    def __init__(self, make: Callable[..., str | None]) -> None:
        self._make = make

    def __call__(self, *arguments: Any) -> str | None:  # noqa: ANN401 - simcord's own
        key = self._make(*arguments)
        (component,) = (one for one in arguments if not isinstance(one, str | int))
        if key is None or not key.startswith("message:") or component["type"] not in SELECT_TYPES:
            return key
        return f"{key}:{crc32(str(component.get('custom_id')).encode()):08x}"


class SharedServer(PreviewServer):
    """The preview's handlers without a port of their own: ours is shared by all channels."""

    def __init__(self, preview: Preview, port: int, dress: Callable[[str], str]) -> None:
        super().__init__(preview)
        self.port = port
        self._dress = dress

    async def start(self) -> None:
        """Do nothing: the sandbox's server is running."""

    async def close(self) -> None:
        """Do nothing: the sandbox's server closes with the sandbox."""

    async def index(self, request: web.Request) -> web.Response:
        """Answer the page itself, dressed as ours."""
        answer: web.Response = await self._index(request)
        answer.text = self._dress(answer.text or "")
        return answer

    async def file(self, request: web.Request) -> web.Response:
        """Answer a script, style sheet or font."""
        if request.path in _OWN_FILES:
            text = (STATIC / request.path.lstrip("/")).read_text(encoding="utf-8")
            return web.Response(text=text, content_type=_OWN_FILES[request.path])
        answer: web.Response = await self._static(request)
        if request.path == "/presentation.js":
            answer.text = _OTHER_FONTS.sub("", answer.text or "")
        if request.path.startswith("/fonts/"):
            answer.headers["Cache-Control"] = "public, max-age=86400, immutable"
            answer.headers.popall("Pragma", None)
        return answer

    @classmethod
    def files(cls) -> list[str]:
        """Return the paths that `file` answers."""
        return [path for path in cls._STATIC_FILES if path != "/"] + list(_OWN_FILES)


class ChannelPage(Preview):
    """A channel as people see it in the browser. One lock for all: simcord acts one at a time."""

    def __init__(
        self,
        env: Env,
        channel: ChannelHandle,
        viewers: Sequence[MemberActor | UserHandle],
        lock: asyncio.Lock,
    ) -> None:
        super().__init__(
            env,
            channel,
            tuple(viewers),
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-US",
            timezone="UTC",
            presentation_time=None,
            assets=None,
            port=0,
        )
        self._lock = lock
        self._media_worker = PromptWorker()

    def know(self, pictures: dict[str, tuple[str, bytes]]) -> None:
        """Show these where messages link to them; more may be added while it is open."""
        self._explicit_assets = pictures

    async def open(self, port: int, dress: Callable[[str], str]) -> SharedServer:
        """Make it ready to be looked at."""
        server = self._server = SharedServer(self, port, dress)
        async with self._lock:
            self.env._preview = None  # noqa: SLF001 - simcord means one page; the lock makes many safe
            await self.__aenter__()
        return server

    @property
    def watched(self) -> bool:
        """Whether a browser has it open; simcord counts a page of its own."""
        return len(self._pages) > 1

    def show_first(self, viewer_id: int) -> None:
        """Let the next page that opens show the channel as this person."""
        first = [viewer for viewer in self.viewers if viewer.id == viewer_id]
        self.viewers = (*first, *(viewer for viewer in self.viewers if viewer.id != viewer_id))

    def offer_form(self, opened: InteractionResult) -> None:
        """Let the next page of whoever it is for show a form."""
        if self._python is not None:
            self._python.modal = opened

    def _open_page(self, viewer_id: Any = None, target_id: Any = None) -> _Page:  # noqa: ANN401
        """Open at the newest messages, with the form that waits for this person, once."""
        source = self._python
        if source is not None:
            source.window_end_id = None
        page = super()._open_page(viewer_id, target_id)
        if page.modal is not None and source is not None:
            source.modal = None
        return page

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self._lock:
            self.env._preview = self  # noqa: SLF001
            return await super()._action(context_id, body)

    async def publish(self) -> None:
        """Show what has changed."""
        async with self._lock:
            self.env._preview = self  # noqa: SLF001
            await self.refresh()
