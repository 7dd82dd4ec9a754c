"""Moderators look after members' wallets with `/quota`; others see and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord import SetupError

from jobs.acts import ActKind
from jobs.ids import code
from jobs.model import GuildRules
from tests.cogs.deskhands import acts, elsewhere, granted, let_in, quota, told
from tests.cogs.looking_back import moderator
from tests.cogs.scenes import Scene, said

if TYPE_CHECKING:
    from simcord import MemberActor

HOUR = 3600 * 1000
EACH: list[tuple[str, dict[str, Any]]] = [
    ("show", {}),
    ("grant", {"credits": 5}),
    ("take", {"credits": 5}),
    ("freeze", {}),
    ("unfreeze", {}),
]


def mention(who: MemberActor) -> str:
    return f"<@{who.id}>"


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), EACH)
async def test_discord_hides_the_commands_from_members(
    scene: Scene, name: str, options: dict[str, Any]
) -> None:
    assert f"quota {name}" not in scene.bob.available_commands(scene.studio)
    with pytest.raises(SetupError, match="default-member-permissions"):
        await quota(scene, name, scene.bob, member=scene.alice, **options)


@pytest.mark.parametrize(("name", "options"), EACH)
async def test_who_was_let_in_by_the_integration_settings_may_do_all_of_it(
    scene: Scene, name: str, options: dict[str, Any]
) -> None:
    mona, ida = moderator(scene), let_in(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=7)
    answer = await told(scene, name, ida, member=scene.alice, **options)
    assert mention(scene.alice) in answer
    assert "moderators" not in answer


async def test_a_moderator_of_another_server_sees_and_changes_only_wallets_there(
    scene: Scene,
) -> None:
    there = elsewhere(scene)
    mona = moderator(scene)
    first = await quota(scene, "grant", mona, member=scene.alice, credits=50, reason="secret")
    entry = said(first).split("#")[2].split(" ")[0]
    hall, otto = there.hall, there.otto
    alice = scene.env.create_user("alice2")
    shown = said(await otto.slash(hall, "quota show", member=alice))
    assert "secret" not in shown
    refused = said(await otto.slash(hall, "quota undo", entry=entry))
    assert refused.startswith(f"There is no grant or take #{entry} here.")
    assert await otto.autocomplete(hall, "quota undo", "entry", "") == []
    await otto.slash(hall, "quota grant", member=scene.env.create_user("zoe"), credits=5)
    assert await granted(scene, scene.alice) == 50
    assert len(await acts(scene)) == 1
    assert len(await acts(scene, there.guild.id)) == 1


# --- show -------------------------------------------------------------------------------------


async def test_a_wallet_shows_what_the_member_can_spend_with_the_roles_at_hand(
    scene: Scene,
) -> None:
    mona = moderator(scene)
    booster = scene.guild.create_role("Booster")
    await scene.store._database.run(_set_allowance, scene.guild.id, booster.id)
    cleo = scene.guild.add_member(scene.env.create_user("cleo"), roles=[booster])
    assert "can spend 700 credits now" in await told(scene, "show", mona, member=cleo)
    assert "can spend 100 credits now" in await told(scene, "show", mona, member=scene.bob)


def _set_allowance(guild_id: int, role_id: int) -> Any:  # noqa: ANN401 - a transaction
    yield (
        "INSERT INTO allowances (guild_id, role_id, credits, period) VALUES ($1, $2, 700, 'month')",
        (guild_id, role_id),
    )


async def test_somebody_who_has_left_still_has_a_wallet(scene: Scene) -> None:
    mona, gone = moderator(scene), scene.env.create_user("gone")
    answer = await told(scene, "grant", mona, member=gone, credits=5)
    assert answer.startswith(f"Granted 5 credits to <@{gone.id}>")
    assert "- Granted: 5 credits" in await told(scene, "show", mona, member=gone)


async def test_a_frozen_wallet_says_so_to_moderators_and_to_its_owner(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(scene, "freeze", mona, member=scene.alice)
    assert "Frozen: orders are turned down" in await told(scene, "show", mona, member=scene.alice)
    own = said(await scene.alice.slash(scene.studio, "credits"))
    assert "A moderator has frozen your wallet." in own


# --- grant and take ---------------------------------------------------------------------------


async def test_a_grant_is_told_with_its_end_and_can_be_spent_at_once(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await told(
        scene, "grant", mona, member=scene.alice, credits=50, reason="for the *contest*",
        expires="12h",
    )  # fmt: skip
    end = (scene.clock.now() + 12 * HOUR) // 1000
    first, second = answer.splitlines()
    assert first == (
        f"Granted 50 credits to {mention(scene.alice)}, who has 50 credits of grants to spend now. "
        f"Expires <t:{end}:R>."
    )
    assert second.startswith("-# Choose #")
    assert await scene.spendable() == 150
    own = said(await scene.alice.slash(scene.studio, "credits"))
    assert "50 credits granted: for the \\*contest\\*" in own
    (act,) = await acts(scene)
    assert (act.kind, act.actor_id, act.subject_id) == (ActKind.GRANT, mona.id, scene.alice.id)
    scene.clock.advance(12 * 3600)
    assert await scene.spendable() == 100


@pytest.mark.parametrize("expires", ["tomorrow", "30", "0d", "-3h", "9999w"])
async def test_an_expiry_that_is_none_is_refused_and_nothing_is_granted(
    scene: Scene, expires: str
) -> None:
    answer = await told(scene, "grant", member=scene.alice, credits=50, expires=expires)
    assert "is no time that a grant can last. Use a number with h, d or w" in answer
    assert await granted(scene, scene.alice) == 0
    assert await acts(scene) == []


async def test_a_take_says_what_was_really_taken(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=30)
    answer = await told(scene, "take", mona, member=scene.alice, credits=10)
    assert answer.startswith(
        f"Took 10 credits from {mention(scene.alice)}, who has 20 credits of grants to spend now."
    )
    answer = await told(scene, "take", mona, member=scene.alice, credits=500)
    assert answer.startswith(
        f"Took 20 credits from {mention(scene.alice)}: of the 500 credits that you asked for, no "
        "more was granted and unspent."
    )
    answer = await told(scene, "take", mona, member=scene.alice, credits=1)
    assert answer.startswith("There is nothing to take: no granted credits are unspent.")
    assert await granted(scene, scene.alice) == 0


async def test_a_reason_can_neither_ping_nor_format_anything(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=5, reason="@everyone **hi**")
    shown = await told(scene, "show", mona, member=scene.alice)
    assert "@everyone" not in shown
    assert "\\*\\*hi" in shown


# --- freeze -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", [GuildRules(confirm_price=1)])
async def test_a_frozen_member_can_not_confirm_what_was_offered_before(scene: Scene) -> None:
    mona = moderator(scene)
    offer = await scene.animate()
    assert f"{mention(scene.alice)} can't order any more." in await told(
        scene, "freeze", mona, member=scene.alice, reason="spam"
    )
    assert offer.response is not None
    pressed = await scene.alice.click(offer.response, label="Confirm")
    assert pressed.response is not None
    assert await scene.orders() == []
    assert "was frozen already" in await told(scene, "freeze", mona, member=scene.alice)
    assert "can order again" in await told(scene, "unfreeze", mona, member=scene.alice)
    assert "was not frozen" in await told(scene, "unfreeze", mona, member=scene.alice)
    await scene.alice.click(offer.response, label="Confirm")
    assert len(await scene.orders()) == 1
    assert [one.kind for one in await acts(scene)] == [ActKind.UNFREEZE, ActKind.FREEZE]


# --- undo -------------------------------------------------------------------------------------


async def test_what_can_be_undone_is_offered_and_undone_once(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=50, reason="for the *contest*")
    scene.clock.advance(1)
    await quota(scene, "take", mona, member=scene.alice, credits=20)
    take, grant = await mona.autocomplete(scene.studio, "quota undo", "entry", "")
    assert take["name"].endswith(f"· took 20 credits · {scene.alice.id} · no reason given")
    assert "granted, 30 credits left" in grant["name"]
    assert grant["name"].endswith("for the *contest*")
    found = await mona.autocomplete(scene.studio, "quota undo", "entry", "CONTEST")
    assert [one["value"] for one in found] == [grant["value"]]
    answer = await told(scene, "undo", mona, entry=take["value"])
    assert answer == (
        f"Undone: {mention(scene.alice)} has 20 credits back, and 50 credits of grants to spend "
        "now."
    )
    answer = await told(scene, "undo", mona, entry=f"#{grant['value']}", reason="wrong member")
    assert answer.startswith(f"Undone: 50 credits went from {mention(scene.alice)}")
    answer = await told(scene, "undo", mona, entry=grant["value"])
    assert answer.startswith("That was undone already.")
    assert await mona.autocomplete(scene.studio, "quota undo", "entry", "") == []
    assert await granted(scene, scene.alice) == 0


async def test_what_was_spent_of_a_grant_is_not_undone(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=50)
    await quota(scene, "take", mona, member=scene.alice, credits=50)
    (act, grant) = await acts(scene)
    assert (act.kind, grant.kind) == (ActKind.TAKE, ActKind.GRANT)
    (offered,) = await mona.autocomplete(scene.studio, "quota undo", "entry", "")
    assert "took 50 credits" in offered["name"]


@pytest.mark.parametrize("typed", ["zzz", "!!", code(12345), "#"])
async def test_a_code_that_is_none_is_refused(scene: Scene, typed: str) -> None:
    answer = await told(scene, "undo", entry=typed)
    assert answer.startswith("There is no grant or take #")


# --- twice ------------------------------------------------------------------------------------


async def test_an_interaction_that_is_delivered_twice_grants_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mona = moderator(scene)
    seen: list[Any] = []
    parse = scene.bot._connection.parse_interaction_create

    def keep(data: Any) -> None:  # noqa: ANN401 - Discord's own JSON
        seen.append(data)
        parse(data)

    monkeypatch.setitem(scene.bot._connection.parsers, "INTERACTION_CREATE", keep)
    await quota(scene, "grant", mona, member=scene.alice, credits=50)
    assert len(seen) == 1
    scene.foreseen.append(discord.HTTPException)
    parse(seen[0])
    await scene.env.settle()
    assert await granted(scene, scene.alice) == 50
    assert len(await acts(scene)) == 1
