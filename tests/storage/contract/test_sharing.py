"""What is shared is begun once, recorded as a fact, and looked for after a restored backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.sharing import Tried
from storage.restoring import restored
from tests.storage.contract.desk import MINUTE, member, message

if TYPE_CHECKING:
    from jobs.model import Clip
    from tests.storage.contract.desk import Desk

CHANNEL = 3


async def posted(desk: Desk, *, private: bool = True) -> Clip:
    """Bring a clip to its message."""
    ordered = await desk.place(member(), private=private)
    await desk.render()
    await desk.settle()
    (clip,) = await desk.due("post")
    await desk.store.begin_post(clip, desk.now)
    await desk.store.record_posted(clip, message(5), desk.now)
    return await desk.clip(ordered.order_id)


async def test_the_time_of_the_first_try_stays(desk: Desk) -> None:
    clip = await posted(desk)
    first = desk.now
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) == Tried(first, CHANNEL)
    desk.now += MINUTE
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) == Tried(first, CHANNEL)
    assert (await desk.clip(clip.order_id)).share_first_try_at == first


async def test_the_channel_of_the_first_try_stays_until_it_is_moved(desk: Desk) -> None:
    clip = await posted(desk)
    first = desk.now
    await desk.store.begin_share(clip.id, CHANNEL, first)
    desk.now += MINUTE
    assert await desk.store.begin_share(clip.id, 8, desk.now) == Tried(first, CHANNEL)
    assert await desk.store.move_share(clip.id, 7, 8, desk.now) is False
    assert await desk.store.move_share(clip.id, CHANNEL, 8, desk.now) is True
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) == Tried(desk.now, 8)


async def test_what_is_up_or_deleted_is_not_moved(desk: Desk) -> None:
    clip = await posted(desk)
    await desk.store.begin_share(clip.id, CHANNEL, desk.now)
    await desk.store.record_shared(clip.id, message(6), desk.now)
    assert await desk.store.move_share(clip.id, CHANNEL, 8, desk.now) is False
    other = await posted(desk)
    await desk.store.begin_share(other.id, CHANNEL, desk.now)
    await desk.store.delete_clip(other.id, desk.now)
    assert await desk.store.move_share(other.id, CHANNEL, 8, desk.now) is False


async def test_what_is_shared_is_not_begun_again_and_the_first_message_counts(desk: Desk) -> None:
    clip = await posted(desk)
    await desk.store.begin_share(clip.id, CHANNEL, desk.now)
    await desk.store.record_shared(clip.id, message(6), desk.now)
    await desk.store.record_shared(clip.id, message(7), desk.now)
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) is None
    found = await desk.clip(clip.order_id)
    assert (found.shared_channel_id, found.shared_message_id) == (3, 6)
    assert found.message_id == 5


async def test_a_clip_may_be_shared_before_it_is_written_down_that_its_message_is_up(
    desk: Desk,
) -> None:
    await desk.place(member(), private=True)
    await desk.render()
    await desk.settle()
    (clip,) = await desk.due("post")
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) is None
    await desk.store.begin_post(clip, desk.now)
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) == Tried(desk.now, CHANNEL)
    await desk.store.delete_clip(clip.id, desk.now)
    await desk.store.record_shared(clip.id, message(6), desk.now)
    assert await desk.due("remove") == ()
    await desk.store.record_posted(clip, message(5), desk.now)
    (removal,) = await desk.due("remove")
    assert (removal.message_id, removal.shared_message_id) == (5, 6)


async def test_nothing_without_a_video_and_nothing_deleted_is_begun(desk: Desk) -> None:
    ordered = await desk.place(member(), private=True)
    queued = await desk.clip(ordered.order_id)
    assert await desk.store.begin_share(queued.id, CHANNEL, desk.now) is None
    await desk.store.cancel_order(ordered.order_id, desk.now)
    clip = await posted(desk)
    await desk.store.delete_clip(clip.id, desk.now)
    assert await desk.store.begin_share(clip.id, CHANNEL, desk.now) is None


async def test_a_message_that_turns_up_after_the_removal_makes_it_due_again(desk: Desk) -> None:
    clip = await posted(desk)
    await desk.store.begin_share(clip.id, CHANNEL, desk.now)
    await desk.store.delete_clip(clip.id, desk.now)
    (removal,) = await desk.due("remove")
    await desk.store.record_shared(clip.id, message(6), desk.now)
    await desk.store.record_removed(removal)
    (again,) = await desk.due("remove")
    assert again.shared_message_id == 6
    await desk.store.record_removed(again)
    assert await desk.due("remove") == ()


async def test_after_a_restored_backup_a_private_clip_looks_before_it_is_shared(
    desk: Desk,
) -> None:
    public = await posted(desk, private=False)
    private = await posted(desk)
    await desk.database.run(restored, desk.now)
    assert (await desk.clip(private.order_id)).share_first_try_at == private.ready_at
    assert (await desk.clip(public.order_id)).share_first_try_at is None
