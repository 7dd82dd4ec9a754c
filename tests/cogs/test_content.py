"""Members whose prompts break a server's rules are refused, whichever way they order."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cogs import content_words
from jobs.acts import ActKind, ActSlice
from jobs.model import Member
from storage.acts import read_acts
from tests.cogs.forms_filled import batch, pictures, send_in
from tests.cogs.scenes import followed, labels, last, reply, said

if TYPE_CHECKING:
    import pytest

    from jobs.acts import Act
    from tests.cogs.scenes import Scene

BLOCKED = content_words.BLOCKED_TEXT()


async def forbid(scene: Scene, *rules: str) -> None:
    """Have a moderator add rules."""
    moderator = Member(guild_id=scene.guild.id, user_id=99)
    await scene.bot.services.moderation.change(moderator, add="\n".join(rules))


async def refusals(scene: Scene) -> list[Act]:
    """Return what moderators read of refusals, newest first."""
    wanted = ActSlice(guild_id=scene.guild.id, limit=50)
    found = await scene.store._database.read(read_acts, wanted)
    return [one.act for one in found if one.act.kind is ActKind.REFUSE]


async def test_a_blocked_word_is_refused_before_anything_is_spent_and_not_repeated(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await forbid(scene, "skeleton", "*gore*")
    result = await scene.animate(prompt="a SK\u0415LETON dances")
    assert said(result) == BLOCKED
    assert await scene.orders() == []
    assert await scene.spendable() == 100
    (act,) = await refusals(scene)
    assert (act.actor_id, act.about, act.after) == (scene.alice.id, "prompt", "skeleton")
    assert "skeleton" not in caplog.text.lower()


async def test_whoever_tries_again_and_again_does_not_bury_what_moderators_do(scene: Scene) -> None:
    await forbid(scene, "gore", "nude")
    for _ in range(5):
        assert said(await scene.animate(prompt="gore")) == BLOCKED
    await scene.animate(prompt="nude")
    scene.clock.advance(3600)
    await scene.animate(prompt="gore")
    assert [one.after for one in await refusals(scene)] == ["gore", "nude", "gore"]


async def test_what_is_to_be_avoided_is_looked_at_too(scene: Scene) -> None:
    await forbid(scene, "*gore*")
    result = await scene.animate(avoid="no g0res")
    assert said(result) == content_words.BLOCKED_AVOID()
    assert await scene.orders() == []


async def test_a_draft_from_before_the_rule_can_not_be_confirmed(scene: Scene) -> None:
    offer = await scene.animate(variations=6)
    assert labels(reply(offer)) == ["Confirm", "Cancel"]
    await forbid(scene, "/st[e3]am/")
    result = await scene.alice.click(reply(offer), label="Confirm")
    assert followed(result) == BLOCKED
    assert await scene.orders() == []


async def test_again_under_a_result_is_looked_at_as_well(scene: Scene) -> None:
    await scene.post(await scene.ordered())
    await forbid(scene, "steam")
    result = await scene.bob.click(last(scene.studio), label="Again")
    assert said(result) == BLOCKED


async def test_edit_under_a_result_is_looked_at_when_it_is_sent_in(scene: Scene) -> None:
    await scene.post(await scene.ordered())
    await forbid(scene, "snow")
    opened = await scene.bob.click(last(scene.studio), label="Edit")
    result = await send_in(scene, opened, scene.bob, prompt="snow falls")
    assert said(result).startswith(BLOCKED)
    assert labels(reply(result)) == ["Reopen"]


async def test_the_form_of_batch_is_looked_at_and_can_be_reopened(scene: Scene) -> None:
    await forbid(scene, "snow")
    opened = await batch(scene)
    result = await send_in(scene, opened, images=pictures(2), prompt="snow falls")
    assert said(result).startswith(BLOCKED)
    assert labels(reply(result)) == ["Reopen"]
    assert await scene.orders() == []


async def test_the_menu_of_a_message_is_looked_at(scene: Scene) -> None:
    await forbid(scene, "snow")
    message = await scene.bob.send(scene.studio, "look", attachments=pictures(1))
    opened = await scene.alice.context_menu(scene.studio, "Animate", message)
    result = await send_in(scene, opened, prompt="snow falls")
    assert said(result).startswith(BLOCKED)


async def test_the_rules_of_another_server_do_not_count_here(scene: Scene) -> None:
    await scene.bot.services.moderation.change(Member(guild_id=1, user_id=99), add="steam")
    assert (await scene.ordered()).options.prompt == "steam rises"


async def test_a_blocked_member_is_told_whom_to_ask(scene: Scene) -> None:
    offer = await scene.animate(variations=6)
    moderator = Member(guild_id=scene.guild.id, user_id=99)
    await scene.bot.services.moderation.block(moderator, scene.alice.id, "rude")
    sentence = content_words.MEMBER_BLOCKED()
    assert said(await scene.animate()) == sentence
    assert said(await scene.animate(variations=6)) == sentence  # before a price is shown
    assert followed(await scene.alice.click(reply(offer), label="Confirm")) == sentence
    assert await scene.orders() == []
    assert await scene.spendable() == 100
