"""Where a redirect of a download may lead: never off TLS, never into a private network."""

from __future__ import annotations

import ipaddress
from typing import Final

from yarl import URL

from akool.errors import NotTheFile, Unsafe

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOW_32: Final = 0xFFFF_FFFF


def parse_link(link: str) -> URL:
    """Return an absolute http(s) URL, its spelling kept: signed links allow no other.

    Raises Unsafe for anything else.
    """
    try:
        url = _spelt(link)
        # The port is read here because an impossible one is only noticed then.
        usable = url.scheme in ("http", "https") and bool(url.host) and bool(url.port)
    except ValueError:
        raise Unsafe("the link can't be read") from None  # the reason would quote the link
    if not usable:
        raise Unsafe("the link is not an http(s) one")
    return url


def next_hop(current: URL, location: str | None) -> URL:
    """Return where a redirect leads. Raises Unsafe where we do not follow it.

    Refused are: any scheme but http(s), https to http, `localhost`, and address literals that are
    not public. Names are checked by what they resolve to, when the connection is made.
    """
    if not location:
        raise NotTheFile("a redirect without a target")
    try:
        joined = str(current.join(_spelt(location)))
    except ValueError:
        raise Unsafe("a redirect to something that is no link") from None
    target = parse_link(joined).with_user(None).with_fragment(None)
    if current.scheme == "https" and target.scheme != "https":
        raise Unsafe("a redirect from https to http")
    _require_outside(target.host or "")
    return target


def _spelt(text: str) -> URL:
    """Take a link as it is spelt, if it could stand in a request as it is."""
    return URL(text, encoded=text.isascii() and text.isprintable() and " " not in text)


def _require_outside(host: str) -> None:
    name = host.rstrip(".").casefold()
    if name == "localhost" or name.endswith(".localhost"):
        raise Unsafe("a redirect to this machine")
    if is_literal(name) and not is_public(name):
        raise Unsafe("a redirect to an address that is not public")


def is_literal(host: str) -> bool:
    """Tell whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also where IPv6 wraps IPv4."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = _wrapped(ip)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo or NAT64."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    return ipaddress.IPv4Address(int(ip) & _LOW_32) if ip in _NAT64 else None
