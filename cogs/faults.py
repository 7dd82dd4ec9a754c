"""Sort what Discord answers to a post by what to do next: elsewhere, smaller, or later."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import discord

from cogs.errors import NETWORK
from jobs.ports import PostFailed, PostFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008

TOO_LARGE_CODES: Final = frozenset({40005, 50045})
"""Request entity too large; file uploaded exceeds the maximum size."""

SLOWER_CODES: Final = frozenset({20016, 20028, 30046})
"""Slow mode; the channel's write limit; too many edits of a message older than an hour."""

PATIENCE_S: Final = 60.0
"""How long one post may take, with discord.py's own retries of a 5xx (some 25 s) and rate limits.

It stays well inside the time for which Discord remembers a nonce.
"""


@asynccontextmanager
async def posting(patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
    """Make whatever goes wrong inside a PostFailed, and end it in time."""
    try:
        async with asyncio.timeout(patience_s):
            yield
    except discord.HTTPException as error:
        raise PostFailed(
            fault_of(error.status, error.code), _note(error), retry_after=retry_after(error)
        ) from error
    except discord.RateLimited as error:
        raise PostFailed(PostFault.LATER, "rate limited", retry_after=error.retry_after) from error
    except NETWORK as error:
        # The request may have arrived: the next try carries the same nonce, or looks first.
        raise PostFailed(PostFault.LATER, type(error).__name__) from error


def fault_of(status: int, code: int) -> PostFault:
    """Say what to do about a refusal, from its HTTP status and Discord's code.

    A readable refusal of this very message, for whatever reason, means that this place does not
    take it; without a code the answer came from something on the way.
    """
    if status == 413 or code in TOO_LARGE_CODES:
        return PostFault.TOO_LARGE
    if status in (401, 429) or status >= 500 or code in SLOWER_CODES:
        return PostFault.LATER
    return PostFault.NO_ROOM if code or status in (403, 404) else PostFault.LATER


def retry_after(error: discord.HTTPException) -> float | None:
    """Return the seconds that Discord asks to wait, where it says so."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None


def _note(error: discord.HTTPException) -> str:
    # Not the error's own text: for a malformed message it quotes what the member wrote.
    return f"status {error.status}, code {error.code}"
