"""The one door to RE2: patterns that match in linear time, whatever was written into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import re2  # type: ignore[import-untyped]  # it has no stubs: hence this module

if TYPE_CHECKING:
    from typing import Protocol

    class Pattern(Protocol):
        """A compiled pattern; the package has no stubs, so this is what we use of it."""

        def search(self, text: str) -> object | None:
            """Return something when the pattern is found anywhere in a text."""
            ...


MOST_MEMORY: Final = 1 << 20
"""Bytes for a compiled pattern that a person wrote: `(.{100}){100}` is refused, as too large."""

OWN_MEMORY: Final = 64 << 20
"""Bytes for patterns that we make ourselves of whole lists of words."""


class PatternRefused(Exception):  # noqa: N818 - an answer, not a fault
    """RE2 does not take a pattern; `why` is its own reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def compiled(pattern: str, memory: int = MOST_MEMORY) -> Pattern:
    """Compile a pattern that ignores case. Raises PatternRefused.

    https://github.com/google/re2/wiki/Syntax
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    try:
        return cast("Pattern", re2.compile(pattern, options))
    except re2.error as error:
        raise PatternRefused(_reason(error)) from error
    except UnicodeEncodeError as error:
        raise PatternRefused("half a character") from error


def escaped(text: str) -> str:
    """Return a pattern that finds exactly this text."""
    return str(re2.escape(text))


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
