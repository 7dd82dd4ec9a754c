"""Moderators delete members' clips in their own server and say why; owners may keep messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.deleting import EraseOrder, EraseOrderTheirs, EraseTheirs
from cogs.dynamic import row
from jobs.acts import ActKind, ActSlice
from jobs.ids import code
from storage.acts import read_acts
from tests.cogs.looking_back import delivered, moderator, reread, videos
from tests.cogs.scenes import Scene, labels, last, reply, said
from tests.cogs.test_sharing import private_order

if TYPE_CHECKING:
    from simcord import InteractionResult, MemberActor

    from jobs.acts import Written
    from jobs.model import Order


async def acts(scene: Scene) -> tuple[Written, ...]:
    return await scene.store._read(read_acts, ActSlice(guild_id=scene.guild.id, limit=10))


async def delete(
    scene: Scene, who: MemberActor, below: discord.Message, reason: str = "spam"
) -> InteractionResult:
    """Press Delete below a message, Delete for good, and say why."""
    asked = await who.click(below, label="Delete")
    form = await who.click(reply(asked), label="Delete for good")
    return await who.submit_modal(form, {"reason": reason})


async def is_deleted(scene: Scene, order: Order) -> bool:
    return (await reread(scene, order)).clips[0].deleted


async def test_a_moderator_deletes_a_members_clip_and_the_act_is_written_down(
    scene: Scene,
) -> None:
    order = await delivered(scene, await scene.ordered())
    message = await scene.post(order)
    mona = moderator(scene)
    asked = await mona.click(message, label="Delete")
    assert said(asked) == (
        f"Delete this clip of <@{scene.alice.id}> for everybody? The message and the file go for "
        "good, and what it cost (10 credits) stays spent. Your reason stands in the history."
    )
    assert not await is_deleted(scene, order)
    told = await delete(scene, mona, message, " not\0 here ")
    assert said(told) == "Deleted. The message goes in a moment."
    assert await is_deleted(scene, order)
    (written,) = await acts(scene)
    act = written.act
    assert (act.kind, act.actor_id, act.subject_id) == (ActKind.DELETE, mona.id, order.id)
    assert (act.about, act.reason) == (code(order.id), "not here")
    assert await scene.spendable() == 90


async def test_a_moderator_deletes_a_private_clip_from_the_members_list(scene: Scene) -> None:
    order = await private_order(scene)
    mona = moderator(scene)
    opened = await videos(scene, mona, member=scene.alice, order=code(order.id))
    asked = await mona.click(reply(opened), label="Delete")
    form = await mona.click(reply(asked), label="Delete for good")
    await mona.submit_modal(form, {"reason": ""})
    assert await is_deleted(scene, order)
    assert len(await acts(scene)) == 1


async def test_deleting_twice_writes_one_act(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    message = await scene.post(order)
    mona = moderator(scene)
    asked = reply(await mona.click(message, label="Delete"))
    forms = [await mona.click(asked, label="Delete for good") for _ in range(2)]
    told = [await mona.submit_modal(form, {"reason": "spam"}) for form in forms]
    assert said(told[1]) == "That clip is gone. Use `/animate` to make a new one."
    assert len(await acts(scene)) == 1


async def test_a_member_deletes_nobody_elses_clip_also_not_by_a_forged_button(
    scene: Scene,
) -> None:
    order = await delivered(scene, await scene.ordered())
    refused = await scene.bob.click(await scene.post(order), label="Delete")
    assert said(refused).startswith("Only the member who asked for it can do that.")
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("forged", view=row(EraseTheirs(order.clips[0].id)))
    form = await scene.bob.click(last(scene.studio), label="Delete for good")
    told = await scene.bob.submit_modal(form, {"reason": "because"})
    assert said(told).startswith("Only the member who asked for it can do that.")
    assert not await is_deleted(scene, order)
    assert await acts(scene) == ()


async def test_a_moderator_of_another_server_sees_and_changes_nothing(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    elsewhere = scene.env.create_guild("Elsewhere")
    hall = elsewhere.create_text_channel("hall")
    power = discord.Permissions(manage_guild=True)
    crew = elsewhere.create_role("Crew", permissions=power)
    boss = elsewhere.add_member(scene.bob.user, roles=[crew])
    looked = await boss.slash(hall, "videos", order=code(order.id))
    assert said(looked).startswith(f"There is no order #{code(order.id)} here.")
    channel = scene.bot.get_partial_messageable(hall.id)
    await channel.send("forged", view=row(EraseTheirs(order.clips[0].id)))
    form = await boss.click(last(hall), label="Delete for good")
    told = await boss.submit_modal(form, {"reason": "mine"})
    assert said(told).startswith("That clip is gone.")
    assert not await is_deleted(scene, order)


async def test_who_is_no_moderator_any_more_deletes_nothing(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    mona = moderator(scene)
    asked = await mona.click(await scene.post(order), label="Delete")
    form = await mona.click(reply(asked), label="Delete for good")
    scene.env.backend.remove_member_role(scene.guild.id, mona.id, scene.guild.roles["Crew"].id)
    told = await mona.submit_modal(form, {"reason": "spam"})
    assert said(told).startswith("Only the member who asked for it can do that.")
    assert not await is_deleted(scene, order)


# --- the message may stay ---------------------------------------------------------------------


async def test_an_owner_may_keep_the_message(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    asked = await scene.alice.click(await scene.post(order), label="Delete")
    assert labels(reply(asked)) == ["Delete for good", "Delete, keep the message"]
    await scene.alice.click(reply(asked), label="Delete, keep the message")
    assert said(asked).startswith("Deleted. The message stays;")
    clip = (await reread(scene, order)).clips[0]
    assert (clip.deleted, clip.keep_message) == (True, True)


# --- the whole order ----------------------------------------------------------------------------


async def of_three(scene: Scene) -> tuple[Order, discord.Message]:
    """Order three clips, and bring them all."""
    order = await scene.ordered(variations=3)
    order = await delivered(scene, order)
    return order, await scene.post(order)


async def test_an_owner_deletes_the_whole_order_in_one_step(scene: Scene) -> None:
    order, message = await of_three(scene)
    asked = await scene.alice.click(message, label="Delete")
    assert said(asked).splitlines()[1] == (
        "Or delete the whole order, 3 clips: what they cost (30 credits) stays spent."
    )
    assert labels(reply(asked))[2:] == ["Delete the whole order", "Delete all, keep the messages"]
    await scene.alice.click(reply(asked), label="Delete the whole order")
    assert said(asked) == "Deleted: 3 clips. The messages go in a moment."
    clips = (await reread(scene, order)).clips
    assert [(clip.deleted, clip.keep_message) for clip in clips] == [(True, False)] * 3
    assert await scene.spendable() == 70


async def test_the_messages_of_a_whole_order_may_stay(scene: Scene) -> None:
    order, message = await of_three(scene)
    asked = await scene.alice.click(message, label="Delete")
    await scene.alice.click(reply(asked), label="Delete all, keep the messages")
    assert said(asked).startswith("Deleted: 3 clips. The messages stay;")
    assert all(clip.keep_message for clip in (await reread(scene, order)).clips)


async def test_one_clip_that_is_left_is_no_whole_order(scene: Scene) -> None:
    order, message = await of_three(scene)
    for clip in order.clips[1:]:
        await scene.ordering.delete(clip.id, order.member)
    asked = await scene.alice.click(message, label="Delete")
    assert labels(reply(asked)) == ["Delete for good", "Delete, keep the message"]


async def test_what_is_still_in_the_line_is_given_back(scene: Scene) -> None:
    order = await scene.ordered(variations=2)
    asked = await scene.alice.click(await scene.post(order), label="Delete")
    assert said(asked).endswith(
        "what they cost (0 credits) stays spent. What is still in the line is cancelled and costs "
        "nothing."
    )
    await scene.alice.click(reply(asked), label="Delete the whole order")
    assert said(asked) == (
        "Deleted: 2 clips. The messages go in a moment. Of those still in the line, and so for "
        "free: 2 clips."
    )
    assert await scene.spendable() == 100


async def test_a_moderator_deletes_a_members_whole_order_and_says_why(scene: Scene) -> None:
    order, message = await of_three(scene)
    mona = moderator(scene)
    asked = await mona.click(message, label="Delete")
    assert labels(reply(asked)) == ["Delete for good", "Delete the whole order"]
    form = await mona.click(reply(asked), label="Delete the whole order")
    told = await mona.submit_modal(form, {"reason": "spam"})
    assert said(told) == "Deleted: 3 clips. The messages go in a moment."
    assert all(clip.deleted for clip in (await reread(scene, order)).clips)
    (written,) = await acts(scene)
    assert (written.act.kind, written.act.subject_id) == (ActKind.DELETE, order.id)
    assert (written.act.about, written.act.reason) == (code(order.id), "spam")
    form = await mona.click(reply(asked), label="Delete the whole order")
    assert said(await mona.submit_modal(form, {"reason": ""})) == "It was deleted already."
    assert len(await acts(scene)) == 1


async def test_nobody_else_deletes_a_whole_order_also_not_by_forged_buttons(scene: Scene) -> None:
    order, _ = await of_three(scene)
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    forged = await channel.send("1", view=row(EraseOrder(order.id), EraseOrderTheirs(order.id)))
    for label in (f"erase-order:{order.id}", f"erase-order-theirs:{order.id}"):
        pressed = await scene.bob.click(forged, custom_id=label)
        if pressed.modal is not None:
            pressed = await scene.bob.submit_modal(pressed, {"reason": "because"})
        told = [*pressed.followups, *([pressed.response] if pressed.response else [])]
        assert any("Only the member who asked for it" in one.content for one in told)
    assert not any(clip.deleted for clip in (await reread(scene, order)).clips)
    assert await acts(scene) == ()
