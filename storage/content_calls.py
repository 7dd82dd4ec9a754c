"""The calls about content that a store answers: rules, blocks, reviews and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import acts, content, reports, reviews
from storage.calls import Calls

if TYPE_CHECKING:
    from jobs.acts import Act
    from jobs.model import Member
    from jobs.moderation import Block, ReviewChange, RuleChange, RulesChanged
    from jobs.ports import MessageRef
    from jobs.reports import Case, Judged, Report, Verdict
    from jobs.reviews import Decided, Decision, Review


class ContentCalls(Calls):
    """Fits the stores of `jobs.screening`, `jobs.moderation`, `jobs.reviews` and `jobs.reports`."""

    async def write_act(self, act: Act, act_id: int, now: int) -> None:
        await self._run(acts.write_act, act, act_id, now)

    async def note_refusal(self, act: Act, act_id: int, now: int) -> None:
        await self._run(content.note_refusal, act, act_id, now)

    async def content_rules(self, guild_id: int) -> tuple[str, ...]:
        return await self._read(content.read_content_rules, guild_id)

    async def change_rules(self, change: RuleChange, act_id: int, now: int) -> RulesChanged:
        return await self._run(content.change_rules, change, act_id, now)

    async def set_review(self, change: ReviewChange, act_id: int, now: int) -> None:
        await self._run(content.set_review, change, act_id, now)

    async def block(self, block: Block, act_id: int, now: int) -> bool:
        return await self._run(content.block_member, block, act_id, now)

    async def unblock(self, act: Act, act_id: int, now: int) -> bool:
        return await self._run(content.unblock_member, act, act_id, now)

    async def blocks(self, guild_id: int) -> tuple[Block, ...]:
        return await self._read(content.read_blocks, guild_id)

    async def is_blocked(self, member: Member) -> bool:
        return await self._read(content.read_is_blocked, member)

    async def review(self, order_id: int) -> Review | None:
        return await self._read(reviews.read_review, order_id)

    async def decide(self, decision: Decision, act_id: int, now: int) -> Decided | None:
        return await self._run(reviews.decide, decision, act_id, now)

    async def claim_reviews(self, now: int, lease_until: int, limit: int) -> tuple[Review, ...]:
        return await self._run(reviews.claim_reviews, now, lease_until, limit, self._owner)

    async def begin_review(self, review: Review, now: int) -> bool:
        return await self._run(reviews.begin_review, review, now)

    async def record_review(self, review: Review, message: MessageRef, now: int) -> None:
        await self._run(reviews.record_review, review, message, now)

    async def record_review_told(self, review: Review) -> None:
        await self._run(reviews.record_review_told, review)

    async def expire_review(self, review: Review, now: int) -> bool:
        return await self._run(reviews.expire_review, review, now)

    async def close_review(self, review: Review, note: str, now: int) -> bool:
        return await self._run(reviews.close_review, review, note, now)

    async def put_off_review(self, review: Review, due_at: int) -> None:
        await self._run(reviews.put_off_review, review, due_at)

    async def report(self, report: Report, act_id: int, now: int) -> None:
        await self._run(reports.add_report, report, act_id, now)

    async def case(self, clip_id: int) -> Case | None:
        return await self._read(reports.read_case, clip_id)

    async def judge(self, verdict: Verdict, act_id: int, now: int) -> Judged | None:
        return await self._run(reports.judge, verdict, act_id, now)

    async def claim_cases(self, now: int, lease_until: int, limit: int) -> tuple[Case, ...]:
        return await self._run(reports.claim_cases, now, lease_until, limit, self._owner)

    async def record_hidden(self, case: Case, hidden: int) -> None:
        await self._run(reports.record_hidden, case, hidden)

    async def begin_case(self, case: Case, now: int) -> bool:
        return await self._run(reports.begin_case, case, now)

    async def record_case(self, case: Case, message: MessageRef, now: int) -> None:
        await self._run(reports.record_case, case, message, now)

    async def record_case_told(self, case: Case) -> None:
        await self._run(reports.record_case_told, case)

    async def close_case(self, case: Case, now: int) -> None:
        await self._run(reports.close_case, case, now)

    async def move_case(self, case: Case, channel_id: int, now: int) -> None:
        await self._run(reports.move_case, case, channel_id, now)

    async def put_off_case(self, case: Case, due_at: int) -> None:
        await self._run(reports.put_off_case, case, due_at)
