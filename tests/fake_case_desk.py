"""The place where moderators are asked about reported results, in memory, with its nonces."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from jobs.ports import CannotLook, MessageRef, PostFailed, PostFault
from tests.fake_clock import Hooks

if TYPE_CHECKING:
    from jobs.model import Clip, Order
    from jobs.reports import Case
    from tests.fake_clock import FakeClock

FIRST_ID = 2_000_000
"""Its messages have ids that no other message has."""


class FakeCaseDesk:
    """Asks in memory. `asked` are the states that each clip's message told, in order.

    `covered` tells of each result's message whether it is behind a spoiler. `faults` are raised
    one a call; None lets one pass.
    """

    def __init__(self, clock: FakeClock, nonce_ms: int = 120_000) -> None:
        self._clock = clock
        self._nonce_ms = nonce_ms
        self._up: dict[int, tuple[MessageRef, int]] = {}
        self.hooks = Hooks()
        self.asked: dict[int, list[str]] = {}
        self.covered: dict[int, bool] = {}
        self.faults: deque[PostFailed | None] = deque()
        self.blind = False
        self.closed = False
        self.posts = 0

    async def post_case(self, order: Order, clip: Clip, case: Case) -> MessageRef:
        await self.hooks.pass_by("ask:before")
        self._maybe_fail()
        known = self._up.get(clip.id)
        now = self._clock.now()
        if known is None or now - known[1] >= self._nonce_ms:
            self.posts += 1
            ref = MessageRef(channel_id=case.channel_id, message_id=FIRST_ID + self.posts)
            self._up[clip.id] = known = (ref, now)
            self.asked[clip.id] = [case.state.value]
        await self.hooks.pass_by("ask:after")
        return known[0]

    async def edit_case(self, order: Order, clip: Clip, case: Case) -> bool:
        await self.hooks.pass_by("tell:before")
        self._maybe_fail()
        self.asked[clip.id].append(case.state.value)
        await self.hooks.pass_by("tell:after")
        return True

    async def find_case(self, case: Case, since: int) -> MessageRef | None:
        if self.blind:
            raise CannotLook
        known = self._up.get(case.clip_id)
        return known[0] if known is not None and known[1] >= since else None

    async def veil(self, order: Order, message: MessageRef, *, hidden: bool) -> bool:
        await self.hooks.pass_by("veil:before")
        self._maybe_fail()
        self.covered[message.message_id] = hidden
        await self.hooks.pass_by("veil:after")
        return True

    def _maybe_fail(self) -> None:
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        if self.closed:
            raise PostFailed(PostFault.NO_ROOM, "closed")
