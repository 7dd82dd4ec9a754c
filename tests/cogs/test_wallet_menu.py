"""Moderators open a member's wallet from the menu Credits, and change it with forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cogs import dynamic, form_words, words
from cogs.client import Muybridge
from cogs.wallet_menu import ReopenWallet
from jobs.acts import ActKind
from tests.cogs.deskhands import acts, elsewhere, granted, let_in
from tests.cogs.forms_filled import fields
from tests.cogs.looking_back import moderator
from tests.cogs.scenes import Scene, followed, labels, reply, said

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor, ResponseMessage

    from cogs.client import Services

MENU = "Credits"


async def opened(scene: Scene, who: MemberActor) -> ResponseMessage:
    """Open Alice's wallet."""
    return reply(await who.context_menu(scene.studio, MENU, scene.alice))


async def filled(
    who: MemberActor,
    card: ResponseMessage,
    label: str,
    **values: Any,  # noqa: ANN401 - a form's fields
) -> InteractionResult:
    """Press a button of the wallet, fill its form and send it in."""
    form = await who.click(card, label=label)
    return await who.submit_modal(form, values)


async def test_a_moderator_sees_the_wallet_and_what_can_be_done(scene: Scene) -> None:
    card = await opened(scene, moderator(scene))
    assert card.content.startswith(f"## Credits of <@{scene.alice.id}>\n")
    assert labels(card) == ["Grant", "Take", "Freeze"]


async def test_a_role_of_the_settings_is_enough_and_the_integration_settings_are_not(
    scene: Scene,
) -> None:
    crew = scene.guild.create_role("Crew")
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[crew])
    await scene.store._database.run(_name_role, scene.guild.id, crew.id)
    card = await opened(scene, cleo)
    await filled(cleo, card, "Grant", credits="5")
    assert await granted(scene, scene.alice) == 5
    refused = await let_in(scene).context_menu(scene.studio, MENU, scene.alice)
    assert said(refused).startswith("Only moderators can do that.")


def _name_role(guild_id: int, role_id: int) -> Any:  # noqa: ANN401 - a transaction
    yield (
        "INSERT INTO guilds (guild_id, moderator_roles) VALUES ($1, $2)",
        (guild_id, f"[{role_id}]"),
    )


async def test_a_member_is_turned_away_and_not_shown_the_menu_in_the_help(scene: Scene) -> None:
    refused = await scene.bob.context_menu(scene.studio, MENU, scene.alice)
    assert said(refused).startswith("Only moderators can do that. Ask one of them")
    assert "**Credits**" not in said(await scene.bob.slash(scene.studio, "help"))
    assert "**Credits**" in said(await moderator(scene).slash(scene.studio, "help"))


async def test_a_grant_is_sent_in_once_and_the_wallet_is_drawn_anew(scene: Scene) -> None:
    mona = moderator(scene)
    card = await opened(scene, mona)
    form = await mona.click(card, label="Grant")
    assert list(fields(form)) == ["credits", "reason", "expires"]
    sent = await mona.submit_modal(form, {"credits": "1,000", "reason": "party", "expires": "2d"})
    assert followed(sent).startswith(f"Granted 1,000 credits to <@{scene.alice.id}>")
    assert "can spend 1,100 credits now" in card.content
    assert await granted(scene, scene.alice) == 1000
    (act,) = await acts(scene)
    assert (act.kind, act.actor_id, act.subject_id, act.reason) == (
        ActKind.GRANT, mona.id, scene.alice.id, "party",
    )  # fmt: skip


async def test_a_take_and_a_freeze_work_after_a_restart(scene: Scene, services: Services) -> None:
    mona = moderator(scene)
    card = await opened(scene, mona)
    await filled(mona, card, "Grant", credits="30")
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    taken = await filled(mona, card, "Take", credits="50", reason="too many")
    assert "Took 30 credits" in followed(taken)
    await filled(mona, card, "Freeze", reason="spam")
    assert labels(card) == ["Grant", "Take", "Unfreeze"]
    assert "Frozen: orders are turned down" in card.content
    await filled(mona, card, "Unfreeze")
    assert labels(card) == ["Grant", "Take", "Freeze"]
    assert [one.kind for one in await acts(scene)] == [
        ActKind.UNFREEZE, ActKind.FREEZE, ActKind.TAKE, ActKind.GRANT,
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["many", "0", "-5", "1.5", "9999999", "\u0663"])
async def test_what_is_no_number_of_credits_is_refused(scene: Scene, typed: str) -> None:
    mona = moderator(scene)
    refused = await filled(mona, await opened(scene, mona), "Grant", credits=typed)
    assert "is no number of credits" in followed(refused)
    assert await granted(scene, scene.alice) == 0


async def test_who_stops_moderating_can_neither_open_nor_send_in_a_form(scene: Scene) -> None:
    mona = moderator(scene)
    card = await opened(scene, mona)
    form = await mona.click(card, label="Grant")
    crew = scene.guild.roles["Crew"]
    scene.env.backend.remove_member_role(scene.guild.id, mona.id, crew.id)
    refused = await mona.click(card, label="Take")
    assert said(refused).startswith("Only moderators can do that.")
    sent = await mona.submit_modal(form, {"credits": "5"})
    assert followed(sent).startswith("Only moderators can do that.")
    assert await granted(scene, scene.alice) == 0


async def test_a_moderator_of_another_server_changes_the_wallet_there_only(scene: Scene) -> None:
    there = elsewhere(scene)
    zoe = there.guild.add_member(scene.env.create_user("zoe"))
    card = reply(await there.otto.context_menu(there.hall, MENU, zoe))
    await filled(there.otto, card, "Grant", credits="5")
    assert await granted(scene, zoe, there.guild.id) == 5
    assert await granted(scene, zoe) == 0
    assert await acts(scene) == []


async def test_a_wallet_shows_what_the_roles_of_now_allow_after_a_form(scene: Scene) -> None:
    mona = moderator(scene)
    booster = scene.guild.create_role("Booster")
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[booster])
    await mona.slash(scene.studio, "quota allowance", credits=700, period="month", role=booster)
    card = reply(await mona.context_menu(scene.studio, MENU, cleo))
    assert "can spend 700 credits now" in card.content
    await filled(mona, card, "Grant", credits="5")
    assert "can spend 705 credits now" in card.content


# --- refused, and reopened ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "values", "why"),
    [
        ("Grant", {"credits": "many", "reason": "party", "expires": "2d"}, "no number of credits"),
        (
            "Grant",
            {"credits": "5", "reason": "party", "expires": "soon"},
            "no time that a grant can last",
        ),
        ("Take", {"credits": "5", "reason": "too many"}, "no granted credits"),
    ],
)
async def test_a_refused_form_is_reopened_as_it_was(
    scene: Scene, services: Services, label: str, values: dict[str, str], why: str
) -> None:
    mona = moderator(scene)
    refused = await filled(mona, await opened(scene, mona), label, **values)
    assert why in followed(refused)
    assert followed(refused).endswith("**Reopen** brings the form back as it was.")
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    again = await mona.click(refused.followups[0], label="Reopen")
    assert {name: one.get("value") for name, one in fields(again).items()} == values
    await filled(mona, await opened(scene, mona), "Grant", credits="9")
    good = {"credits": "3"} | ({"expires": "2d"} if label == "Grant" else {})
    assert "3 credits" in followed(await mona.submit_modal(again, good))
    assert await granted(scene, scene.alice) == (12 if label == "Grant" else 6)


async def test_only_who_was_refused_reopens_the_form_while_they_moderate(scene: Scene) -> None:
    mona = moderator(scene)
    await filled(mona, await opened(scene, mona), "Grant", credits="many")
    (row,) = await scene.store._read(_sheets)
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    message = await channel.send("forged", view=dynamic.row(ReopenWallet(int(row["id"]))))
    rolf = scene.guild.add_member(scene.env.create_user("rolf"), roles=[scene.guild.roles["Crew"]])
    assert said(await rolf.click(message, label="Reopen")) == words.NOT_YOURS()
    assert said(await scene.bob.click(message, label="Reopen")).startswith("Only moderators")
    scene.clock.advance(25 * 3600)
    late = await mona.click(message, label="Reopen")
    assert said(late) == form_words.FORM_GONE()


async def test_a_form_that_is_sent_in_twice_grants_once_and_a_reopened_one_again(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    card = await opened(scene, mona)
    form = await mona.click(card, label="Grant")
    for _ in range(2):
        form._interaction.modal_consumed = False
        sent = await mona.submit_modal(form, {"credits": "30"})
        assert followed(sent).startswith("Granted 30 credits")
    assert await granted(scene, scene.alice) == 30
    assert len(await acts(scene)) == 1


def _sheets() -> Any:  # noqa: ANN401 - a transaction of the test's own
    return (yield ("SELECT id FROM forms WHERE kind = 'sheet:wallet-grant'", ()))
