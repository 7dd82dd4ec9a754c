"""The calls about what a guild allows that a store answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import guarding
from storage.calls import Calls

if TYPE_CHECKING:
    from jobs.model import Member, NewDraft


class GuardCalls(Calls):
    """What orders are refused for, and how full a guild's pool is."""

    async def foresee(self, draft: NewDraft, now: int) -> None:
        await self._read(guarding.foresee, draft, self._defaults, self._guards, now)

    async def pool_is_dry(self, member: Member, act_id: int, now: int) -> bool:
        told = await self._run(guarding.pool_is_dry, member, self._defaults, act_id, now)
        return told is not None
