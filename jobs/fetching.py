"""The step that brings a finished video into the media store, which is when it is charged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.ports import FetchGone, FetchLater, VideoUnusable
from jobs.states import FailReason
from jobs.stores import FoundFailed, LookAgain, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.model import Clip
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 15 * 60 * 1000
TRIES: Final = 16
"""How often a broken file is tried, over half an hour or so, and after how many tries a dead link
is asked for slowly: it can be slow to come alive, and the clip is paid for."""


class Fetch:
    """Claims clips that the vendor has finished and stores their files."""

    name = "fetch"
    slots = 4
    idle_s = 2.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def claim(self, limit: int) -> Sequence[Clip]:
        """Claim finished clips whose file is not here yet."""
        now = self._out.clock.now()
        return await self._out.store.claim_clips("fetch", now, now + LEASE_MS, limit)

    async def perform(self, work: Clip) -> None:
        """Fetch one file, then settle; the file in the store is what a charge stands for."""
        out = self._out

        async def fetch(target: Path) -> None:
            await out.renderer.fetch(work.video_link, target)

        try:
            video = await out.library.keep_video(work.id, fetch)
        except (FetchLater, FetchGone, VideoUnusable) as error:
            await self._again_or_never(work, error)
            return
        stored = Stored(clip_id=work.id, fence=work.fence, file=video.file, bytes=video.bytes)
        above = await out.store.record_stored(stored, out.clock.now())
        if above:
            logger.warning("clip %s cost %s credits above its quote", work.id, above)
            await out.courier.tell_operator(
                f"A clip cost {above} credits more than its quote: the house pays them, the member "
                "paid the quote. The next quote for such a clip has the new price, and needs "
                "Confirm, until a charge fits its quote again."
            )

    async def _again_or_never(self, clip: Clip, error: Exception) -> None:
        out = self._out
        now = out.clock.now()
        tries = clip.attempts + 1
        expired = schedule.is_lost(clip.submitted_at or now, now)
        if expired or (tries >= TRIES and isinstance(error, VideoUnusable)):
            await self._never(clip, type(error).__name__, now)
            return
        logger.warning("clip %s: its file did not come (%s)", clip.id, type(error).__name__)
        if isinstance(error, FetchGone):
            await self._look_afresh(clip, tries, now)
        else:
            await out.store.put_off(clip, now + schedule.backoff(tries, out.random))

    async def _look_afresh(self, clip: Clip, tries: int, now: int) -> None:
        """Ask the vendor for the clip's link once more: the one that it gave is dead.

        The vendor keeps the file for seven days, so after half an hour this goes on slowly.
        """
        out = self._out
        slow = tries >= TRIES
        wait = schedule.SLOW_LOOK_MS if slow else schedule.backoff(tries, out.random)
        again = LookAgain(clip_id=clip.id, fence=clip.fence, due_at=now + wait, overdue=slow)
        await out.store.look_afresh(again, now)
        if tries == TRIES:
            await out.courier.tell_operator(
                "A clip is finished and its file can't be had: the vendor's link is dead. The link "
                "is asked for again until the vendor throws the file away, after seven days."
            )

    async def _never(self, clip: Clip, note: str, now: int) -> None:
        cost = clip.quote if clip.cost is None else clip.cost
        logger.error("clip %s is done and can't be fetched: %s credits lost", clip.id, cost)
        failed = FoundFailed(
            clip_id=clip.id,
            fence=clip.fence,
            reason=FailReason.NOT_FETCHED,
            cost=cost,
            note=note,
        )
        await self._out.store.record_looks((), (), (failed,), now)
        await self._out.courier.tell_operator(
            f"A finished clip could not be fetched: {cost} credits are lost. The member was not "
            "charged."
        )
