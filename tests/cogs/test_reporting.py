"""Members report results, which are hidden until moderators of the same server have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cogs import content_words, quota_words, report_posts, words
from cogs.case_desk import DiscordCaseDesk
from cogs.reporting import BLOCK_FORM
from cogs.results import clip_buttons
from jobs.governing import Setting
from jobs.model import Member
from jobs.quotas import Doing
from jobs.reporting import Judge
from tests.cogs.deskhands import demote
from tests.cogs.forms_filled import form_of
from tests.cogs.moderating import Court, court_of, written
from tests.cogs.scenes import Scene, labels, last, reply, said

if TYPE_CHECKING:
    import discord

    from jobs.catalogue import Catalogue
    from jobs.model import Order


class Square(Court):
    """A court in which results are reported."""

    judge: Judge

    async def attend(self) -> None:
        """Have the engine hide, ask, and do what was said."""
        for work in await self.judge.claim(10):
            await self.judge.perform(work)

    def edits(self) -> list[dict[str, Any]]:
        """Return what was sent to change messages, oldest first."""
        found = (one for one in self.scene.env.http_requests if one.method == "PATCH")
        return [dict(one.json) for one in found if one.json and "attachments" in one.json]


@pytest.fixture
async def square(scene: Scene, catalogue: Catalogue) -> Square:
    """Let moderators be asked in their channel."""
    made = await court_of(scene, catalogue)
    await made.review(on=False)
    made.__class__ = Square
    assert isinstance(made, Square)
    made.judge = Judge(made.outside, DiscordCaseDesk(scene.bot))
    return made


async def result(square: Square) -> tuple[Order, discord.Message]:
    """Bring a result of Alice's into the channel, as the engine does."""
    scene = square.scene
    order = await scene.ordered()
    message = await scene.post(order)
    await scene.store._database.run(
        written_posted, order.clips[0].id, message.channel.id, message.id
    )  # fmt: skip
    return order, message


def written_posted(clip_id: int, channel_id: int, message_id: int) -> Any:  # noqa: ANN401
    """Say that a clip is posted, and in which message."""
    yield (
        "UPDATE clips SET state = 'posted', channel_id = $1, message_id = $2 WHERE id = $3",
        (channel_id, message_id, clip_id),
    )


async def reported(square: Square) -> tuple[Order, discord.Message]:
    """Have Bob report a result of Alice's, and moderators be asked."""
    order, message = await result(square)
    asked = await square.scene.bob.click(message, label="Report")
    assert said(asked) == content_words.ASK_REPORT()
    done = await square.scene.bob.click(reply(asked), label="Report it")
    assert said(done) == content_words.REPORTED()
    await square.attend()
    return order, last(square.room)


async def test_a_report_hides_the_video_and_asks_the_moderators(square: Square) -> None:
    order, case = await reported(square)
    (body,) = square.edits()
    assert [one["is_spoiler"] for one in body["attachments"]] == [True]
    message = last(square.scene.studio)
    assert message.content.startswith(f"{report_posts.MARK} {content_words.HIDDEN()}\n")
    assert len(message.attachments) == 1
    assert labels(message) == ["Again", "Edit", "Sound", "Delete", "Report"]
    assert labels(case) == ["Keep", "Delete it", "Block its member"]
    assert f"<@{square.scene.bob.id}> reported a video of <@{square.scene.alice.id}>" in (
        case.content
    )
    assert f"/{message.channel.id}/{message.id}" in case.content
    assert "> steam rises" in case.content
    assert square.scene.pings(case) == []
    assert order.id


async def test_keep_brings_it_back_for_good(square: Square) -> None:
    _, case = await reported(square)
    before = last(square.scene.studio).content
    assert said(await square.rolf.click(case, label="Keep")) == content_words.JUST_KEPT()
    await square.attend()
    assert [one["is_spoiler"] for one in square.edits()[-1]["attachments"]] == [False]
    message = last(square.scene.studio)
    assert message.content == before.partition("\n")[2]
    assert f"kept by <@{square.rolf.id}>" in last(square.room).content
    assert labels(last(square.room)) == []
    asked = await square.eve.click(message, label="Report")
    again = await square.eve.click(reply(asked), label="Report it")
    assert said(again) == content_words.ASK_REPORT()
    assert again.followups[0].content == content_words.REPORT_KEPT()


async def test_delete_takes_it_down_and_the_second_moderator_is_told(square: Square) -> None:
    order, case = await reported(square)
    assert said(await square.mona.click(case, label="Delete it")) == content_words.JUST_DELETED()
    late = await square.rolf.click(case, label="Keep")
    assert said(late) == f"That video is decided: deleted by <@{square.mona.id}>."
    (clip,) = (await square.scene.ordering.order(order.id)).clips
    assert clip.deleted
    (removing,) = await square.scene.store.claim_clips("remove", square.scene.clock.now(), 0, 5)
    assert removing.id == clip.id


async def test_its_member_can_be_blocked_from_there_with_a_reason(square: Square) -> None:
    _, case = await reported(square)
    opened = await square.rolf.click(case, label="Block its member")
    assert form_of(opened)["custom_id"].startswith(BLOCK_FORM)
    done = await square.rolf.submit_modal(opened, {"reason": "again and again"})
    assert f"<@{square.scene.alice.id}> can't order here any more" in said(done)
    assert said(await square.scene.animate()) == content_words.MEMBER_BLOCKED()
    (block,) = await square.scene.store.blocks(square.scene.guild.id)
    assert (block.actor_id, block.reason) == (square.rolf.id, "again and again")
    opened = await square.mona.click(case, label="Block its member")
    twice = await square.mona.submit_modal(opened, {"reason": "me too"})
    assert "blocked already" in said(twice)


async def test_who_moderates_no_more_by_then_blocks_nobody_with_an_open_form(
    square: Square,
) -> None:
    _, case = await reported(square)
    opened = await square.rolf.click(case, label="Block its member")
    demote(square.scene, square.rolf)
    late = await square.rolf.submit_modal(opened, {"reason": "spam"})
    assert said(late) == quota_words.MODERATORS_ONLY()
    assert await square.scene.store.blocks(square.scene.guild.id) == ()


@pytest.mark.parametrize(
    ("label", "name"),
    [("Keep", "case-keep"), ("Delete it", "case-delete"), ("Block its member", "case-block")],
)
async def test_members_and_moderators_of_other_servers_decide_nothing(
    square: Square, label: str, name: str
) -> None:
    order, case = await reported(square)
    for member in (square.scene.alice, square.scene.bob, square.eve):
        assert said(await member.click(case, label=label)) == quota_words.MODERATORS_ONLY()
    custom_id = f"{name}:{order.clips[0].id}"
    forged = await square.forge(square.away.create_text_channel("bench"), custom_id)
    outside = await square.eve_away.click(forged, custom_id=custom_id)
    assert said(outside) == words.ORDER_GONE()
    (clip,) = (await square.scene.ordering.order(order.id)).clips
    assert not clip.deleted
    assert await square.scene.store.blocks(square.scene.guild.id) == ()


async def test_a_report_counts_once_a_member_and_not_for_ones_own(square: Square) -> None:
    _, message = await result(square)
    own = await square.scene.alice.click(message, label="Report")
    assert said(own) == content_words.REPORT_OWN()
    first, second = [await square.scene.bob.click(message, label="Report") for _ in range(2)]
    await square.scene.bob.click(reply(first), label="Report it")
    again = await square.scene.bob.click(reply(second), label="Report it")
    assert again.followups[0].content == content_words.REPORT_BEFORE()


async def test_who_is_blocked_from_the_bot_hides_nobodys_results(square: Square) -> None:
    order, message = await result(square)
    asked = await square.scene.bob.click(message, label="Report")
    moderator = Member(guild_id=square.scene.guild.id, user_id=99)
    await square.scene.bot.services.moderation.block(moderator, square.scene.bob.id, "rude")
    late = await square.scene.bob.click(reply(asked), label="Report it")
    assert late.followups[0].content == content_words.MEMBER_BLOCKED()
    again = await square.scene.bob.click(message, label="Report")
    assert said(again) == content_words.MEMBER_BLOCKED()
    assert await square.scene.store.case(order.clips[0].id) is None


# --- where moderators are asked -----------------------------------------------------------------


async def test_in_a_server_that_set_nothing_moderators_are_asked_where_the_video_stands(
    square: Square,
) -> None:
    await chosen(square, "review_channel_id", None)
    order, message = await result(square)
    asked = await square.scene.bob.click(message, label="Report")
    await square.scene.bob.click(reply(asked), label="Report it")
    await square.attend()
    case = last(square.scene.studio)
    assert labels(case) == ["Keep", "Delete it", "Block its member"]
    assert f"a video of <@{square.scene.alice.id}> was reported" in case.content
    assert f"<@{square.scene.bob.id}>" not in case.content  # everybody reads it there
    assert "steam rises" not in case.content
    assert square.scene.pings(case) == []
    (body,) = square.edits()
    assert [one["is_spoiler"] for one in body["attachments"]] == [True]
    refused = await square.eve.click(case, label="Keep")
    assert said(refused) == quota_words.MODERATORS_ONLY()
    assert said(await square.mona.click(case, label="Delete it")) == content_words.JUST_DELETED()
    assert (await square.scene.ordering.order(order.id)).clips[0].deleted


async def test_a_review_channel_that_is_closed_gives_way_to_the_log_channel(
    square: Square,
) -> None:
    log = square.scene.guild.create_text_channel("log")
    await chosen(square, "log_channel_id", log.id)
    square.scene.forbid(square.room, view_channel=False)
    _, message = await result(square)
    asked = await square.scene.bob.click(message, label="Report")
    await square.scene.bob.click(reply(asked), label="Report it")
    for _ in range(2):
        await square.attend()
    assert square.room.last_message is None
    assert labels(last(log)) == ["Keep", "Delete it", "Block its member"]
    assert said(await square.rolf.click(last(log), label="Keep")) == content_words.JUST_KEPT()


async def test_a_case_whose_message_is_gone_is_asked_anew_at_the_next_report(
    square: Square,
) -> None:
    order, case = await reported(square)
    square.scene.env.backend.delete_channel(square.room.id)
    log = square.scene.guild.create_text_channel("log")
    await chosen(square, "review_channel_id", None)
    await chosen(square, "log_channel_id", log.id)
    message = last(square.scene.studio)
    asked = await square.eve.click(message, label="Report")
    await square.eve.click(reply(asked), label="Report it")
    for _ in range(2):
        await square.attend()
    assert labels(last(log)) == labels(case)
    known = await square.scene.store.case(order.clips[0].id)
    assert known is not None
    assert known.message is not None
    assert known.message.message_id == last(log).id


async def test_a_second_report_of_what_moderators_have_before_them_asks_nothing_new(
    square: Square,
) -> None:
    _, case = await reported(square)
    asked = await square.eve.click(last(square.scene.studio), label="Report")
    await square.eve.click(reply(asked), label="Report it")
    for _ in range(2):
        await square.attend()
    assert last(square.room).id == case.id
    assert len(square.room.history()) == 1


@pytest.mark.parametrize("setting", ["log_channel", "review"])
async def test_who_could_be_asked_nowhere_is_asked_once_a_channel_is_chosen(
    square: Square, setting: str
) -> None:
    scene = square.scene
    await chosen(square, "review_channel_id", None)
    _, message = await result(square)
    asked = await scene.bob.click(message, label="Report")
    await scene.bob.click(reply(asked), label="Report it")
    scene.forbid(scene.studio, view_channel=False)
    for _ in range(3):
        await square.attend()
    assert await square.judge.claim(5) == ()
    room = scene.guild.create_text_channel("for-moderators")
    member = Member(guild_id=scene.guild.id, user_id=square.mona.id)
    if setting == "review":
        await scene.bot.services.moderation.set_review(member, "channel_id", room.id)
    else:
        doing = Doing(id=7, guild_id=scene.guild.id, actor_id=square.mona.id)
        await scene.bot.services.governing.change(doing, {Setting.LOG_CHANNEL: room.id})
    await square.attend()
    assert labels(last(room)) == ["Keep", "Delete it", "Block its member"]


async def chosen(square: Square, column: str, channel_id: int | None) -> None:
    """Set one of the server's channels."""
    await square.scene.store._database.run(
        written,
        f"UPDATE guilds SET {column} = $1 WHERE guild_id = $2",  # noqa: S608 - the test's own
        channel_id,
        square.scene.guild.id,
    )


async def test_a_result_of_another_server_can_not_be_reported(square: Square) -> None:
    order, _ = await result(square)
    custom_id = f"report-now:{order.clips[0].id}"
    forged = await square.forge(square.away.create_text_channel("bench"), custom_id)
    refused = await square.eve_away.click(forged, custom_id=custom_id)
    assert refused.followups[0].content == words.NOT_SERVED()
    assert await square.scene.store.case(order.clips[0].id) is None


async def test_what_came_by_direct_message_has_no_report(square: Square) -> None:
    order, message = await result(square)
    direct = clip_buttons(order, order.clips[0])
    assert "report" not in str(direct.to_components())
    assert "Report" in labels(message)


@pytest.mark.parametrize("cover", [True, False])
def test_what_is_veiled_twice_and_unveiled_is_what_it_was(cover: bool) -> None:
    text = "a result\n> with ||a spoiler|| in it"
    once = report_posts.veiled(text, cover=cover)
    assert report_posts.unveiled(once) == text
    assert report_posts.unveiled(text) == text
