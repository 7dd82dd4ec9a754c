"""When to try again, when to ask the vendor next, and when to stop: arithmetic on the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

LIFETIME_MS: Final = 7 * 24 * 3600 * 1000
"""The vendor keeps a result for seven days (AKOOL.md 1)."""

SLOW_LOOK_MS: Final = 10 * 60 * 1000
"""How often an overdue clip is asked for."""

NONCE_MS: Final = 2 * 60 * 1000
"""Within two minutes a second post with the same nonce is the first one.

Discord says "the past few minutes" (Create Message, `enforce_nonce`); two is the careful reading.
"""

_LONGEST_BACKOFF_MS: Final = 5 * 60 * 1000
_GROWTH: Final = 1.25
_LONGEST_GAP: Final = 6
_POLLS_TO_THE_LONGEST: Final = 9
"""1.25 to the ninth is above six; thousands of polls would be too large for a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the vendor is asked: all in ms, but `per_second`, the paid requests a second."""

    look_ms: int = 5000
    give_up_ms: int = 30 * 60 * 1000
    concurrency: int = 4
    per_second: float = 2.0


def backoff(attempts: int, random: Random, at_least_ms: int = 0) -> int:
    """Return how long to wait before another try (ms): doubling from two seconds, with jitter."""
    doubled: int = 2000 << min(max(attempts, 1) - 1, 10)
    longest = min(_LONGEST_BACKOFF_MS, doubled)
    return max(at_least_ms, longest // 2 + random.randrange(longest // 2 + 1))


def first_look(now: int, usual_s: int | None, pace: Pace) -> int:
    """Return when to ask for a new clip first (epoch ms): when such clips are usually ready."""
    wait = pace.look_ms if usual_s is None else max(pace.look_ms, usual_s * 800)
    return _on_beat(now + wait, pace)


def next_look(now: int, polls: int, pace: Pace) -> int:
    """Return when to ask again (epoch ms): gaps grow to six times the first."""
    gap = pace.look_ms * min(_LONGEST_GAP, _GROWTH ** min(polls, _POLLS_TO_THE_LONGEST))
    return _on_beat(now + int(gap), pace)


def _on_beat(at: int, pace: Pace) -> int:
    """Round up to the common beat, so that many clips share one call."""
    return -(-at // pace.look_ms) * pace.look_ms


def is_overdue(submitted_at: int, now: int, pace: Pace) -> bool:
    """Tell whether a clip has rendered for so long that it is only asked for slowly."""
    return now - submitted_at >= pace.give_up_ms


def is_lost(submitted_at: int, now: int) -> bool:
    """Tell whether the vendor would have thrown the result away by now."""
    return now - submitted_at >= LIFETIME_MS
