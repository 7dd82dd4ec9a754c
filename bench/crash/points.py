"""The named points at which the bot is killed: moments of transactions and of requests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.watch import (
    CALLBACK,
    CARD,
    CREATE,
    FILE,
    LINKS,
    LOOK,
    RECEIPT,
    REDRAW,
    START,
    UPLOAD,
    Request,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from random import Random

SENTENCE: Final = "CRASH_SENTENCE"
"""The variable that names the file with the sentence that a doomed bot reads."""
SEEN: Final = "CRASH_SEEN"
"""The variable that names the file to which it adds the transactions that it has run."""
LATER: Final = "CRASH_LATER_MS"
"""The variable with the milliseconds by which its clock is put forward."""


class Moment(StrEnum):
    """The moments of a transaction at which the bot may be killed."""

    BEFORE = "before"  # it was handed over, and nothing of it was done
    INSIDE = "inside"  # its first statement is done, and it is not committed
    AFTER = "after"  # it is committed, and nobody has heard of it


@dataclass(frozen=True, slots=True)
class AtTransaction:
    """A moment of the `number`-th run of a transaction."""

    when: Moment
    transaction: str
    number: int = 1

    @property
    def row(self) -> str:
        """What it is counted under."""
        return f"transaction {self.transaction}"

    @property
    def at_start(self) -> bool:
        """Whether it comes at a start of the bot only."""
        return self.transaction in ONCE_A_START

    def __str__(self) -> str:
        return f"{self.when} {self.transaction} {self.number}"


@dataclass(frozen=True, slots=True)
class AtRequest:
    """A moment of a request of the bot's."""

    when: When
    request: Request

    @property
    def row(self) -> str:
        """What it is counted under."""
        return f"request: {self.request.name}"

    @property
    def at_start(self) -> bool:
        """Whether it comes at a start of the bot only."""
        return self.request.pattern in {each.pattern for each in START}

    def __str__(self) -> str:
        return f"{self.request.name} {self.when} {self.request.number}"


@dataclass(frozen=True, slots=True)
class AtRandom:
    """A moment that nothing marks, so many seconds after it was chosen."""

    seconds: float
    row: str = "any time"
    when: str = "random"
    at_start: bool = False

    def __str__(self) -> str:
        return f"after {self.seconds:.2f} s"


Death: TypeAlias = AtTransaction | AtRequest | AtRandom

ONCE_A_START: Final = frozenset(
    {"take_over", "pull_forward", "claim_asks", "save_models", "save_effects"}
)
KILLING: Final = (When.ARRIVES, When.CARRIED_OUT, When.ANSWERED)
MOST_IN: Final = 4
"""A death strikes the first to fourth of its kind, so that others are under way with it."""
RANDOM_EVERY: Final = 4
"""Every fourth death comes at any time."""
LONGEST_S: Final = 3.0


REQUESTS: Final = (
    CALLBACK,
    Request(name="fetch of a picture, ours or the vendor's", pattern=UPLOAD.pattern),
    RECEIPT,
    Request(name="post of a card, result or notice", pattern=CARD.pattern),
    Request(name="redraw of a card", pattern=REDRAW.pattern),
    CREATE,
    LOOK,
    FILE,
    LINKS,
    Request(name="search for an earlier post", pattern=r"GET .*/channels/\d+/messages"),
    *START,
)
"""Every kind of request of an order's story, of its second tries, and of a start."""


def named_points(
    transactions: Iterable[str], requests: Sequence[Request] = REQUESTS
) -> list[Death]:
    """List every named point: three moments of each transaction and of each request."""
    return [
        *_moments(transactions),
        *(AtRequest(when, request) for request in requests for when in KILLING),
    ]


def _moments(transactions: Iterable[str]) -> list[Death]:
    own = {name for name in transactions if not name.startswith("_")}  # a migration's come once
    return [AtTransaction(when, name) for name in sorted(own) for when in Moment]


def deaths(
    seen: Callable[[], set[str]], number: int, rng: Random, requests: Sequence[Request] = REQUESTS
) -> Iterator[Death]:
    """Yield that many deaths: all named points in turn, in any order, and any time between.

    `seen` tells the transactions that were seen so far; new ones are added as they come.
    """
    known = seen()
    waiting = named_points(known, requests)
    for index in range(number):
        waiting += _moments(seen() - known)
        known |= seen()
        if index % RANDOM_EVERY == RANDOM_EVERY - 1:
            yield AtRandom(rng.uniform(0.05, LONGEST_S))
            continue
        waiting = waiting or named_points(known, requests)
        yield _some(waiting.pop(rng.randrange(len(waiting))), rng)


def read_point(text: str) -> Death:
    """Read a death as it is written in a report: `after intend 2`, `create is carried out 1`.

    Raises ValueError for one that does not exist.
    """
    words, _, number = text.rpartition(" ")
    when, _, name = words.partition(" ")
    if not number.isdecimal():
        raise ValueError(f"{text!r}: expected a number at its end")
    if when in tuple(Moment):
        return AtTransaction(Moment(when), name, int(number))
    for request, moment in itertools.product(REQUESTS, KILLING):
        if words == f"{request.name} {moment}":
            return AtRequest(moment, replace(request, number=int(number)))
    raise ValueError(f"{text!r}: expected a moment of a transaction or of a request")


def _some(point: Death, rng: Random) -> Death:
    """Choose the how many-th of its kind is struck."""
    number = 1 if point.at_start else rng.randint(1, MOST_IN)
    if isinstance(point, AtTransaction):
        return AtTransaction(point.when, point.transaction, number)
    if isinstance(point, AtRequest):
        return AtRequest(point.when, replace(point.request, number=number))
    return point
