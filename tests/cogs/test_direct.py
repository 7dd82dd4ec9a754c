"""Every button of a result that came by direct message works there, in its own server's name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cogs import form_words, guard_words, share_words
from cogs.replies import Reply
from jobs.asking import Animate
from jobs.forms import FormKind
from jobs.ids import code
from jobs.model import GuildRules, Member
from tests.cogs.forms_filled import PROMPT, fields
from tests.cogs.looking_back import delivered, reread
from tests.cogs.moderating import written
from tests.cogs.scenes import PICTURE, Scene, labels, last, reply, said
from tests.cogs.test_sharing import direct, private_order

if TYPE_CHECKING:
    import discord
    from discord.ui import View
    from simcord import InteractionResult

    from jobs.model import Order

LEFT = "You are not in the server any more where this was made"


async def public_order(scene: Scene) -> Order:
    """Bring the clip of a public order by direct message, as when its channel was closed."""
    order = await delivered(scene, await scene.ordered())
    await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    return order


async def press(scene: Scene, label: str) -> InteractionResult:
    """Press a button below what Alice was sent last."""
    result: InteractionResult = await scene.alice.user.click(direct(scene), label=label)
    return result


async def fill(scene: Scene, opened: InteractionResult, **values: Any) -> InteractionResult:  # noqa: ANN401
    result: InteractionResult = await scene.alice.user.submit_modal(opened, values)
    return result


async def confirm(scene: Scene, offer: InteractionResult) -> Order:
    """Confirm what is offered, and return the order that came of it."""
    await scene.alice.user.click(reply(offer), label="Confirm")
    member = Member(guild_id=scene.guild.id, user_id=scene.alice.id)
    newest, *_ = await scene.bot.services.browsing.suggest(member.guild_id, member.user_id, "", 5)
    return await scene.ordering.order(newest.id)


class Heard:
    """Fits `cogs.replies.Answerable`: what a later process answers by the token."""

    text = ""

    async def edit(self, text: str, view: View | None) -> None:
        self.text = text

    async def add(self, text: str) -> None:
        self.text += text


# --- Edit ---------------------------------------------------------------------------------------


async def test_edit_opens_its_form_and_orders_where_the_clip_was_ordered(scene: Scene) -> None:
    order = await private_order(scene)
    opened = await press(scene, "Edit")
    assert fields(opened)["prompt"]["value"] == PROMPT
    offer = await fill(scene, opened, prompt="smoke drifts")
    assert "Nothing is spent until you press **Confirm**." in said(offer)
    assert await scene.spendable() == 90
    edited = await confirm(scene, offer)
    assert edited.id != order.id
    assert (edited.options.prompt, edited.options.private) == ("smoke drifts", True)
    assert (edited.member.guild_id, edited.place.origin) == (scene.guild.id, scene.studio.id)
    assert await scene.spendable() == 80


async def test_edit_of_a_public_clip_goes_to_its_channel(scene: Scene) -> None:
    await public_order(scene)
    offer = await fill(scene, await press(scene, "Edit"), prompt="smoke drifts")
    edited = await confirm(scene, offer)
    assert not edited.options.private
    assert edited.place.channel_id == scene.studio.id


async def test_another_picture_can_be_put_in_there(scene: Scene) -> None:
    order = await private_order(scene)
    opened = await press(scene, "Edit")
    other = ("tea.png", PICTURE[1] + b"tea")
    edited = await confirm(scene, await fill(scene, opened, images=[other], prompt="smoke"))
    assert edited.options.pictures[0].key != order.options.pictures[0].key


async def test_a_refused_form_is_reopened_there_as_it_was(scene: Scene) -> None:
    await private_order(scene)
    refused = await fill(scene, await press(scene, "Edit"), prompt="\u200e", avoid="blur")
    assert labels(reply(refused)) == ["Reopen"]
    again = await scene.alice.user.click(reply(refused), label="Reopen")
    assert fields(again)["avoid"]["value"] == "blur"
    assert "would keep 80" in said(await fill(scene, again, prompt="smoke drifts"))


async def test_a_form_of_a_server_can_not_be_sent_in_from_a_direct_message(scene: Scene) -> None:
    await private_order(scene)
    opened = await press(scene, "Edit")
    member = Member(guild_id=scene.guild.id, user_id=scene.alice.id)
    form = await scene.bot.services.forms.open(FormKind.BATCH, member, Animate(prompt=""))
    assert opened.modal is not None
    about = int(opened.modal["custom_id"].partition(":")[2])
    known = await scene.bot.services.forms.find(about, scene.alice.id)
    await scene.bot.services.forms.keep(replace(form, id=known.id))
    result = await fill(scene, opened, prompt="smoke drifts")
    assert said(result) == form_words.FORM_GONE()


async def test_what_was_sent_in_there_is_taken_up_by_the_next_process(scene: Scene) -> None:
    order = await private_order(scene)
    opened = await press(scene, "Edit")

    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    work, scene.bot.desk.work = scene.bot.desk.work, die  # type: ignore[method-assign]  # a kill
    await fill(scene, opened, prompt="smoke drifts")
    scene.bot.desk.work = work  # type: ignore[method-assign]  # the next process
    (ask,) = await scene.store.open_asks(0)
    assert (ask.direct, ask.member.guild_id) == (True, order.member.guild_id)
    heard = Heard()
    await scene.bot.desk.work(ask, Reply(id=ask.interaction_id, to=heard))
    assert "would keep 80" in heard.text
    assert await scene.store.open_asks(0) == ()


# --- who and where ------------------------------------------------------------------------------


class TestRoles:
    """Private orders are for a role."""

    @pytest.fixture
    def rules(self) -> GuildRules:
        return GuildRules(private_roles=frozenset({1}))

    async def test_the_roles_of_now_count_when_it_is_sent_in(
        self, scene: Scene, rules: GuildRules
    ) -> None:
        role = scene.guild.create_role("Patron")
        patrons = replace(rules, private_roles=frozenset({role.id}))
        scene.store._defaults = patrons
        scene.env.backend.add_member_role(scene.guild.id, scene.alice.id, role.id)
        await private_order(scene)
        opened = await press(scene, "Edit")
        offer = await fill(scene, opened, prompt="smoke drifts")
        assert "would keep 80" in said(offer)
        scene.env.backend.remove_member_role(scene.guild.id, scene.alice.id, role.id)
        refused = await fill(scene, await press(scene, "Edit"), prompt="smoke drifts")
        assert f"<@&{role.id}>" in said(refused)
        assert labels(reply(refused)) == ["Reopen"]


async def test_who_leaves_while_the_form_is_open_spends_nothing(scene: Scene) -> None:
    await private_order(scene)
    opened = await press(scene, "Edit")
    scene.env.backend.remove_member(scene.guild.id, scene.alice.id)
    refused = await fill(scene, opened, prompt="smoke drifts")
    assert said(refused).startswith(LEFT)


@pytest.mark.parametrize("label", ["Again", "Edit", "Sound", "Share"])
async def test_who_has_left_the_server_reads_so(scene: Scene, label: str) -> None:
    await private_order(scene)
    scene.env.backend.remove_member(scene.guild.id, scene.alice.id)
    result = await press(scene, label)
    assert result.modal is None
    assert said(result) == share_words.LEFT_SERVER()


@pytest.mark.parametrize("label", ["Again", "Edit", "Sound", "Share"])
async def test_a_server_without_the_bot_is_said_to_be_gone(scene: Scene, label: str) -> None:
    await private_order(scene)
    scene.env.backend.remove_guild(scene.guild.id)
    await scene.env.settle()
    result = await press(scene, label)
    assert result.modal is None
    assert said(result) == share_words.SERVER_GONE()


@pytest.mark.parametrize("label", ["Again", "Edit", "Sound"])
async def test_a_channel_that_is_gone_is_said_before_anything_is_typed(
    scene: Scene, label: str
) -> None:
    await public_order(scene)
    scene.env.backend.delete_channel(scene.studio.id)
    result = await press(scene, label)
    assert result.modal is None
    assert said(result) == share_words.NOWHERE_TO_POST()


async def test_a_channel_that_goes_while_the_form_is_open_is_said(scene: Scene) -> None:
    await public_order(scene)
    opened = await press(scene, "Edit")
    scene.env.backend.delete_channel(scene.studio.id)
    refused = await fill(scene, opened, prompt="smoke drifts")
    assert said(refused).startswith(share_words.NOWHERE_TO_POST())


# --- the others ---------------------------------------------------------------------------------


async def test_a_result_there_has_only_buttons_that_work_there(scene: Scene) -> None:
    await private_order(scene)
    assert labels(direct(scene)) == ["Again", "Edit", "Sound", "Delete", "Share"]
    await public_order(scene)
    assert labels(direct(scene)) == ["Again", "Edit", "Sound", "Delete"]


@pytest.mark.parametrize("label", ["Again", "Sound"])
async def test_what_only_quotes_does_so_there_and_confirm_spends(scene: Scene, label: str) -> None:
    order = await private_order(scene)
    made = await confirm(scene, await press(scene, label))
    assert made.place.origin == order.place.origin
    assert made.options.private


async def test_who_has_left_can_still_delete_what_is_theirs(scene: Scene) -> None:
    order = await private_order(scene)
    scene.env.backend.remove_member(scene.guild.id, scene.alice.id)
    asked = await press(scene, "Delete")
    await scene.alice.user.click(reply(asked), label="Delete for good")
    assert (await reread(scene, order)).clips[0].deleted


async def test_again_below_a_notice_of_failure_works_there(scene: Scene) -> None:
    order = await private_order(scene)
    await scene.courier.post_notice(order, direct=True)
    assert "would keep 80" in said(await press(scene, "Again"))
    message: discord.Message = last(scene.alice.user.dm_channel)
    assert labels(message) == ["Again"]


async def test_a_whole_private_order_is_deleted_from_there(scene: Scene) -> None:
    order = await private_order(scene, count=3)
    asked = await press(scene, "Delete")
    await scene.alice.user.click(reply(asked), label="Delete the whole order")
    assert said(asked) == "Deleted: 3 clips. The messages go in a moment."
    assert all(clip.deleted for clip in (await reread(scene, order)).clips)


async def test_what_failed_of_a_private_order_is_told_and_can_be_tried_again_there(
    scene: Scene,
) -> None:
    order = await private_order(scene, count=3)
    for clip in order.clips[:2]:
        await scene.store._database.run(
            written,
            "UPDATE clips SET state = 'failed', reason = 'render_failed' WHERE id = $1",
            clip.id,
        )
    await scene.courier.post_notice(await reread(scene, order), direct=True)
    message: discord.Message = last(scene.alice.user.dm_channel)
    assert message.content.splitlines()[0] == (
        f"Of the 3 videos of order #{code(order.id)} in <#{scene.studio.id}>, 2 did not come, and "
        "nothing was charged for that."
    )
    assert labels(message) == ["Try the failed ones again", "Again"]
    offer = reply(await press(scene, "Try the failed ones again"))
    assert offer.content.startswith("**20 credits** (2 ")


async def test_below_what_waits_in_a_pause_it_can_be_cancelled(scene: Scene) -> None:
    await scene.animate(private=True)
    (glimpse,) = await scene.bot.services.browsing.suggest(scene.guild.id, scene.alice.id, "", 1)
    order = await scene.ordering.order(glimpse.id)
    await scene.courier.post_pause(order)
    message: discord.Message = last(scene.alice.user.dm_channel)
    assert message.content == guard_words.WAITS(
        code=code(order.id), channel=f"<#{scene.studio.id}>"
    )
    assert await scene.spendable() == 90
    await press(scene, "Cancel")
    assert await scene.spendable() == 100
