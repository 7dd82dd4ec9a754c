"""Fetch what a request links to, as the vendor does, and see whether it can be decoded."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Final

import aiohttp
import av
from PIL import Image

from sandbox.akool_api.loopback import NotLoopbackError, require_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_BYTES: Final = 50_000_000
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)


class UnusableInputError(Exception):
    """A link that gave no usable picture or sound; the message says why, not which link."""


async def fetch_picture(session: aiohttp.ClientSession, link: str) -> bytes:
    """Return the bytes of a picture that decodes; raises `UnusableInputError`."""
    return await _checked(session, link, _decode_picture)


async def fetch_sound(session: aiohttp.ClientSession, link: str) -> bytes:
    """Return the bytes of a sound file that has an audio stream; raises `UnusableInputError`."""
    return await _checked(session, link, _open_sound)


async def _checked(
    session: aiohttp.ClientSession, link: str, check: Callable[[bytes], None]
) -> bytes:
    data = await _fetch(session, link)
    try:
        await asyncio.to_thread(check, data)
    except (
        av.FFmpegError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise UnusableInputError(f"{len(data)} bytes, not decodable: {error}") from error
    return data


async def _fetch(session: aiohttp.ClientSession, link: str) -> bytes:
    try:
        require_loopback(link)
        # a redirect could lead off this machine, so it is not followed
        async with session.get(link, timeout=_TIMEOUT, allow_redirects=False) as answer:
            if answer.status != 200:
                raise UnusableInputError(f"HTTP {answer.status}, expected 200")
            return await _bounded(answer)
    except NotLoopbackError as error:
        raise UnusableInputError(str(error)) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise UnusableInputError(f"not fetched: {type(error).__name__}") from error


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        data += chunk
        if len(data) > _MOST_BYTES:
            raise UnusableInputError(f"over {_MOST_BYTES} bytes")
    return bytes(data)


def _decode_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()


def _open_sound(data: bytes) -> None:
    with av.open(io.BytesIO(data), "r") as container:
        if not container.streams.audio:
            raise ValueError("no audio stream")
