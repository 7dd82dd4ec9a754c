"""Keeps what the bot asked of the API and what it was answered, for tests to look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.discord_api.wire import Call, Json, Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file of a request: its name and its size in bytes."""

    name: str
    size: int


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One request. `status` is 0 while, or if, it was never answered; `at` is epoch ms."""

    method: str
    path: str
    query: dict[str, str]
    payload: Json = field(repr=False)
    files: tuple[SentFile, ...]
    reason: str | None
    at: int
    status: int = 0

    def to_json(self) -> Payload:
        """Return it as JSON."""
        return asdict(self)


class RequestLog:
    """Every REST request since the start, oldest first."""

    def __init__(self) -> None:
        self._all: list[Recorded] = []

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: int) -> Recorded:
        return self._all[index]

    def add(self, call: Call, at: int) -> Recorded:
        """Note a request as it arrived."""
        files = tuple(SentFile(name=each.filename, size=len(each.data)) for each in call.uploads)
        recorded = Recorded(
            method=call.method,
            path=call.path,
            query=call.query,
            payload=call.payload,
            files=files,
            reason=call.reason,
            at=at,
        )
        self._all.append(recorded)
        return recorded

    def to(self, method: str, *path: str) -> list[Recorded]:
        """Return those of a method (empty: any) whose path contains every one of these pieces."""
        return [
            each
            for each in self._all
            if method in ("", each.method) and all(piece in each.path for piece in path)
        ]

    def clear(self) -> None:
        """Forget them."""
        self._all.clear()
