"""A chat in memory that forgets nonces, loses replies and shuts doors when a test says so."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jobs.ports import CannotLook, MessageKind, MessageRef, PostFailed, PostFault
from tests.fake_clock import Hooks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.model import Clip, Order
    from jobs.parcels import Parcel
    from jobs.ports import FittedVideo
    from jobs.progress import Progress
    from tests.fake_clock import FakeClock


FIRST_AHEAD: Final = 2_000_000
"""Messages that go ahead of a card have ids that no other message has."""

LINK_MS: Final = 24 * 3600 * 1000
"""How long a fresh link to a card's file lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that is up; `files` are names, `edits` the phases that it was redrawn with."""

    ref: MessageRef
    kind: MessageKind
    order_id: int
    clip_id: int | None
    at: int
    direct: bool
    mention: bool = False
    files: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()

    @property
    def nonce(self) -> tuple[MessageKind, int, bool]:
        """What makes a second post the same one."""
        return self.kind, self.clip_id or self.order_id, self.direct


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A message with files that goes ahead of a card."""

    ref: MessageRef
    parcel: Parcel
    at: int
    files: tuple[str, ...]


class FakeCourier:
    """A chat in memory; within `nonce_ms` the same post is the same message, as Discord does it.

    `post_faults` are raised one a post; None lets a post pass. The next `lost_replies` posts are
    up and say LATER all the same. Nothing can be posted to `closed` channels nor, directly, to
    `shut` users; `blind` channels can't be read. `links` overrules a message's fresh links.
    """

    def __init__(self, clock: FakeClock, nonce_ms: int = 120_000) -> None:
        self._clock = clock
        self._nonce_ms = nonce_ms
        self._last_id = 0
        self.hooks = Hooks()
        self.messages: dict[int, Message] = {}
        self.post_faults: deque[PostFailed | None] = deque()
        self.lost_replies = 0
        self.closed: set[int] = set()
        self.blind: set[int] = set()
        self.shut: set[int] = set()
        self.upload_limit = 10 * 1024 * 1024
        self.links: dict[int, tuple[str, ...]] = {}
        self.told: list[str] = []
        self.ahead: list[Ahead] = []

    def of(self, kind: MessageKind) -> list[Message]:
        """List the messages of a kind that are up, oldest first."""
        return [message for message in self.messages.values() if message.kind is kind]

    async def post_card(
        self, order: Order, progress: Progress, pictures: Sequence[Path]
    ) -> MessageRef:
        message = self._message(order, MessageKind.CARD, edits=(progress.phase,))
        return await self._post(
            order, replace(message, files=tuple(path.name for path in pictures))
        )

    async def post_parcel(self, order: Order, parcel: Parcel, files: Sequence[Path]) -> MessageRef:
        await self.hooks.pass_by("parcel:before")
        if parcel.channel_id in self.closed:
            raise PostFailed(PostFault.NO_ROOM, f"channel {parcel.channel_id}")
        self._maybe_fail()
        ref = self._put_ahead(parcel, tuple(path.name for path in files))
        await self.hooks.pass_by("parcel:after")
        if self.lost_replies:
            self.lost_replies -= 1
            raise PostFailed(PostFault.LATER, "the reply was lost")
        return ref

    def _put_ahead(self, parcel: Parcel, files: tuple[str, ...]) -> MessageRef:
        now = self._clock.now()
        for one in self.ahead:
            if one.parcel == parcel and now - one.at < self._nonce_ms:
                return one.ref
        ref = MessageRef(channel_id=parcel.channel_id, message_id=FIRST_AHEAD + len(self.ahead))
        self.ahead.append(Ahead(ref=ref, parcel=parcel, at=now, files=files))
        dies = (now + LINK_MS) // 1000
        self.links[ref.message_id] = tuple(f"https://cdn.invalid/{x}?ex={dies:x}" for x in files)
        return ref

    async def find_parcel(self, order: Order, parcel: Parcel, since: int) -> MessageRef | None:
        await self.hooks.pass_by("find:before")
        if parcel.channel_id in self.blind | self.closed:
            raise CannotLook
        found = (one.ref for one in self.ahead if one.parcel == parcel and one.at >= since)
        return next(found, None)

    async def edit_card(self, order: Order, progress: Progress) -> bool:
        await self.hooks.pass_by("edit:before")
        self._maybe_fail()
        message = self.messages.get(order.card_message_id or 0)
        if message is None:
            return False
        self.messages[message.ref.message_id] = replace(
            message, edits=(*message.edits, progress.phase)
        )
        await self.hooks.pass_by("edit:after")
        return True

    async def post_clip(
        self, order: Order, clip: Clip, video: FittedVideo | None, *, direct: bool
    ) -> MessageRef:
        if video is not None and video.bytes > self.upload_limit:
            raise PostFailed(PostFault.TOO_LARGE, f"{video.bytes} bytes")
        files = () if video is None else (video.path.name,)
        message = self._message(order, MessageKind.CLIP, clip_id=clip.id, direct=direct)
        return await self._post(order, replace(message, files=files, mention=clip.mention))

    async def post_shared(self, order: Order, clip: Clip, video: FittedVideo | None) -> MessageRef:
        if video is not None and video.bytes > self.upload_limit:
            raise PostFailed(PostFault.TOO_LARGE, f"{video.bytes} bytes")
        files = () if video is None else (video.path.name,)
        message = self._message(order, MessageKind.SHARE, clip_id=clip.id)
        return await self._post(order, replace(message, files=files))

    async def post_notice(self, order: Order, *, direct: bool) -> MessageRef:
        message = self._message(order, MessageKind.NOTICE, direct=direct)
        return await self._post(order, replace(message, mention=True))

    async def post_pause(self, order: Order) -> MessageRef:
        return await self._post(order, self._message(order, MessageKind.PAUSE, direct=True))

    def _message(
        self,
        order: Order,
        kind: MessageKind,
        *,
        clip_id: int | None = None,
        direct: bool = False,
        edits: tuple[str, ...] = (),
    ) -> Message:
        channel = order.member.user_id if direct else order.place.channel_id
        return Message(
            ref=MessageRef(channel_id=channel, message_id=0),
            kind=kind,
            order_id=order.id,
            clip_id=clip_id,
            at=self._clock.now(),
            direct=direct,
            edits=edits,
        )

    async def _post(self, order: Order, message: Message) -> MessageRef:
        await self.hooks.pass_by(f"{message.kind}:before")
        if (self.shut if message.direct else self.closed) & {message.ref.channel_id}:
            raise PostFailed(PostFault.NO_ROOM, f"channel {message.ref.channel_id}")
        self._maybe_fail()
        ref = self._put_up(message)
        await self.hooks.pass_by(f"{message.kind}:after")
        if self.lost_replies:
            self.lost_replies -= 1
            raise PostFailed(PostFault.LATER, "the reply was lost")
        return ref

    def _maybe_fail(self) -> None:
        fault = self.post_faults.popleft() if self.post_faults else None
        if fault is not None:
            raise fault

    def _put_up(self, message: Message) -> MessageRef:
        for earlier in self.messages.values():
            young = message.at - earlier.at < self._nonce_ms
            if young and earlier.nonce == message.nonce:
                return earlier.ref
        self._last_id += 1
        ref = replace(message.ref, message_id=self._last_id)
        self.messages[self._last_id] = replace(message, ref=ref)
        return ref

    async def find(
        self, order: Order, kind: MessageKind, clip_id: int | None, since: int
    ) -> MessageRef | None:
        """Look in the channel and among direct messages; a channel that is shut can't be read."""
        await self.hooks.pass_by("find:before")
        unread = order.place.channel_id in self.blind | self.closed
        for message in self.of(kind):
            same = message.order_id == order.id and message.clip_id == clip_id
            if same and message.at >= since and (message.direct or not unread):
                return message.ref
        if unread and (kind is MessageKind.SHARE or not order.options.private):
            raise CannotLook
        return None

    async def fresh_links(self, message: MessageRef) -> tuple[str, ...]:
        await self.hooks.pass_by("links:before")
        self._maybe_fail()
        card = self.messages.get(message.message_id)
        if card is None:
            return self.links.get(message.message_id, ())
        dies = (self._clock.now() + LINK_MS) // 1000
        fresh = tuple(f"https://cdn.invalid/{name}?ex={dies:x}" for name in card.files)
        return self.links.get(message.message_id, fresh)

    async def remove(self, message: MessageRef) -> None:
        await self.hooks.pass_by("remove:before")
        self._maybe_fail()
        self.messages.pop(message.message_id, None)
        await self.hooks.pass_by("remove:after")

    async def tell_operator(self, text: str) -> None:
        await self.hooks.pass_by("tell:before")
        self.told.append(text)
