"""Make ids that grow with time and that no other process makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

    from jobs.ports import Clock

EPOCH_MS: Final = 1_767_225_600_000
"""2026-01-01 UTC: ids count milliseconds from here, so they stay below 2**63 for 278 years."""

_RANDOM_BITS: Final = 20
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter is mistaken for a digit."""


class Ids:
    """Makes 63-bit ids: milliseconds, then twenty bits that start at random and count up."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._last = 0

    def __call__(self) -> int:
        """Return an id greater than every earlier one of this process."""
        low = self._random.getrandbits(_RANDOM_BITS)
        fresh = ((self._clock.now() - EPOCH_MS) << _RANDOM_BITS) | low
        self._last = max(fresh, self._last + 1)
        return self._last


def code(number: int) -> str:
    """Write an id in the short form that members see and type."""
    digits = []
    while number:
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits)) or "0"


def from_code(text: str) -> int | None:
    """Read the short form back; None when it is not one."""
    number = 0
    for letter in text.strip().lstrip("#").lower():
        digit = _ALPHABET.find(letter)
        if digit < 0:
            return None
        number = number * 32 + digit
    return number if 0 < number < 2**63 else None
