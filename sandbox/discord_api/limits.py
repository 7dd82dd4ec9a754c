"""Rate limits the sandbox really counts, and the headers that tell the bot about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# A 429 without it makes discord.py raise instead of waiting: it takes it for a Cloudflare ban.
VIA: Final = "1.1 google"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """`limit` requests in `seconds` for each channel (or guild, or webhook) of a route."""

    name: str
    method: str
    path: str
    limit: int
    seconds: float


@dataclass(slots=True)
class _Window:
    opened: float
    used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a bucket stands after a request. `wait` is above 0 when the request was refused."""

    limit: int
    remaining: int
    reset_after: float
    reset_at: float
    bucket: str
    wait: float = 0.0

    def headers(self) -> dict[str, str]:
        """Return Discord's rate limit headers (docs: topics/rate-limits)."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self.reset_at:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }


def refusal_headers(wait: float, *, everywhere: bool, shared: bool = False) -> dict[str, str]:
    """Return the headers that belong to a 429; `wait` is in seconds."""
    headers = {"Via": VIA, "Retry-After": str(math.ceil(wait))}
    headers["X-RateLimit-Scope"] = "global" if everywhere else "shared" if shared else "user"
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return headers


class Buckets:
    """Counts requests against the limits that are configured. None is by default."""

    def __init__(self, limits: tuple[RateLimit, ...], now: Callable[[], float]) -> None:
        """`now` returns seconds since the epoch."""
        self._limits = limits
        self._now = now
        self._windows: dict[tuple[str, str], _Window] = {}

    def count(self, method: str, path: str) -> Standing | None:
        """Count one request; None where no limit is configured."""
        for limit in self._limits:
            if fnmatchcase(method, limit.method) and fnmatchcase(path, limit.path):
                return self._take(limit, path.strip("/").split("/")[1:2])
        return None

    def _take(self, limit: RateLimit, major: list[str]) -> Standing:
        now = self._now()
        key = (limit.name, "".join(major))
        window = self._windows.get(key)
        if window is None or now >= window.opened + limit.seconds:
            window = self._windows[key] = _Window(now)
        left = window.opened + limit.seconds - now
        refused = window.used >= limit.limit
        window.used += not refused
        return Standing(
            limit=limit.limit,
            remaining=limit.limit - window.used,
            reset_after=left,
            reset_at=window.opened + limit.seconds,
            bucket=limit.name,
            wait=left if refused else 0.0,
        )
