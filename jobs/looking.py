"""The step that asks the vendor about many clips at once, and finds out which are done."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from jobs import schedule
from jobs.ports import LookFailed, SeenStatus
from jobs.states import FailReason
from jobs.stores import FoundDone, FoundFailed, LookAgain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.model import Clip
    from jobs.ports import Seen
    from jobs.submitting import Outside

Round: TypeAlias = "tuple[tuple[Clip, ...], ...]"
"""Calls that are made one after another, and the clips that each asks for."""

logger = logging.getLogger(__name__)

LEASE_MS: Final = 2 * 60 * 1000
IDS_PER_CALL: Final = 50
"""The vendor names no limit (AKOOL.md 3.3): a refused call is halved until it passes, and the
next ones start from there, each a little longer."""

IDS_AFTER_A_MISS: Final = 10


@dataclass(slots=True)
class Findings:
    """What one round of calls showed, ready to be recorded in one commit."""

    again: list[LookAgain] = field(default_factory=list)
    done: list[FoundDone] = field(default_factory=list)
    failed: list[FoundFailed] = field(default_factory=list)


class Look:
    """Claims clips that are due for a look and asks for them in as few calls as possible."""

    name = "look"
    slots = 2

    def __init__(self, outside: Outside) -> None:
        self._out = outside
        self.idle_s = min(5.0, outside.pace.look_ms / 1000)
        self._ids_per_call = IDS_PER_CALL

    async def claim(self, limit: int) -> Sequence[Round]:
        """Claim clips and cut them into calls, which at most so many rounds make in turn."""
        now = self._out.clock.now()
        most = limit * self._ids_per_call
        clips = await self._out.store.claim_clips("look", now, now + LEASE_MS, most)
        calls = chunks(clips, self._ids_per_call)
        return tuple(calls[first::limit] for first in range(min(limit, len(calls))))

    async def perform(self, work: Round) -> None:
        """Make one call after another, and record what each one showed."""
        for clips in work:
            findings = Findings()
            await self._ask(clips, findings)
            await self._record(findings)

    async def _record(self, findings: Findings) -> None:
        out = self._out
        await out.store.record_looks(
            findings.again, findings.done, findings.failed, out.clock.now()
        )
        costs = [one.cost for one in findings.failed if one.cost]
        if costs:
            await out.courier.tell_operator(
                f"{len(costs)} clip(s) failed at the vendor and still show a charge of "
                f"{sum(costs)} credits. No member was charged."
            )

    async def _ask(self, clips: tuple[Clip, ...], findings: Findings) -> bool:
        """Ask for clips; False when the vendor refused a call that named so many."""
        try:
            seen = await self._out.renderer.look([_id(clip) for clip in clips])
        except LookFailed as error:
            await self._ask_less(clips, error, findings)
            return not error.refused
        found = {one.vendor_id: one for one in seen}
        for clip in clips:
            self._judge(clip, found.get(_id(clip)), findings)
        if len(clips) == self._ids_per_call < IDS_PER_CALL:
            self._ids_per_call += 1
        return True

    async def _ask_less(
        self, clips: tuple[Clip, ...], error: LookFailed, findings: Findings
    ) -> None:
        """Halve a call that the vendor refused; put one that brought no answer off."""
        if not error.refused:
            logger.warning("a status call for %s clips brought no answer", len(clips))
            for clip in clips:
                self._later(clip, clip.misses, findings)
        elif len(clips) == 1:
            self._judge(clips[0], None, findings)
        else:
            middle = len(clips) // 2
            passed = [await self._ask(half, findings) for half in (clips[:middle], clips[middle:])]
            if all(passed):
                # Not one of the ids was at fault: the call was too long.
                self._ids_per_call = min(self._ids_per_call, len(clips) - middle)

    def _judge(self, clip: Clip, seen: Seen | None, findings: Findings) -> None:
        if seen is None:
            self._later(clip, clip.misses + 1, findings)
            return
        match seen.status:
            case SeenStatus.DONE if seen.link:
                done = FoundDone(clip_id=clip.id, fence=clip.fence, link=seen.link, cost=seen.cost)
                findings.done.append(done)
            case SeenStatus.FAILED:
                findings.failed.append(_failed(clip, seen))
            case SeenStatus.WAITING | SeenStatus.UNCLEAR | SeenStatus.DONE:
                self._later(clip, 0, findings)
            case _:
                assert_never(seen.status)

    def _later(self, clip: Clip, misses: int, findings: Findings) -> None:
        now, pace = self._out.clock.now(), self._out.pace
        since = clip.submitted_at or now
        if schedule.is_lost(since, now):
            findings.failed.append(_lost(clip))
            return
        overdue = schedule.is_overdue(since, now, pace)
        slow = overdue or misses > 1
        due = now + schedule.SLOW_LOOK_MS if slow else schedule.next_look(now, clip.polls, pace)
        findings.again.append(
            LookAgain(clip_id=clip.id, fence=clip.fence, due_at=due, misses=misses, overdue=overdue)
        )


def _failed(clip: Clip, seen: Seen) -> FoundFailed:
    """Give up a clip that failed; what the vendor still shows as its charge is the house's loss."""
    return FoundFailed(
        clip_id=clip.id,
        fence=clip.fence,
        reason=FailReason.RENDER_FAILED,
        cost=seen.cost or 0,
        note=seen.note,
    )


def _lost(clip: Clip) -> FoundFailed:
    """Give up a clip of which nothing was heard while the vendor would have kept it."""
    return FoundFailed(
        clip_id=clip.id,
        fence=clip.fence,
        reason=FailReason.NEVER_FINISHED,
        cost=clip.quote if clip.cost is None else clip.cost,
        note="nothing was heard of it for seven days",
    )


def chunks(clips: Iterable[Clip], most: int = IDS_PER_CALL) -> Round:
    """Cut clips into calls: `most` at a time, fewer after one miss, alone after two."""
    sizes = (most, min(most, IDS_AFTER_A_MISS), 1)
    groups: tuple[list[Clip], ...] = ([], [], [])
    for clip in clips:
        groups[min(clip.misses, 2)].append(clip)
    return tuple(
        tuple(members[first : first + size])
        for size, members in zip(sizes, groups, strict=True)
        for first in range(0, len(members), size)
    )


def _id(clip: Clip) -> str:
    if clip.vendor_id is None:
        raise ValueError(f"clip {clip.id} is due for a look and has no vendor id")
    return clip.vendor_id
