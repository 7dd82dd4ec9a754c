"""Sharing a private clip: its owner has it posted once, where the guild's rules let it stand."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakValueDictionary

from jobs import schedule
from jobs.errors import MemberBlocked
from jobs.guard_errors import AgeRestrictedOnly, NotHere
from jobs.guarding import check_channel, routed, spoils
from jobs.links import vendor_link
from jobs.ports import (
    CannotLook,
    MessageKind,
    MessageRef,
    PostFailed,
    PostFault,
    VideoTooLarge,
    VideoUnusable,
)
from jobs.posting import limits
from jobs.room_errors import CannotShare, ShareFault
from jobs.screening import first_broken
from jobs.states import DELIVERED, ClipState

if TYPE_CHECKING:
    from jobs.model import Clip, GuildRules, Member, Order, Place
    from jobs.ports import Clock, Courier, FittedVideo, Library

logger = logging.getLogger(__name__)

SHAREABLE: Final = DELIVERED | {ClipState.POSTING}
"""Its owner may press the button before it is written down that the message is up."""


@dataclass(frozen=True, slots=True)
class Tried:
    """When a share was first tried (epoch ms), and in which channel."""

    since: int
    channel_id: int


class SharingStore(Protocol):
    """What sharing needs from the database."""

    async def rules(self, guild_id: int) -> GuildRules:
        """Return what the guild has set, or the operator's defaults."""
        ...

    async def content_rules(self, guild_id: int) -> tuple[str, ...]:
        """Return a guild's blocked words and patterns as they are written."""
        ...

    async def is_blocked(self, member: Member) -> bool:
        """Tell whether moderators have blocked a member from the bot."""
        ...

    async def order_of_clip(self, clip_id: int) -> Order | None:
        """Return the order that a clip belongs to."""
        ...

    async def begin_share(self, clip_id: int, channel_id: int, now: int) -> Tried | None:
        """Commit time and channel of the first try and return them; None: nothing to share."""
        ...

    async def move_share(self, clip_id: int, before: int, channel_id: int, now: int) -> bool:
        """Commit that nothing is up in the channel of before, and that another is tried now."""
        ...

    async def record_shared(self, clip_id: int, message: MessageRef, now: int) -> None:
        """Record where the shared message is."""
        ...


class Sharing:
    """Shares clips, each once. `courier` is set once there is a client for it."""

    courier: Courier

    def __init__(self, store: SharingStore, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._busy: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def share(self, clip_id: int) -> MessageRef:
        """Post a clip of a private order where its `place` is, unless it is up already.

        Returns where it is. Whoever presses meanwhile waits here, or in another process is kept
        from a second message by the nonce. Raises as `place`.
        """
        async with self._busy.setdefault(clip_id, asyncio.Lock()):
            order, clip = await self._fresh(clip_id)
            check(order, clip)
            up = shared_message(clip)
            if up is not None:
                return up
            order = replace(order, place=await self.place(order))
            try:
                return await self._post(order, await self._covered(order, clip))
            except CannotLook as error:
                raise CannotShare(
                    fault=ShareFault.UNSEEN, channel_id=order.place.channel_id
                ) from error
            except PostFailed as error:
                logger.info("clip %s is not shared: %s", clip_id, error)
                raise CannotShare(
                    fault=_FAULTS[error.fault], channel_id=order.place.channel_id
                ) from error

    async def place(self, order: Order) -> Place:
        """Return where its guild's rules of now let a private order's clips be shared.

        A pause forbids nothing here: what is shared is made, and costs nothing. Raises
        MemberBlocked or CannotShare.
        """
        channel_id, member = order.place.origin, order.member
        if await self._store.is_blocked(member):
            raise MemberBlocked
        rules = await self._store.rules(member.guild_id)
        try:
            check_channel(rules, order.place)
        except NotHere as error:
            raise CannotShare(fault=ShareFault.NOT_HERE, channel_id=channel_id) from error
        except AgeRestrictedOnly as error:
            raise CannotShare(fault=ShareFault.AGE_ONLY, channel_id=channel_id) from error
        words = await self._store.content_rules(member.guild_id)
        for text in filter(None, (order.options.prompt, order.options.avoid) if words else ()):
            if await first_broken(words, text) is not None:
                raise CannotShare(fault=ShareFault.WORDS, channel_id=channel_id)
        return routed(order.place, rules, private=False)

    async def _covered(self, order: Order, clip: Clip) -> Clip:
        covered = (await self._store.rules(order.member.guild_id)).spoiler_channels
        return replace(clip, spoiler=spoils(covered, order.place))

    async def _fresh(self, clip_id: int) -> tuple[Order, Clip]:
        order = await self._store.order_of_clip(clip_id)
        if order is None:
            raise ValueError(f"clip {clip_id} is to be shared and has no order")
        return order, next(one for one in order.clips if one.id == clip_id)

    async def _post(self, order: Order, clip: Clip) -> MessageRef:
        for limit in limits(order.place.upload_limit, direct=False):
            video = await self._fitted(order, clip, limit)
            message = await self._try(order, clip, video)
            if message is not None:
                await self._store.record_shared(clip.id, message, self._clock.now())
                return message
        raise PostFailed(PostFault.NO_ROOM, "not even a link could be posted")

    async def _fitted(self, order: Order, clip: Clip, limit: int | None) -> FittedVideo | None:
        """Return the file at a size that fits; None stands for the vendor's link.

        Raises CannotShare when the file is gone, or a link alone would lead nowhere.
        """
        try:
            if limit is not None:
                return await self._library.fitted(clip.file, limit)
        except VideoUnusable as error:
            raise CannotShare(
                fault=ShareFault.FILE_GONE, channel_id=order.place.channel_id
            ) from error
        except VideoTooLarge:
            pass
        if vendor_link(clip, self._clock.now()) is None:
            raise CannotShare(fault=ShareFault.FILE_GONE, channel_id=order.place.channel_id)
        return None

    async def _try(self, order: Order, clip: Clip, video: FittedVideo | None) -> MessageRef | None:
        """Post it once, looking first whether an earlier try got through; None: it is too large."""
        now = self._clock.now()
        tried = await self._store.begin_share(clip.id, order.place.channel_id, now)
        if tried is None:
            raise CannotShare(fault=ShareFault.CHANGED, channel_id=order.place.channel_id)
        if tried.channel_id != order.place.channel_id:
            earlier = await self._elsewhere(order, clip, tried)
        else:
            earlier = await self._earlier(order, clip, tried.since) if tried.since < now else None
        try:
            return earlier or await self.courier.post_shared(order, clip, video)
        except PostFailed as error:
            if error.fault is not PostFault.TOO_LARGE or video is None:
                raise
            return None

    async def _elsewhere(self, order: Order, clip: Clip, tried: Tried) -> MessageRef | None:
        """Find what an earlier try posted in another channel; only when it can't be there, move on.

        Raises CannotLook, and PostFailed while that try may still be on its way.
        """
        now, channel_id = self._clock.now(), order.place.channel_id
        there = in_channel(order, tried.channel_id)
        found = await self.courier.find(there, MessageKind.SHARE, clip.id, tried.since)
        if found is not None:
            return found
        if now - tried.since < schedule.NONCE_MS or not await self._store.move_share(
            clip.id, tried.channel_id, channel_id, now
        ):
            raise PostFailed(PostFault.LATER, "it may be on its way to another channel")
        return None

    async def _earlier(self, order: Order, clip: Clip, since: int) -> MessageRef | None:
        """Find what an earlier try posted. Raises CannotLook when nobody can tell any more."""
        try:
            return await self.courier.find(order, MessageKind.SHARE, clip.id, since)
        except CannotLook:
            if self._clock.now() - since >= schedule.NONCE_MS:
                raise
            return None


_FAULTS = {
    PostFault.NO_ROOM: ShareFault.NO_ROOM,
    PostFault.TOO_LARGE: ShareFault.NO_ROOM,
    PostFault.LATER: ShareFault.LATER,
}


def check(order: Order, clip: Clip) -> None:
    """Look whether a clip is one that can be shared. Raises CannotShare."""
    if not order.options.private:
        raise CannotShare(fault=ShareFault.PUBLIC, channel_id=order.place.channel_id)
    if clip.deleted or clip.state not in SHAREABLE:
        raise CannotShare(fault=ShareFault.CHANGED, channel_id=order.place.channel_id)
    if not clip.file and not clip.is_shared:
        raise CannotShare(fault=ShareFault.FILE_GONE, channel_id=order.place.channel_id)


def in_channel(order: Order, channel_id: int | None) -> Order:
    """Return an order as one of that channel, in which a share of it was tried or is up."""
    if channel_id is None:
        return order
    return replace(order, place=replace(order.place, channel_id=channel_id))


def shared_message(clip: Clip) -> MessageRef | None:
    """Return where a clip's shared message is."""
    if clip.shared_channel_id is None or clip.shared_message_id is None:
        return None
    return MessageRef(channel_id=clip.shared_channel_id, message_id=clip.shared_message_id)
