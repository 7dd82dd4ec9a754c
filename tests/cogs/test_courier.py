"""The courier posts with nonces, pings the asker alone, and finds again what it has posted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from cogs.faults import fault_of
from cogs.searching import PAGE, SKEW_MS, Wanted, search
from jobs.ids import code
from jobs.ports import CannotLook, Courier, MessageKind, MessageRef, PostFailed, PostFault
from jobs.progress import progress_of
from jobs.states import ClipState
from tests.cogs.scenes import Scene, labels, last

if TYPE_CHECKING:
    from cogs.courier import DiscordCourier
    from jobs.model import Clip, Order
    from jobs.ports import FittedVideo


def fits(courier: DiscordCourier) -> Courier:
    """Hold the courier against its port; the type checker does the work."""
    return courier


async def a_video(scene: Scene, clip: Clip) -> FittedVideo:
    path = scene.library.folder / f"{clip.id}.mp4"
    path.write_bytes(b"a video")
    return await scene.library.fitted(path.name, 10_000)


def now_ms(scene: Scene) -> int:
    """Return the simulated Discord's time, from which it makes its ids."""
    return int(scene.env.now().timestamp() * 1000)


def sent(scene: Scene) -> dict[str, Any]:
    """Return the body of the last message that was sent."""
    posts = [
        one
        for one in scene.env.http_requests
        if one.method == "POST" and one.path.endswith("/messages")
    ]
    body = posts[-1].json
    assert isinstance(body, dict)
    return body


async def placed(scene: Scene, **options: Any) -> Order:  # noqa: ANN401 - a command's options
    order = await scene.ordered(**options)
    clips = (replace(order.clips[0], mention=True), *order.clips[1:])
    return replace(order, clips=clips)


# --- posting --------------------------------------------------------------------------------


async def test_a_card_pings_nobody_and_carries_its_nonce(scene: Scene) -> None:
    order = await placed(scene)
    ref = await fits(scene.courier).post_card(order, progress_of(order, 0), ())
    card = last(scene.studio)
    assert ref == MessageRef(channel_id=scene.studio.id, message_id=card.id)
    assert card.content.startswith(f"**Order #{code(order.id)}** for <@{scene.alice.id}>: queued")
    assert labels(card) == ["Cancel"]
    assert scene.pings(card) == []
    assert sent(scene)["nonce"] == f"c{order.id}"
    assert sent(scene)["enforce_nonce"] is True


async def test_a_card_carries_its_pictures_in_order_when_only_it_can_serve_them(
    scene: Scene,
) -> None:
    order = await placed(scene)
    paths = []
    for name in ("first.png", "last.jpeg"):
        path = scene.library.folder / name
        path.write_bytes(name.encode())
        paths.append(path)
    ref = await scene.courier.post_card(order, progress_of(order, 0), paths)
    files = last(scene.studio).attachments
    assert [file.filename for file in files] == ["picture-1.png", "picture-2.jpeg"]
    assert [await file.read() for file in files] == [b"first.png", b"last.jpeg"]
    assert await scene.courier.fresh_links(ref) == tuple(file.url for file in files)


async def test_the_first_result_pings_the_asker_and_nobody_else(scene: Scene) -> None:
    order = await placed(scene, variations=2, prompt=f"@everyone <@{scene.bob.id}> wave")
    for clip in order.clips:
        video = await a_video(scene, clip)
        await scene.courier.post_clip(order, clip, video, direct=False)
    first, second = scene.studio.history(viewer=scene.bob)
    assert scene.pings(first) == [scene.alice.id]
    assert scene.pings(second) == []
    assert first.content.startswith(f"<@{scene.alice.id}>, here is clip 1 of 2.")
    assert labels(first) == ["Again", "Edit", "Sound", "Delete", "Report"]
    assert sent(scene)["nonce"] == str(order.clips[1].id)
    (file,) = first.attachments
    assert file.filename == f"muybridge-{code(order.id)}-1.mp4"
    assert await file.read() == b"a video"


async def test_nonces_fit_and_differ_between_the_kinds_of_messages(scene: Scene) -> None:
    order = replace(await placed(scene), id=2**63 - 1)
    nonces = []
    await scene.courier.post_card(order, progress_of(order, 0), ())
    nonces.append(sent(scene)["nonce"])
    await scene.courier.post_notice(order, direct=False)
    nonces.append(sent(scene)["nonce"])
    clip = replace(order.clips[0], id=2**63 - 1)
    await scene.courier.post_clip(order, clip, None, direct=False)
    nonces.append(sent(scene)["nonce"])
    assert len(set(nonces)) == 3
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_a_notice_pings_the_asker(scene: Scene) -> None:
    order = await placed(scene)
    await scene.courier.post_notice(order, direct=False)
    notice = last(scene.studio)
    assert scene.pings(notice) == [scene.alice.id]
    assert labels(notice) == ["Again"]


async def test_what_is_sent_directly_reaches_the_asker(scene: Scene) -> None:
    order = await placed(scene)
    clip = order.clips[0]
    ref = await scene.courier.post_clip(order, clip, await a_video(scene, clip), direct=True)
    message = last(scene.alice.user.dm_channel)
    assert ref == MessageRef(channel_id=scene.alice.user.dm_channel.id, message_id=message.id)
    assert message.content.startswith(f"I could not post in <#{scene.studio.id}>")
    assert scene.studio.history(viewer=scene.bob) == []


async def test_a_card_is_redrawn_in_place(scene: Scene) -> None:
    order = await placed(scene)
    ref = await scene.courier.post_card(order, progress_of(order, 0), ())
    clips = tuple(replace(clip, state=ClipState.POSTED, charged=10) for clip in order.clips)
    done = replace(
        order, clips=clips, card_channel_id=ref.channel_id, card_message_id=ref.message_id
    )
    assert await scene.courier.edit_card(done, progress_of(done, 0))
    card = last(scene.studio)
    assert card.id == ref.message_id
    assert card.content.endswith(": 1 clip ready, 10 credits")
    assert labels(card) == []


async def test_a_card_that_is_gone_is_not_drawn(scene: Scene) -> None:
    order = await placed(scene)
    ref = await scene.courier.post_card(order, progress_of(order, 0), ())
    up = replace(order, card_channel_id=ref.channel_id, card_message_id=ref.message_id)
    await scene.courier.remove(ref)
    assert scene.studio.history(viewer=scene.bob) == []
    assert not await scene.courier.edit_card(up, progress_of(up, 0))
    assert not await scene.courier.edit_card(order, progress_of(order, 0))


async def test_removing_twice_is_harmless_and_a_lost_message_has_no_links(scene: Scene) -> None:
    order = await placed(scene)
    ref = await scene.courier.post_card(order, progress_of(order, 0), ())
    await scene.courier.remove(ref)
    await scene.courier.remove(ref)
    assert await scene.courier.fresh_links(ref) == ()


async def test_files_are_closed_whatever_becomes_of_the_post(scene: Scene) -> None:
    # An open file would be a ResourceWarning, and those are errors here.
    order = await placed(scene)
    scene.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    with pytest.raises(PostFailed):
        await scene.post(order)


async def test_a_file_that_is_not_there_is_tried_again_later(scene: Scene) -> None:
    order = await placed(scene)
    video = await a_video(scene, order.clips[0])
    video.path.unlink()
    with pytest.raises(PostFailed) as failed:
        await scene.courier.post_clip(order, order.clips[0], video, direct=False)
    assert failed.value.fault is PostFault.LATER


# --- what Discord answers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code_", "fault"),
    [
        (403, 50001, PostFault.NO_ROOM),
        (403, 50013, PostFault.NO_ROOM),
        (403, 50007, PostFault.NO_ROOM),
        (404, 10003, PostFault.NO_ROOM),
        (400, 50083, PostFault.NO_ROOM),
        (400, 50278, PostFault.NO_ROOM),
        (400, 50035, PostFault.NO_ROOM),
        (403, 0, PostFault.NO_ROOM),
        (413, 0, PostFault.TOO_LARGE),
        (413, 40005, PostFault.TOO_LARGE),
        (400, 50045, PostFault.TOO_LARGE),
        (429, 0, PostFault.LATER),
        (429, 20016, PostFault.LATER),
        (429, 30046, PostFault.LATER),
        (400, 20016, PostFault.LATER),
        (400, 20028, PostFault.LATER),
        (400, 30046, PostFault.LATER),
        (401, 0, PostFault.LATER),
        (400, 0, PostFault.LATER),
        (500, 0, PostFault.LATER),
        (503, 0, PostFault.LATER),
        (502, 40005, PostFault.TOO_LARGE),
    ],
)
async def test_a_refusal_is_sorted_by_what_to_do_next(
    scene: Scene, status: int, code_: int, fault: PostFault
) -> None:
    assert fault_of(status, code_) is fault
    order = await placed(scene)
    path = "/channels/*/messages"
    scene.env.inject_error("POST", path, status=status, code=code_, message="a secret prompt")
    with pytest.raises(PostFailed) as failed:
        await scene.courier.post_card(order, progress_of(order, 0), ())
    assert failed.value.fault is fault
    assert "secret" not in str(failed.value)


async def test_a_direct_message_to_who_takes_none_has_no_room(scene: Scene) -> None:
    order = await placed(scene)
    scene.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    with pytest.raises(PostFailed) as failed:
        await scene.courier.post_notice(order, direct=True)
    assert failed.value.fault is PostFault.NO_ROOM


# --- finding again --------------------------------------------------------------------------


async def test_each_kind_of_message_is_found_by_what_it_is_about(scene: Scene) -> None:
    order = await placed(scene, variations=2)
    other = await placed(scene, prompt=f"**Order #{code(order.id)}** for <@1>: a forged card")
    since = now_ms(scene)
    refs = {
        MessageKind.CARD: await scene.courier.post_card(order, progress_of(order, 0), ()),
        MessageKind.NOTICE: await scene.courier.post_notice(order, direct=False),
        MessageKind.PAUSE: await scene.courier.post_pause(order),
    }
    clip = order.clips[1]
    refs[MessageKind.CLIP] = await scene.courier.post_clip(order, clip, None, direct=False)
    await scene.courier.post_card(other, progress_of(other, 0), ())
    await scene.courier.post_clip(order, order.clips[0], None, direct=False)
    for kind, ref in refs.items():
        assert await scene.courier.find(order, kind, clip.id, since) == ref, kind
    assert await scene.courier.find(other, MessageKind.NOTICE, None, since) is None


async def test_a_member_can_not_pass_a_message_off_as_ours(scene: Scene) -> None:
    order = await placed(scene)
    await scene.bob.send(scene.studio, f"**Order #{code(order.id)}** for <@1>: queued")
    assert await scene.courier.find(order, MessageKind.CARD, None, now_ms(scene)) is None


async def test_what_was_posted_long_before_is_not_it(scene: Scene) -> None:
    order = await placed(scene)
    await scene.courier.post_card(order, progress_of(order, 0), ())
    since = now_ms(scene) + SKEW_MS + 1000
    assert await scene.courier.find(order, MessageKind.CARD, None, since) is None
    assert await scene.courier.find(order, MessageKind.CARD, None, since - 2000) is not None


async def test_a_message_behind_hundreds_of_others_is_found(scene: Scene) -> None:
    order = await placed(scene)
    ref = await scene.courier.post_card(order, progress_of(order, 0), ())
    for number in range(2 * PAGE + 10):
        scene.env.backend.create_message(scene.studio.id, scene.bob.id, f"chat {number}")
    assert await scene.courier.find(order, MessageKind.CARD, None, now_ms(scene)) == ref


async def test_in_an_endless_channel_nobody_knows(scene: Scene) -> None:
    order = await placed(scene)
    for number in range(2 * PAGE + 1):
        scene.env.backend.create_message(scene.studio.id, scene.bob.id, f"chat {number}")
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    wanted = Wanted.of(order, MessageKind.CARD, None)
    with pytest.raises(CannotLook):
        await search(scene.bot, channel, wanted, now_ms(scene), pages=2)
    assert await search(scene.bot, channel, wanted, now_ms(scene), pages=3) is None


async def test_in_an_empty_channel_it_is_not_there(scene: Scene) -> None:
    order = await placed(scene)
    assert await scene.courier.find(order, MessageKind.CARD, None, now_ms(scene)) is None


@pytest.mark.parametrize("denied", ["read_message_history", "view_channel"])
async def test_a_channel_that_we_may_not_read_is_not_taken_for_an_empty_one(
    scene: Scene, denied: str
) -> None:
    order = await placed(scene)
    await scene.courier.post_card(order, progress_of(order, 0), ())
    scene.forbid(scene.studio, **{denied: False})
    for kind, clip_id in ((MessageKind.CARD, None), (MessageKind.CLIP, order.clips[0].id)):
        with pytest.raises(CannotLook):
            await scene.courier.find(order, kind, clip_id, now_ms(scene))


async def test_in_a_channel_that_is_gone_nothing_is_up(scene: Scene) -> None:
    order = await placed(scene)
    await scene.courier.post_clip(order, order.clips[0], None, direct=False)
    scene.env.backend.delete_channel(scene.studio.id)
    clip_id = order.clips[0].id
    assert await scene.courier.find(order, MessageKind.CLIP, clip_id, now_ms(scene)) is None


async def test_what_fell_back_to_a_direct_message_is_found_there(scene: Scene) -> None:
    order = await placed(scene)
    clip_id = order.clips[0].id
    since = now_ms(scene)
    ref = await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    assert await scene.courier.find(order, MessageKind.CLIP, clip_id, since) == ref
    scene.forbid(scene.studio, view_channel=False)
    assert await scene.courier.find(order, MessageKind.CLIP, clip_id, since) == ref


async def test_a_private_order_is_looked_for_in_direct_messages_alone(scene: Scene) -> None:
    order = await placed(scene)
    order = replace(order, options=replace(order.options, private=True))
    scene.forbid(scene.studio, view_channel=False)
    clip = order.clips[0]
    assert await scene.courier.find(order, MessageKind.CLIP, clip.id, now_ms(scene)) is None
    ref = await scene.courier.post_clip(order, clip, None, direct=True)
    assert await scene.courier.find(order, MessageKind.CLIP, clip.id, now_ms(scene)) == ref


async def test_who_takes_no_direct_messages_has_none(scene: Scene) -> None:
    order = await placed(scene)
    scene.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    clip_id = order.clips[0].id
    assert await scene.courier.find(order, MessageKind.CLIP, clip_id, now_ms(scene)) is None


async def test_while_discord_is_down_the_search_is_put_off(scene: Scene) -> None:
    order = await placed(scene)
    scene.env.inject_error("GET", "/channels/*/messages", status=503)
    with pytest.raises(PostFailed) as failed:
        await scene.courier.find(order, MessageKind.CARD, None, now_ms(scene))
    assert failed.value.fault is PostFault.LATER


# --- the operator ---------------------------------------------------------------------------


def told(scene: Scene) -> list[str]:
    """Return the direct messages to the application's owner."""
    bodies = [
        one.json
        for one in scene.env.http_requests
        if one.method == "POST" and one.path.endswith("/messages") and isinstance(one.json, dict)
    ]
    return [str(body["content"]) for body in bodies]


async def test_the_operator_hears_the_same_thing_once_a_minute(scene: Scene) -> None:
    await scene.courier.tell_operator("the account is empty")
    await scene.courier.tell_operator("the account is empty")
    await scene.courier.tell_operator("a clip was lost")
    assert told(scene) == ["the account is empty", "a clip was lost"]
    scene.clock.advance(61)
    await scene.courier.tell_operator("the account is empty")
    assert len(told(scene)) == 3
    asked = [one.path for one in scene.env.http_requests if "oauth2" in one.path]
    assert len(asked) == 2  # once at login, once for the owner


async def test_an_operator_who_can_not_be_reached_stops_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.env.inject_error("*", "/users/@me/channels", status=403, code=50007)
    await scene.courier.tell_operator("hello")
    assert "the operator could not be told" in caplog.text
    assert "hello" not in caplog.text


async def test_a_long_text_is_cut_for_the_operator(scene: Scene) -> None:
    await scene.courier.tell_operator("x" * 5000)
    assert len(told(scene)[0]) < 2000


async def test_what_we_send_is_json_that_discord_reads(scene: Scene) -> None:
    order = await placed(scene, prompt="😀 שלום \ud83d")
    await scene.courier.post_card(order, progress_of(order, 0), ())
    json.dumps(sent(scene)).encode()
    assert "😀 שלום" in last(scene.studio).content
    assert isinstance(last(scene.studio), discord.Message)
