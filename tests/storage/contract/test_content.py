"""Rules change together with their act, stay below their number, and blocks stop new orders."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.acts import Act, ActKind, ActSlice
from jobs.content import MOST_RULES
from jobs.errors import MemberBlocked, TooManyRules
from jobs.moderation import Block, RuleChange, RulesChanged
from storage.acts import read_acts
from tests.storage.contract.desk import GUILD, HOUR, member

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk

MODERATOR = 99


async def change(desk: Desk, guild: int = GUILD, **how: object) -> RulesChanged:
    change = RuleChange(guild_id=guild, actor_id=MODERATOR, **how)  # type: ignore[arg-type]
    return await desk.store.change_rules(change, desk.id(), desk.now)


async def acts(desk: Desk, guild: int = GUILD) -> list[Act]:
    found = await desk.database.read(read_acts, ActSlice(guild_id=guild, limit=100))
    return [one.act for one in reversed(found)]


def block(reason: str = "rude pictures") -> Block:
    return Block(guild_id=GUILD, user_id=7, actor_id=MODERATOR, reason=reason)


async def test_rules_are_added_and_removed_with_an_act_each(desk: Desk) -> None:
    assert await change(desk, add=("b", "*a*", "b")) == RulesChanged(added=2, removed=0, total=2)
    assert await change(desk, remove=("b", "c")) == RulesChanged(added=0, removed=1, total=1)
    assert await desk.store.content_rules(GUILD) == ("*a*",)
    written = await acts(desk)
    assert {(one.actor_id, one.kind, one.about) for one in written} == {
        (MODERATOR, ActKind.SETTING, "content")
    }
    assert [(one.before, one.after) for one in written] == [("", "*a*\nb"), ("b", "")]


async def test_a_change_of_nothing_is_no_act(desk: Desk) -> None:
    await change(desk, add=("a",))
    assert await change(desk, add=("a",), remove=("b",)) == RulesChanged(
        added=0, removed=0, total=1
    )
    assert len(await acts(desk)) == 1


async def test_an_import_may_put_its_rules_in_the_place_of_all_others(desk: Desk) -> None:
    await change(desk, add=tuple(f"w{n}" for n in range(8)))
    assert await change(desk, add=("w1", "new"), afresh=True) == RulesChanged(
        added=1, removed=7, total=2
    )
    written = (await acts(desk))[-1]
    assert (written.before.split("\n"), written.after) == (
        [f"w{n}" for n in (0, *range(2, 8))],
        "new",
    )


def refusal(rule: str = "gore", user: int = 7, guild: int = GUILD) -> Act:
    return Act(
        guild_id=guild,
        actor_id=user,
        kind=ActKind.REFUSE,
        subject_id=user,
        about="prompt",
        after=rule,
    )


async def refused(desk: Desk, *many: Act) -> int:
    """Note refusals, all at the same time; return how many rows there are now."""
    calls = (desk.store.note_refusal(one, desk.id(), desk.now) for one in many)
    await asyncio.gather(*calls)
    return int(await desk.value("SELECT COUNT(*) FROM acts WHERE kind = 'refuse'"))


async def test_a_member_who_is_refused_again_and_again_is_one_row_an_hour(desk: Desk) -> None:
    assert await refused(desk, *[refusal()] * 30) == 1
    desk.now += HOUR - 1
    assert await refused(desk, *[refusal()] * 3) == 1
    desk.now += 1
    assert await refused(desk, *[refusal()] * 3) == 2


async def test_refusals_of_others_and_by_other_rules_are_rows_of_their_own(desk: Desk) -> None:
    assert await refused(desk, refusal(), refusal("nude"), refusal(user=8)) == 3
    assert await refused(desk, refusal(guild=GUILD + 1), refusal()) == 4


async def test_rules_are_those_of_one_guild(desk: Desk) -> None:
    await change(desk, add=("a",))
    await change(desk, GUILD + 1, add=("b",), afresh=True)
    assert await desk.store.content_rules(GUILD) == ("a",)
    assert len(await acts(desk, GUILD + 1)) == 1


async def test_two_moderators_together_can_not_add_more_than_there_may_be(desk: Desk) -> None:
    await change(desk, add=tuple(f"w{n}" for n in range(MOST_RULES - 3)))
    halves = [tuple(f"{who}{n}" for n in range(3)) for who in "xy"]
    outcomes = await asyncio.gather(
        *(change(desk, add=half) for half in halves), return_exceptions=True
    )
    assert [type(one) for one in outcomes].count(TooManyRules) == 1
    assert len(await desk.store.content_rules(GUILD)) == MOST_RULES
    with pytest.raises(TooManyRules):
        await change(desk, add=("one more",))
    assert (await change(desk, remove=("w0",), add=("instead",))).total == MOST_RULES


async def test_what_no_database_stores_is_left_out_of_a_rule(desk: Desk) -> None:
    await change(desk, add=("a\0b",))
    assert await desk.store.content_rules(GUILD) == ("ab",)


async def test_a_blocked_member_orders_nothing_and_what_runs_runs_on(desk: Desk) -> None:
    before = await desk.place(member())
    draft = await desk.store.add_draft(desk.new_draft(member()), desk.now)
    assert await desk.store.block(block(), desk.id(), desk.now)
    with pytest.raises(MemberBlocked):
        await desk.store.place(desk.placing(draft, member()))
    assert (await desk.store.wallet(member(), desk.now)).held == 10
    await desk.render()
    await desk.settle()
    assert await desk.states(before.order_id) == ["ready"]
    await desk.place(member(8))
    await desk.place(member(7, guild=GUILD + 1))


async def test_blocking_and_unblocking_are_acts_and_happen_once(desk: Desk) -> None:
    assert await desk.store.block(block(), desk.id(), desk.now)
    assert not await desk.store.block(block("again"), desk.id(), desk.now)
    (found,) = await desk.store.blocks(GUILD)
    assert (found.user_id, found.actor_id, found.reason) == (7, MODERATOR, "rude pictures")
    act = Act(
        guild_id=GUILD, actor_id=98, kind=ActKind.UNBLOCK, subject_id=7, reason="said sorry"
    )  # fmt: skip
    assert await desk.store.unblock(act, desk.id(), desk.now)
    assert not await desk.store.unblock(act, desk.id(), desk.now)
    assert await desk.store.blocks(GUILD) == ()
    await desk.place(member())
    assert [(one.kind, one.subject_id, one.reason) for one in await acts(desk)] == [
        (ActKind.BLOCK, 7, "rude pictures"),
        (ActKind.UNBLOCK, 7, "said sorry"),
    ]


async def test_a_block_at_the_moment_of_an_order_leaves_either_both_or_no_order(
    desk: Desk,
) -> None:
    drafts = [await desk.store.add_draft(desk.new_draft(member()), desk.now) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(desk.store.place(desk.placing(draft, member())) for draft in drafts[:2]),
        desk.store.block(block(), desk.id(), desk.now),
        desk.store.place(desk.placing(drafts[2], member())),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert {type(one) for one in refused} <= {MemberBlocked}
    assert (await desk.store.wallet(member(), desk.now)).held == 10 * (3 - len(refused))
