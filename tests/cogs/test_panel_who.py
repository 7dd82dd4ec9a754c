"""The settings panel pauses a server, and works for whom it may, and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from simcord.enums import AppCommandType

from cogs.client import Muybridge
from jobs.acts import ActKind
from tests.cogs.deskhands import acts, elsewhere
from tests.cogs.looking_back import moderator, shown
from tests.cogs.scenes import Scene, reply, said

if TYPE_CHECKING:
    from cogs.client import Services
from tests.cogs.panel_at_work import choose, line, opened, page, rules, settings, turn

# --- pausing ------------------------------------------------------------------------------------


async def test_a_pause_refuses_new_orders_and_the_card_of_a_queued_one_says_so(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    order = await scene.ordered()
    answer = await opened(scene, mona)
    await mona.click(answer, label="Pause orders")
    assert f"**Paused** by <@{mona.id}>" in shown(answer).text
    assert said(await scene.animate()).startswith("Moderators paused me in this server <t:")
    now = scene.clock.now()
    assert await scene.store.claim_sends(now, now + 1000, 10) == ()
    (waiting,) = await scene.orders()
    assert waiting.id == order.id
    assert waiting.paused
    await mona.click(answer, label="Resume orders")
    assert "Paused" not in shown(answer).text
    assert len(await scene.store.claim_sends(now, now + 1000, 10)) == 1
    assert [one.kind for one in await acts(scene)] == [ActKind.RESUME, ActKind.PAUSE]


async def test_one_command_pauses_and_one_resumes(scene: Scene) -> None:
    mona = moderator(scene)
    for orders, says in (
        ("pause", "Paused. Nothing new is taken"),
        ("pause", "It was paused already."),
        ("resume", "Orders go on."),
        ("resume", "It was not paused."),
    ):
        assert said(await settings(scene, mona, orders=orders)).startswith(says)
    assert [one.actor_id for one in await acts(scene)] == [mona.id, mona.id]


# --- who may ------------------------------------------------------------------------------------


async def test_whom_the_integration_settings_let_in_may_change_everything(scene: Scene) -> None:
    ida = scene.guild.add_member(scene.env.create_user("ida"))
    command = scene.env.backend.find_command(
        "settings", scene.guild.id, type=AppCommandType.CHAT_INPUT
    )
    assert command is not None
    scene.guild.set_command_permissions(int(command["id"]), {ida: True})
    answer = await page(scene, ida, "where")
    await ida.select(answer, [scene.studio], custom_id=choose("where:channels"))
    assert (await rules(scene)).channels == {scene.studio.id}


async def test_a_panel_of_another_server_shows_and_changes_only_its_own(scene: Scene) -> None:
    there, mona = elsewhere(scene), moderator(scene)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [scene.studio], custom_id=choose("where:channels"))
    await scene.store.finish_set_up(there.guild.id, scene.clock.now())
    theirs = reply(await there.otto.slash(there.hall, "settings"))
    assert str(scene.studio.id) not in shown(theirs).text
    await turn(theirs, there.otto, "where")
    await there.otto.click(theirs, label="Age-restricted channels only")
    assert not (await rules(scene)).age_only
    assert (await scene.store.rules(there.guild.id)).age_only
    assert [one.actor_id for one in await acts(scene)] == [mona.id]


async def test_a_panel_of_who_moderates_no_more_stops_after_an_hour(scene: Scene) -> None:
    ida = scene.guild.add_member(scene.env.create_user("ida"))
    command = scene.env.backend.find_command(
        "settings", scene.guild.id, type=AppCommandType.CHAT_INPUT
    )
    assert command is not None
    scene.guild.set_command_permissions(int(command["id"]), {ida: True})
    answer = await page(scene, ida, "where")
    await scene.env.advance_time(3590)
    await ida.click(answer, label="Age-restricted channels only")
    assert (await rules(scene)).age_only
    await scene.env.advance_time(20)
    refused = await ida.click(answer, label="Allow any channel")
    assert said(refused) == "This is more than an hour old. Use `/settings` again to go on."
    assert (await rules(scene)).age_only


async def test_two_moderators_see_each_others_changes(scene: Scene) -> None:
    mona = moderator(scene)
    crew = scene.guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
    nora = scene.guild.add_member(scene.env.create_user("nora"), roles=[crew])
    hers, theirs = await page(scene, mona, "where"), await page(scene, nora, "where")
    await mona.click(hers, label="Age-restricted channels only")
    await nora.select(theirs, [scene.studio], custom_id=choose("where:channels"))
    assert "age-restricted channels only" in line(shown(theirs), "Age restriction")
    assert f"changed by <@{mona.id}>" in shown(theirs).text
    assert f"changed by <@{nora.id}>" in shown(theirs).text


async def test_everything_on_the_panel_works_after_a_restart(
    scene: Scene, services: Services
) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "where")
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await mona.select(answer, [scene.studio], custom_id=choose("where:channels"))
    assert (await rules(scene)).channels == {scene.studio.id}
    await mona.click(answer, label="All settings")
    assert shown(answer).texts[0].startswith("## Settings")
    await turn(answer, mona, "money")
    form = await mona.click(answer, label="Pool")
    await mona.submit_modal(form, {"pool_credits": "500", "pool_period": ["month"]})
    assert (await rules(scene)).pool_credits == 500
