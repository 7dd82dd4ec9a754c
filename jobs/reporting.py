"""The step that hides reported results, asks moderators about them, and does what they say."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.ports import CannotLook, PostFailed, PostFault
from jobs.reports import CaseState, public_messages, rooms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Clip, Order
    from jobs.ports import MessageRef
    from jobs.reports import Case, CaseDesk
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 6 * 60 * 1000
TRIES: Final = 40


class Judge:
    """Claims cases that are new, or that somebody has decided."""

    name = "case"
    slots = 2
    idle_s = 5.0

    def __init__(self, outside: Outside, desk: CaseDesk) -> None:
        self._out = outside
        self._desk = desk

    async def claim(self, limit: int) -> Sequence[Case]:
        """Claim cases that are due."""
        now = self._out.clock.now()
        return await self._out.store.claim_cases(now, now + LEASE_MS, limit)

    async def perform(self, work: Case) -> None:
        """Hide or show the clip first, then ask, or tell what was said."""
        out = self._out
        order = await out.orders.order_of_clip(work.clip_id)
        if order is None:
            raise ValueError(f"clip {work.clip_id} is reported and has no order")
        clip = next(one for one in order.clips if one.id == work.clip_id)
        if clip.deleted and work.state is CaseState.OPEN:
            await out.store.close_case(work, out.clock.now())
            return
        try:
            await self._veil(order, clip, work)
            await self._tell(order, clip, work)
        except PostFailed as error:
            await self._failed(order, clip, work, error)

    async def _veil(self, order: Order, clip: Clip, case: Case) -> None:
        """Bring the clip's messages to where the case wants them; deleted ones are going anyway."""
        hidden = case.state is CaseState.OPEN
        if case.state is CaseState.DELETED or case.hidden == hidden:
            return
        for message in public_messages(order, clip):
            try:
                await self._desk.veil(order, message, hidden=hidden)
            except PostFailed as error:
                if error.fault is PostFault.LATER:
                    raise
                logger.warning("clip %s can't be changed there: %s", clip.id, error)
        await self._out.store.record_hidden(case, int(hidden))

    async def _tell(self, order: Order, clip: Clip, case: Case) -> None:
        out = self._out
        message = case.message or await self._earlier(case)
        if case.message is None and message is not None:
            await out.store.record_case(case, message, out.clock.now())
        elif case.state is not CaseState.OPEN:
            if message is not None:
                await self._desk.edit_case(order, clip, case)
            await out.store.record_case_told(case)
        elif message is not None:
            await self._ask_again(order, clip, case)
        elif await out.store.begin_case(case, out.clock.now()):
            posted = await self._desk.post_case(order, clip, case)
            await out.store.record_case(case, posted, out.clock.now())

    async def _ask_again(self, order: Order, clip: Clip, case: Case) -> None:
        """See that an open case still has its message; one that is gone is asked anew."""
        out = self._out
        rooms = rooms_of(await out.orders.rules(case.guild_id), order, clip)
        if await self._desk.edit_case(order, clip, case) or not rooms:
            await out.store.record_case_told(case)
        else:
            await out.store.move_case(case, rooms[0], out.clock.now())

    async def _earlier(self, case: Case) -> MessageRef | None:
        """Find what an earlier try may have posted; where nobody can look, nothing is known."""
        if case.first_try_at is None:
            return None
        try:
            return await self._desk.find_case(case, case.first_try_at)
        except CannotLook:
            if self._out.clock.now() - case.first_try_at < schedule.NONCE_MS:
                return None
            raise PostFailed(PostFault.NO_ROOM, "the channel can't be read") from None

    async def _failed(self, order: Order, clip: Clip, case: Case, error: PostFailed) -> None:
        """Try later, or in the next channel that there is.

        Without one the clip stays hidden until the next report, or until a channel is chosen.
        """
        out = self._out
        if error.fault is PostFault.LATER and case.attempts < TRIES:
            at_least = int((error.retry_after or 0) * 1000)
            wait = schedule.backoff(case.attempts, out.random, at_least)
            await out.store.put_off_case(case, out.clock.now() + wait)
            return
        logger.warning("clip %s: moderators can't be asked or told: %s", case.clip_id, error)
        rooms = rooms_of(await out.orders.rules(case.guild_id), order, clip)
        if case.channel_id in rooms:
            rooms = rooms[rooms.index(case.channel_id) + 1 :]
        if rooms and case.state is CaseState.OPEN:
            await out.store.move_case(case, rooms[0], out.clock.now())
        else:
            await out.store.record_case_told(case)
