"""What moderators do is posted to the log channel, in the server's language, pinging nobody."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from cogs import act_words
from cogs.act_log import ActLog
from cogs.language import speaking
from jobs.engine import Engine
from jobs.ids import code
from jobs.logbook import LogChannel, PostActs
from jobs.ports import CannotLook, PostFailed, PostFault
from tests.cogs.deskhands import acts, quota
from tests.cogs.looking_back import moderator
from tests.cogs.scenes import Scene, last

if TYPE_CHECKING:
    from simcord import ChannelHandle

    from jobs.acts import Written


def fits(log: ActLog) -> LogChannel:
    return log


def _log_to(guild_id: int, channel_id: int) -> Any:  # noqa: ANN401 - a transaction
    yield (
        "INSERT INTO guilds (guild_id, log_channel_id) VALUES ($1, $2)",
        (guild_id, channel_id),
    )


def _speak(guild_id: int, language: str) -> Any:  # noqa: ANN401
    yield ("UPDATE guilds SET language = $1 WHERE guild_id = $2", (language, guild_id))


async def opened(scene: Scene) -> ChannelHandle:
    """Give the server a log channel."""
    channel = scene.guild.create_text_channel("log")
    await scene.store._database.run(_log_to, scene.guild.id, channel.id)
    return channel


def step(scene: Scene) -> PostActs:
    dice = random.Random(1)  # noqa: S311 - no secrets here
    return PostActs(scene.store, fits(ActLog(scene.bot)), scene.clock, dice)


async def posted(scene: Scene) -> None:
    await Engine([step(scene)], scene.clock).drain()


async def claimed(scene: Scene) -> Written:
    (report,) = await step(scene).claim(1)
    return report.written


async def test_an_act_is_posted_with_its_code_and_pings_nobody(scene: Scene) -> None:
    log, mona = await opened(scene), moderator(scene)
    await quota(scene, "grant", mona, member=scene.alice, credits=50, reason="@everyone *yes*")
    await posted(scene)
    message = last(log)
    actor, alice = f"<@{mona.id}>", f"<@{scene.alice.id}>"
    assert message.content.startswith("**#")
    assert f"** · {actor} granted 50 credits to {alice}: " in message.content
    assert "@everyone" not in message.content
    assert scene.pings(message) == []
    grant = message.content.split("**")[1].lstrip("#")
    await quota(scene, "undo", mona, entry=grant)
    await posted(scene)
    assert f"undid #{grant} and took 50 credits" in last(log).content


async def test_a_chosen_language_goes_before_the_one_that_discord_says(scene: Scene) -> None:
    log, mona = await opened(scene), moderator(scene)
    await quota(scene, "freeze", mona, member=scene.alice)
    await posted(scene)
    assert " froze " in last(log).content
    await scene.store._database.run(_speak, scene.guild.id, "de")
    await quota(scene, "unfreeze", mona, member=scene.alice)
    await posted(scene)
    with speaking("de"):
        wanted = act_words.UNFREEZE(actor=f"<@{mona.id}>", subject=f"<@{scene.alice.id}>")
    assert wanted in last(log).content
    assert "unfroze" not in wanted


async def test_a_post_carries_the_acts_nonce_and_is_found_later(
    scene: Scene,
) -> None:
    log_channel = await opened(scene)
    await quota(scene, "freeze", member=scene.alice)
    written, log = await claimed(scene), ActLog(scene.bot)
    # Discord's clock makes the messages' ids; in the simulated one it is not the test's.
    began = 0
    assert not await log.is_up(log_channel.id, written, began)
    await log.post(log_channel.id, written, "")
    body = scene.env.http_requests[-1].json
    assert isinstance(body, dict)
    assert (body["nonce"], body["enforce_nonce"]) == (f"a{written.id}", True)
    assert await log.is_up(log_channel.id, written, began)
    assert f"#{code(written.id)}" in last(log_channel).content


async def test_a_channel_that_is_closed_or_gone_has_no_room(scene: Scene) -> None:
    channel = await opened(scene)
    await quota(scene, "freeze", member=scene.alice)
    written, log = await claimed(scene), ActLog(scene.bot)
    scene.forbid(channel, send_messages=False, read_message_history=False)
    with pytest.raises(PostFailed) as failed:
        await log.post(channel.id, written, "")
    assert failed.value.fault is PostFault.NO_ROOM
    with pytest.raises(CannotLook):
        await log.is_up(channel.id, written, 0)
    with pytest.raises(PostFailed) as failed:
        await log.post(channel.id + 1, written, "")
    assert failed.value.fault is PostFault.NO_ROOM


async def test_a_log_channel_that_is_closed_stands_in_nobodys_way(scene: Scene) -> None:
    channel = await opened(scene)
    scene.forbid(channel, view_channel=False)
    await quota(scene, "freeze", member=scene.alice)
    await posted(scene)
    assert len(await acts(scene)) == 1
