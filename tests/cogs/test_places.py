"""Wherever members write in a server an order is taken, once its results can be posted there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from simcord import ChannelHandle
from simcord.enums import ChannelType

from tests.cogs.forms_filled import batch, send_in
from tests.cogs.looking_back import delivered
from tests.cogs.scenes import PICTURE, Scene, followed, last, reply, said

if TYPE_CHECKING:
    from collections.abc import Callable

    import discord

    from jobs.model import Order

PLACES = ("text channel", "news channel", "thread", "forum post", "voice chat", "stage chat")


def a_thread(scene: Scene, **metadata: bool) -> ChannelHandle:
    """Open a thread in the studio, in a certain state."""
    stored = scene.env.backend.create_thread(scene.studio.id, "takes", scene.alice.id)
    if metadata:
        scene.env.backend.edit_channel(stored.id, {}, thread_metadata=metadata)
    return ChannelHandle(scene.env, scene.guild, stored)


def a_post(scene: Scene) -> ChannelHandle:
    """Open a forum with a post in it."""
    forum = scene.guild.create_forum_channel("gallery")
    stored = scene.env.backend.create_thread(forum.id, "My clips", scene.alice.id)
    return ChannelHandle(scene.env, scene.guild, stored)


MAKERS: dict[str, Callable[[Scene], ChannelHandle]] = {
    "text channel": lambda scene: scene.studio,
    "news channel": lambda scene: scene.guild.create_news_channel("news"),
    "thread": a_thread,
    "forum post": a_post,
    "voice chat": lambda scene: scene.guild.create_voice_channel("lounge"),
    "stage chat": lambda scene: scene.guild.create_stage_channel("stage"),
}


def gate(scene: Scene, place: ChannelHandle) -> ChannelHandle:
    """Return the channel whose permissions count: a thread has none of its own."""
    stored = scene.env.backend.get_channel(place.id)
    if not stored.is_thread:
        return place
    assert stored.parent_id is not None
    return ChannelHandle(scene.env, scene.guild, scene.env.backend.get_channel(stored.parent_id))


async def refused(scene: Scene, place: ChannelHandle) -> str:
    """Ask for a clip there, which must spend nothing; return what is said."""
    told = said(await scene.animate(where=place))
    assert await scene.spendable() == 100
    assert await scene.orders() == []
    return told


# --- every kind of channel ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", PLACES)
async def test_an_order_is_taken_and_its_video_posted_there(scene: Scene, kind: str) -> None:
    place = MAKERS[kind](scene)
    order = await scene.ordered(where=place)
    assert order.place.channel_id == place.id
    clip = order.clips[0]
    path = scene.library.folder / f"{clip.id}.mp4"
    path.write_bytes(b"a video")
    video = await scene.library.fitted(path.name, 10_000)
    ref = await scene.courier.post_clip(order, clip, video, direct=False)
    assert last(place).id == ref.message_id


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("attach_files", "Attach Files"),
        ("read_message_history", "Read Message History"),
        ("view_channel", "View Channels"),
    ],
)
@pytest.mark.parametrize("kind", PLACES)
async def test_a_missing_permission_is_named_and_nothing_is_spent(
    scene: Scene, kind: str, permission: str, name: str
) -> None:
    place = MAKERS[kind](scene)
    scene.forbid(gate(scene, place), **{permission: False})
    told = await refused(scene, place)
    assert told.startswith("I can't post in this channel, because I lack: ")
    assert name in told


@pytest.mark.parametrize("kind", PLACES)
async def test_sending_needs_the_permission_of_its_kind_of_channel(scene: Scene, kind: str) -> None:
    place = MAKERS[kind](scene)
    in_thread = kind in {"thread", "forum post"}
    other, needed = "send_messages_in_threads", "send_messages"
    if in_thread:
        other, needed = needed, other
    scene.forbid(gate(scene, place), **{other: False})
    assert "you keep 90" in said(await scene.animate(where=place))
    await scene.ordering.cancel((await scene.orders())[0].id, (await scene.orders())[0].member)
    scene.forbid(gate(scene, place), **{needed: False})
    told = said(await scene.animate(where=place))
    assert ("Send Messages in Threads" if in_thread else "Send Messages") in told
    assert await scene.spendable() == 100


@pytest.mark.parametrize("kind", ["voice chat", "stage chat"])
async def test_in_a_voice_channel_the_bot_has_to_be_let_in(scene: Scene, kind: str) -> None:
    place = MAKERS[kind](scene)
    scene.forbid(place, connect=False)
    assert "I lack: Connect." in await refused(scene, place)


async def test_embed_links_is_not_needed(scene: Scene) -> None:
    scene.forbid(scene.studio, embed_links=False)
    assert "you keep 90" in said(await scene.animate())


# --- threads --------------------------------------------------------------------------------


async def test_a_locked_thread_takes_orders_only_from_who_manages_threads(scene: Scene) -> None:
    thread = a_thread(scene, locked=True)
    scene.forbid(scene.studio, manage_threads=False)
    assert "I lack: Manage Threads (this thread is locked)." in await refused(scene, thread)
    scene.forbid(scene.studio, manage_threads=True)
    assert "you keep 90" in said(await scene.animate(where=thread))


async def test_an_archived_thread_takes_an_order(scene: Scene) -> None:
    # That a message wakes it is Discord's doing, which simcord lacks: tests/e2e has it.
    thread = a_thread(scene, archived=True)
    assert "you keep 90" in said(await scene.animate(where=thread))


async def test_a_private_thread_has_to_have_the_bot_in_it(scene: Scene) -> None:
    # simcord tells the bot of private threads that it is not in; Discord does not, so it is
    # forgotten here as if it had never been told.
    stored = scene.env.backend.create_thread(
        scene.studio.id, "secret", scene.alice.id, type=ChannelType.PRIVATE_THREAD
    )
    thread = ChannelHandle(scene.env, scene.guild, stored)
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    known = guild.get_thread(thread.id)
    if known is not None:
        guild._remove_thread(known)
    scene.forbid(scene.studio, manage_threads=False)
    told = await refused(scene, thread)
    assert "I lack: a place in this private thread (mention me in it)." in told
    scene.forbid(scene.studio, manage_threads=True)
    assert "you keep 90" in said(await scene.animate(where=thread))


# --- where the result goes, not where the press was -------------------------------------------


async def test_a_private_order_needs_no_permission_in_the_channel(scene: Scene) -> None:
    scene.forbid(scene.studio, send_messages=False, attach_files=False)
    assert "you keep 90" in said(await scene.animate(private=True))


async def test_what_was_lost_between_price_and_confirm_is_named_and_nothing_is_spent(
    scene: Scene,
) -> None:
    offer = reply(await scene.animate(variations=8))
    scene.forbid(scene.studio, attach_files=False)
    result = await scene.alice.click(offer, label="Confirm")
    assert "I lack: Attach Files." in followed(result)
    assert await scene.spendable() == 100
    scene.forbid(scene.studio, attach_files=True)
    await scene.alice.click(offer, label="Confirm")
    assert await scene.spendable() == 20


async def test_what_was_lost_between_a_form_and_its_sending_is_named(scene: Scene) -> None:
    opened = await batch(scene)
    scene.forbid(scene.studio, attach_files=False)
    result = await send_in(scene, opened, images=[PICTURE], prompt="steam rises")
    assert "I lack: Attach Files." in said(result)
    assert await scene.orders() == []


async def direct_result(scene: Scene) -> tuple[Order, discord.Message]:
    """Bring the clip of a public order by direct message, as when its channel was closed."""
    order = await delivered(scene, await scene.ordered())
    await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    return order, last(scene.alice.user.dm_channel)


async def test_again_in_a_direct_message_looks_at_the_channel_of_the_order(scene: Scene) -> None:
    _, message = await direct_result(scene)
    scene.forbid(scene.studio, attach_files=False)
    refused_ = await scene.alice.user.click(message, label="Again")
    assert said(refused_) == (
        f"I can't post in <#{scene.studio.id}>, because I lack: Attach Files. Ask a moderator for "
        "it."
    )
    scene.forbid(scene.studio, attach_files=True)
    offer = reply(await scene.alice.user.click(message, label="Again"))
    scene.forbid(scene.studio, send_messages=False)
    confirmed = await scene.alice.user.click(offer, label="Confirm")
    assert "I lack: Send Messages, " in followed(confirmed)
    assert await scene.spendable() == 90


async def test_again_about_a_channel_that_is_gone_says_so(scene: Scene) -> None:
    _, message = await direct_result(scene)
    scene.env.backend.delete_channel(scene.studio.id)
    result = await scene.alice.user.click(message, label="Again")
    assert said(result).startswith("The channel where the video would go is gone or closed to me.")
