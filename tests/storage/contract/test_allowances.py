"""Allowances are limits of a period: roles that come and go never yield more than the best one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from billing.periods import Period
from billing.wallets import Allowance
from jobs.acts import ActKind, ActSlice
from jobs.errors import NotEnoughCredits
from jobs.quotas import Doing, RoleAllowance
from storage.acts import read_acts
from tests.storage.contract.desk import GUILD, HOUR, MODERATOR, member

if TYPE_CHECKING:
    from jobs.model import Member
    from tests.storage.contract.desk import Desk

BOOSTER, CREW = 41, 42


async def left(desk: Desk, who: Member) -> int:
    return (await desk.store.wallet(who, desk.now)).allowance_left


async def spend_all(desk: Desk, who: Member) -> int:
    """Order clips of 5 credits until no more is allowed; return what that cost."""
    spent = 0
    while True:
        try:
            await desk.place(who, price=5)
        except NotEnoughCredits:
            return spent
        spent += 5


async def test_a_member_has_the_best_of_the_roles_from_the_next_action_on(desk: Desk) -> None:
    await desk.allow(20, "month")
    await desk.allow(50, "month", BOOSTER)
    await desk.allow(30, "month", CREW)
    assert await left(desk, member()) == 20
    assert await left(desk, member(roles=[CREW])) == 30
    assert await left(desk, member(roles=[CREW, BOOSTER])) == 50
    await desk.allow(60, "month", CREW)
    assert await left(desk, member(roles=[CREW, BOOSTER])) == 60


@pytest.mark.parametrize("hops", [[(), (BOOSTER,), (CREW,), (BOOSTER, CREW), ()] * 3])
async def test_hopping_between_roles_never_yields_more_than_the_best_of_them(
    desk: Desk, hops: list[tuple[int, ...]]
) -> None:
    await desk.allow(20, "month")
    await desk.allow(50, "month", BOOSTER)
    await desk.allow(30, "month", CREW)
    spent = 0
    for roles in hops:
        desk.now += HOUR
        spent += await spend_all(desk, member(roles=roles))
    assert spent == 50
    # Who left and came back has no roles, and the same wallet.
    assert await left(desk, member()) == 0


async def test_a_smaller_allowance_takes_nothing_back_and_leaves_nothing(desk: Desk) -> None:
    await desk.allow(50, "month")
    await spend_all(desk, member())
    await desk.allow(20, "month")
    assert await left(desk, member()) == 0
    await desk.allow(55, "month")
    assert await spend_all(desk, member()) == 5


async def test_another_period_counts_what_was_spent_in_it_before(desk: Desk) -> None:
    await desk.allow(50, "month")
    await spend_all(desk, member())
    await desk.allow(60, "day")
    assert await left(desk, member()) == 10
    await desk.allow(40, "week")
    assert await left(desk, member()) == 0


async def test_an_allowance_of_nothing_is_one(desk: Desk) -> None:
    await desk.allow(0, "month")
    assert await left(desk, member()) == 0
    with pytest.raises(NotEnoughCredits):
        await desk.place(member())


async def test_a_removed_allowance_leaves_the_default_and_the_operators_own(desk: Desk) -> None:
    await desk.allow(20, "month")
    await desk.allow(50, "month", BOOSTER)
    for role in (BOOSTER, 0):
        doing = Doing(id=desk.id(), guild_id=GUILD, actor_id=MODERATOR)
        await desk.store.set_allowance(doing, role, None, desk.now)
        assert await left(desk, member(roles=[BOOSTER])) == {BOOSTER: 20, 0: 100}[role]


async def test_allowances_are_listed_default_first_and_each_change_is_an_act(desk: Desk) -> None:
    await desk.allow(50, "month", BOOSTER)
    await desk.allow(20, "week")
    await desk.allow(70, "day", CREW)
    await desk.allow(70, "day", CREW)
    await desk.allow(80, "month", CREW)
    assert await desk.store.allowances(GUILD) == tuple(
        RoleAllowance(role_id=role, allowance=Allowance(credits=credits_, period=period))
        for role, credits_, period in (
            (0, 20, Period.WEEK),
            (CREW, 80, Period.MONTH),
            (BOOSTER, 50, Period.MONTH),
        )
    )
    assert await desk.store.allowances(GUILD + 1) == ()
    found = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=50))
    told = [(one.act.kind, one.act.subject_id, one.act.before, one.act.after) for one in found]
    assert told == [
        (ActKind.ALLOWANCE, CREW, "70 day", "80 month"),
        (ActKind.ALLOWANCE, CREW, "", "70 day"),
        (ActKind.ALLOWANCE, 0, "", "20 week"),
        (ActKind.ALLOWANCE, BOOSTER, "", "50 month"),
    ]


def berlin(day: int, hour: int) -> int:
    """Return an hour of UTC in October 2026, when Berlin's clocks go back on the 25th."""
    return int(datetime(2026, 10, day, hour, 30, tzinfo=UTC).timestamp() * 1000)


async def test_the_longest_day_of_the_year_has_one_allowance(desk: Desk) -> None:
    await desk.allow(20, "day")
    await desk.write("UPDATE guilds SET zone = 'Europe/Berlin' WHERE guild_id = $1", GUILD)
    spent = []
    # Berlin's 25th lasts from 22:00 UTC of the 24th to 23:00 UTC of the 25th.
    for day, hour in ((24, 21), (24, 22), (25, 0), (25, 1), (25, 22), (25, 23)):
        desk.now = berlin(day, hour)
        spent.append(await spend_all(desk, member()))
    assert spent == [20, 20, 0, 0, 0, 20]
