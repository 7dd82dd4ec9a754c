"""Sound for a finished clip: which clip is meant, whether it will do, and what is then ordered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from billing.prices import Endpoint
from jobs.errors import BadSource, SourceFault
from jobs.ids import code, from_code
from jobs.model import Options, Source
from jobs.schedule import LIFETIME_MS
from jobs.states import NOT_CHARGED, ClipState

if TYPE_CHECKING:
    from jobs.model import Clip, Order, Track

MARGIN_MS: Final = 3600 * 1000
"""The vendor must keep the clip this much longer: the order may wait in line first."""

FINISHED: Final = frozenset({ClipState.READY, ClipState.POSTING, ClipState.POSTED, ClipState.KEPT})
"""The vendor is done with the clip, and has its video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundtracked:
    """What `/soundtrack` was given: a clip's name as it was typed, and whether a file came along.

    `private` is always False: whether the result is, its source decides.
    """

    video: str
    track: bool = False
    private: bool = False


def name_of(order: Order, clip: Clip) -> str:
    """Name a clip as members type it: its order's code, and which one where there are several."""
    return f"{code(order.id)}-{clip.number + 1}" if len(order.clips) > 1 else code(order.id)


def named(text: str) -> tuple[int, int | None]:
    """Read a clip's name: the order's id, and the clip's number where one is said.

    Raises BadSource(UNKNOWN) for what is no name.
    """
    first, dash, last = text.strip().partition("-")
    order_id = from_code(first)
    if order_id is None or (dash and not (last.isascii() and last.isdecimal())):
        raise BadSource(fault=SourceFault.UNKNOWN, typed=text)
    return order_id, int(last[:4]) - 1 if dash else None


def pick(order: Order, number: int | None, typed: str) -> Clip:
    """Return the clip of that number; without one, the only clip that will have a video.

    Raises BadSource(UNKNOWN) where there is none, BadSource(SEVERAL) where it is not clear.
    """
    if number is not None:
        found = [clip for clip in order.clips if clip.number == number]
    else:
        found = [clip for clip in order.clips if _may_do(clip)] or list(order.clips[:1])
    if not found:
        raise BadSource(fault=SourceFault.UNKNOWN, typed=typed)
    if len(found) > 1:
        raise BadSource(fault=SourceFault.SEVERAL, typed=typed)
    return found[0]


def _may_do(clip: Clip) -> bool:
    return clip.state not in NOT_CHARGED and not clip.deleted


def check_source(clip: Clip, now: int) -> str:
    """Return the vendor's id of a clip that sound can be put on at that time (epoch ms).

    Raises BadSource for one that has no video, not yet or never, and for one that the vendor has
    thrown away after its seven days (AKOOL.md 1).
    """
    if clip.state in NOT_CHARGED:
        raise BadSource(fault=SourceFault.NOT_MADE)
    if clip.state not in FINISHED or clip.vendor_id is None:
        raise BadSource(fault=SourceFault.NOT_READY)
    # From the submit on, not from the finish: the vendor is never taken to keep it for too long.
    if (clip.submitted_at or clip.ready_at or 0) + LIFETIME_MS - MARGIN_MS <= now:
        raise BadSource(fault=SourceFault.EXPIRED)
    return clip.vendor_id


def has_source(clip: Clip, now: int) -> bool:
    """Tell whether sound can be put on a clip at that time (epoch ms)."""
    try:
        check_source(clip, now)
    except BadSource:
        return False
    return not clip.deleted


def options_of(order: Order, clip: Clip, track: Track | None, now: int) -> Options:
    """Return what is ordered: the vendor's own sound for a clip, or that track.

    The picture only tells what the clip shows; it is not sent. Raises BadSource.
    """
    options = order.options
    number = clip.number // options.variations
    vendor_id = check_source(clip, now)
    return Options(
        endpoint=Endpoint.SOUNDTRACK,
        model="",
        resolution=options.resolution,
        seconds=options.seconds,
        prompt=options.prompt,
        pictures=(replace(options.pictures[number], first_frame_only=False, converted=False),),
        sound=track is None,
        private=options.private,
        effect_name=options.effect_name,
        track=track,
        source=Source(clip_id=clip.id, vendor_id=vendor_id, name=name_of(order, clip)),
    )
