"""The calls about content that a store answers: rules, blocks, reviews and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import acts, content
from storage.calls import Calls

if TYPE_CHECKING:
    from jobs.acts import Act
    from jobs.moderation import Block, RuleChange, RulesChanged


class ContentCalls(Calls):
    """Fits `jobs.screening.RuleStore` and `jobs.moderation.ModerationStore`."""

    async def write_act(self, act: Act, act_id: int, now: int) -> None:
        await self._run(acts.write_act, act, act_id, now)

    async def content_rules(self, guild_id: int) -> tuple[str, ...]:
        return await self._read(content.read_content_rules, guild_id)

    async def change_rules(self, change: RuleChange, act_id: int, now: int) -> RulesChanged:
        return await self._run(content.change_rules, change, act_id, now)

    async def block(self, block: Block, act_id: int, now: int) -> bool:
        return await self._run(content.block_member, block, act_id, now)

    async def unblock(self, act: Act, act_id: int, now: int) -> bool:
        return await self._run(content.unblock_member, act, act_id, now)

    async def blocks(self, guild_id: int) -> tuple[Block, ...]:
        return await self._read(content.read_blocks, guild_id)
