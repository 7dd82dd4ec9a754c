"""`/quota usage` shows moderators what their server used, in figures and as a chart."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from simcord import SetupError

from cogs.language import speaking
from cogs.usage import figures
from jobs.model import Member
from jobs.usage import Report, Used, window
from tests.cogs.board import PNG, Board
from tests.cogs.deskhands import elsewhere, let_in, quota
from tests.cogs.scenes import Scene, reply, said
from tests.fakes import START
from tests.storage.contract.desk import SECOND, Desk

if TYPE_CHECKING:
    from simcord import MemberActor

    from jobs.usage import Usage


@pytest.fixture
def board(scene: Scene) -> Board:
    usage: Usage = scene.bot.services.usage
    painter = usage._painter
    assert isinstance(painter, Board)
    return painter


async def finish(scene: Scene, who: MemberActor, *, cost: int = 7, clips: int = 1) -> None:
    """Have a member's clips made, each in fifty seconds."""
    desk = Desk(scene.store._database)
    desk.ids = itertools.count(START + who.id % 1000 * 1000)
    desk.now = scene.clock.now() - 60 * SECOND
    await desk.place(Member(guild_id=scene.guild.id, user_id=who.id), clips=clips)
    await desk.render()
    desk.now += 50 * SECOND
    await desk.settle(cost=cost)


async def test_figures_and_a_chart_of_the_last_thirty_days(scene: Scene, board: Board) -> None:
    await finish(scene, scene.alice, clips=2)
    await finish(scene, scene.bob)
    result = await quota(scene, "usage")
    assert said(result).splitlines() == [
        "**Used in the last 30 days**",
        "- 21 credits charged; 0 credits in as many days before",
        "- 3 clips ended, 100% of them with a video",
        "- Half of the videos were ready within 50 s",
        f"- Spent most: <@{scene.alice.id}> 14 credits, <@{scene.bob.id}> 7 credits",
    ]
    file = reply(result).attachments[0]
    assert (file.filename, await file.read()) == ("usage.png", PNG)
    assert file.description == "Bars of the credits charged on each day, stacked by model"
    (bars,) = board.drawn
    assert (len(bars.labels), [(one.name, sum(one.credits)) for one in bars.series]) == (
        30,
        [("m", 21)],
    )


async def test_one_member_alone(scene: Scene) -> None:
    await finish(scene, scene.alice)
    await finish(scene, scene.bob)
    lines = said(await quota(scene, "usage", member=scene.bob, days=1)).splitlines()
    assert lines[0] == f"**Used by <@{scene.bob.id}> today**"
    assert lines[1].startswith("- 7 credits charged;")
    assert not any("Spent most" in line for line in lines)


async def test_where_nothing_was_made_the_next_step_is_named(scene: Scene, board: Board) -> None:
    answer = said(await quota(scene, "usage"))
    assert answer.endswith("Nothing was ordered in these days. `/animate` makes a first clip.")
    assert board.drawn == []


async def test_without_a_chart_the_figures_are_complete(scene: Scene, board: Board) -> None:
    board.broken = True
    await finish(scene, scene.alice)
    result = await quota(scene, "usage")
    assert "7 credits charged" in said(result)
    assert said(result).endswith(
        "The chart could not be drawn this time; the figures are complete."
    )
    assert reply(result).attachments == []


async def test_discord_hides_it_from_members_and_its_settings_can_let_them_in(
    scene: Scene,
) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await quota(scene, "usage", scene.bob)
    assert said(await quota(scene, "usage", let_in(scene))).startswith("**Used in")


async def test_a_moderator_of_another_server_sees_nothing_of_this_one(scene: Scene) -> None:
    await finish(scene, scene.alice)
    there = elsewhere(scene)
    alice = scene.env.create_user("alice2")
    answer = said(await there.otto.slash(there.hall, "quota usage", member=alice))
    assert "Nothing was ordered in these days." in answer


@pytest.mark.parametrize(
    ("waits", "said_"), [({59: 1}, "within 59 s"), ({60: 1}, "within 1 min 0 s"), ({}, None)]
)
def test_a_wait_is_said_in_minutes_where_it_is_long(
    waits: dict[int, int], said_: str | None
) -> None:
    seen = window(1, 0, 7, "UTC", START)
    report = Report(window=seen, used=Used(finished=3, failed=1, waits=waits), before=Used())
    with speaking("en-US"):
        lines = figures(report)
    assert "- 4 clips ended, 75% of them with a video" in lines
    assert [line for line in lines if "Half" in line] == (
        [f"- Half of the videos were ready {said_}"] if said_ else []
    )
