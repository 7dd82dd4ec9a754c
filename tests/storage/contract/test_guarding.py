"""What a guild allows holds inside the ordering transaction, however many click at once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from billing.periods import Period
from jobs.errors import CeilingReached, NotEnoughCredits, OptionKind
from jobs.guard_errors import (
    AgeRestrictedOnly,
    CoolingDown,
    GuildPaused,
    NeedsRole,
    NotHere,
    OverLimit,
    PoolReached,
    Use,
)
from jobs.model import Guards, GuildRules, Member, NewDraft, Ordered, Place
from tests.storage.contract.desk import DAY, GUILD, MINUTE, Desk, member

if TYPE_CHECKING:
    from storage.database import Database

RULES = GuildRules(clips_at_once=1000, allowance_credits=10_000)


def desk_with(database: Database, per_day: int = 1_000_000, **rules: Any) -> Desk:  # noqa: ANN401
    return Desk(database, rules=replace(RULES, **rules), guards=Guards(per_day=per_day))


async def all_at_once(
    desk: Desk, users: list[int], *, price: int = 10, clips: int = 1
) -> list[Ordered | BaseException]:
    """Let each of these users confirm an order, all at the same time."""
    drafts = [
        await desk.store.add_draft(desk.new_draft(member(one), price=price, clips=clips), desk.now)
        for one in users
    ]
    return await asyncio.gather(
        *(desk.store.place(desk.placing(draft, draft.member)) for draft in drafts),
        return_exceptions=True,
    )


def went_through(outcomes: list[Ordered | BaseException], refusal: type[Exception]) -> int:
    """Count the orders; everything else was refused for that one reason."""
    refused = [one for one in outcomes if not isinstance(one, Ordered)]
    assert {type(one) for one in refused} <= {refusal}
    return len(outcomes) - len(refused)


async def pool(desk: Desk, period: str = "month") -> int:
    """Return what the guild has charged or held in its present period."""
    rows = await desk.rows(
        "SELECT SUM(taken) AS taken FROM period_use WHERE guild_id = $1 AND user_id = 0"
        " AND period = $2",
        GUILD,
        period,
    )
    return int(rows[0]["taken"] or 0)


# --- the pool -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 10, 100])
@pytest.mark.parametrize("spread", [1, 100])
async def test_members_together_never_order_above_the_pool(
    database: Database, count: int, spread: int
) -> None:
    desk = desk_with(database, pool_credits=95)
    users = [10 + number % spread for number in range(count)]
    outcomes = await all_at_once(desk, users)
    assert went_through(outcomes, PoolReached) == min(9, count)
    assert await pool(desk) == 10 * min(9, count)
    assert await desk.balanced()


@pytest.mark.parametrize("period", list(Period))
async def test_a_pool_is_filled_again_with_its_period(database: Database, period: Period) -> None:
    desk = desk_with(database, pool_credits=10, pool_period=period)
    await desk.place(member())
    with pytest.raises(PoolReached) as refused:
        await desk.place(member(8))
    assert (refused.value.price, refused.value.left) == (10, 0)
    desk.now = refused.value.opens_at
    await desk.place(member(8))
    with pytest.raises(PoolReached):
        await desk.place(member(9))
    assert await desk.balanced()


async def test_what_is_released_goes_back_into_the_pool(database: Database) -> None:
    desk = desk_with(database, pool_credits=10)
    ordered = await desk.place(member())
    assert (await desk.store.cancel_order(ordered.order_id, desk.now)).ended == 1
    await desk.place(member(8))
    assert await pool(desk) == 10


async def test_a_lowered_pool_refuses_and_takes_nothing_back(database: Database) -> None:
    desk = desk_with(database)
    await desk.place(member(), clips=3)
    await desk.write("INSERT INTO guilds (guild_id, pool_credits) VALUES ($1, 20)", GUILD)
    with pytest.raises(PoolReached) as refused:
        await desk.place(member(8))
    assert refused.value.left == 0
    assert await desk.balanced()


async def test_the_operators_ceiling_beats_a_larger_pool(database: Database) -> None:
    desk = desk_with(database, per_day=30, pool_credits=1000)
    outcomes = await all_at_once(desk, list(range(10, 60)))
    assert went_through(outcomes, CeilingReached) == 3
    assert await desk.ceiling() == 30


async def test_what_the_ceiling_refuses_is_not_quoted(database: Database) -> None:
    desk = desk_with(database, per_day=19)
    draft = desk.new_draft(member(), clips=2)
    why = await refused(desk, draft)
    assert isinstance(why, CeilingReached)


async def test_the_pool_of_one_guild_is_not_anothers(database: Database) -> None:
    desk = desk_with(database, pool_credits=10)
    await desk.place(member())
    await desk.place(member(guild=GUILD + 1))
    assert await desk.balanced()


# --- warnings -----------------------------------------------------------------------------------


async def warned(desk: Desk) -> list[tuple[str, str, str]]:
    rows = await desk.rows("SELECT about, before, after FROM acts WHERE kind = 'pool'")
    told = [(row["about"], row["before"], row["after"]) for row in rows]
    return sorted(told, key=lambda one: (int(one[1].split()[0]), one[0].startswith("order")))


async def test_moderators_hear_of_half_four_fifths_and_the_end_of_a_pool_once_each(
    database: Database,
) -> None:
    desk = desk_with(database, pool_credits=100, pool_period=Period.WEEK)
    outcomes = await all_at_once(desk, list(range(10, 110)))
    assert went_through(outcomes, PoolReached) == 10
    assert await warned(desk) == [
        ("50", "50 week", "100 week"),
        ("80", "80 week", "100 week"),
        ("100", "100 week", "100 week"),
    ]


async def test_an_order_that_passes_two_shares_tells_the_larger_one(database: Database) -> None:
    desk = desk_with(database, pool_credits=100)
    await desk.place(member(), clips=9)
    assert await warned(desk) == [("80", "90 month", "100 month")]


async def test_what_falls_below_a_share_and_comes_back_is_not_told_again(
    database: Database,
) -> None:
    desk = desk_with(database, pool_credits=100)
    for _ in range(3):
        ordered = await desk.place(member(), clips=5)
        await desk.store.cancel_order(ordered.order_id, desk.now)
    assert len(await warned(desk)) == 1
    desk.now += 40 * DAY
    await desk.place(member(), clips=5)
    assert len(await warned(desk)) == 2


async def test_a_warning_is_due_for_the_log_channel(database: Database) -> None:
    desk = desk_with(database, pool_credits=100)
    await desk.write("INSERT INTO guilds (guild_id, log_channel_id) VALUES ($1, 5)", GUILD)
    await desk.place(member(), clips=5)
    assert await desk.value("SELECT due_at FROM acts WHERE kind = 'pool'") == desk.now


async def test_a_pool_that_has_no_room_is_told_once_by_whoever_is_refused(
    database: Database,
) -> None:
    desk = desk_with(database, pool_credits=15)
    await desk.place(member())
    told = [await desk.store.pool_is_dry(member(), 20, desk.id(), desk.now) for _ in range(3)]
    assert told == [True, False, False]
    assert await warned(desk) == [
        ("50", "10 month", "15 month"),
        ("order 20", "10 month", "15 month"),
    ]


async def test_an_order_above_the_whole_pool_silences_no_warning_of_what_is_really_used(
    database: Database,
) -> None:
    desk = desk_with(database, pool_credits=100)
    for clips in (0, 5, 4, 1):
        if clips:
            await desk.place(member(), clips=clips)
        await desk.store.pool_is_dry(member(), 120, desk.id(), desk.now)
    assert await warned(desk) == [
        ("order 120", "0 month", "100 month"),
        ("50", "50 month", "100 month"),
        ("order 120", "50 month", "100 month"),
        ("80", "90 month", "100 month"),
        ("order 120", "90 month", "100 month"),
        ("100", "100 month", "100 month"),
        ("order 120", "100 month", "100 month"),
    ]


async def test_an_order_that_runs_twice_warns_once(database: Database) -> None:
    desk = desk_with(database, pool_credits=100)
    draft = await desk.store.add_draft(desk.new_draft(member(), clips=5), desk.now)
    placing = desk.placing(draft, member())
    await asyncio.gather(*(desk.store.place(placing) for _ in range(10)))
    assert len(await warned(desk)) == 1


# --- pace ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_one_member_orders_once_in_a_cooldown(database: Database, count: int) -> None:
    desk = desk_with(database, cooldown_s=60)
    outcomes = await all_at_once(desk, [7] * count)
    assert went_through(outcomes, CoolingDown) == 1
    assert went_through(await all_at_once(desk, list(range(8, 8 + count))), CoolingDown) == count
    desk.now += MINUTE - 1
    with pytest.raises(CoolingDown) as refused:
        await desk.place(member())
    assert refused.value.until == desk.now + 1
    desk.now += 1
    await desk.place(member())


# --- what, where and who ------------------------------------------------------------------------


def changed(draft: NewDraft, **options: Any) -> NewDraft:  # noqa: ANN401
    return replace(draft, options=replace(draft.options, **options))


async def refused(desk: Desk, draft: NewDraft, who: Member | None = None) -> BaseException:
    """Return why a draft is refused, at the quote and, word for word the same, at the order."""
    with pytest.raises(Exception) as early:  # noqa: PT011 - its kind is what is looked at
        await desk.store.foresee(replace(draft, member=who or draft.member), desk.now)
    added = await desk.store.add_draft(draft, desk.now)
    with pytest.raises(type(early.value)) as late:
        await desk.store.place(desk.placing(added, who or draft.member))
    assert str(late.value) == str(early.value)
    for table in ("orders", "holds", "entries", "period_use"):
        assert await desk.value(f"SELECT COUNT(*) FROM {table}") == 0  # noqa: S608
    return early.value


async def test_a_model_that_the_guild_does_not_use_is_refused(database: Database) -> None:
    desk = desk_with(database, models=frozenset({"other"}))
    why = await refused(desk, desk.new_draft(member()))
    assert isinstance(why, OverLimit)
    assert (why.option, why.asked, why.allowed) == (OptionKind.MODEL, "m", ("other",))


@pytest.mark.parametrize(
    ("rule", "option"),
    [
        ({"largest_resolution": "480p"}, OptionKind.RESOLUTION),
        ({"largest_seconds": 4}, OptionKind.SECONDS),
        ({"largest_variations": 2}, OptionKind.VARIATIONS),
    ],
)
async def test_what_is_above_a_limit_is_refused(
    database: Database, rule: dict[str, Any], option: OptionKind
) -> None:
    desk = desk_with(database, **rule)
    why = await refused(desk, desk.new_draft(member(), clips=3))
    assert isinstance(why, OverLimit)
    assert why.option is option


@pytest.mark.parametrize(
    ("rule", "draft", "use"),
    [
        ("private_roles", {"private": True}, Use.PRIVATE),
        ("effects_roles", {"effect": "bloom"}, Use.EFFECTS),
        ("batch_roles", {}, Use.BATCH),
    ],
)
async def test_what_is_kept_for_roles_needs_one_of_them(
    database: Database, rule: str, draft: dict[str, Any], use: Use
) -> None:
    rules: dict[str, Any] = {rule: frozenset({50, 51})}
    desk = desk_with(database, **rules)
    asked = changed(desk.new_draft(member(roles=[1]), pictures=2), **draft)
    why = await refused(desk, asked)
    assert isinstance(why, NeedsRole)
    assert (why.use, why.roles) == (use, (50, 51))
    added = await desk.store.add_draft(asked, desk.now)
    await desk.store.place(desk.placing(added, member(roles=[51])))


async def test_a_role_that_is_lost_between_quote_and_order_is_missed(database: Database) -> None:
    desk = desk_with(database, private_roles=frozenset({50}))
    draft = desk.new_draft(member(roles=[50]), private=True)
    await desk.store.foresee(draft, desk.now)
    added = await desk.store.add_draft(draft, desk.now)
    with pytest.raises(NeedsRole):
        await desk.store.place(desk.placing(added, member()))


def in_place(**changes: Any) -> Place:  # noqa: ANN401
    return Place(channel_id=3, upload_limit=10_000_000, **changes)


async def test_only_allowed_channels_take_orders_with_what_lies_in_them(
    database: Database,
) -> None:
    desk = desk_with(database, channels=frozenset({40, 41}))
    why = await refused(desk, desk.new_draft(member()))
    assert isinstance(why, NotHere)
    assert why.channels == (40, 41)
    await refused(desk, desk.new_draft(member(), place=in_place(lies_in=(42,))))
    for place in (in_place(lies_in=(40, 9)), in_place(lies_in=(8, 41)), in_place(asked_in=40)):
        draft = desk.new_draft(member(), place=place)
        added = await desk.store.add_draft(draft, desk.now)
        assert added.place == place
        await desk.store.place(desk.placing(added, member()))


async def test_results_in_an_allowed_channel_do_not_allow_the_one_of_the_command(
    database: Database,
) -> None:
    desk = desk_with(database, channels=frozenset({3}))
    why = await refused(desk, desk.new_draft(member(), place=in_place(asked_in=50)))
    assert isinstance(why, NotHere)


async def test_age_restricted_only_means_just_that(database: Database) -> None:
    desk = desk_with(database, age_only=True)
    assert isinstance(await refused(desk, desk.new_draft(member())), AgeRestrictedOnly)
    draft = desk.new_draft(member(), place=in_place(age_restricted=True))
    added = await desk.store.add_draft(draft, desk.now)
    ordered = await desk.store.place(desk.placing(added, member()))
    assert (await desk.order(ordered.order_id)).place == draft.place


async def test_a_paused_guild_takes_no_orders(database: Database) -> None:
    desk = desk_with(database, paused_at=5)
    why = await refused(desk, desk.new_draft(member()))
    assert isinstance(why, GuildPaused)
    assert why.since == 5


async def test_what_a_guild_has_set_is_read_back_as_it_is(desk: Desk) -> None:
    lists = {"channels": [3, 2], "private_roles": [9], "models": ["b", "a"]}
    await desk.write(
        """INSERT INTO guilds (guild_id, channels, private_roles, models, pool_credits,
             pool_period, cooldown_s, age_only, paused_at, paused_by, moderator_roles)
           VALUES ($1, $2, $3, $4, 50, 'week', 30, 1, 7, 8, '[77]')""",
        GUILD,
        *map(json.dumps, lists.values()),
    )
    assert await desk.store.rules(GUILD) == replace(
        desk.rules,
        channels=frozenset({2, 3}),
        private_roles=frozenset({9}),
        models=frozenset({"a", "b"}),
        pool_credits=50,
        pool_period=Period.WEEK,
        cooldown_s=30,
        age_only=True,
        paused_at=7,
        paused_by=8,
        moderator_roles=frozenset({77}),
    )


async def test_a_lack_of_credits_is_not_foreseen_but_found(database: Database) -> None:
    desk = desk_with(database, allowance_credits=5)
    draft = desk.new_draft(member())
    await desk.store.foresee(draft, desk.now)
    added = await desk.store.add_draft(draft, desk.now)
    with pytest.raises(NotEnoughCredits):
        await desk.store.place(desk.placing(added, member()))
