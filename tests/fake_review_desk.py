"""A review channel in memory that forgets nonces, loses replies and closes when a test says so."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs.ports import CannotLook, MessageRef, PostFailed, PostFault
from jobs.reviews import ReviewState
from tests.fake_clock import Hooks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.model import Order
    from jobs.reviews import Review
    from tests.fake_clock import FakeClock
    from tests.fake_courier import FakeCourier

FIRST_ID = 1_000_000
"""Its messages have ids that no other message has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An order as moderators see it; `says` are the states that its message told, in order."""

    ref: MessageRef
    order_id: int
    at: int
    files: tuple[str, ...]
    left_out: bool
    says: tuple[ReviewState, ...] = (ReviewState.WAITING,)


class FakeReviewDesk:
    """A channel in memory; its files' fresh links are found by the courier of the same chat.

    `faults` are raised one a post or edit; None lets one pass. The next `lost_replies` posts are
    up and say LATER all the same. Nothing can be posted when it is `closed`, or read if `blind`.
    """

    def __init__(self, clock: FakeClock, courier: FakeCourier, nonce_ms: int = 120_000) -> None:
        self._clock = clock
        self._courier = courier
        self._nonce_ms = nonce_ms
        self.hooks = Hooks()
        self.shown: dict[int, Shown] = {}
        self.faults: deque[PostFailed | None] = deque()
        self.lost_replies = 0
        self.closed = False
        self.blind = False

    async def post_review(
        self, order: Order, review: Review, files: Sequence[Path], *, left_out: bool
    ) -> MessageRef:
        await self.hooks.pass_by("show:before")
        self._maybe_fail()
        ref = self._put_up(order, review, tuple(path.name for path in files), left_out=left_out)
        await self.hooks.pass_by("show:after")
        if self.lost_replies:
            self.lost_replies -= 1
            raise PostFailed(PostFault.LATER, "the reply was lost")
        return ref

    def _put_up(
        self, order: Order, review: Review, files: tuple[str, ...], *, left_out: bool
    ) -> MessageRef:
        now = self._clock.now()
        for one in self.shown.values():
            if one.order_id == order.id and now - one.at < self._nonce_ms:
                return one.ref
        ref = MessageRef(channel_id=review.channel_id, message_id=FIRST_ID + len(self.shown))
        self.shown[ref.message_id] = Shown(
            ref=ref, order_id=order.id, at=now, files=files, left_out=left_out
        )
        dies = (now + 24 * 3600 * 1000) // 1000
        self._courier.links[ref.message_id] = tuple(
            f"https://cdn.invalid/{name}?ex={dies:x}" for name in files
        )
        return ref

    async def edit_review(self, order: Order, review: Review) -> bool:
        await self.hooks.pass_by("say:before")
        self._maybe_fail()
        found = None if review.message is None else self.shown.get(review.message.message_id)
        if found is None:
            return False
        self.shown[found.ref.message_id] = replace(found, says=(*found.says, review.state))
        await self.hooks.pass_by("say:after")
        return True

    async def find_review(self, review: Review, since: int) -> MessageRef | None:
        await self.hooks.pass_by("find-review:before")
        if self.blind or self.closed:
            raise CannotLook
        for one in self.shown.values():
            if one.order_id == review.order_id and one.at >= since:
                return one.ref
        return None

    def _maybe_fail(self) -> None:
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        if self.closed:
            raise PostFailed(PostFault.NO_ROOM, "the review channel is gone")
