"""What shall go wrong with the bot's requests and interactions, as data that a test sets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.discord_api.wire import Payload

OLD_MESSAGE_SECONDS: Final = 3600


class FaultKind(StrEnum):
    """The ways in which things go wrong."""

    RATE_LIMIT = "rate_limit"  # 429 with its headers; nothing happens
    ERROR = "error"  # any status and code; nothing happens
    LOST_REPLY = "lost_reply"  # it happens, then the connection closes without an answer
    NO_REPLY = "no_reply"  # the connection closes and nothing happens
    SLOW = "slow"  # it happens `seconds` later
    INTERACTION_TWICE = "interaction_twice"  # the next interaction is delivered twice
    INTERACTION_LOST = "interaction_lost"  # the next interaction never arrives


INTERACTION_FAULTS: Final = frozenset({FaultKind.INTERACTION_TWICE, FaultKind.INTERACTION_LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `method` and `path` are patterns (`*`, `/channels/*/messages`).

    It passes over the first `skip` matches, then strikes `times` of them (None: for ever).
    `older_than` limits it to messages older than that many seconds; `everywhere` makes a rate
    limit the global one, which holds every route until `retry_after` seconds have passed.
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    skip: int = 0
    status: int = 500
    code: int = 0
    message: str = "Internal Server Error"
    retry_after: float = 0.2
    everywhere: bool = False
    seconds: float = 0.0
    older_than: float = 0.0

    def fits(self, method: str, path: str, message_age: float | None) -> bool:
        """Tell whether a request is one that this fault may strike."""
        if not fnmatchcase(method, self.method) or not fnmatchcase(path, self.path):
            return False
        return self.older_than == 0 or (message_age or 0.0) > self.older_than

    @classmethod
    def from_json(cls, body: Payload) -> Fault:
        """Read one from JSON.

        Raises:
            ValueError: a field or kind that does not exist.

        """
        try:
            return cls(**{**body, "kind": FaultKind(body["kind"])})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a fault: {error}") from error

    def to_json(self) -> Payload:
        """Return it as JSON."""
        return asdict(self)


def rate_limit(path: str = "*", *, method: str = "*", retry_after: float = 0.2) -> Fault:
    """Return a 429 on one route."""
    return Fault(kind=FaultKind.RATE_LIMIT, method=method, path=path, retry_after=retry_after)


def global_rate_limit(retry_after: float = 0.2) -> Fault:
    """Return the 429 that every route then answers until it is over."""
    return Fault(kind=FaultKind.RATE_LIMIT, retry_after=retry_after, everywhere=True)


def server_errors(times: int = 3, *, status: int = 502, path: str = "*") -> Fault:
    """Return a burst of 5xx answers."""
    return Fault(kind=FaultKind.ERROR, path=path, status=status, times=times)


def too_many_old_edits(times: int | None = None) -> Fault:
    """Return error 30046: Discord limits edits of messages older than one hour.

    Source: discord/discord-api-docs#4413; it comes with status 429.
    """
    return Fault(
        kind=FaultKind.RATE_LIMIT,
        method="PATCH",
        path="/channels/*/messages/*",
        times=times,
        code=30046,
        message="Maximum number of edits to messages older than 1 hour reached. Try again later.",
        older_than=OLD_MESSAGE_SECONDS,
        retry_after=60.0,
    )


def lost_upload_reply(path: str = "/channels/*/messages") -> Fault:
    """Return the worst of them: the message is there, but the bot never hears of it."""
    return Fault(kind=FaultKind.LOST_REPLY, method="POST", path=path)


@dataclass(slots=True)
class Faults:
    """The faults that are set, in the order in which they are tried."""

    _now: Callable[[], float]
    _set: list[Fault] = field(default_factory=list)
    _global_until: float = 0.0
    struck: list[Fault] = field(default_factory=list)

    def add(self, *faults: Fault) -> None:
        """Set more faults."""
        self._set.extend(faults)

    def clear(self) -> None:
        """Let everything work again."""
        self._set.clear()
        self._global_until = 0.0

    def listed(self) -> list[Payload]:
        """Return what is set, as JSON."""
        return [fault.to_json() for fault in self._set]

    def for_request(self, method: str, path: str, message_age: float | None) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        held = self._global_until - self._now()
        if held > 0 and not path.startswith("/interactions/"):
            return global_rate_limit(held)
        fault = self._take(
            lambda fault: (
                fault.kind not in INTERACTION_FAULTS and fault.fits(method, path, message_age)
            )
        )
        if fault is not None and fault.everywhere:
            self._global_until = self._now() + fault.retry_after
        return fault

    def for_interaction(self) -> FaultKind | None:
        """Return what happens to the interaction that is about to be delivered."""
        fault = self._take(lambda fault: fault.kind in INTERACTION_FAULTS)
        return fault.kind if fault else None

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for index, fault in enumerate(self._set):
            if not fits(fault):
                continue
            if fault.skip:
                self._set[index] = replace(fault, skip=fault.skip - 1)
                continue
            self._count(index, fault)
            self.struck.append(fault)
            return fault
        return None

    def _count(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._set[index]
        else:
            self._set[index] = replace(fault, times=fault.times - 1)


def describe(fault: Fault) -> Payload:
    """Return Discord's error body for a fault."""
    body: dict[str, Any] = {"message": fault.message, "code": fault.code}
    if fault.kind is FaultKind.RATE_LIMIT:
        if not fault.code:
            body = {"message": "You are being rate limited."}
        body |= {"retry_after": round(fault.retry_after, 3), "global": fault.everywhere}
    return body
