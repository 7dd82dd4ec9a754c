"""Moderators read what happened with `/quota history`, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from billing.periods import Period
from cogs import act_lines, quota_words
from cogs.client import Muybridge
from jobs.acts import OPERATOR, Act, ActKind
from jobs.ids import code
from jobs.model import Member
from jobs.quotas import PAGE
from jobs.states import FailReason
from storage.asks import HOUR_MS
from storage.ledger import release_hold
from tests.cogs.deskhands import demote, elsewhere, let_in, quota
from tests.cogs.looking_back import Shown, failed, moderator, shown
from tests.cogs.scenes import Scene, last, reply, said

if TYPE_CHECKING:
    from simcord import MemberActor

    from cogs.client import Services


async def history(
    scene: Scene,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> Shown:
    return shown(reply(await quota(scene, "history", who, **options)))


def lines(found: Shown) -> list[str]:
    """Return the lines without their times."""
    return [one.partition(":R> ")[2] for one in found.text.splitlines() if one.startswith("- ")]


async def test_where_nothing_has_happened_the_history_says_so(scene: Scene) -> None:
    found = await history(scene)
    assert found.text == "## History\n-# Nothing has happened yet."
    assert found.buttons == {}


async def test_acts_and_entries_are_told_with_who_whom_how_much_and_why(scene: Scene) -> None:
    mona = moderator(scene)
    actor, alice = f"<@{mona.id}>", f"<@{scene.alice.id}>"
    granting = await quota(
        scene, "grant", mona, member=scene.alice, credits=50, reason="for the *contest*"
    )
    assert granting.response is not None
    grant = granting.response.content.split("#")[2].split(" ")[0]
    scene.clock.advance(1)
    order = await scene.ordered(variations=2)
    scene.clock.advance(1)
    await failed(scene, order)
    scene.clock.advance(1)
    await quota(scene, "undo", mona, entry=grant, reason="wrong member")
    await quota(scene, "freeze", mona, member=scene.alice)
    found = await history(scene, mona)
    given = "20 credits given back (2 clips)"
    assert lines(found) == [
        f"{actor} froze {alice}",
        f"{actor} undid #{grant} and took 50 credits from {alice}: wrong member",
        f"{given} · {alice} · order #{code(order.id)}: the video service could not render it",
        f"20 credits held (2 clips) · {alice} · order #{code(order.id)}",
        f"{actor} granted 50 credits to {alice}: for the \\*contest\\* (#{grant})",
    ]
    own = await history(scene, mona, member=scene.alice)
    assert own.text.startswith(f"## History of {alice}\n")
    assert lines(own)[2] == (
        f"{given} · order #{code(order.id)}: the video service could not render it"
    )
    assert lines(await history(scene, mona, member=scene.bob)) == []


async def test_pages_are_turned_after_a_restart_and_by_who_was_let_in(
    scene: Scene, services: Services
) -> None:
    ida = let_in(scene)
    for number in range(PAGE + 3):
        scene.clock.advance(1)
        await quota(scene, "grant", ida, member=scene.alice, credits=number + 1)
    answer = reply(await quota(scene, "history", ida))
    assert list(shown(answer).buttons) == ["Older"]
    assert len(lines(shown(answer))) == PAGE
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await ida.click(answer, label="Older")
    assert [one.split(" granted ")[1].split(" ")[0] for one in lines(shown(answer))] == [
        "3", "2", "1",
    ]  # fmt: skip
    assert list(shown(answer).buttons) == ["Newest"]
    await ida.click(answer, label="Newest")
    assert len(lines(shown(answer))) == PAGE


async def test_a_button_from_another_server_shows_that_servers_history_only(scene: Scene) -> None:
    there, mona = elsewhere(scene), moderator(scene)
    for number in range(PAGE + 1):
        scene.clock.advance(1)
        await quota(scene, "grant", mona, member=scene.alice, credits=number + 1)
        zoe = scene.env.create_user(f"zoe{number}")
        await there.otto.slash(there.hall, "quota grant", member=zoe, credits=77)
    answer = reply(await there.otto.slash(there.hall, "quota history"))
    assert all("77 credits" in one for one in lines(shown(answer)))
    await there.otto.click(answer, label="Older")
    assert all("77 credits" in one for one in lines(shown(answer)))
    seen = reply(await there.otto.slash(there.hall, "quota history", member=scene.alice.user))
    assert lines(shown(seen)) == []


async def test_a_page_of_who_moderates_no_more_is_not_turned_after_an_hour(scene: Scene) -> None:
    mona = moderator(scene)
    for number in range(PAGE + 1):
        scene.clock.advance(1)
        await quota(scene, "grant", mona, member=scene.alice, credits=number + 1)
    answer = reply(await quota(scene, "history", mona))
    demote(scene, mona)
    await scene.env.advance_time(3610)
    refused = await mona.click(answer, label="Older")
    assert said(refused) == "This is more than an hour old. Use `/quota history` again to go on."
    assert list(shown(answer).buttons) == ["Older"]


async def test_a_button_that_stands_in_a_channel_shows_no_history(scene: Scene) -> None:
    await quota(scene, "grant", member=scene.bob, credits=5, reason="secret")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id="quota-history:0:t"))
    await scene.bot.get_partial_messageable(scene.studio.id).send("forged", view=view)
    refused = await scene.alice.click(last(scene.studio), label="forged")
    assert said(refused) == quota_words.MODERATORS_ONLY()


async def test_the_fullest_page_fits_a_message(scene: Scene) -> None:
    mona = moderator(scene)
    for _ in range(PAGE + 1):
        scene.clock.advance(1)
        await quota(scene, "grant", mona, member=scene.alice, credits=1_000_000, reason="*" * 300)
    found = await history(scene, mona)
    assert len(lines(found)) == PAGE


async def test_what_was_given_back_says_why(scene: Scene) -> None:
    order = await scene.ordered()
    scene.clock.advance(1)
    await scene.ordering.cancel(order.id, Member(guild_id=scene.guild.id, user_id=scene.alice.id))
    assert lines(await history(scene))[0] == (
        f"10 credits given back · <@{scene.alice.id}> · order #{code(order.id)}: cancelled"
    )


async def test_clips_that_ended_for_several_reasons_are_told_apart(scene: Scene) -> None:
    order = await scene.ordered(variations=2)
    now = scene.clock.now() + 1
    for clip, why in zip(
        order.clips, (FailReason.REFUSED, "the vendor's reply was lost"), strict=True
    ):
        await scene.store._database.run(release_hold, clip.id, 0, why, now)
    assert sorted(one.partition(": ")[2] for one in lines(await history(scene))[:2]) == [
        "the video service turned it down",
        "the video service's answer was lost",
    ]


async def test_a_grant_that_ends_says_when(scene: Scene) -> None:
    mona = moderator(scene)
    await quota(
        scene, "grant", mona, member=scene.alice, credits=30, reason="contest", expires="30d"
    )
    end = (scene.clock.now() + 30 * 24 * HOUR_MS) // 1000
    (line,) = lines(await history(scene, mona))
    assert line.startswith(
        f"<@{mona.id}> granted 30 credits to <@{scene.alice.id}> until <t:{end}:f>: contest (#"
    )


# --- wording ----------------------------------------------------------------------------------


def test_a_pool_without_room_is_told_with_the_order_that_found_none() -> None:
    act = Act(
        guild_id=1,
        actor_id=0,
        kind=ActKind.POOL,
        about="order 120",
        before="0 month",
        after="100 month",
    )
    assert act_lines.told(act) == (
        "The server's pool has no room for an order of 120 credits: 0 credits used of "
        "100 credits a month"
    )


@pytest.mark.parametrize("kind", list(ActKind))
def test_every_kind_of_act_has_a_sentence_with_its_actor(kind: ActKind) -> None:
    values = ("10", "30") if kind in ("grant", "take", "undo") else ("5 day", "7 week")
    act = Act(
        guild_id=1,
        actor_id=99,
        kind=kind,
        subject_id=7,
        about="confirm_price",
        before=values[0],
        after=values[1],
        reason="@everyone *now*",
    )
    said = act_lines.told(act)
    assert said.startswith("The server's pool" if kind is ActKind.POOL else "<@99>")
    assert f": {kind}" not in said
    assert "@everyone" not in said
    assert "{" not in said
    assert "None" not in said


@pytest.mark.parametrize("why", list(FailReason))
def test_every_reason_to_give_credits_back_has_words(why: FailReason) -> None:
    assert why in quota_words.BOOKED_WHY


def test_the_operator_is_named_and_what_was_nothing_says_so() -> None:
    act = Act(guild_id=1, actor_id=OPERATOR, kind=ActKind.ALLOWANCE, subject_id=0, after="5 day")
    assert act_lines.told(act) == (
        "the operator changed the allowance of everybody, nothing → 5 credits a day"
    )
    assert act_lines.allowance(1, Period.MONTH) == "1 credit a month"
