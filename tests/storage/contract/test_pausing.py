"""Queued orders of a paused guild wait, and results are covered where the guild says so."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.model import Place
from tests.storage.contract.desk import GUILD, SECOND, Desk, member


def in_place(**changes: Any) -> Place:  # noqa: ANN401
    return Place(channel_id=3, upload_limit=10_000_000, **changes)


# --- while paused -------------------------------------------------------------------------------


async def pause(desk: Desk, guild: int = GUILD) -> None:
    await desk.write(
        """INSERT INTO guilds (guild_id, paused_at, paused_by) VALUES ($1, 5, 9)
           ON CONFLICT (guild_id) DO UPDATE SET paused_at = 5""",
        guild,
    )


async def test_queued_orders_of_a_paused_guild_wait_and_others_go_on(desk: Desk) -> None:
    mine = await desk.place(member())
    other = await desk.place(member(guild=GUILD + 1))
    await pause(desk)
    assert [send.order_id for send in await desk.send_out()] == [other.order_id]
    assert (await desk.order(mine.order_id)).paused
    assert not (await desk.order(other.order_id)).paused
    await desk.write("UPDATE guilds SET paused_at = NULL")
    assert [send.order_id for send in await desk.send_out()] == [mine.order_id]


async def test_what_renders_while_the_guild_is_paused_is_settled_and_posted(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    await pause(desk)
    await desk.settle()
    (clip,) = await desk.due("post")
    assert await desk.store.begin_post(clip, desk.now) is not None
    assert await desk.states(ordered.order_id) == ["posting"]


async def test_what_waits_for_a_paused_guild_is_not_ahead_of_anybody(desk: Desk) -> None:
    first = await desk.place(member())
    desk.now += SECOND
    second = await desk.place(member(8, guild=GUILD + 1))
    assert (await desk.order(second.order_id)).ahead == 1
    await pause(desk)
    assert (await desk.order(second.order_id)).ahead == 0
    assert (await desk.order(first.order_id)).ahead == 0


async def test_a_queued_order_of_a_paused_guild_can_be_cancelled(desk: Desk) -> None:
    ordered = await desk.place(member())
    await pause(desk)
    assert (await desk.store.cancel_order(ordered.order_id, desk.now)).ended == 1
    assert (await desk.store.wallet(member(), desk.now)).held == 0


# --- spoilers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        (in_place(), False),
        (Place(channel_id=60, upload_limit=1), True),
        (in_place(lies_in=(60,)), True),  # a thread of the channel
        (in_place(asked_in=70, lies_in=(60,)), False),  # brought elsewhere
        (Place(channel_id=60, upload_limit=1, asked_in=70), True),
    ],
)
async def test_results_are_covered_in_the_channels_that_say_so(
    desk: Desk, place: Place, covered: bool
) -> None:
    added = await desk.store.add_draft(desk.new_draft(member(), place=place), desk.now)
    await desk.store.place(desk.placing(added, member()))
    await desk.write("INSERT INTO guilds (guild_id, spoiler_channels) VALUES ($1, '[60]')", GUILD)
    await desk.render()
    await desk.settle()
    (clip,) = await desk.due("post")
    order = await desk.store.begin_post(clip, desk.now)
    assert order is not None
    assert [one.spoiler for one in order.clips] == [covered]
