"""Acts are written once, read back newest first, and due only where a log channel is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.acts import Act, ActKind, ActSlice
from storage.acts import read_acts, write_act
from tests.storage.contract.desk import GUILD

if TYPE_CHECKING:
    from tests.storage.contract.desk import Desk

FROZEN = Act(
    guild_id=GUILD,
    actor_id=99,
    kind=ActKind.FREEZE,
    subject_id=7,
)


async def written(desk: Desk, act: Act) -> int:
    act_id = desk.id()
    await desk.database.run(write_act, act, act_id, desk.now)
    return act_id


async def test_an_act_comes_back_as_it_was_written(desk: Desk) -> None:
    act = Act(
        guild_id=GUILD,
        actor_id=99,
        kind=ActKind.SETTING,
        about="confirm_price",
        before="50",
        after="80",
        reason="too many clicks",
    )
    act_id = await written(desk, act)
    (found,) = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=5))
    assert (found.id, found.act, found.at, found.posted_at) == (act_id, act, desk.now, None)


async def test_an_act_that_is_written_again_is_there_once(desk: Desk) -> None:
    act_id = await written(desk, FROZEN)
    again = replace(FROZEN, reason="another")
    await desk.database.run(write_act, again, act_id, desk.now + 1)
    (found,) = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=5))
    assert found.act.reason == ""


async def test_acts_are_read_newest_first_in_pages_of_one_guild_or_one_subject(desk: Desk) -> None:
    ids = [await written(desk, FROZEN) for _ in range(3)]
    desk.now += 1
    other = await written(desk, replace(FROZEN, subject_id=8))
    await written(desk, replace(FROZEN, guild_id=GUILD + 1))
    wanted = ActSlice(guild_id=GUILD, limit=2)
    first = await desk.database.read(read_acts, wanted)
    assert [one.id for one in first] == [other, ids[2]]
    rest = await desk.database.read(read_acts, replace(wanted, before=first[-1]))
    assert [one.id for one in rest] == [ids[1], ids[0]]
    mine = await desk.database.read(read_acts, replace(wanted, subject_id=8))
    assert [one.id for one in mine] == [other]


async def test_an_act_is_due_for_the_log_channel_only_where_there_is_one(desk: Desk) -> None:
    await written(desk, FROZEN)
    await desk.write("INSERT INTO guilds (guild_id) VALUES ($1)", GUILD)
    await written(desk, FROZEN)
    await desk.write("UPDATE guilds SET log_channel_id = 5 WHERE guild_id = $1", GUILD)
    last = await written(desk, FROZEN)
    rows = await desk.rows("SELECT id, due_at FROM acts WHERE due_at IS NOT NULL")
    assert [(row["id"], row["due_at"]) for row in rows] == [(last, desk.now)]


async def test_a_reason_that_no_database_could_store_is_stored_without_what_it_can_not(
    desk: Desk,
) -> None:
    await written(desk, replace(FROZEN, reason="half a \ud83d, a \0 and “quotes”"))
    (found,) = await desk.database.read(read_acts, ActSlice(guild_id=GUILD, limit=5))
    assert found.act.reason == "half a ?, a  and “quotes”"
