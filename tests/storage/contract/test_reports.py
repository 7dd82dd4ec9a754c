"""Each member reports a clip once and some a day; moderators decide once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.acts import ActKind
from jobs.errors import ReportFault, ReportRefused
from jobs.ports import MessageRef
from jobs.reports import MOST_A_DAY, CaseState, Judged, Report, Verdict
from tests.storage.contract.desk import DAY, GUILD, MINUTE, member
from tests.storage.contract.test_content import acts

if TYPE_CHECKING:
    from jobs.model import Clip
    from jobs.reports import Case
    from tests.storage.contract.desk import Desk

ROOM = 50


async def posted(desk: Desk, count: int = 1) -> tuple[Clip, ...]:
    """Bring an order's clips into the channel."""
    order_id = await desk.ready(member(), clips=count)
    for clip in await desk.due("post"):
        await desk.store.begin_post(clip, desk.now)
        message = MessageRef(channel_id=3, message_id=clip.id)
        await desk.store.record_posted(clip, message, desk.now)
    return (await desk.order(order_id)).clips


async def report(desk: Desk, clip: Clip, by: int = 8) -> None:
    one = Report(clip_id=clip.id, order_id=clip.order_id, reporter=member(by), channel_id=ROOM)
    await desk.store.report(one, desk.id(), desk.now)


async def judge(desk: Desk, clip: Clip, *, kept: bool, guild: int = GUILD) -> Judged | None:
    verdict = Verdict(
        clip_id=clip.id, order_id=clip.order_id, actor=member(99, guild=guild), kept=kept
    )
    return await desk.store.judge(verdict, desk.id(), desk.now)


async def due(desk: Desk) -> list[Case]:
    return list(await desk.store.claim_cases(desk.now, desk.now + MINUTE, 10))


async def test_the_first_report_opens_a_case_and_later_ones_only_count(desk: Desk) -> None:
    (clip,) = await posted(desk)
    await report(desk, clip)
    await report(desk, clip, by=9)
    with pytest.raises(ReportRefused) as refused:
        await report(desk, clip)
    assert refused.value.fault is ReportFault.BEFORE
    (case,) = await due(desk)
    assert (case.state, case.reporter_id, case.channel_id) == (CaseState.OPEN, 8, ROOM)
    assert [(one.kind, one.actor_id, one.subject_id) for one in await acts(desk)] == [
        (ActKind.REPORT, 8, clip.order_id)
    ]


async def test_a_member_can_not_report_more_than_so_many_a_day(desk: Desk) -> None:
    await desk.grant(member(), 100)
    clips = [*await posted(desk, 5), *await posted(desk, 5), *await posted(desk, 1)]
    outcomes = await asyncio.gather(*(report(desk, clip) for clip in clips), return_exceptions=True)
    refused = [one for one in outcomes if one is not None]
    assert [str(one) for one in refused] == ["report: too_many"]
    assert await desk.value("SELECT COUNT(*) FROM cases") == MOST_A_DAY
    await report(desk, clips[-1], by=9)
    desk.now += DAY
    (clip,) = await posted(desk)
    await report(desk, clip)


async def test_what_moderators_kept_can_not_be_reported_again(desk: Desk) -> None:
    (clip,) = await posted(desk)
    await report(desk, clip)
    first, second = await asyncio.gather(
        judge(desk, clip, kept=True), judge(desk, clip, kept=False)
    )
    assert first is not None
    assert second is not None
    assert [first.mine, second.mine] == [True, False]
    assert second.case.state is CaseState.KEPT
    assert not (await desk.clip(clip.order_id)).deleted
    with pytest.raises(ReportRefused) as refused:
        await report(desk, clip, by=9)
    assert refused.value.fault is ReportFault.KEPT


async def test_a_deleted_one_goes_the_way_of_all_deleted_clips(desk: Desk) -> None:
    (clip,) = await posted(desk)
    await report(desk, clip)
    await judge(desk, clip, kept=False)
    assert (await desk.clip(clip.order_id)).deleted
    assert [one.id for one in await desk.due("remove")] == [clip.id]
    assert [one.kind for one in await acts(desk)] == [ActKind.REPORT, ActKind.DELETE]


async def test_nobody_judges_in_another_guild_or_what_is_not_reported(desk: Desk) -> None:
    reported, other = await posted(desk, 2)
    await report(desk, reported)
    assert await judge(desk, reported, kept=False, guild=GUILD + 1) is None
    assert await judge(desk, other, kept=False) is None
    assert not (await desk.clip(reported.order_id)).deleted


async def test_a_case_is_begun_and_told_by_whoever_holds_the_claim(desk: Desk) -> None:
    (clip,) = await posted(desk)
    await report(desk, clip)
    (stale,) = await due(desk)
    desk.now += MINUTE
    (case,) = await due(desk)
    assert not await desk.store.begin_case(stale, desk.now)
    assert await desk.store.begin_case(case, desk.now)
    await desk.store.record_hidden(case, 1)
    await judge(desk, clip, kept=True)
    await desk.store.record_case_told(case)  # decided since the claim: that is still to be told
    await desk.store.record_case(stale, MessageRef(channel_id=ROOM, message_id=5), desk.now)
    (told,) = await due(desk)
    assert (told.state, told.hidden, told.message) == (
        CaseState.KEPT, True, MessageRef(channel_id=ROOM, message_id=5),
    )  # fmt: skip
    await desk.store.record_case_told(told)
    assert await due(desk) == []


async def test_only_an_open_case_that_nobody_is_at_is_looked_at_again(desk: Desk) -> None:
    (clip,) = await posted(desk)
    await report(desk, clip)
    (case,) = await due(desk)
    await report(desk, clip, by=9)  # somebody is at it
    await desk.store.record_case_told(case)
    assert await due(desk) == []
    await report(desk, clip, by=10)
    (again,) = await due(desk)
    assert (again.state, again.channel_id, again.message) == (CaseState.OPEN, ROOM, None)
    await desk.store.move_case(case, 51, desk.now)  # of a claim that is lost
    await desk.store.move_case(again, 52, desk.now)
    (moved,) = await due(desk)
    assert (moved.channel_id, moved.first_try_at, moved.attempts) == (52, None, 1)
    await desk.store.record_case(moved, MessageRef(channel_id=52, message_id=5), desk.now)
    await judge(desk, clip, kept=True)
    (told,) = await due(desk)
    await desk.store.move_case(told, 53, desk.now)
    await desk.store.record_case_told(told)
    assert await due(desk) == []
