"""How the emulated vendor behaves while nothing is broken: keys, credit, speed and prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEK_SECONDS: Final = 7 * 24 * 3600
"""How long generated resources stay (AKOOL.md 1)."""


class Endpoint(StrEnum):
    """A place where the emulator is called, or where it calls: the unit of counting and faults."""

    CREATE = "create"
    BATCH = "batch"
    RESULTS = "results"
    AUDIO = "audio"
    DELETE = "delete"
    EFFECTS = "effects"
    MODELS = "models"
    SIGN_IN = "sign-in"
    QUOTA = "quota"
    FILE = "file"
    WEBHOOK = "webhook"


class Status(IntEnum):
    """The vendor's states of a video (AKOOL.md 1)."""

    QUEUED = 1
    PROCESSING = 2
    DONE = 3
    FAILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorSettings:
    """Everything a scenario may choose. Times in seconds, money in credits.

    The secret is also the API key (AKOOL.md 2). Without `drawing` every finished clip is the same
    tiny file of the right length; without `fetching` links to pictures are taken on trust.
    `prices` replaces the credits of a clip, whatever its size and length, for (endpoint, model);
    the model is "" on the endpoints that take none.
    """

    client_id: str = "SANDBOX-client-1"
    client_secret: str = field(default="SANDBOX-secret-24-chars!", repr=False)
    balance: int = 100_000
    paid_plan: bool = True
    queue_seconds: float = 0
    render_seconds: float = 0
    drawing: bool = True
    workers: int = 1
    fetching: bool = True
    refunds: bool = True
    no_credit_code: int = 1006
    link_seconds: int = WEEK_SECONDS
    processing_webhook: bool = True
    prices: Mapping[tuple[Endpoint, str], int] = field(default_factory=dict)
