"""The calls about what a guild allows that a store answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import governing, guarding
from storage.calls import Calls

if TYPE_CHECKING:
    from jobs.governing import Board, Changed, Setting, Value
    from jobs.model import Member, NewDraft
    from jobs.quotas import Doing


class GuardCalls(Calls):
    """Fits `jobs.governing.GoverningStore`, and what orders are refused for."""

    async def foresee(self, draft: NewDraft, now: int) -> None:
        await self._read(guarding.foresee, draft, self._defaults, self._guards, now)

    async def pool_is_dry(self, member: Member, price: int, act_id: int, now: int) -> bool:
        return await self._run(guarding.pool_is_dry, member, price, self._defaults, act_id, now)

    async def board(self, guild_id: int, now: int) -> Board:
        return await self._read(governing.read_board, guild_id, self._defaults, now)

    async def change_rule(self, doing: Doing, setting: Setting, value: Value, now: int) -> Changed:
        return await self._run(governing.change_rule, doing, setting, value, self._defaults, now)

    async def pause(self, doing: Doing, now: int) -> bool:
        return await self._run(governing.pause, doing, now)

    async def resume(self, doing: Doing, now: int) -> bool:
        return await self._run(governing.resume, doing, now)

    async def finish_set_up(self, guild_id: int, now: int) -> None:
        await self._run(governing.finish_set_up, guild_id, now)
