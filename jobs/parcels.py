"""Files that one request to Discord can't carry: what goes ahead in messages of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jobs.model import Order, Picture, Track
    from jobs.ports import MessageRef

_File = TypeVar("_File", bound="Picture | Track")

MOST_FILES: Final = 10
"""Files of one message (Discord's reference, "Create Message")."""

MOST_BYTES: Final = 24 * 1024 * 1024
"""Bytes of files in one request: Discord takes 25 MiB in all (its reference, "Create Message")."""


def parcels_of(
    files: Iterable[_File], most_bytes: int = MOST_BYTES
) -> tuple[tuple[_File, ...], ...]:
    """Divide files among requests, in order and always alike; the last is the message's own.

    A file above the bound goes alone.
    """
    parcels: list[tuple[_File, ...]] = [()]
    for file in files:
        together = sum(one.bytes for one in parcels[-1]) + file.bytes
        if parcels[-1] and (together > most_bytes or len(parcels[-1]) == MOST_FILES):
            parcels.append(())
        parcels[-1] = (*parcels[-1], file)
    return tuple(parcels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message with files `first` to `last` of an order's `total`, counted from 1.

    It goes ahead of the card, or of the message for moderators, into the same channel.
    """

    order_id: int
    number: int
    channel_id: int
    first: int
    last: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What is known of a parcel: when it was first tried before (epoch ms), and where it is up."""

    since: int | None
    message: MessageRef | None


class ParcelDesk(Protocol):
    """Posts parcels, and looks for them."""

    async def post_parcel(self, order: Order, parcel: Parcel, files: Sequence[Path]) -> MessageRef:
        """Post one, with a nonce of its own; pings nobody. Raises PostFailed."""
        ...

    async def find_parcel(self, order: Order, parcel: Parcel, since: int) -> MessageRef | None:
        """Look in its channel for one that may be up since then (epoch ms).

        Raises CannotLook where the history can't be read, PostFailed(LATER) when Discord is down.
        """
        ...


class ParcelStore(Protocol):
    """Where parcels are, in the database."""

    async def begin_parcel(self, order_id: int, number: int, now: int) -> Tried:
        """Commit that a parcel is about to be posted; say what was known of it before."""
        ...

    async def record_parcel(self, order_id: int, number: int, message: MessageRef) -> None:
        """Record where a parcel is up."""
        ...
