"""The file store: signed links that expire after a day, as Discord's do."""

from __future__ import annotations

import hashlib
import hmac
import io
import mimetypes
import re
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import av
from aiohttp import web
from PIL import Image
from simcord.backend.cdn import CDN_BASE, CdnStore

if TYPE_CHECKING:
    from sandbox.discord_api.clock import WorldClock
    from sandbox.discord_api.wire import Payload

LINK_SECONDS: Final = 24 * 3600
CDN_PATH: Final = "/cdn"
EXTERNAL: Final = "external/"  # pictures from elsewhere behind Discord's proxy: never signed
GONE: Final = "This content is no longer available."

_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]")
_INSIDE = re.compile(re.escape(CDN_BASE) + r"/([^\s\"'<>?)]+)")
_MEDIA_ERRORS = (OSError, ValueError, IndexError, av.FFmpegError, Image.DecompressionBombError)


def safe_name(filename: str) -> str:
    """Return the name Discord stores a file under: spaces and the like become underscores."""
    return _UNSAFE_IN_NAME.sub("_", filename) or "file"


class FileStore(CdnStore):
    """simcord's store, with safe names and the size of pictures and videos in pixels."""

    def store_attachment(
        self,
        attachment_id: int,
        channel_id: int,
        filename: str,
        data: bytes,
        description: str | None,
    ) -> dict[str, Any]:
        """Keep a file and return its attachment object."""
        stored: dict[str, Any] = super().store_attachment(
            attachment_id, channel_id, safe_name(filename), data, description
        )
        stored |= _dimensions(str(stored["content_type"]), data)
        if stored["filename"] != filename:
            stored["title"] = filename.rsplit(".", 1)[0]
        return stored

    def store_external(self, link: str, data: bytes) -> str:
        """Keep a picture from elsewhere and return the proxy address for it."""
        name = hashlib.sha256(link.encode()).hexdigest()[:20] + "." + link.rsplit(".", 1)[-1]
        address = f"{CDN_BASE}/{EXTERNAL}{safe_name(name)}"
        self._blobs[address] = data
        return address

    def drop(self, attachment: Payload) -> None:
        """Forget a file, as Discord does some time after its message was deleted."""
        self._blobs.pop(str(attachment.get("url")), None)


def _dimensions(content_type: str, data: bytes) -> Payload:
    try:
        if content_type.startswith("image/"):
            with Image.open(io.BytesIO(data)) as picture:
                return {"width": picture.width, "height": picture.height}
        if content_type.startswith("video/"):
            with av.open(io.BytesIO(data)) as container:
                video = container.streams.video[0]
                return {"width": video.width, "height": video.height}
    except _MEDIA_ERRORS:
        return {}  # Discord, too, just leaves them out when it can't read the file
    return {}


class Links:
    """Signs, checks and translates the addresses of files."""

    def __init__(self, clock: WorldClock, base: str) -> None:
        """Sign for the server at `base`, an address without a slash at the end."""
        self._clock = clock
        self._base = base + CDN_PATH
        self._key = secrets.token_bytes(32)
        self._outside = re.compile(re.escape(self._base) + r"/([^\s\"'<>?)]+)(\?[^\s\"'<>)]*)?")

    def sign(self, path: str) -> str:
        """Return the address of a file, valid for a day from now."""
        if path.startswith(EXTERNAL):
            return f"{self._base}/{path}"
        issued = self._clock.now_ms() // 1000
        expires, issued_hex = format(issued + LINK_SECONDS, "x"), format(issued, "x")
        mac = self._mac(path, expires, issued_hex)
        return f"{self._base}/{quote(path)}?ex={expires}&is={issued_hex}&hm={mac}&"

    def valid(self, path: str, query: dict[str, str]) -> bool:
        """Tell whether a request for a file carries a good signature that has not expired."""
        if path.startswith(EXTERNAL):
            return True
        expires, issued, mac = (query.get(name, "") for name in ("ex", "is", "hm"))
        if not hmac.compare_digest(mac, self._mac(path, expires, issued)):
            return False
        return int(expires, 16) > self._clock.now_ms() // 1000

    def _mac(self, path: str, expires: str, issued: str) -> str:
        text = f"{path}?ex={expires}&is={issued}"
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def outward(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Copy JSON with every inside address replaced by a fresh signed link."""
        if isinstance(value, str):
            return _INSIDE.sub(lambda match: self.sign(match[1]), value)
        if isinstance(value, dict):
            return {key: self.outward(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.outward(item) for item in value]
        return value

    def inward(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Copy JSON with our links replaced by inside addresses, so they can be signed anew."""
        if isinstance(value, str):
            return self._outside.sub(lambda match: f"{CDN_BASE}/{match[1]}", value)
        if isinstance(value, dict):
            return {key: self.inward(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.inward(item) for item in value]
        return value


async def serve_file(store: CdnStore, links: Links, request: web.Request) -> web.Response:
    """Answer a request for a file; an expired, unsigned or unknown link is a 404."""
    path = request.match_info["path"]
    data = store.get(f"{CDN_BASE}/{path}") if links.valid(path, dict(request.query)) else None
    if data is None:
        return web.Response(status=404, text=GONE)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return web.Response(body=data, content_type=kind)
