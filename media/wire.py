"""How the bot and its worker process talk: length, then a pickle, over a pair of pipes."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Final

# Pickle is fit for this: both ends are this program, and nobody else holds the pipes.

HEADER: Final = 8
"""Bytes of the length that goes first, big-endian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One job: its name in `media.child`, its arguments, and the seconds it may take."""

    job: str
    arguments: tuple[object, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The job returned."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The job raised one of `media.errors`."""

    error: Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Broke:
    """The job raised what nobody expected; `trace` is for the log."""

    trace: str


Answer = Done | Raised | Broke


def pack(message: Request | Answer) -> bytes:
    """Return a message as it goes over the pipe."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(HEADER, "big") + body


def unpack(body: bytes) -> object:
    """Return the message in a body, without its header."""
    return pickle.loads(body)  # noqa: S301 - see above
