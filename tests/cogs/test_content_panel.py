"""Moderators set on the panel what is not wanted, who looks at orders, and who is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord.components import walk_components

from cogs import content_words, quota_words
from cogs.client import Muybridge
from cogs.content_forms import ReopenRules
from cogs.dynamic import row
from jobs.acts import ActKind
from jobs.content import MOST_RULES
from jobs.model import Member
from tests.cogs.deskhands import acts, demote, elsewhere
from tests.cogs.forms_filled import fields, form_of
from tests.cogs.looking_back import moderator, shown
from tests.cogs.scenes import reply, said

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor, ResponseMessage

    from cogs.client import Services
    from cogs.language import Phrase
    from jobs.model import ReviewRules
    from tests.cogs.scenes import Scene


async def content(scene: Scene, who: MemberActor) -> ResponseMessage:
    """Open the page Content."""
    await scene.store.finish_set_up(scene.guild.id, scene.clock.now())
    answer = reply(await who.slash(scene.studio, "settings"))
    await who.click(answer, label="Content")
    return answer


async def typed(
    scene: Scene,
    who: MemberActor,
    **lines: Any,  # noqa: ANN401 - text
) -> InteractionResult:
    """Add and remove rules with the form."""
    opened = await who.click(await content(scene, who), label="Add or remove")
    return await who.submit_modal(opened, lines)


async def imported(
    scene: Scene, who: MemberActor, file: bytes, how: str = "add"
) -> InteractionResult:
    """Import a file of rules."""
    opened = await who.click(await content(scene, who), label="Import")
    return await who.submit_modal(opened, {"file": [("rules.txt", file)], "how": [how]})


async def rules(scene: Scene) -> tuple[str, ...]:
    return await scene.store.content_rules(scene.guild.id)


async def review(scene: Scene) -> ReviewRules:
    return (await scene.store.rules(scene.guild.id)).review


def defaults(answer: ResponseMessage, custom_id: str) -> list[int]:
    """Return what a select of channels or roles shows as chosen."""
    (found,) = (
        one for one in walk_components(answer.components) if one.get("custom_id") == custom_id
    )
    return [int(one["id"]) for one in found.get("default_values", [])]


async def test_rules_are_added_and_removed_with_a_form(scene: Scene) -> None:
    mona = moderator(scene)
    result = await typed(scene, mona, add="word\n*part*\n/pat+ern/", remove="")
    assert said(result) == "3 added, 0 removed. There are 3 rules now."
    result = await typed(scene, mona, add="more", remove="*part*\nnot there")
    assert said(result) == "1 added, 1 removed. There are 3 rules now."
    assert await rules(scene) == ("/pat+ern/", "more", "word")
    assert said(await typed(scene, mona, add="word")) == content_words.RULES_SAME()
    assert "3 rules" in shown(await content(scene, mona)).text
    assert {one.actor_id for one in await acts(scene) if one.about == "content"} == {mona.id}


async def test_lines_that_are_no_rules_are_named_and_nothing_changes(scene: Scene) -> None:
    mona = moderator(scene)
    result = await typed(scene, mona, add="fine\n/(/\n**")
    assert said(result).splitlines() == [
        "Nothing has changed. Mend these lines and try again:",
        "- line 2: the pattern can't be used (missing ): ()",
        "- line 3: there is nothing between the stars or slashes",
        "**Reopen** brings the form back as it was.",
    ]
    again = await mona.click(reply(result), label="Reopen")
    assert fields(again)["add"]["value"] == "fine\n/(/\n**"
    assert "1 added" in said(await mona.submit_modal(again, {"add": "fine", "remove": ""}))
    assert await rules(scene) == ("fine",)


async def test_refused_rules_are_reopened_below_the_private_answer_alone(scene: Scene) -> None:
    mona = moderator(scene)
    await typed(scene, mona, add="**")
    (form,) = await scene.store._database.read(_sheets)
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    message = await channel.send("forged", view=row(ReopenRules(int(form["id"]))))
    for who in (scene.bob, mona):
        pressed = await who.click(message, label="Reopen")
        assert pressed.modal is None
        assert said(pressed) == quota_words.MODERATORS_ONLY()


def _sheets() -> Any:  # noqa: ANN401 - a transaction of the test's own
    return (yield ("SELECT id FROM forms WHERE kind LIKE 'sheet:%'", ()))


async def test_a_file_is_added_to_the_rules_or_takes_their_place(scene: Scene) -> None:
    mona = moderator(scene)
    await typed(scene, mona, add="old")
    assert "2 added" in said(await imported(scene, mona, "\ufeff# ours\nöne\n*two*".encode()))
    assert await rules(scene) == ("*two*", "old", "öne")
    result = await imported(scene, mona, b"new", "afresh")
    assert said(result) == "1 added, 3 removed. There is 1 rule now."
    assert await rules(scene) == ("new",)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"\xff\xfe\x00", content_words.FILE_NOT_TEXT),
        (b"x" * (256 * 1024 + 1), content_words.FILE_TOO_LARGE),
    ],
)
async def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    scene: Scene, file: bytes, sentence: Phrase
) -> None:
    assert said(await imported(scene, moderator(scene), file)) == sentence()
    assert await rules(scene) == ()


@pytest.mark.parametrize("form", ["Import", "Add or remove"])
async def test_a_form_of_who_moderates_no_more_changes_no_rule_after_an_hour(
    scene: Scene, form: str
) -> None:
    mona = moderator(scene)
    opened = await mona.click(await content(scene, mona), label=form)
    demote(scene, mona)
    await scene.env.advance_time(3610)
    file = {"file": [("rules.txt", b"new")], "how": ["add"]}
    late = await mona.submit_modal(opened, file if form == "Import" else {"add": "new"})
    assert said(late) == "This is more than an hour old. Use `/settings` again to go on."
    assert await rules(scene) == ()


async def test_more_rules_than_there_may_be_are_refused(scene: Scene) -> None:
    mona = moderator(scene)
    await imported(scene, mona, "\n".join(f"w{n}" for n in range(MOST_RULES)).encode())
    result = await typed(scene, mona, add="one more")
    assert said(result) == content_words.TOO_MANY_RULES(limit=MOST_RULES)


async def test_what_is_exported_can_be_imported_again(scene: Scene) -> None:
    mona = moderator(scene)
    await typed(scene, mona, add="word\n*part*")
    result = await mona.click(await content(scene, mona), label="Export")
    (file,) = reply(result).attachments
    text = await scene.bot.http.get_from_cdn(file.url)
    assert text.decode().splitlines() == [
        "# Rules of Muybridge. One a line: word, *part* or /pattern/.", "*part*", "word",
    ]  # fmt: skip
    assert said(await imported(scene, mona, text)) == content_words.RULES_SAME()


async def test_all_rules_are_listed_in_pages_and_escaped(scene: Scene) -> None:
    mona = moderator(scene)
    await imported(scene, mona, "\n".join(f"*w{n:03}_{'x' * 150}*" for n in range(60)).encode())
    answer = await content(scene, mona)
    await mona.click(answer, label="Show all")
    found = shown(answer)
    assert "- \\*w000\\_xxx" in found.text
    assert "Page 1 of 3" in found.text
    await mona.click(answer, custom_id=found.buttons["\u25b6"])
    assert "w025" in shown(answer).text
    await mona.click(answer, label="Content")
    assert "## Content" in shown(answer).text


async def test_review_is_turned_on_with_its_channel_roles_and_hours(scene: Scene) -> None:
    mona = moderator(scene)
    room = scene.guild.create_text_channel("looking")
    crew = scene.guild.create_role("trusted")
    answer = await content(scene, mona)
    assert content_words.REVIEW_OFF() in shown(answer).text
    await mona.click(answer, label="Review orders first")
    assert content_words.REVIEW_NO_CHANNEL() in shown(answer).text
    await mona.select(answer, [room], custom_id="content-set:channel")
    await mona.select(answer, [crew], custom_id="content-set:trusted")
    await mona.select(answer, ["72"], custom_id="content-set:hours")
    found = await review(scene)
    assert (found.on, found.channel_id, found.hours) == (True, room.id, 72)
    assert found.trusted == {crew.id}
    assert f"on, in <#{room.id}>; after 72 hours" in shown(answer).text
    assert defaults(answer, "content-set:channel") == [room.id]
    assert defaults(answer, "content-set:trusted") == [crew.id]
    scene.forbid(room, attach_files=False)
    assert "I can't post files in" in shown(await content(scene, mona)).text
    await mona.click(answer, label="Stop reviewing")
    assert not (await review(scene)).on
    changes = [one.about for one in await acts(scene) if one.kind is ActKind.SETTING]
    assert sorted(set(changes)) == [
        "review", "review_channel_id", "review_hours", "trusted_roles",
    ]  # fmt: skip
    assert len(changes) == 5


async def test_a_member_is_blocked_and_unblocked_with_a_reason(scene: Scene) -> None:
    mona = moderator(scene)
    answer = await content(scene, mona)
    opened = await mona.select(answer, [scene.alice], custom_id="content-member:one")
    assert form_of(opened)["title"] == "Block a member"
    assert fields(opened)["reason"]["required"]
    done = await mona.submit_modal(opened, {"reason": "spam @everyone"})
    assert f"<@{scene.alice.id}> can't order here any more" in said(done)
    assert said(await scene.animate()) == content_words.MEMBER_BLOCKED()
    answer = await content(scene, mona)
    assert "(“spam @\u200beveryone”)" in shown(answer).text
    opened = await mona.select(answer, [scene.alice], custom_id="content-member:one")
    assert form_of(opened)["title"] == "Unblock a member"
    done = await mona.submit_modal(opened, {"reason": "said sorry"})
    assert said(done) == f"<@{scene.alice.id}> can order here again."
    assert len(await scene.orders()) == 0
    await scene.animate()
    assert len(await scene.orders()) == 1


async def test_a_panel_of_another_server_shows_and_changes_nothing_here(scene: Scene) -> None:
    await typed(scene, moderator(scene), add="ours")
    away = elsewhere(scene)
    await scene.store.finish_set_up(away.guild.id, scene.clock.now())
    answer = reply(await away.otto.slash(away.hall, "settings"))
    await away.otto.click(answer, label="Content")
    assert "0 rules" in shown(answer).text
    opened = await away.otto.click(answer, label="Add or remove")
    await away.otto.submit_modal(opened, {"add": "theirs", "remove": "ours"})
    assert await rules(scene) == ("ours",)
    assert await scene.store.content_rules(away.guild.id) == ("theirs",)


async def test_a_made_up_button_in_the_channel_changes_nothing(scene: Scene) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id="content-review:on"))
    await scene.bot.get_partial_messageable(scene.studio.id).send("forged", view=view)
    message = scene.studio.last_message
    assert message is not None
    refused = await scene.bob.click(message, label="forged")
    assert said(refused) == quota_words.MODERATORS_ONLY()
    assert not (await review(scene)).on


async def test_the_page_works_after_a_restart(scene: Scene, services: Services) -> None:
    mona = moderator(scene)
    answer = await content(scene, mona)
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await mona.click(answer, label="Review orders first")
    assert (await review(scene)).on


async def test_what_only_the_export_can_show_is_cut_in_the_list(scene: Scene) -> None:
    moderation = scene.bot.services.moderation
    await moderation.change(Member(guild_id=scene.guild.id, user_id=1), add="y" * 200)
    mona = moderator(scene)
    answer = await content(scene, mona)
    await mona.click(answer, label="Show all")
    assert "yyy…" in shown(answer).text
