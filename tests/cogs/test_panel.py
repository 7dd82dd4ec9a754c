"""Moderators set how their server uses the bot, on one private panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord.components import walk_components
from simcord.enums import AppCommandType

from cogs.client import Muybridge
from jobs.acts import ActKind
from jobs.ids import code
from tests.cogs.deskhands import acts, elsewhere
from tests.cogs.looking_back import Shown, moderator, shown, stored
from tests.cogs.scenes import Scene, followed, reply, said

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor, ResponseMessage

    from cogs.client import Services
    from jobs.model import GuildRules

PAGES = {"where": "Where", "who": "Who", "sizes": "Models", "money": "Credits", "more": "Records"}


# --- working the panel --------------------------------------------------------------------------


async def settings(
    scene: Scene,
    who: MemberActor,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    return await who.slash(scene.studio, "settings", **options)


async def opened(scene: Scene, who: MemberActor) -> ResponseMessage:
    """Open the panel itself, past the first set-up."""
    await scene.store.finish_set_up(scene.guild.id, scene.clock.now())
    return reply(await settings(scene, who))


async def page(scene: Scene, who: MemberActor, name: str) -> ResponseMessage:
    """Open a page of the panel."""
    answer = await opened(scene, who)
    await turn(answer, who, name)
    return answer


async def turn(answer: ResponseMessage, who: MemberActor, name: str) -> None:
    """Choose a page on the first one."""
    await who.select(answer, [name], custom_id=shown(answer).pick("settings-pages"))


async def rules(scene: Scene) -> GuildRules:
    return await scene.store.rules(scene.guild.id)


def choose(state: str) -> str:
    return f"settings-choose:{state}"


def defaults(answer: ResponseMessage, state: str) -> list[int]:
    """Return what a select of channels or roles shows as chosen."""
    (found,) = (
        one for one in walk_components(answer.components) if one.get("custom_id") == choose(state)
    )
    return [int(one["id"]) for one in found.get("default_values", [])]


def line(found: Shown, name: str) -> str:
    """Return the line of a setting."""
    (one,) = (one for one in found.text.splitlines() if one.startswith(f"**{name}:**"))
    return one


async def changed(scene: Scene) -> list[tuple[str, str, str, int]]:
    """Return what was set, oldest first: what, before, after, by whom."""
    told = [one for one in await acts(scene) if one.kind is ActKind.SETTING]
    return [(one.about, one.before, one.after, one.actor_id) for one in reversed(told)]


# --- what is shown ------------------------------------------------------------------------------


async def test_the_panel_shows_everything_at_a_glance_to_its_moderator_alone(scene: Scene) -> None:
    mona = moderator(scene)
    found = shown(await opened(scene, mona))
    assert found.texts[0].splitlines()[0] == "## Settings"
    assert line(found, "Channels") == "**Channels:** everywhere"
    assert line(found, "Moderators") == "**Moderators:** who may manage the server"
    assert line(found, "Pool") == "**Pool:** no limit"
    assert line(found, "Asks for Confirm") == "**Asks for Confirm:** above 50 credits"
    assert line(found, "Clips at once") == "**Clips at once:** 20 clips for each member"
    assert line(found, "Time zone") == "**Time zone:** UTC"
    assert list(found.buttons) == ["Pause orders", "Content"]
    assert [one.split()[0] for one in found.options("settings-pages")] == [
        "Where", "Who", "Models", "Credits", "Records",
    ]  # fmt: skip


async def test_a_member_does_not_see_the_command(scene: Scene) -> None:
    command = scene.env.backend.find_command("settings", 0, type=AppCommandType.CHAT_INPUT)
    assert command is not None
    wanted = discord.Permissions(manage_guild=True).value
    assert int(command["default_member_permissions"]) == wanted
    assert command["contexts"] == [0]
    with pytest.raises(Exception, match=r"(?i)permission"):
        await settings(scene, scene.bob)


# --- where --------------------------------------------------------------------------------------


async def test_channels_are_chosen_and_count_from_the_next_order_on(scene: Scene) -> None:
    mona, hall = moderator(scene), scene.guild.create_text_channel("hall")
    answer = await page(scene, mona, "where")
    assert defaults(answer, "where:channels") == []
    await mona.select(answer, [hall], custom_id=choose("where:channels"))
    assert line(shown(answer), "Channels") == f"**Channels:** <#{hall.id}>"
    assert f"changed by <@{mona.id}> <t:" in shown(answer).text
    assert defaults(answer, "where:channels") == [hall.id]
    assert await changed(scene) == [("channels", "", f"<#{hall.id}>", mona.id)]
    refused = said(await scene.animate())
    assert refused == f"I am not used in this channel. Try it in <#{hall.id}>."
    assert "12 credits" not in refused
    await scene.animate(where=hall)
    assert len(await scene.orders()) == 1
    await mona.select(answer, [], custom_id=choose("where:channels"))
    assert line(shown(answer), "Channels") == "**Channels:** everywhere"
    await scene.animate()
    assert len(await scene.orders()) == 2


async def test_threads_and_posts_count_with_their_channel_and_channels_with_their_category(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    category = scene.guild.create_category("Making")
    inside = scene.guild.create_text_channel("inside", category=category)
    scene.env.backend.create_thread(inside.id, "talk", scene.guild.owner.id)
    (thread,) = inside.threads
    answer = await page(scene, mona, "where")
    await mona.select(answer, [category], custom_id=choose("where:channels"))
    for where in (inside, thread):
        await scene.animate(where=where)
    assert len(await scene.orders()) == 2
    assert said(await scene.animate()).startswith("I am not used in this channel.")
    await mona.select(answer, [inside], custom_id=choose("where:channels"))
    await scene.animate(where=thread)
    assert len(await scene.orders()) == 3


async def test_results_go_to_the_channel_that_is_chosen_for_them(scene: Scene) -> None:
    mona, hall = moderator(scene), scene.guild.create_text_channel("hall")
    answer = await page(scene, mona, "where")
    await mona.select(answer, [hall], custom_id=choose("where:resultchannel"))
    order = await scene.ordered()
    assert (order.place.channel_id, order.place.asked_in) == (hall.id, scene.studio.id)
    assert "by direct message" in said(await scene.animate(private=True))


async def test_a_result_channel_is_looked_at_before_anything_is_spent(scene: Scene) -> None:
    mona, hall = moderator(scene), scene.guild.create_text_channel("hall")
    answer = await page(scene, mona, "where")
    scene.forbid(hall, attach_files=False)
    await mona.select(answer, [hall], custom_id=choose("where:resultchannel"))
    assert f"⚠ In <#{hall.id}> I lack: Attach Files." in shown(answer).text
    refused = said(await scene.animate())
    assert refused.startswith(f"I can't post in <#{hall.id}>, because I lack: Attach Files.")
    assert await scene.orders() == []
    assert await scene.spendable() == 100


async def test_the_channel_of_the_command_may_be_closed_where_results_go_elsewhere(
    scene: Scene,
) -> None:
    mona, hall = moderator(scene), scene.guild.create_text_channel("hall")
    answer = await page(scene, mona, "where")
    await mona.select(answer, [hall], custom_id=choose("where:resultchannel"))
    scene.forbid(scene.studio, attach_files=False)
    await scene.animate()
    assert len(await scene.orders()) == 1


async def test_age_restricted_only_is_switched_on_and_off(scene: Scene) -> None:
    mona = moderator(scene)
    grown = scene.guild.create_text_channel("grown")
    known = scene.bot.get_channel(grown.id)
    assert isinstance(known, discord.TextChannel)
    known.nsfw = True  # simcord knows of no such channels
    answer = await page(scene, mona, "where")
    await mona.click(answer, label="Age-restricted channels only")
    assert "age-restricted channels only" in line(shown(answer), "Age restriction")
    assert said(await scene.animate()).startswith("This server uses me in age-restricted channels")
    await scene.animate(where=grown)
    assert len(await scene.orders()) == 1
    await mona.click(answer, label="Allow any channel")
    await scene.animate()
    assert len(await scene.orders()) == 2


async def test_a_video_is_covered_in_a_spoiler_channel(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "where")
    await mona.select(answer, [scene.studio], custom_id=choose("where:spoilerchannels"))
    order = await scene.ordered()
    await stored(scene)
    now = scene.clock.now()
    (clip,) = await scene.store.claim_clips("post", now, now + 1000, 10)
    begun = await scene.store.begin_post(clip, now)
    assert begun is not None
    posted = await scene.post(begun, begun.clips[0])
    (file,) = posted.attachments
    assert file.filename == f"SPOILER_muybridge-{code(order.id)}-1.mp4"
    assert file.is_spoiler()


# --- who ----------------------------------------------------------------------------------------


async def test_what_is_kept_for_roles_is_refused_to_others(scene: Scene) -> None:
    mona, crew = moderator(scene), scene.guild.create_role("Makers")
    answer = await page(scene, mona, "who")
    await mona.select(answer, [crew], custom_id=choose("who:privateroles"))
    assert line(shown(answer), "Private orders") == f"**Private orders:** <@&{crew.id}>"
    refused = said(await scene.animate(private=True))
    assert refused.startswith(f"Private clips are for members with <@&{crew.id}> here.")
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[crew])
    assert (
        "12 credits" in said(await scene.animate(cleo, private=True))
        or await scene.spendable(cleo) < 100
    )


async def test_a_role_that_moderates_may_look_at_members_orders(scene: Scene) -> None:
    mona, crew = moderator(scene), scene.guild.create_role("Helpers")
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[crew])
    looked = {"member": scene.alice.user}
    assert said(await cleo.slash(scene.studio, "videos", **looked)).startswith("Only moderators")
    answer = await page(scene, mona, "who")
    await mona.select(answer, [crew], custom_id=choose("who:moderatorroles"))
    found = shown(reply(await cleo.slash(scene.studio, "videos", **looked)))
    assert f"<@{scene.alice.id}>" in found.text


# --- sizes, numbers -----------------------------------------------------------------------------


async def test_models_and_sizes_are_narrowed(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "sizes")
    await mona.select(answer, ["quick"], custom_id=choose("sizes:models"))
    assert line(shown(answer), "Models") == "**Models:** Quick"
    refused = said(await scene.animate(model="Seedance 1.0 Pro"))
    assert refused.startswith("This server does not use that model.")
    order = await scene.ordered()
    assert order.options.model == "quick"  # what is left out is what is allowed
    await mona.select(answer, [], custom_id=choose("sizes:models"))
    await mona.select(answer, ["720p"], custom_id=choose("sizes:largestresolution"))
    refused = said(await scene.animate(resolution="1080p"))
    assert refused.startswith("This server allows at most 720p, and that was 1080p.")
    await mona.select(answer, ["5"], custom_id=choose("sizes:largestseconds"))
    assert "at most 5 s" in said(await scene.animate(seconds=10))
    await mona.select(answer, ["2"], custom_id=choose("sizes:largestvariations"))
    assert "at most 2 variations" in said(await scene.animate(variations=3))
    await mona.select(answer, ["any"], custom_id=choose("sizes:largestvariations"))
    assert (await rules(scene)).largest_variations is None
    assert len(await changed(scene)) == 6


async def test_numbers_are_typed_into_a_form_that_holds_the_true_ones(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "money")
    form = await mona.click(answer, label="Confirm price, clips, cooldown")
    await mona.submit_modal(form, {"confirm_price": "0", "clips_at_once": "2", "cooldown_s": "60"})
    found = shown(answer)
    assert line(found, "Asks for Confirm") == "**Asks for Confirm:** above 0 credits"
    assert line(found, "Cooldown") == "**Cooldown:** 60 seconds"
    assert {one[:3] for one in await changed(scene)} == {
        ("confirm_price", "50", "0"),
        ("clips_at_once", "20", "2"),
        ("cooldown_s", "0", "60"),
    }
    assert "Confirm" in said(await scene.animate())
    again = await mona.click(answer, label="Confirm price, clips, cooldown")
    assert again.modal is not None
    inner = [one["component"]["value"] for one in again.modal["components"]]
    assert inner == ["0", "2", "60"]


@pytest.mark.parametrize("typed", ["-1", "lots", "100000000000", "2.5", "101"])
async def test_what_is_no_such_number_changes_nothing(scene: Scene, typed: str) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "money")
    form = await mona.click(answer, label="Confirm price, clips, cooldown")
    refused = await mona.submit_modal(
        form, {"confirm_price": "7", "clips_at_once": typed, "cooldown_s": "60"}
    )
    assert "won't do for “Clips at once”: use a whole number from 1 to 100." in followed(refused)
    assert await changed(scene) == []


async def test_a_pool_is_set_shown_and_taken_away(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "money")
    form = await mona.click(answer, label="Pool")
    await mona.submit_modal(form, {"pool_credits": "15", "pool_period": ["week"]})
    assert line(shown(answer), "Pool").startswith("**Pool:** 15 credits a week; 0 used (0 %)")
    first = await scene.ordered()
    refused = said(await scene.animate(scene.bob))
    assert refused.startswith("This server's pool has ")
    told = [one for one in await acts(scene) if one.kind is ActKind.POOL]
    assert {one.about for one in told} == {"50", "100"} or len(told) >= 1
    assert first.quote.total <= 15
    form = await mona.click(answer, label="Pool")
    await mona.submit_modal(form, {"pool_credits": "", "pool_period": ["week"]})
    assert line(shown(answer), "Pool") == "**Pool:** no limit"
    await scene.animate(scene.bob)
    assert len(await scene.orders()) == 2


async def test_a_time_zone_is_found_however_it_is_spelt(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "more")
    form = await mona.click(answer, label="Time zone")
    await mona.submit_modal(form, {"zone": "america/new york"})
    assert line(shown(answer), "Time zone") == "**Time zone:** America\\/New\\_York"
    form = await mona.click(answer, label="Time zone")
    refused = await mona.submit_modal(form, {"zone": "Atlantis"})
    assert followed(refused).startswith("I know no time zone “Atlantis”.")
    assert (await rules(scene)).zone == "America/New_York"


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
    assert said(refused).startswith("This panel is an hour old.")
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
