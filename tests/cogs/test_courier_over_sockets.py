"""A worker, without gateway, posts over real sockets: lost replies, nonces, sizes, closed doors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from discord.http import Route

from cogs.client import Muybridge
from cogs.courier import DiscordCourier
from jobs.ids import code
from jobs.model import Member, Place
from jobs.parcels import Parcel
from jobs.ports import CannotLook, FittedVideo, MessageKind, PostFailed, PostFault
from jobs.progress import progress_of
from jobs.states import ClipState
from sandbox.discord_api.faults import (
    Fault,
    FaultKind,
    global_rate_limit,
    lost_upload_reply,
    rate_limit,
)
from sandbox.discord_api.server import DiscordSandbox
from tests.cogs.scenes import an_order, with_clips

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cogs.client import Services
    from jobs.catalogue import Catalogue
    from jobs.model import Clip, Order
    from sandbox.people import Person
    from tests.fakes import FakeClock


@dataclass
class Post:
    """A sandbox, a courier without a gateway, and an order of Alice's in #studio."""

    discord: DiscordSandbox
    courier: DiscordCourier
    order: Order
    folder: Path

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @property
    def clip(self) -> Clip:
        return self.order.clips[0]

    def video(self, size: int = 1000) -> FittedVideo:
        path = self.folder / "clip.mp4"
        path.write_bytes(bytes(size))
        return FittedVideo(path=path, bytes=size, shrunk=False, height=720)

    @property
    def since(self) -> int:
        return self.discord.world.clock.now_ms()


@pytest.fixture
async def post(
    services: Services,
    catalogue: Catalogue,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Post]:
    """Log a worker in, and let Alice order two clips."""
    async with DiscordSandbox() as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_base)
        client = Muybridge(services, sync=False)
        await client.login("any-token")
        try:
            world = sandbox.world
            order = an_order(
                2,
                member=Member(guild_id=world.guild.id, user_id=sandbox.person("Alice").id),
                place=Place(channel_id=world.channels["studio"].id, upload_limit=10_000_000),
            )
            order = with_clips(order, ClipState.POSTING, ClipState.READY, charged=12, mention=True)
            yield Post(sandbox, DiscordCourier(client, catalogue, clock), order, tmp_path)
        finally:
            await client.close()


async def test_a_result_arrives_with_its_file_and_pings_its_asker_only(post: Post) -> None:
    await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    (seen,) = post.alice.read()
    assert seen.text.startswith(f"<@{post.alice.id}>, here is clip 1 of 2.")
    assert [file.size for file in seen.files] == [1000]
    assert seen.mentions == ("Alice",)
    assert [button.label for button in seen.buttons] == [
        "Again",
        "Edit",
        "Sound",
        "Delete",
        "Report",
    ]


async def test_files_that_go_ahead_of_a_card_are_up_once_and_found_in_any_language(
    post: Post,
) -> None:
    file = post.folder / "cup.png"
    file.write_bytes(b"picture")
    since, channel = post.since, post.order.place.channel_id
    parcels = [
        Parcel(
            order_id=post.order.id, number=number, channel_id=channel, first=number * 2 + 1,
            last=number * 2 + 2, total=5,
        )
        for number in range(2)
    ]  # fmt: skip
    post.discord.faults.add(lost_upload_reply())
    with pytest.raises(PostFailed):
        await post.courier.post_parcel(post.order, parcels[0], (file, file))
    again = await post.courier.post_parcel(post.order, parcels[0], (file, file))
    second = await post.courier.post_parcel(post.order, parcels[1], (file, file))
    seen = post.alice.read()
    assert [one.text for one in seen] == [
        f"-# Files 1 to 2 of 5 for order #{code(post.order.id)}",
        f"-# Files 3 to 4 of 5 for order #{code(post.order.id)}",
    ]
    assert [[file.name for file in one.files] for one in seen] == [
        ["picture-1.png", "picture-2.png"],
        ["picture-3.png", "picture-4.png"],
    ]
    german = replace(post.order, place=replace(post.order.place, guild_locale="de"))
    assert await post.courier.find_parcel(german, parcels[0], since) == again
    assert await post.courier.find_parcel(post.order, parcels[1], since) == second
    third = replace(parcels[1], number=2, first=5, last=5)
    assert await post.courier.find_parcel(post.order, third, since) is None
    assert await post.courier.find(post.order, MessageKind.CARD, None, since) is None


async def test_a_post_whose_reply_is_lost_is_up_once_however_often_it_is_tried(
    post: Post,
) -> None:
    post.discord.faults.add(lost_upload_reply())
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    assert failed.value.fault is PostFault.LATER
    ref = await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    (seen,) = post.alice.read()
    assert seen.id == ref.message_id


async def test_a_post_that_is_up_after_all_is_not_sent_directly_as_well(post: Post) -> None:
    post.discord.faults.add(lost_upload_reply())
    with pytest.raises(PostFailed):
        await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    post.discord.world.forbid_bot("studio", send_messages=False)
    ref = await post.courier.post_clip(post.order, post.clip, post.video(), direct=True)
    (seen,) = post.alice.read()
    assert ref.message_id == seen.id
    assert ref.channel_id == post.order.place.channel_id
    assert post.alice.dms() == []


async def test_once_the_nonce_is_forgotten_the_lost_post_is_found_instead(post: Post) -> None:
    since = post.since
    post.discord.faults.add(lost_upload_reply())
    with pytest.raises(PostFailed):
        await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    post.discord.skip(3600)
    found = await post.courier.find(post.order, MessageKind.CLIP, post.clip.id, since)
    (seen,) = post.alice.read()
    assert found is not None
    assert found.message_id == seen.id


async def test_when_nothing_arrived_nothing_is_found(post: Post) -> None:
    since = post.since
    post.discord.faults.add(Fault(kind=FaultKind.NO_REPLY, path="/channels/*/messages"))
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    assert failed.value.fault is PostFault.LATER
    assert await post.courier.find(post.order, MessageKind.CLIP, post.clip.id, since) is None


async def test_the_same_post_twice_at_the_same_time_is_one_message(post: Post) -> None:
    video = post.video()
    first, second = await asyncio.gather(
        post.courier.post_clip(post.order, post.clip, video, direct=False),
        post.courier.post_clip(post.order, post.clip, video, direct=False),
    )
    assert first == second
    assert len(post.alice.read()) == 1


async def test_a_file_above_the_limit_is_too_large(post: Post) -> None:
    large = post.video(10 * 1024 * 1024 + 1)
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_clip(post.order, post.clip, large, direct=False)
    assert failed.value.fault is PostFault.TOO_LARGE


async def test_a_rate_limit_is_waited_for(post: Post) -> None:
    post.discord.faults.add(rate_limit("/channels/*/messages", retry_after=0.05))
    await post.courier.post_notice(post.order, direct=False)
    assert len(post.alice.read()) == 1


async def test_a_limit_on_every_route_is_waited_for(post: Post) -> None:
    post.discord.faults.add(global_rate_limit(retry_after=0.05))
    await asyncio.gather(
        post.courier.post_notice(post.order, direct=False),
        post.courier.post_clip(post.order, post.clip, post.video(), direct=False),
    )
    assert len(post.alice.read()) == 2


async def test_a_long_rate_limit_is_given_back_to_the_engine(post: Post) -> None:
    post.discord.faults.add(rate_limit("/channels/*/messages", retry_after=90.0))
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_notice(post.order, direct=False)
    assert failed.value.fault is PostFault.LATER
    assert failed.value.retry_after == 90.0


async def test_an_archived_thread_is_woken_and_a_locked_one_has_no_room(post: Post) -> None:
    thread = post.discord.world.add_thread("studio", "talk")
    place = replace(post.order.place, channel_id=thread.id)
    order = replace(post.order, place=place)
    post.discord.world.archive("talk")
    await post.courier.post_clip(order, post.clip, post.video(), direct=False)
    assert len(post.alice.read("talk")) == 1
    post.discord.world.archive("talk", locked=True)
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_notice(order, direct=False)
    assert failed.value.fault is PostFault.NO_ROOM


async def test_closed_direct_messages_have_no_room(post: Post) -> None:
    post.discord.world.traits_of(post.alice.id).dms_open = False
    with pytest.raises(PostFailed) as failed:
        await post.courier.post_clip(post.order, post.clip, post.video(), direct=True)
    assert failed.value.fault is PostFault.NO_ROOM


async def test_a_lost_post_in_a_channel_that_was_closed_since_is_not_known(post: Post) -> None:
    since = post.since
    await post.courier.post_clip(post.order, post.clip, post.video(), direct=False)
    post.discord.world.forbid_bot("studio", read_message_history=False)
    with pytest.raises(CannotLook):
        await post.courier.find(post.order, MessageKind.CLIP, post.clip.id, since)


async def test_a_redrawn_card_pings_nobody_and_keeps_its_picture(post: Post) -> None:
    picture = post.folder / "a.png"
    picture.write_bytes(b"a picture")
    order = with_clips(post.order, ClipState.QUEUED, ClipState.QUEUED, submitted_at=None)
    ref = await post.courier.post_card(order, progress_of(order, 0), [picture])
    before = await post.courier.fresh_links(ref)
    up = replace(
        post.order, card_channel_id=ref.channel_id, card_message_id=ref.message_id, card_edits=1
    )
    assert await post.courier.edit_card(up, progress_of(up, 0))
    (seen,) = post.alice.read()
    assert seen.edited
    assert seen.mentions == ()
    assert [file.data for file in seen.files] == [b"a picture"]
    after = await post.courier.fresh_links(ref)
    assert [link.split("?")[0] for link in after] == [link.split("?")[0] for link in before]


async def test_the_operator_is_told_over_rest_alone(post: Post) -> None:
    await post.courier.tell_operator("the account is empty")
    owner = post.discord.person("Eadweard")
    assert [seen.text for seen in owner.dms()] == ["the account is empty"]
