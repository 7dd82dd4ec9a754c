"""Which statements a transaction may yield: none that would end or leave the one it is in."""

from __future__ import annotations

import re
from typing import Final

from storage.database import StorageError

_FIRST_WORD: Final = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?P<word>\w*)", re.DOTALL)
# Any of these would end, or reach beyond, the transaction that a driver has begun.
_RESERVED: Final = frozenset(
    {
        *("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "START", "ABORT"),
        *("ATTACH", "DETACH", "PRAGMA", "VACUUM"),
    }
)


def refuse_reserved(sql: str) -> None:
    """Raise `StorageError` for SQL that would meddle with the transaction that it is part of."""
    first = _FIRST_WORD.match(sql)
    if first is not None and first["word"].upper() in _RESERVED:
        raise StorageError(f"a transaction can't say {first['word'].upper()}: the driver does")
