"""Reads the bot's HTTP requests: JSON, multipart with `payload_json`, queries, files."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

if TYPE_CHECKING:
    from aiohttp import MultipartReader

API_PREFIX: Final = "/api/v10"

# JSON as it is on the wire. Its values are whatever the sender wrote, hence Any.
Payload: TypeAlias = dict[str, Any]
Json: TypeAlias = Payload | list[Any] | None

_FILE_PART = re.compile(r"files\[(\d+)\]")


@dataclass(slots=True, kw_only=True)
class Upload:
    """One uploaded file, shaped as simcord's routes read it (`filename`, `description`, `fp`)."""

    index: int
    filename: str
    data: bytes = field(repr=False)
    description: str | None = None

    @property
    def fp(self) -> io.BytesIO:
        """The content as a file open for reading."""
        return io.BytesIO(self.data)


@dataclass(slots=True, kw_only=True)
class Call:
    """One REST request of the bot. `path` is without `/api/v10` and without the query."""

    method: str
    path: str
    query: dict[str, str]
    payload: Json = field(default=None, repr=False)
    uploads: list[Upload] = field(default_factory=list)
    token: str = field(default="", repr=False)
    reason: str | None = None
    size: int = 0

    @property
    def segments(self) -> list[str]:
        """The parts of the path."""
        return self.path.strip("/").split("/")

    @property
    def body(self) -> Payload:
        """The payload where it is an object, else an empty one."""
        return self.payload if isinstance(self.payload, dict) else {}


async def read_call(request: web.Request) -> Call:
    """Read a request whole.

    Raises:
        web.HTTPBadRequest: the body is not what its content type says.

    """
    reason = request.headers.get("X-Audit-Log-Reason")
    call = Call(
        method=request.method,
        path=request.path.removeprefix(API_PREFIX),
        query=dict(request.query),
        token=request.headers.get("Authorization", ""),
        reason=unquote(reason) if reason else None,
    )
    try:
        await _read_body(request, call)
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"unreadable body: {error}") from error
    return call


async def _read_body(request: web.Request, call: Call) -> None:
    if request.content_type.startswith("multipart/"):
        await _read_parts(await request.multipart(), call)
        return
    raw = await request.read()
    call.size = len(raw)
    if raw:
        call.payload = json.loads(raw)


async def _read_parts(reader: MultipartReader, call: Call) -> None:
    scalars: Payload = {}
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=False))
        call.size += len(data)
        numbered = _FILE_PART.fullmatch(part.name or "")
        if part.name == "payload_json":
            call.payload = json.loads(data)
        elif part.filename is not None:
            index = int(numbered[1]) if numbered else len(call.uploads)
            call.uploads.append(Upload(index=index, filename=part.filename, data=data))
        elif part.name:
            scalars[part.name] = data.decode()
    if call.payload is None and scalars:
        call.payload = scalars
    _name_uploads(call)


def _name_uploads(call: Call) -> None:
    """Take names and descriptions from `attachments`, which win over the parts' own."""
    call.uploads.sort(key=lambda upload: upload.index)
    declared = {
        str(entry.get("id")): entry
        for entry in _declared_attachments(call.body)
        if isinstance(entry, dict)
    }
    for upload in call.uploads:
        entry = declared.get(str(upload.index), {})
        upload.filename = str(entry.get("filename") or upload.filename)
        description = entry.get("description")
        upload.description = str(description) if description is not None else None


def _declared_attachments(body: Payload) -> list[Any]:
    """Find them: an interaction callback nests its message under `data`."""
    message = body.get("data") if isinstance(body.get("data"), dict) else body
    return list((message or {}).get("attachments") or [])
