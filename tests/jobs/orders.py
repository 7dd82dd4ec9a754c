"""Orders in any condition, for tests of what is made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.prices import Endpoint
from jobs.model import Clip, Member, Options, Order, Picture, Place, Quote
from jobs.states import ClipState
from tests.fakes import START

if TYPE_CHECKING:
    from collections.abc import Iterable

OPTIONS = Options(
    endpoint=Endpoint.BATCH,
    model="m",
    resolution="720p",
    seconds=5,
    prompt="walk",
    pictures=(Picture(key="p.png"),),
)

_AT_THE_VENDOR = set(ClipState) - {ClipState.REVIEW, ClipState.QUEUED, ClipState.CANCELLED}


def clip(number: int, state: ClipState, *, submitted_at: int = START) -> Clip:
    """Make a clip in that state; one that has left knows when."""
    return Clip(
        id=100 + number,
        order_id=7,
        send_id=50 + number,
        number=number,
        state=state,
        quote=10,
        submitted_at=submitted_at if state in _AT_THE_VENDOR else None,
    )


def order_of(
    states: Iterable[ClipState], *, wait: tuple[int, int] | None = None, ahead: int = 0
) -> Order:
    """Make an order whose clips are in these states."""
    clips = tuple(clip(number, state) for number, state in enumerate(states))
    return Order(
        id=7,
        member=Member(guild_id=1, user_id=2),
        place=Place(channel_id=3, upload_limit=1000),
        options=replace(OPTIONS, variations=max(1, len(clips))),
        quote=Quote(per_clip=10, clips=len(clips), wait=wait),
        created_at=START,
        clips=clips,
        ahead=ahead,
    )
