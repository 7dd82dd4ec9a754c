"""How far an order is, as its card tells it, and when that changes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jobs.states import AWAITED, DELIVERED, ENDED, NOT_BY_OWNER, NOT_CHARGED, ClipState

if TYPE_CHECKING:
    from jobs.model import Clip, Order

LONG_WAIT_S: Final = 300
"""Without any history, a clip that takes five minutes takes longer than usual (AKOOL.md 3.3)."""


class Phase(StrEnum):
    """What the card is about."""

    REVIEW = "review"
    QUEUED = "queued"
    RENDERING = "rendering"
    LONGER = "longer"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One drawing of a card.

    Counts are of clips; `started_at`, `ready_from` and `ready_to` are epoch ms. `paused` tells
    that what is queued waits for the guild's moderators.
    """

    phase: Phase
    ready: int
    failed: int
    total: int
    kept: int = 0
    ahead: int = 0
    started_at: int | None = None
    ready_from: int | None = None
    ready_to: int | None = None
    paused: bool = False

    @property
    def signature(self) -> str:
        """Return a text that changes when the card has something new to say."""
        said = f"{self.phase}:{self.ready}:{self.failed}:{self.kept}:{self.total}"
        return f"{said}:paused" if self.paused else said


def progress_of(order: Order, now: int) -> Progress:
    """Sum an order's clips up at a moment (epoch ms).

    The wait is that for the first clip which is still awaited: others may be up long ago.
    """
    states = [clip.state for clip in order.clips]
    awaited = [clip.submitted_at for clip in order.clips if clip.state in AWAITED]
    since = min((at for at in awaited if at is not None), default=None)
    low, high = order.quote.wait or (None, None)
    return Progress(
        phase=_phase(order, states, since, now),
        ready=sum(state in DELIVERED for state in states),
        failed=sum(state in NOT_CHARGED for state in states),
        # One that is deleted is kept for nobody.
        kept=sum(one.state is ClipState.KEPT and not one.deleted for one in order.clips),
        total=len(states),
        ahead=order.ahead,
        started_at=since,
        ready_from=None if since is None or low is None else since + low * 1000,
        ready_to=None if since is None or high is None else since + high * 1000,
        paused=order.paused and ClipState.QUEUED in states,
    )


def _phase(order: Order, states: list[ClipState], since: int | None, now: int) -> Phase:
    if all(state in ENDED for state in states):
        return Phase.DONE
    if ClipState.REVIEW in states:
        return Phase.REVIEW
    if all(state is ClipState.QUEUED or state in ENDED for state in states):
        return Phase.QUEUED
    late = since is not None and now >= since + _patience_ms(order)
    return Phase.LONGER if late or ClipState.OVERDUE in states else Phase.RENDERING


def _patience_ms(order: Order) -> int:
    """Say how long a wait is usual: half as long again as the slow ones of our history."""
    wait = order.quote.wait
    return (LONG_WAIT_S if wait is None else max(60, wait[1] * 3 // 2)) * 1000


def changes_at(order: Order, progress: Progress) -> int | None:
    """Return when the card has something new to say though nothing happens (epoch ms)."""
    if progress.phase is not Phase.RENDERING or progress.started_at is None:
        return None
    return progress.started_at + _patience_ms(order)


def failed_altogether(order: Order) -> bool:
    """Tell whether an order ended without any video, other than by its owner's own cancelling."""
    return all(clip.state in NOT_CHARGED for clip in order.clips) and bool(lost(order))


def lost(order: Order) -> tuple[Clip, ...]:
    """Return the clips that brought no video, other than by their owner's own cancelling."""
    return tuple(
        clip
        for clip in order.clips
        if clip.state in NOT_CHARGED
        and (clip.state is not ClipState.CANCELLED or clip.reason in NOT_BY_OWNER)
    )


def failed_in_part(order: Order) -> bool:
    """Tell whether some of an order came, and some did not."""
    return bool(lost(order)) and any(clip.state in DELIVERED for clip in order.clips)


def owes_notice(order: Order) -> bool:
    """Tell whether the asker is to be told of a failure in a message of its own.

    Some of several clips are told on the card; a private order has none.
    """
    if failed_altogether(order):
        return True
    over = all(clip.state in ENDED for clip in order.clips)
    return order.options.private and over and bool(lost(order))


def waits_unseen(order: Order) -> bool:
    """Tell whether an order waits for moderators who paused the bot, and no card says so."""
    waits = any(clip.state is ClipState.QUEUED for clip in order.clips)
    return order.options.private and order.paused and waits


def usual_wait(history: tuple[int, ...]) -> tuple[int, int] | None:
    """Return the range in seconds that half of such clips fell into; None below three of them."""
    if len(history) < 3:
        return None
    ordered = sorted(history)
    low = ordered[len(ordered) // 4]
    high = ordered[(len(ordered) * 3) // 4]
    return max(1, round(low / 1000)), max(1, round(high / 1000))
