"""What is typed behind the operator's commands, read as argparse has its types."""

from __future__ import annotations

import argparse
from typing import Final

from jobs.ids import from_code

MOST: Final = 10_000
"""Lines of one list, at most."""

HUGE: Final = 2**63
"""From here on neither a database nor Discord has numbers."""


def whole(typed: str) -> int:
    """Read a number from 0 on, as argparse has its types. Raises ArgumentTypeError."""
    if typed.isdecimal() and len(typed) < len(str(HUGE)) + 1 and int(typed) < HUGE:
        return int(typed)
    raise argparse.ArgumentTypeError(f"{typed!r} is no whole number from 0 to {HUGE - 1}")


def discord_id(typed: str) -> int:
    """Read the id of a server or a member. Raises ArgumentTypeError."""
    try:
        return whole(typed)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(
            f"{typed!r} is no id; Discord's Developer Mode has Copy ID in the menu of each name"
        ) from error


def lines(typed: str) -> int:
    """Read how many lines a list may have. Raises ArgumentTypeError."""
    limit = whole(typed)
    if not 0 < limit <= MOST:
        raise argparse.ArgumentTypeError(f"{typed} is no number of lines from 1 to {MOST}")
    return limit


def coded(typed: str) -> int:
    """Read the code of an order or a clip. Raises ArgumentTypeError."""
    found = from_code(typed)
    if found is None:
        raise argparse.ArgumentTypeError(f"{typed!r} is no code of an order or a clip")
    return found


def why(typed: str) -> str:
    """Read a reason, which the server's history keeps. Raises ArgumentTypeError."""
    said = typed.strip()
    if not said:
        raise argparse.ArgumentTypeError("say why: the server's moderators read it")
    return said
