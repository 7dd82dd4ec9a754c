"""A member shows a private video to the channel that it was ordered in, once and on purpose."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import discord
import pytest

from cogs.client import Muybridge
from cogs.dynamic import row
from cogs.sharing import Share
from jobs.ids import code
from jobs.ports import MessageKind, MessageRef, PostFailed, PostFault
from tests.cogs.looking_back import VIDEO, delivered, moderator, reread, shown, stored, videos
from tests.cogs.scenes import Scene, labels, last, reply, said

if TYPE_CHECKING:
    from simcord import ChannelHandle, InteractionResult

    from cogs.client import Services
    from jobs.model import Clip, Order
    from jobs.ports import FittedVideo


async def private_order(
    scene: Scene,
    *,
    where: ChannelHandle | None = None,
    count: int = 1,
    **options: Any,  # noqa: ANN401 - a command's options
) -> Order:
    """Order in private and bring it to its end: each clip is in Alice's direct messages."""
    await scene.animate(where=where, private=True, variations=count, **options)
    (glimpse,) = await scene.bot.services.browsing.suggest(scene.guild.id, scene.alice.id, "", 1)
    await stored(scene)
    store, now = scene.store, scene.clock.now()
    for clip in await store.claim_clips("post", now, now + 1000, 100):
        begun = await store.begin_post(clip, now)
        assert begun is not None
        video = await scene.library.fitted(clip.file, 10_000)
        ref = await scene.courier.post_clip(begun, clip, video, direct=True)
        await store.record_posted(clip, ref, now)
    return await scene.ordering.order(glimpse.id)


def direct(scene: Scene) -> discord.Message:
    return last(scene.alice.user.dm_channel)


def shared(scene: Scene) -> list[discord.Message]:
    return [one for one in scene.studio.history(viewer=scene.bob) if one.attachments]


async def share(scene: Scene) -> InteractionResult:
    result: InteractionResult = await scene.alice.user.click(direct(scene), label="Share")
    return result


# --- what it does -------------------------------------------------------------------------------


async def test_a_private_result_is_shown_to_the_channel_without_a_mention(scene: Scene) -> None:
    order = await private_order(scene)
    assert labels(direct(scene)) == ["Again", "Edit", "Sound", "Delete", "Share"]
    assert shared(scene) == []
    result = await share(scene)
    (message,) = shared(scene)
    assert message.content.splitlines()[0] == f"<@{scene.alice.id}> shares this clip."
    assert f"#{code(order.id)}" in message.content
    assert scene.pings(message) == []
    assert await message.attachments[0].read() == VIDEO
    assert labels(message) == ["Again", "Edit", "Sound", "Delete", "Report"]
    link = f"https://discord.com/channels/{scene.guild.id}/{scene.studio.id}/{message.id}"
    assert said(result).startswith(f"Shared in <#{scene.studio.id}>: [to the message]({link}).")


async def test_of_several_clips_the_one_that_was_chosen_is_shared(scene: Scene) -> None:
    await private_order(scene, count=3)
    await share(scene)
    (message,) = shared(scene)
    assert message.content.splitlines()[0] == f"<@{scene.alice.id}> shares clip 3 of 3."


async def test_it_is_shared_from_the_opened_order_as_well(scene: Scene) -> None:
    order = await private_order(scene)
    opened = await videos(scene, order=code(order.id))
    await scene.alice.click(reply(opened), label="Share")
    (message,) = shared(scene)
    again = shown(reply(await videos(scene, order=code(order.id))))
    link = f"https://discord.com/channels/{scene.guild.id}/{scene.studio.id}/{message.id}"
    assert f"[shared]({link})" in again.text


async def test_a_public_result_has_no_such_button_and_a_forged_one_does_nothing(
    scene: Scene,
) -> None:
    order = await delivered(scene, await scene.ordered())
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("forged", view=row(Share(order.clips[0].id)))
    result = await scene.alice.click(last(scene.studio), label="Share")
    assert said(result).startswith("That video is for everybody already.")
    assert "Share" not in labels(await scene.post(order))


# --- once -----------------------------------------------------------------------------------


async def test_pressed_twice_it_is_posted_once(scene: Scene) -> None:
    await private_order(scene)
    await share(scene)
    result = await share(scene)
    (message,) = shared(scene)
    assert said(result).startswith("It is shared already: [to the message](")
    assert str(message.id) in said(result)


async def test_pressed_twice_at_once_it_is_posted_once(scene: Scene) -> None:
    order = await private_order(scene)
    sharing = scene.bot.services.sharing
    first, second = await asyncio.gather(*(sharing.share(order.clips[0].id) for _ in range(2)))
    assert first == second
    assert len(shared(scene)) == 1


async def test_a_message_that_no_process_lived_to_write_down_is_found_again(
    scene: Scene, services: Services
) -> None:
    order = await private_order(scene)
    clip = order.clips[0]
    # The simulated Discord has a clock of its own, from which it makes its ids.
    since = int(scene.env.now().timestamp() * 1000)
    assert await scene.store.begin_share(clip.id, scene.studio.id, since) is not None
    video = await scene.library.fitted(clip.file, 10_000)
    up = await scene.courier.post_shared(order, clip, video)
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    await share(scene)
    (message,) = shared(scene)
    assert message.id == up.message_id
    assert (await reread(scene, order)).clips[0].shared_message_id == message.id


async def test_a_share_is_looked_for_in_the_channel_and_not_in_direct_messages(
    scene: Scene,
) -> None:
    order = await private_order(scene)
    clip = order.clips[0]
    assert await scene.courier.find(order, MessageKind.CLIP, clip.id, 0) is not None
    assert await scene.courier.find(order, MessageKind.SHARE, clip.id, 0) is None
    await share(scene)
    assert await scene.courier.find(order, MessageKind.SHARE, clip.id, 0) == MessageRef(
        channel_id=scene.studio.id, message_id=shared(scene)[0].id
    )


class MoodyCourier:
    """Raises what it is told to, then hands on to the real one."""

    def __init__(self, scene: Scene, *faults: PostFailed) -> None:
        self._real = scene.courier
        self._faults = deque(faults)
        self.find = scene.courier.find

    async def post_shared(self, order: Order, clip: Clip, video: FittedVideo | None) -> MessageRef:
        if self._faults:
            raise self._faults.popleft()
        return await self._real.post_shared(order, clip, video)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (PostFault.LATER, "Discord did not answer just now. Press **Share** again in a minute"),
        (PostFault.NO_ROOM, "Discord does not let me post it in <#"),
    ],
)
async def test_what_discord_does_not_take_is_said_and_can_be_tried_again(
    scene: Scene, fault: PostFault, sentence: str
) -> None:
    await private_order(scene)
    moody = MoodyCourier(scene, PostFailed(fault, "a test"))
    scene.bot.services.sharing.courier = moody  # type: ignore[assignment]  # as much as is used
    assert said(await share(scene)).startswith(sentence)
    scene.clock.advance(1)
    await share(scene)
    assert len(shared(scene)) == 1


async def test_a_file_that_is_too_large_is_shared_smaller_and_then_as_a_link(scene: Scene) -> None:
    await private_order(scene)
    large = PostFailed(PostFault.TOO_LARGE, "a test")
    moody = MoodyCourier(scene, large, large, large)
    scene.bot.services.sharing.courier = moody  # type: ignore[assignment]  # as much as is used
    await share(scene)
    message = last(scene.studio)
    assert (
        "It is too large to upload here. [Watch or save it](https://v.invalid/" in message.content
    )


# --- whose and where ------------------------------------------------------------------------


async def test_nobody_else_can_share_it_not_even_a_moderator(scene: Scene) -> None:
    order = await private_order(scene)
    mona = moderator(scene)
    opened = await videos(scene, mona, order=code(order.id))
    refused = await mona.click(reply(opened), label="Share")
    assert said(refused).startswith("Only the member who asked for it can do that.")
    assert shared(scene) == []


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("send_messages", "Send Messages"),
        ("attach_files", "Attach Files"),
        ("view_channel", "View Channels"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_what_the_bot_lacks_in_the_channel_is_named_also_in_direct_messages(
    scene: Scene, permission: str, name: str
) -> None:
    await private_order(scene)
    scene.forbid(scene.studio, **{permission: False})
    refused = said(await share(scene))
    assert refused.startswith(f"I can't post in <#{scene.studio.id}>, because I lack: ")
    assert name in refused
    assert shared(scene) == []


async def test_a_channel_that_is_gone_has_a_sentence(scene: Scene) -> None:
    await private_order(scene)
    scene.env.backend.delete_channel(scene.studio.id)
    result = await share(scene)
    assert said(result).startswith("The channel that it was ordered in is gone or closed to me.")


async def test_who_may_not_use_commands_there_any_more_shares_nothing(scene: Scene) -> None:
    await private_order(scene)
    allowed = discord.Permissions(view_channel=True).value
    everyone = scene.guild.default_role.id
    scene.env.backend.edit_role(scene.guild.id, everyone, {"permissions": allowed})
    scene.forbid(scene.studio, send_messages=True, attach_files=True, read_message_history=True)
    result = await share(scene)
    assert said(result).startswith(f"You can't use commands in <#{scene.studio.id}> now")
    assert scene.studio.last_message is None


async def test_who_left_the_server_shares_nothing_in_it(scene: Scene) -> None:
    await private_order(scene)
    scene.env.backend.remove_member(scene.guild.id, scene.alice.id)
    assert said(await share(scene)).startswith("You are not in the server any more")
    assert shared(scene) == []


async def test_a_file_that_is_not_kept_any_more_has_a_sentence(scene: Scene) -> None:
    order = await private_order(scene)
    (scene.library.folder / order.clips[0].file).unlink()
    result = await share(scene)
    assert said(result).startswith("Its file is no longer kept, so there is nothing to share.")


async def test_a_deleted_clip_is_not_shared(scene: Scene) -> None:
    order = await private_order(scene)
    await scene.ordering.delete(order.clips[0].id, order.member)
    assert said(await share(scene)).startswith("That clip is gone.")
    assert shared(scene) == []
