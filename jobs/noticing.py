"""Tell the asker, in messages of their own, that an order failed or waits for moderators."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs.ports import CannotLook, MessageKind, PostFailed, PostFault
from jobs.progress import owes_notice, waits_unseen
from jobs.retrying import find_earlier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jobs.model import Order
    from jobs.ports import MessageRef
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

TRIES: Final = 20


class Notices:
    """Posts the notices that an order owes its asker, each once; it was claimed to be drawn."""

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def tell(self, order: Order) -> None:
        """Tell what is to be told now. Raises PostFailed where it is to be tried again."""
        if order.pause_message_id is None and waits_unseen(order):
            since, post = order.pause_first_try_at, self._out.courier.post_pause
            await self._once(order, MessageKind.PAUSE, since, post)
        if order.notice_message_id is None and owes_notice(order):
            since = order.notice_first_try_at
            await self._once(order, MessageKind.NOTICE, since, self._post_failure)

    async def _once(
        self,
        order: Order,
        kind: MessageKind,
        since: int | None,
        post: Callable[[Order], Awaitable[MessageRef]],
    ) -> None:
        out = self._out
        if not await out.store.begin_notice(order, out.clock.now(), kind):
            return
        try:
            message = await find_earlier(out, order, kind, None, since)
            message = message or await post(order)
        except CannotLook:
            message = None
        except PostFailed as error:
            if error.fault is PostFault.LATER and order.attempts < TRIES:
                raise
            logger.warning("order %s: its %s could not be told", order.id, kind)
            message = None
        await out.store.record_notice(order, kind, message)

    async def _post_failure(self, order: Order) -> MessageRef:
        courier, private = self._out.courier, order.options.private
        try:
            return await courier.post_notice(order, direct=private)
        except PostFailed as error:
            if error.fault is not PostFault.NO_ROOM or private:
                raise
        since = order.notice_first_try_at
        if since is not None:
            # The nonce does not reach from one place to another: here only a look can tell.
            found = await courier.find(order, MessageKind.NOTICE, None, since)
            if found is not None:
                return found
        return await courier.post_notice(order, direct=True)
