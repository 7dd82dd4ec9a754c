"""Moderators set how their server uses the bot, on one private panel."""

from __future__ import annotations

import discord
import pytest
from simcord.components import walk_components
from simcord.enums import AppCommandType

from cogs.language import NAMES
from jobs.acts import ActKind
from jobs.ids import code
from tests.cogs.deskhands import acts
from tests.cogs.looking_back import moderator, shown, stored
from tests.cogs.panel_at_work import changed, choose, defaults, line, opened, page, rules, settings
from tests.cogs.scenes import Scene, followed, reply, said

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
        "Where", "Who", "Models", "Credits", "Records,",
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
    assert "at most 2 at once" in said(await scene.animate(variations=3))
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


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("where", ["channels", "resultchannel", "spoilerchannels"]),
        ("who", ["moderatorroles", "privateroles", "effectsroles", "batchroles"]),
        ("sizes", ["models", "largestresolution", "largestseconds", "largestvariations"]),
        ("money", []),
        ("more", ["logchannel", "language"]),
    ],
)
async def test_a_page_has_menus_for_what_is_chosen_and_none_for_what_is_typed(
    scene: Scene, name: str, chosen: list[str]
) -> None:
    """Pool, confirm price, clips, cooldown and time zone had a menu with numbers of variations."""
    answer = await page(scene, moderator(scene), name)
    ids = [one.get("custom_id", "") for one in walk_components(answer.components)]
    menus = [one for one in ids if one.startswith("settings-choose:")]
    assert menus == [choose(f"{name}:{setting}") for setting in chosen]


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
    assert {one.about for one in told} == {"50", "order 10"}
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


# --- language -----------------------------------------------------------------------------------


async def test_the_language_of_public_messages_is_chosen_and_left_to_discord_again(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    answer = await page(scene, mona, "more")
    name = "Language of public messages"
    assert line(shown(answer), name) == f"**{name}:** Discord's own setting"
    offered = [one["label"] for one in shown(answer).selects[choose("more:language")]]
    assert offered == ["Discord's own setting", *NAMES.values()]
    before = await scene.ordered()
    await mona.select(answer, ["de"], custom_id=choose("more:language"))
    assert line(shown(answer), name) == f"**{name}:** Deutsch"
    german = await scene.ordered()
    await mona.select(answer, ["any"], custom_id=choose("more:language"))
    after = await scene.ordered()
    spoken = [one.place.guild_locale for one in (before, german, after)]
    assert spoken == ["en-US", "de", "en-US"]
    assert german.place.locale == "en-US"  # the receipt stays in the asker's
    assert await changed(scene) == [
        ("language", "", "de", mona.id),
        ("language", "de", "", mona.id),
    ]
