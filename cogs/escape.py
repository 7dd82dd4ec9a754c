"""Make text from outside harmless in a message: no pings, links, markdown or hidden marks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

MARKDOWN: Final = frozenset(r"\*_~|`<>[]#/")
"""What a backslash must stand before.

`<` opens mentions and live times, `/` makes links and invites of what stands round it.
"""

JOINER: Final = "\u200d"
"""Zero-width joiner: holds the parts of one emoji together."""

_AFTER_AT: Final = "\u200b"
"""A zero-width space: no server and no client finds a mention across it."""

_LIST_MARK: Final = re.compile(r"[-+]|\d+(?=[.)])")
_ELLIPSIS: Final = "…"


def length(text: str) -> int:
    """Count as Discord's clients do, in UTF-16 units: never less than its servers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_line(text: str) -> str:
    """Put text on one line, without control, direction and other invisible marks."""
    spaced = " ".join(text.split())
    return "".join(letter for letter in spaced if _shows(letter)).strip()


def _shows(letter: str) -> bool:
    return letter == JOINER or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def escaped(text: str, limit: int) -> str:
    """Return text from outside as one line of plain words, at most `limit` UTF-16 units.

    What is cut off is told by an ellipsis; an escape is never cut in two.
    """
    pieces = [_escaped(letter) for letter in one_line(text)]
    _break_list_mark(pieces)
    if sum(map(length, pieces)) <= limit:
        return "".join(pieces)
    kept: list[str] = []
    room = limit - len(_ELLIPSIS)
    for piece in pieces:
        room -= length(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip(f" {JOINER}") + _ELLIPSIS if limit > 0 else ""


def _escaped(letter: str) -> str:
    if letter == "@":
        return letter + _AFTER_AT
    return "\\" + letter if letter in MARKDOWN else letter


def _break_list_mark(pieces: list[str]) -> None:
    """Keep a first word such as `-` or `1.` from starting a list."""
    mark = _LIST_MARK.match("".join(pieces))
    if mark is None:
        return
    at = 0 if pieces[0] in "-+" else mark.end()
    pieces[at] = "\\" + pieces[at]


def link(address: str) -> str:
    """Return an address that can't break out of a masked link; empty unless it is http(s)."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(address.strip(), safe="%/:?#@!$&'*+,;=-._~")
