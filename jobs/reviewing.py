"""The step that shows orders to moderators, says what became of them, and ends a long wait."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.forwarding import Forward
from jobs.ports import CannotLook, PostFailed, PostFault
from jobs.reviews import ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Order
    from jobs.ports import MessageRef
    from jobs.reviews import Review, ReviewDesk
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 6 * 60 * 1000

TRIES: Final = 20

STAMP_MS: Final = 12 * 3600 * 1000
"""How often the pictures of an order that waits are marked as used: MEDIA_DAYS may be one."""


class Show:
    """Claims reviews that are to be shown, are decided, or have waited long enough."""

    name = "review"
    slots = 2
    idle_s = 5.0

    def __init__(self, outside: Outside, desk: ReviewDesk) -> None:
        self._out = outside
        self._desk = desk

    async def claim(self, limit: int) -> Sequence[Review]:
        """Claim reviews that are due."""
        now = self._out.clock.now()
        return await self._out.store.claim_reviews(now, now + LEASE_MS, limit)

    async def perform(self, work: Review) -> None:
        """Do the one thing that is due of it."""
        out = self._out
        order = await out.orders.order(work.order_id)
        if order is None:
            raise ValueError(f"order {work.order_id} is in review and not there")
        if work.state is ReviewState.WAITING and work.expires_at <= out.clock.now():
            if await out.store.expire_review(work, out.clock.now()):
                logger.info("order %s: no moderator decided in time", work.order_id)
            return
        try:
            await self._show(order, work)
        except PostFailed as error:
            await self._failed(work, error)

    async def _show(self, order: Order, review: Review) -> None:
        """Post the message, or say on it what became of the order."""
        out = self._out
        message = review.message or await self._earlier(review)
        if review.message is None and message is not None:
            await out.store.record_review(review, message, out.clock.now())
        elif review.state is ReviewState.WAITING:
            await self._post(order, review)
        else:
            if message is not None:
                await self._desk.edit_review(order, review)
            await out.store.record_review_told(review)

    async def _earlier(self, review: Review) -> MessageRef | None:
        """Find what an earlier try may have posted; where nobody can look it is left as it is."""
        if review.first_try_at is None:
            return None
        try:
            return await self._desk.find_review(review, review.first_try_at)
        except CannotLook:
            age = self._out.clock.now() - review.first_try_at
            if review.state is not ReviewState.WAITING or age < schedule.NONCE_MS:
                return None
            raise PostFailed(PostFault.NO_ROOM, "the review channel can't be read") from None

    async def _post(self, order: Order, review: Review) -> None:
        out = self._out
        forward = Forward(out, order, review.channel_id)
        now = out.clock.now()
        if review.message is not None:  # up, and there is nothing new to say before it expires
            await out.store.put_off_review(review, min(review.expires_at, now + STAMP_MS))
            return

        async def begin() -> bool:
            return await out.store.begin_review(review, out.clock.now())

        try:
            if not await forward.go(begin):
                return
            message = await self._desk.post_review(order, review, forward.own, left_out=False)
        except PostFailed as error:
            if error.fault is not PostFault.TOO_LARGE or review.carries:
                raise
            message = await self._desk.post_review(order, review, (), left_out=True)
        await out.store.record_review(review, message, out.clock.now())

    async def _failed(self, review: Review, error: PostFailed) -> None:
        """Try later; where there is no room the order ends, since nobody could look at it."""
        out = self._out
        now = out.clock.now()
        later = error.fault is PostFault.LATER
        if review.state is ReviewState.WAITING and not later:
            logger.warning("order %s can't be shown for review: %s", review.order_id, error)
            await out.store.close_review(review, "", now)
        elif later and (review.state is ReviewState.WAITING or review.attempts < TRIES):
            at_least = int((error.retry_after or 0) * 1000)
            wait = schedule.backoff(review.attempts, out.random, at_least)
            due = min(now + wait, max(now, review.expires_at))
            await out.store.put_off_review(review, due if due > now else now + wait)
        else:
            logger.info("order %s: its review message stays as it is: %s", review.order_id, error)
            await out.store.record_review_told(review)
