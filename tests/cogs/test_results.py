"""Members press the buttons under results, cards and notices, in the server and in messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cogs.client import Muybridge
from cogs.deleting import Erase
from cogs.dynamic import row
from jobs.errors import NotYours
from jobs.model import Member
from jobs.ports import MadeClip
from jobs.progress import progress_of
from jobs.states import ClipState
from jobs.stores import SendResult
from tests.cogs.scenes import Scene, followed, labels, last, reply, said

if TYPE_CHECKING:
    import discord

    from cogs.client import Services
    from jobs.model import Order, Send
    from storage.database import Rows, Transaction


# --- Again ----------------------------------------------------------------------------------


async def test_again_offers_the_same_to_whoever_presses_it(scene: Scene) -> None:
    message = await scene.post(await scene.ordered(avoid="blur"))
    result = await scene.bob.click(message, label="Again")
    assert "you can spend 100 credits and would keep 90" in said(result)
    assert labels(reply(result)) == ["Confirm", "Cancel"]
    assert len(await scene.orders()) == 1
    await scene.bob.click(reply(result), label="Confirm")
    mine, theirs = await scene.orders()
    assert theirs.member.user_id == scene.bob.id
    assert replace(theirs.options, pictures=()) == replace(mine.options, pictures=())
    assert await scene.spendable(scene.bob) == 90
    assert await scene.spendable(scene.alice) == 90


async def test_again_goes_to_the_channel_where_it_was_pressed(scene: Scene) -> None:
    order = await scene.ordered()
    await scene.post(order)
    result = await scene.alice.click(last(scene.studio), label="Again")
    await scene.alice.click(reply(result), label="Confirm")
    assert (await scene.orders())[-1].place.channel_id == scene.studio.id


async def test_again_without_the_picture_asks_for_it(scene: Scene) -> None:
    order = await scene.ordered()
    message = await scene.post(order)
    (scene.library.folder / order.options.pictures[0].key).unlink()
    result = await scene.bob.click(message, label="Again")
    assert said(result).startswith("The picture is not kept any more. Use `/animate`")


async def test_again_under_a_deleted_clip_says_that_it_is_gone(scene: Scene) -> None:
    order = await scene.ordered()
    message = await scene.post(order)
    await scene.ordering.delete(order.clips[0].id, order.member)
    for label in ("Again", "Delete"):
        result = await scene.alice.click(message, label=label)
        assert said(result) == "That clip is gone. Use `/animate` to make a new one."


async def test_again_works_after_a_restart(scene: Scene, services: Services) -> None:
    message = await scene.post(await scene.ordered())
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    result = await scene.bob.click(message, label="Again")
    assert "would keep 90" in said(result)


async def test_again_under_a_notice_of_failure_offers_the_order_once_more(scene: Scene) -> None:
    order = await scene.ordered()
    await scene.courier.post_notice(order, direct=False)
    result = await scene.alice.click(last(scene.studio), label="Again")
    assert "you can spend 90 credits and would keep 80" in said(result)


async def test_again_where_the_bot_may_not_post_names_what_it_lacks(scene: Scene) -> None:
    order = await scene.ordered()
    message = await scene.post(order)
    scene.forbid(scene.studio, attach_files=False)
    result = await scene.bob.click(message, label="Again")
    assert "I lack: Attach Files." in said(result)


# --- Delete ---------------------------------------------------------------------------------


async def test_delete_asks_first_and_then_deletes_for_everybody(scene: Scene) -> None:
    order = await scene.ordered()
    message = await scene.post(order)
    asked = await scene.alice.click(message, label="Delete")
    assert said(asked) == (
        "Delete this clip for everybody? The message and the file go for good, and what it cost "
        "(10 credits) stays spent."
    )
    assert not await deleted(scene, order)
    await scene.alice.click(reply(asked), label="Delete for good")
    assert said(asked) == "Deleted. The message goes in a moment."
    assert await deleted(scene, order)


async def deleted(scene: Scene, order: Order) -> bool:
    found = await scene.store.order(order.id)
    assert found is not None
    return all(clip.deleted for clip in found.clips)


async def test_only_the_asker_can_delete(scene: Scene) -> None:
    order = await scene.ordered()
    message = await scene.post(order)
    result = await scene.bob.click(message, label="Delete")
    assert said(result).startswith("Only the member who asked for it can do that.")
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("for all to press", view=row(Erase(order.clips[0].id)))
    forged = await scene.bob.click(last(scene.studio), label="Delete for good")
    assert followed(forged).startswith("Only the member who asked for it can do that.")
    assert not await deleted(scene, order)


async def test_deleting_twice_is_harmless(scene: Scene) -> None:
    order = await scene.ordered()
    asked = await scene.alice.click(await scene.post(order), label="Delete")
    await scene.ordering.delete(order.clips[0].id, order.member)
    result = await scene.alice.click(reply(asked), label="Delete for good")
    assert followed(result) == "That clip is gone. Use `/animate` to make a new one."


# --- Cancel on the card ---------------------------------------------------------------------


async def carded(scene: Scene, order: Order) -> discord.Message:
    await scene.courier.post_card(order, progress_of(order, scene.clock.now()), ())
    return last(scene.studio)


async def test_cancel_on_the_card_gives_everything_back(scene: Scene) -> None:
    order = await scene.ordered(variations=3)
    result = await scene.alice.click(await carded(scene, order), label="Cancel")
    assert said(result) == "Cancelled: 3 clips. The credits are yours again."
    assert await scene.spendable() == 100


async def test_nobody_else_can_cancel_an_order(scene: Scene) -> None:
    order = await scene.ordered()
    result = await scene.bob.click(await carded(scene, order), label="Cancel")
    assert said(result).startswith("Only the member who asked for it can do that.")
    assert await scene.spendable() == 90


async def test_cancelling_too_late_says_that_it_will_come(scene: Scene) -> None:
    order = await scene.ordered()
    card = await carded(scene, order)
    send = await on_its_way(scene)
    clip = (send.clip_ids[0], MadeClip(vendor_id="a" * 24, cost=10))
    await scene.store.finish_send(SendResult(send_id=send.id, made=(clip,)), scene.clock.now())
    result = await scene.alice.click(card, label="Cancel")
    assert said(result) == ("It is too late to cancel: the video service has it. It will come.")
    assert await scene.spendable() == 90


async def test_what_can_not_be_stopped_can_be_deleted_unseen(scene: Scene) -> None:
    order = await scene.ordered(variations=2)
    card = await carded(scene, order)
    send = await on_its_way(scene)
    clips = tuple((id_, MadeClip(vendor_id=f"{id_:024x}", cost=10)) for id_ in send.clip_ids)
    await scene.store.finish_send(SendResult(send_id=send.id, made=clips), scene.clock.now())
    answer = reply(await scene.alice.click(card, label="Cancel"))
    assert labels(answer) == ["Delete it unseen"]
    hidden = await scene.alice.click(answer, label="Delete it unseen")
    assert said(hidden).startswith("2 clips will be deleted as soon as they are ready")
    found = await scene.ordering.order(order.id)
    assert [clip.deleted for clip in found.clips] == [True, True]
    assert await scene.spendable() == 80


async def test_nobody_else_can_have_an_order_deleted_unseen(scene: Scene) -> None:
    order = await scene.ordered()
    member = Member(guild_id=scene.guild.id, user_id=scene.bob.id)
    with pytest.raises(NotYours):
        await scene.ordering.hide(order.id, member)
    assert not (await scene.ordering.order(order.id)).clips[0].deleted


async def on_its_way(scene: Scene) -> Send:
    """Have the only paid request leave."""
    now = scene.clock.now()
    (send,) = await scene.store.claim_sends(now, now + 1000, 5)
    assert await scene.store.intend(send, now, now + 1000)
    return send


async def test_cancelling_on_the_way_counts_if_it_comes_back(scene: Scene) -> None:
    card = await carded(scene, await scene.ordered())
    send = await on_its_way(scene)
    result = await scene.alice.click(card, label="Cancel")
    assert said(result) == (
        "It is on its way to the video service right now, too late to stop. If it comes back "
        "unmade, it is cancelled and costs nothing; otherwise the video will come."
    )
    await scene.store.put_back(send, scene.clock.now(), "busy", scene.clock.now())
    assert await scene.spendable() == 100


async def test_a_card_has_its_button_only_while_it_is_queued(scene: Scene) -> None:
    order = await scene.ordered()
    card = await carded(scene, order)
    assert labels(card) == ["Cancel"]
    up = replace(order, card_channel_id=scene.studio.id, card_message_id=card.id)
    clips = tuple(
        replace(clip, state=ClipState.RENDERING, submitted_at=scene.clock.now())
        for clip in up.clips
    )
    up = replace(up, clips=clips)
    assert await scene.courier.edit_card(up, progress_of(up, scene.clock.now()))
    assert labels(last(scene.studio)) == []


# --- direct messages ------------------------------------------------------------------------


async def private_result(scene: Scene) -> discord.Message:
    """Send a private order's clip to Alice, and return the message."""
    await scene.animate(private=True)
    rows = await scene.store._read(_clips)
    order = await scene.store.order_of_clip(int(rows[0]["id"]))
    assert order is not None
    await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    return last(scene.alice.user.dm_channel)


def _clips() -> Transaction[Rows]:
    """Read every clip: a transaction of the test's own."""
    return (yield ("SELECT id FROM clips", ()))


async def test_again_in_a_direct_message_asks_discord_for_the_roles(scene: Scene) -> None:
    message = await private_result(scene)
    before = len(scene.env.http_requests)
    result = await scene.alice.user.click(message, label="Again")
    assert "you can spend 90 credits and would keep 80" in said(result)
    asked = [one.path for one in scene.env.http_requests[before:] if one.method == "GET"]
    assert f"/guilds/{scene.guild.id}/members/{scene.alice.id}" in asked
    await scene.alice.user.click(reply(result), label="Confirm")
    assert await scene.spendable() == 80


async def test_delete_works_in_a_direct_message(scene: Scene) -> None:
    message = await private_result(scene)
    asked = await scene.alice.user.click(message, label="Delete")
    await scene.alice.user.click(reply(asked), label="Delete for good")
    assert said(asked) == "Deleted. The message goes in a moment."


async def test_who_left_the_server_can_not_spend_its_credits_from_a_direct_message(
    scene: Scene,
) -> None:
    message = await private_result(scene)
    scene.env.backend.remove_member(scene.guild.id, scene.alice.id)
    result = await scene.alice.user.click(message, label="Again")
    assert said(result).startswith("You are not in the server any more where this was made")


@pytest.mark.parametrize("guilds", [frozenset({1})])
async def test_buttons_about_a_server_that_is_not_served_do_nothing(scene: Scene) -> None:
    member = Member(guild_id=scene.guild.id, user_id=scene.alice.id)
    assert not scene.bot.serves(member.guild_id)
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("old", view=row(Erase(7)))
    result = await scene.alice.click(last(scene.studio), label="Delete for good")
    assert said(result).startswith("This bot does not work in this server.")
