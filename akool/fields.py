"""Reading one field of the vendor's JSON, whatever type it came in.

The vendor's pages and examples disagree on types (AKOOL.md 12), so no field is trusted: a value
that can't be understood reads as absent, and text is made fit to be stored.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from akool.errors import VENDOR_MESSAGE_LIMIT

JsonObject = Mapping[str, object]
"""A JSON object as `json.loads` gives it; its values are not trusted."""

EMPTY: Final[JsonObject] = {}

_LARGEST: Final = 2**53 - 1
"""JavaScript's largest exact integer; it also fits every database."""
_ID: Final = re.compile(r"[\w.:@-]{1,128}", re.ASCII)
_LINK: Final = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
_ANY_LINK: Final = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}:/[/\w]\S*|\bdata:\S+", re.IGNORECASE)
_LINK_LIMIT: Final = 4096
_UNSTORABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
_MESSAGE_SCANNED: Final = 20_000
"""Characters of a message that are looked through; blanking comes before cutting."""
_SHORTEST_SECRET: Final = 8
"""Shorter "secrets" would blank out ordinary words."""


def parse(body: bytes) -> object:
    """Parse JSON; NaN and Infinity read as null. Raises ValueError for anything else."""
    try:
        return json.loads(body, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def mapping(value: object) -> JsonObject:
    """Return a JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else EMPTY


def items(value: object) -> Sequence[object]:
    """Return a list as it is, nothing for null, and anything else as a list of one."""
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


def text(value: object, limit: int = 500) -> str:
    """Return text fit for storing: no control characters, no halves of pairs, cut at `limit`."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return _UNSTORABLE.sub(" ", str(value)[: limit * 2]).strip()[:limit]


def identifier(value: object) -> str | None:
    """Return an id that can be sent back in a comma-separated list, or None."""
    found = text(value, 200)
    return found if _ID.fullmatch(found) else None


def link(value: object) -> str | None:
    """Return an http(s) link, or None."""
    if not isinstance(value, str) or len(value) > _LINK_LIMIT:
        return None
    found = value.strip()
    return found if found.isprintable() and _LINK.fullmatch(found) else None


def decimal(value: object) -> Decimal | None:
    """Return a finite number as it was written, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST:
        return None  # the longest integers can't even be turned into text
    try:
        found = Decimal(str(value)[:40].strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.copy_abs() <= _LARGEST else None


def whole(value: object) -> int | None:
    """Return a whole number, or None; 3.0 and "3" are whole."""
    found = decimal(value)
    if found is None or found != found.to_integral_value():
        return None
    return int(found)


def amount(value: object) -> int | None:
    """Return credits, or None. A fraction counts as a whole credit, so nothing is under-booked."""
    found = decimal(value)
    return math.ceil(found) if found is not None and found >= 0 else None


def flag(value: object) -> bool | None:
    """Return a truth value, or None when it can't be told; 1, 0, "true" and "false" count."""
    if not isinstance(value, (bool, int, str)):
        return None
    return _TRUTH.get(str(value).strip().casefold())


def message(value: object, secrets: Sequence[str] = ()) -> str:
    """Return the vendor's own words, bounded, with links and our secrets blanked out."""
    found = text(value, _MESSAGE_SCANNED)
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            found = found.replace(secret, "[secret]")
    return _ANY_LINK.sub("[link]", found)[:VENDOR_MESSAGE_LIMIT]
