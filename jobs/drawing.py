"""The step that posts and redraws cards, and has the asker told what no card says."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.forwarding import Forward
from jobs.noticing import TRIES, Notices
from jobs.ports import CannotLook, MessageKind, MessageRef, PostFailed, PostFault
from jobs.progress import Phase, changes_at, progress_of
from jobs.retrying import find_earlier
from jobs.states import FailReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Order
    from jobs.progress import Progress
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 8 * 60 * 1000
"""Longer than a notice and a card can take that are looked for before they are posted again."""


class Draw:
    """Claims orders whose card or notice is due; one process draws an order at a time."""

    name = "draw"
    slots = 4
    idle_s = 2.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside
        self._notices = Notices(outside)

    async def claim(self, limit: int) -> Sequence[Order]:
        """Claim orders that have something new to say."""
        now = self._out.clock.now()
        return await self._out.store.claim_cards(now, now + LEASE_MS, limit)

    async def perform(self, work: Order) -> None:
        """Say it: the card for everybody, and notices for the asker alone."""
        out = self._out
        progress = progress_of(work, out.clock.now())
        try:
            await self._notices.tell(work)
            message = await self._card(work, progress)
        except PostFailed as error:
            await self._try_later(work, progress, error)
            return
        due = changes_at(work, progress)
        await out.store.record_card(work, message, progress.signature, due, out.clock.now())

    async def _card(self, order: Order, progress: Progress) -> MessageRef | None:
        """Post or redraw the card; return it when it is new."""
        if order.options.private:
            return None
        if order.card_message_id is not None:
            if progress.signature != order.card_text:
                await self._redraw(order, progress)
            return None
        try:
            message = await self._earlier(order, MessageKind.CARD, order.card_first_try_at)
        except CannotLook:
            raise PostFailed(PostFault.NO_ROOM, "the channel can't be read") from None
        if message is None:
            message = await self._post_card(order, progress)
        if message is not None and order.card_first_try_at is not None:
            # What is up may be the first try's message, and what it says is old.
            await self._redraw(_with_card(order, message), progress)
        return message

    async def _redraw(self, order: Order, progress: Progress) -> None:
        """Redraw the card; one that can't be edited any more stays as it is."""
        try:
            await self._out.courier.edit_card(order, progress)
        except PostFailed as error:
            if error.fault is PostFault.LATER:
                raise
            logger.info("order %s: its card can't be redrawn (%s)", order.id, error)

    async def _post_card(self, order: Order, progress: Progress) -> MessageRef | None:
        if progress.phase is Phase.DONE:
            return None  # The results are up already: a card would only stand in their way.
        out = self._out

        async def begin() -> bool:
            return await out.store.begin_card(order, out.clock.now())

        if not order.card_picture:
            return await out.courier.post_card(order, progress, ()) if await begin() else None
        forward = Forward(out, order, order.place.channel_id)
        if not await forward.go(begin):
            return None
        return await out.courier.post_card(order, progress, forward.own)

    async def _earlier(
        self, order: Order, kind: MessageKind, since: int | None
    ) -> MessageRef | None:
        return await find_earlier(self._out, order, kind, None, since)

    async def _try_later(self, order: Order, progress: Progress, error: PostFailed) -> None:
        out = self._out
        now = out.clock.now()
        if error.fault is PostFault.LATER and order.attempts < TRIES:
            at_least = int((error.retry_after or 0) * 1000)
            wait = schedule.backoff(order.attempts, out.random, at_least)
            await out.store.put_off_card(order, now + wait)
            return
        logger.warning("order %s goes without a card: %s", order.id, error)
        if order.card_picture and order.card_message_id is None:
            note = "the channel takes no card, and only the card could carry the picture"
            await out.store.give_up_order(order, FailReason.PICTURE_GONE, note, now)
        await out.store.record_card(order, None, progress.signature, None, now)


def _with_card(order: Order, message: MessageRef) -> Order:
    return replace(order, card_channel_id=message.channel_id, card_message_id=message.message_id)
