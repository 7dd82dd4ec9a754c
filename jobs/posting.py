"""The step that posts a finished clip exactly once, or keeps it where its owner can find it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.ports import (
    CannotLook,
    MessageKind,
    PostFailed,
    PostFault,
    VideoTooLarge,
    VideoUnusable,
)
from jobs.retrying import find_earlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobs.model import Clip, Order
    from jobs.ports import FittedVideo, MessageRef
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 10 * 60 * 1000
TRIES: Final = 40
"""With the longest wait between them, some three hours; then the clip is kept."""

DEFAULT_LIMIT: Final = 10 * 1024 * 1024
"""Discord's upload limit where nobody pays for more (PEERS.md 3); tried when a larger one fails."""

SMALLEST_LIMIT: Final = 8 * 1024 * 1024


class NotOurs(Exception):  # noqa: N818 - an answer, not a fault
    """Another process has the clip now, or its owner deleted it before anything was posted."""


class Post:
    """Claims finished clips and hands them over to Discord."""

    name = "post"
    slots = 3
    idle_s = 2.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def claim(self, limit: int) -> Sequence[Clip]:
        """Claim clips whose file is stored and whose message is not up."""
        now = self._out.clock.now()
        return await self._out.store.claim_clips("post", now, now + LEASE_MS, limit)

    async def perform(self, work: Clip) -> None:
        """Post one clip; a second try first looks whether the first one got through."""
        out = self._out
        order = await out.orders.order_of_clip(work.id)
        if order is None:
            raise ValueError(f"clip {work.id} is to be posted and has no order")
        try:
            message = await self._earlier_try(order, work)
            message = message or await self._deliver(order, work)
        except NotOurs:
            return
        except CannotLook:
            await self._keep(work, "nobody could see whether it is posted")
        except PostFailed as error:
            await self._try_later(work, error)
        else:
            await out.store.record_posted(work, message, out.clock.now())

    async def _earlier_try(self, order: Order, clip: Clip) -> MessageRef | None:
        return await find_earlier(self._out, order, MessageKind.CLIP, clip.id, clip.first_try_at)

    async def _deliver(self, order: Order, clip: Clip) -> MessageRef:
        """Post to the channel, or directly when the order is private or the channel is closed."""
        try:
            return await self._fit_and_post(order, clip, direct=order.options.private)
        except PostFailed as error:
            if error.fault is not PostFault.NO_ROOM or order.options.private:
                raise
        if clip.first_try_at is not None:
            # The nonce does not reach from one place to another: here only a look can tell.
            courier, since = self._out.courier, clip.first_try_at
            found = await courier.find(order, MessageKind.CLIP, clip.id, since)
            if found is not None:
                return found
        logger.info("clip %s: the channel takes no message, sending it directly", clip.id)
        return await self._fit_and_post(order, clip, direct=True)

    async def _fit_and_post(self, order: Order, clip: Clip, *, direct: bool) -> MessageRef:
        """Post as large a file as the place takes: as it is, shrunk, or as the vendor's link."""
        for limit in limits(order.place.upload_limit, direct=direct):
            video = await self._fitted(clip, limit)
            begun = await self._begin(clip)
            posted = next(one for one in begun.clips if one.id == clip.id)
            try:
                return await self._out.courier.post_clip(begun, posted, video, direct=direct)
            except PostFailed as error:
                if error.fault is not PostFault.TOO_LARGE or video is None:
                    raise
                logger.info("clip %s: %s bytes were too many", clip.id, video.bytes)
        raise PostFailed(PostFault.NO_ROOM, "not even a link could be posted")

    async def _begin(self, clip: Clip) -> Order:
        """Commit the try right before the message leaves: fitting may have taken minutes.

        Raises NotOurs when it is not to be posted any more.
        """
        out = self._out
        order = await out.store.begin_post(clip, out.clock.now())
        if order is None:
            raise NotOurs
        if any(one.deleted for one in order.clips if one.id == clip.id):
            await out.store.record_kept(clip, "deleted by its owner", out.clock.now())
            raise NotOurs
        return order

    async def _fitted(self, clip: Clip, limit: int | None) -> FittedVideo | None:
        if limit is None:
            return None
        try:
            return await self._out.library.fitted(clip.file, limit)
        except (VideoTooLarge, VideoUnusable):
            return None

    async def _try_later(self, clip: Clip, error: PostFailed) -> None:
        out = self._out
        if error.fault is not PostFault.LATER:
            await self._keep(clip, "nowhere to post it")
            return
        if clip.attempts + 1 >= TRIES:
            await self._keep(clip, "Discord did not take it")
            return
        at_least = int((error.retry_after or 0) * 1000)
        wait = schedule.backoff(clip.attempts + 1, out.random, at_least)
        await out.store.put_off(clip, out.clock.now() + wait)

    async def _keep(self, clip: Clip, note: str) -> None:
        logger.warning("clip %s is kept: %s", clip.id, note)
        await self._out.store.record_kept(clip, note, self._out.clock.now())


def limits(upload_limit: int, *, direct: bool) -> Iterator[int | None]:
    """Yield upload limits to try, in bytes, largest first; None stands for a link instead.

    A direct message knows no guild, so it has the default limit.
    """
    first = min(upload_limit, DEFAULT_LIMIT) if direct else upload_limit
    yield first
    yield from (limit for limit in (DEFAULT_LIMIT, SMALLEST_LIMIT) if limit < first)
    yield None
