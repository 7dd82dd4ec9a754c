"""The two ways to be let in by Akool, neither of which shows its secrets (AKOOL.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The account's API key, sent with every call; the way that the vendor recommends.

    Raises ValueError for a key that can't be sent in a header.
    """

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        _require_sendable("API key", self.key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.key,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPair:
    """The client's id and secret, traded for a bearer token.

    Who knows the id can sign webhooks, so it is a secret as well (AKOOL.md 6). Raises ValueError
    for an empty one.
    """

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        _require_sendable("client id", self.client_id)
        _require_sendable("client secret", self.client_secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self.client_id, self.client_secret)


Credentials = ApiKey | ClientPair


def _require_sendable(what: str, value: str) -> None:
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"the {what} is empty or has characters that no key has")
