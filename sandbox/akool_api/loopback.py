"""Keep the emulator on this machine: which addresses and links it may touch."""

from __future__ import annotations

import ipaddress

from yarl import URL


class NotLoopbackError(ValueError):
    """A host that is not this machine; the sandbox neither binds to it nor fetches from it."""

    def __init__(self, host: str) -> None:
        super().__init__(f"the sandbox uses loopback only, not {host!r}")
        self.host = host


def is_loopback(host: str) -> bool:
    """Tell whether the host is this machine; other names are not looked up, they are strangers."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_loopback(link: str) -> None:
    """Raise `NotLoopbackError` unless the link is http(s) to this machine."""
    try:
        url = URL(link)
    except ValueError as error:
        raise NotLoopbackError(link[:40]) from error
    if url.scheme not in ("http", "https") or not is_loopback(url.host or ""):
        raise NotLoopbackError(url.host or link[:40])
