"""Moderators set, list and remove allowances with `/quota allowance`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from cogs import quota_words
from cogs.client import Muybridge
from jobs.acts import ActKind
from tests.cogs.deskhands import acts, demote, elsewhere, let_in, quota
from tests.cogs.looking_back import Shown, moderator, shown
from tests.cogs.scenes import Scene, last, reply, said

if TYPE_CHECKING:
    from simcord import MemberActor

    from cogs.client import Services

HINT = (
    "-# A member has the best of the roles, from the next order on. It is a limit, and is spent "
    "before grants: what was spent in a period counts, whatever the role was."
)


async def allowance(
    scene: Scene,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> Shown:
    return shown(reply(await quota(scene, "allowance", who, **options)))


async def test_where_nothing_is_set_the_bots_own_default_is_listed(scene: Scene) -> None:
    found = await allowance(scene)
    assert found.text.splitlines() == [
        "## Allowances",
        "- Everybody: 100 credits a month, the bot's own default",
        HINT,
    ]
    assert found.selects == {}


async def test_a_default_and_a_roles_allowance_count_from_the_next_order_on(scene: Scene) -> None:
    mona = moderator(scene)
    booster = scene.guild.create_role("Booster")
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[booster])
    first = await allowance(scene, mona, credits=20, period="week")
    assert first.text.splitlines()[1] == "**Everybody can spend 20 credits a week from now on.**"
    second = await allowance(scene, mona, credits=0, period="day", role=booster)
    assert second.text.splitlines()[:4] == [
        "## Allowances",
        f"**<@&{booster.id}> can spend 0 credits a day from now on.**",
        "- Everybody: 20 credits a week",
        f"- <@&{booster.id}>: 0 credits a day",
    ]
    third = await allowance(scene, mona, credits=500, period="month", role=booster)
    assert third.options("quota-allowance") == [
        "Everybody: 20 credits a week",
        "Booster: 500 credits a month",
    ]
    result = await cleo.slash(scene.studio, "credits")
    assert result.response is not None
    assert "500 of 500 left this month" in result.response.content
    assert await scene.spendable() == 20
    again = await allowance(scene, mona, credits=20, period="week")
    assert "**It was 20 credits a week for everybody already.**" in again.text
    told = [(one.kind, one.actor_id, one.subject_id, one.after) for one in await acts(scene)]
    assert told == [
        (ActKind.ALLOWANCE, mona.id, booster.id, "500 month"),
        (ActKind.ALLOWANCE, mona.id, booster.id, "0 day"),
        (ActKind.ALLOWANCE, mona.id, 0, "20 week"),
    ]


async def test_half_of_what_is_needed_sets_nothing(scene: Scene) -> None:
    for options in ({"credits": 5}, {"period": "day"}):
        found = await allowance(scene, **options)
        assert "Give `credits` and `period` together to set an allowance." in found.text
    assert await acts(scene) == []


async def test_an_allowance_is_removed_also_after_a_restart_and_by_who_was_let_in(
    scene: Scene, services: Services
) -> None:
    ida = let_in(scene)
    booster = scene.guild.create_role("Booster")
    await quota(scene, "allowance", ida, credits=20, period="week")
    result = await quota(scene, "allowance", ida, credits=50, period="week", role=booster)
    answer = reply(result)
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    pick = shown(answer).pick("quota-allowance")
    await ida.select(answer, [str(booster.id)], custom_id=pick)
    assert f"**The allowance of <@&{booster.id}> is removed.**" in shown(answer).text
    await ida.select(answer, ["0"], custom_id=pick)
    assert shown(answer).text.splitlines()[1:3] == [
        "**The allowance of everybody is removed.**",
        "- Everybody: 100 credits a month, the bot's own default",
    ]
    assert await scene.spendable() == 100


async def test_a_list_of_another_server_removes_nothing_here(scene: Scene) -> None:
    there, mona = elsewhere(scene), moderator(scene)
    booster = scene.guild.create_role("Booster")
    await quota(scene, "allowance", mona, credits=50, period="week", role=booster)
    theirs = there.guild.create_role("Booster")
    result = await there.otto.slash(
        there.hall, "quota allowance", credits=10, period="day", role=theirs
    )
    answer = reply(result)
    assert "50 credits" not in shown(answer).text
    pick = shown(answer).pick("quota-allowance")
    await there.otto.select(answer, [str(theirs.id)], custom_id=pick)
    assert "is removed" in shown(answer).text
    assert "50 credits a week" in (await allowance(scene, mona)).text


async def test_more_allowances_than_a_menu_takes_are_on_pages_and_can_be_removed_too(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    roles = [scene.guild.create_role(f"Role {number}") for number in range(26)]
    for number, role in enumerate(roles):
        await quota(scene, "allowance", mona, credits=number, period="day", role=role)
    answer = reply(await quota(scene, "allowance", mona))
    assert len(shown(answer).options("quota-allowance")) == 25
    assert "Page 1 of 2" in shown(answer).text
    assert list(shown(answer).buttons) == ["\u25b6"]
    await mona.click(answer, label="\u25b6")
    assert shown(answer).options("quota-allowance") == ["Role 0: 0 credits a day"]
    assert list(shown(answer).buttons) == ["\u25c0"]
    pick = shown(answer).pick("quota-allowance")
    await mona.select(answer, [str(roles[0].id)], custom_id=pick)
    found = shown(answer)
    assert f"**The allowance of <@&{roles[0].id}> is removed.**" in found.text
    assert len(found.options("quota-allowance")) == 25
    assert "Page" not in found.text
    assert found.buttons == {}


async def test_a_page_of_allowances_is_turned_by_its_owner_alone(scene: Scene) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id="quota-allowance-page:0"))
    await scene.bot.get_partial_messageable(scene.studio.id).send("forged", view=view)
    refused = await scene.alice.click(last(scene.studio), label="forged")
    assert said(refused) == quota_words.MODERATORS_ONLY()


async def test_a_list_of_who_moderates_no_more_removes_nothing_after_an_hour(scene: Scene) -> None:
    mona = moderator(scene)
    answer = reply(await quota(scene, "allowance", mona, credits=20, period="week"))
    await scene.env.advance_time(3610)
    pick = shown(answer).pick("quota-allowance")
    demote(scene, mona)
    refused = await mona.select(answer, ["0"], custom_id=pick)
    assert said(refused) == (
        "This is more than an hour old. Use `/quota allowance` again to go on."
    )
    assert await scene.spendable() == 20
