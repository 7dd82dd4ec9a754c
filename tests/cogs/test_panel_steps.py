"""A server that has set nothing yet is led through three short steps, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.client import Muybridge
from tests.cogs.deskhands import acts
from tests.cogs.looking_back import moderator, shown
from tests.cogs.panel_at_work import choose, line, rules, settings
from tests.cogs.scenes import Scene, reply

if TYPE_CHECKING:
    from cogs.client import Services
    from jobs.catalogue import Catalogue


async def test_the_first_time_leads_through_three_steps_to_the_panel(scene: Scene) -> None:
    mona, hall = moderator(scene), scene.guild.create_text_channel("hall")
    crew = scene.guild.create_role("Helpers")
    scene.forbid(hall, attach_files=False)
    answer = reply(await settings(scene, mona))
    assert "1 of 3 · Where" in shown(answer).text
    await mona.select(answer, ["fr"], custom_id=choose("first:language"))
    assert line(shown(answer), "Language of public messages").endswith("Français")
    await mona.select(answer, [hall], custom_id=choose("first:channels"))
    assert f"⚠ In <#{hall.id}> I lack: Attach Files." in shown(answer).text
    await mona.click(answer, label="Next")
    assert "2 of 3 · Who" in shown(answer).text
    await mona.select(answer, [crew], custom_id=choose("second:moderatorroles"))
    await mona.click(answer, label="Next")
    found = shown(answer)
    assert "3 of 3 · How much" in found.text
    assert "**Allowance of each member:** 100 credits a month" in found.text
    assert (
        "a clip with Seedance 1.0 Pro, 720p, 5 s, costs 10 credits at most. 100 credits a month "
        "are good for about 10 clips." in found.text
    )
    await mona.select(answer, ["50 week"], custom_id="settings-allowance:third")
    assert "50 credits a week are good for about 5 clips." in shown(answer).text
    form = await mona.click(answer, label="Pool")
    await mona.submit_modal(form, {"pool_credits": "1000", "pool_period": ["month"]})
    assert "The pool is good for about 100 clips." in shown(answer).text
    await mona.click(answer, label="Finish")
    assert shown(answer).texts[0].startswith("## Settings")
    assert (await rules(scene)).moderator_roles == {crew.id}
    assert await scene.spendable() == 50
    again = reply(await settings(scene, mona))
    assert shown(again).texts[0].startswith("## Settings")


async def test_a_skipped_set_up_does_not_come_again(scene: Scene) -> None:
    mona = moderator(scene)
    answer = reply(await settings(scene, mona))
    await mona.click(answer, label="Skip the set-up")
    assert line(shown(answer), "Channels") == "**Channels:** everywhere"
    assert shown(reply(await settings(scene, mona))).texts[0].startswith("## Settings")
    assert await acts(scene) == []


async def test_the_set_up_goes_back_and_on_after_a_restart(
    scene: Scene, services: Services
) -> None:
    mona = moderator(scene)
    answer = reply(await settings(scene, mona))
    await mona.click(answer, label="Next")
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await mona.click(answer, label="Back")
    assert "1 of 3" in shown(answer).text


async def test_without_the_vendors_list_no_price_is_made_up(
    scene: Scene, catalogue: Catalogue
) -> None:
    catalogue.models = ()
    mona = moderator(scene)
    answer = reply(await settings(scene, mona))
    await mona.click(answer, label="Next")
    await mona.click(answer, label="Next")
    assert "What a clip costs is not known yet" in shown(answer).text
