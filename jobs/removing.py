"""The steps that end things: deleted clips are removed everywhere, doubts are closed in time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from jobs import schedule
from jobs.ports import (
    CannotLook,
    LookFailed,
    MessageKind,
    MessageRef,
    PostFailed,
    PostFault,
)
from jobs.sharing import in_channel, shared_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Clip
    from jobs.submitting import Outside

logger = logging.getLogger(__name__)

LEASE_MS: Final = 3 * 60 * 1000
VENDOR_TRIES: Final = 10
"""Some twenty minutes; what the vendor then still has, it throws away after seven days."""

MESSAGE_TRIES: Final = 300
"""About a day: what its owner has deleted must not stay in the channel."""


class Remove:
    """Claims deleted clips: message, stored file, and the vendor's copy."""

    name = "remove"
    slots = 2
    idle_s = 5.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def claim(self, limit: int) -> Sequence[Clip]:
        """Claim clips of which something is left."""
        now = self._out.clock.now()
        return await self._out.store.claim_clips("remove", now, now + LEASE_MS, limit)

    async def perform(self, work: Clip) -> None:
        """Remove what can be removed; each part may be gone already."""
        out = self._out
        tries = work.attempts + 1
        here = await self._messages(work) or tries >= MESSAGE_TRIES
        if work.file:
            await out.library.drop_video(work.file)
        there = tries > VENDOR_TRIES or await self._at_vendor(work)
        if here and there:
            await out.store.record_removed(work)
        else:
            wait = schedule.backoff(tries, out.random)
            await out.store.put_off(work, out.clock.now() + wait)

    async def _messages(self, clip: Clip) -> bool:
        """Delete the clip's messages; True when there is nothing to be done about any of them."""
        if clip.keep_message:
            return True
        posted = await self._message(clip, message_of(clip))
        try:
            shared = await self._message(clip, await self._shared(clip))
        except PostFailed:
            return False
        return posted and shared

    async def _message(self, clip: Clip, message: MessageRef | None) -> bool:
        if message is None:
            return True
        try:
            await self._out.courier.remove(message)
        except PostFailed as error:
            logger.info("clip %s: its message can't be removed (%s)", clip.id, error)
            return error.fault is not PostFault.LATER
        return True

    async def _shared(self, clip: Clip) -> MessageRef | None:
        """Return the shared message, also one of which no process lived to write it down.

        Raises PostFailed when Discord is down.
        """
        if clip.share_first_try_at is None or clip.is_shared:
            return shared_message(clip)
        order = await self._out.orders.order_of_clip(clip.id)
        if order is None:
            return None
        try:
            there = in_channel(order, clip.shared_channel_id)
            return await self._out.courier.find(
                there, MessageKind.SHARE, clip.id, clip.share_first_try_at
            )
        except CannotLook:
            logger.warning("clip %s: nobody can see whether its shared message is up", clip.id)
            return None

    async def _at_vendor(self, clip: Clip) -> bool:
        """Delete the vendor's copy; False when it is still there."""
        if clip.vendor_id is None:
            return True
        try:
            return clip.vendor_id in await self._out.renderer.delete([clip.vendor_id])
        except LookFailed as error:
            logger.info("clip %s: the vendor's copy is not deleted (%s)", clip.id, error)
            return False


def message_of(clip: Clip) -> MessageRef | None:
    """Return where a clip's own message is."""
    if clip.message_id is None or clip.channel_id is None:
        return None
    return MessageRef(channel_id=clip.channel_id, message_id=clip.message_id)


class CloseDoubt:
    """Claims clips in doubt whose hour is over: no webhook has brought them back."""

    name = "doubt"
    slots = 10
    idle_s = 30.0

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def claim(self, limit: int) -> Sequence[Clip]:
        """Claim doubts that are due."""
        now = self._out.clock.now()
        return await self._out.store.claim_clips("doubt", now, now + LEASE_MS, limit)

    async def perform(self, work: Clip) -> None:
        """Release the credits; the house books the quote as lost until the clip turns up."""
        if await self._out.store.release_doubt(work, self._out.clock.now()):
            logger.warning("clip %s is released: its paid request stayed in doubt", work.id)
