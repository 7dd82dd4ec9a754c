"""A stored clip is posted or kept, whoever dies meanwhile, and removed when its owner says so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.storage.contract.desk import HOUR, LEASE, MINUTE, member, message

if TYPE_CHECKING:
    from jobs.model import Clip
    from tests.storage.contract.desk import Desk


async def post(desk: Desk) -> Clip:
    """Claim a clip for posting and commit the first try."""
    (clip,) = await desk.due("post")
    assert await desk.store.begin_post(clip, desk.now) is not None
    return clip


async def test_a_clip_is_posted_with_the_time_of_its_first_try(desk: Desk) -> None:
    order_id = await desk.ready(member())
    (claimed,) = await desk.due("post")
    assert claimed.first_try_at is None
    order = await desk.store.begin_post(claimed, desk.now)
    assert order is not None
    assert (order.clips[0].state.value, order.clips[0].first_try_at) == ("posting", desk.now)
    await desk.store.put_off(claimed, desk.now + MINUTE)
    desk.now += MINUTE
    (claimed,) = await desk.due("post")
    assert (claimed.first_try_at, claimed.attempts) == (desk.now - MINUTE, 1)
    order = await desk.store.begin_post(claimed, desk.now)
    assert order is not None
    assert order.clips[0].first_try_at == desk.now - MINUTE
    await desk.store.record_posted(claimed, message(5), desk.now)
    clip = await desk.clip(order_id)
    assert (clip.state.value, clip.channel_id, clip.message_id) == ("posted", 3, 5)
    assert await desk.due("post") == ()


async def test_only_the_newest_claimant_may_begin_to_post(desk: Desk) -> None:
    await desk.ready(member())
    (stale,) = await desk.due("post")
    desk.now += LEASE
    (fresh,) = await desk.due("post")
    assert await desk.store.begin_post(stale, desk.now) is None
    assert await desk.store.begin_post(fresh, desk.now) is not None


async def test_what_is_up_is_recorded_whoever_posted_it_and_once(desk: Desk) -> None:
    order_id = await desk.ready(member())
    stale = await post(desk)
    desk.now += LEASE
    fresh = await post(desk)
    await desk.store.record_posted(stale, message(5), desk.now)
    await desk.store.record_posted(fresh, message(6), desk.now)
    assert (await desk.clip(order_id)).message_id == 5
    assert await desk.store.begin_post(fresh, desk.now) is None


async def test_a_stale_claimant_can_not_keep_a_clip_that_another_one_posts(desk: Desk) -> None:
    order_id = await desk.ready(member())
    stale = await post(desk)
    desk.now += LEASE
    await post(desk)
    await desk.store.record_kept(stale, "nowhere", desk.now)
    await desk.store.put_off(stale, desk.now + HOUR)
    assert await desk.states(order_id) == ["posting"]


async def test_a_stale_claimant_does_not_free_the_clip_for_a_third(desk: Desk) -> None:
    await desk.ready(member())
    stale = await post(desk)
    desk.now += LEASE
    await post(desk)
    await desk.store.put_off(stale, desk.now)
    assert await desk.due("post") == ()


async def test_a_posted_clip_is_neither_kept_nor_removed_by_mistake(desk: Desk) -> None:
    order_id = await desk.ready(member())
    clip = await post(desk)
    await desk.store.record_posted(clip, message(5), desk.now)
    posted = await desk.clip(order_id)
    await desk.store.record_kept(clip, "nowhere", desk.now)
    await desk.store.record_removed(posted)
    assert await desk.clip(order_id) == posted
    assert posted.file == f"{clip.id}.mp4"


async def test_a_message_is_recorded_only_for_a_clip_that_was_to_be_posted(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (clip,) = await desk.due("look")
    await desk.store.record_posted(clip, message(5), desk.now)
    assert await desk.states(ordered.order_id) == ["rendering"]


async def test_a_clip_with_nowhere_to_go_is_kept(desk: Desk) -> None:
    order_id = await desk.ready(member())
    clip = await post(desk)
    for _ in range(2):
        await desk.store.record_kept(clip, "nowhere", desk.now)
    kept = await desk.clip(order_id)
    assert (kept.state.value, kept.note, kept.file) == ("kept", "nowhere", f"{clip.id}.mp4")
    assert await desk.due("post") == ()
    # It was up after all: the process that posted it comes back late.
    await desk.store.record_posted(clip, message(5), desk.now)
    assert await desk.states(order_id) == ["posted"]


async def test_the_first_clip_of_an_order_mentions_the_asker_and_stays_the_one(desk: Desk) -> None:
    await desk.ready(member(), clips=3)
    clips = await desk.due("post")
    for clip in (*clips, *clips):
        order = await desk.store.begin_post(clip, desk.now)
        assert order is not None
        assert [one.id for one in order.clips if one.mention] == [clips[0].id]


async def newcomers(desk: Desk, *clips: Clip) -> list[bool]:
    """Begin to post clips; tell which of them are the first of their members."""
    found = []
    for clip in clips:
        order = await desk.store.begin_post(clip, desk.now)
        assert order is not None
        found += [one.newcomer for one in order.clips if one.id == clip.id]
        assert sum(one.newcomer for one in order.clips) == found[-1]
    return found


async def test_only_the_very_first_clip_of_a_member_in_a_guild_is_a_newcomers(desk: Desk) -> None:
    await desk.ready(member(), clips=3)
    assert await newcomers(desk, *await desk.due("post")) == [True, False, False]
    await desk.ready(member())
    assert await newcomers(desk, *await desk.due("post")) == [False]
    await desk.ready(member(user=8))
    await desk.ready(member(guild=2))
    assert await newcomers(desk, *await desk.due("post")) == [True, True]


async def test_after_a_kept_clip_the_next_one_is_the_newcomers(desk: Desk) -> None:
    await desk.ready(member())
    (kept,) = await desk.due("post")
    assert await newcomers(desk, kept) == [True]
    await desk.store.record_kept(kept, "nowhere to post it", desk.now)
    desk.now += MINUTE
    await desk.ready(member())
    (posted,) = await desk.due("post")
    assert await newcomers(desk, posted) == [True]


async def test_a_newcomers_clip_stays_the_first_when_it_is_tried_again(desk: Desk) -> None:
    await desk.ready(member(), clips=2)
    first, second = await desk.due("post")
    assert await newcomers(desk, first) == [True]
    desk.now += 1
    assert await newcomers(desk, second, first, second) == [False, True, False]


async def test_two_clips_begun_at_once_are_never_both_the_first(desk: Desk) -> None:
    await desk.ready(member(), clips=2)
    clips = await desk.due("post")
    orders = await asyncio.gather(*(desk.store.begin_post(clip, desk.now) for clip in clips))
    firsts = [one.newcomer for order in orders if order for one in order.clips]
    assert sum(firsts) == 1
    desk.now += LEASE
    retried = await desk.due("post")
    assert sum(await newcomers(desk, *retried)) <= 1


@pytest.mark.parametrize("posted_first", [True, False])
async def test_a_finished_clip_is_removed_when_its_owner_deletes_it(
    desk: Desk, *, posted_first: bool
) -> None:
    order_id = await desk.ready(member())
    if posted_first:
        await desk.store.record_posted(await post(desk), message(5), desk.now)
    clip = await desk.clip(order_id)
    assert await desk.store.delete_clip(clip.id, desk.now)
    assert not await desk.store.delete_clip(clip.id, desk.now)
    assert await desk.due("post") == ()
    (removal,) = await desk.due("remove")
    assert (removal.message_id, removal.file) == (5 if posted_first else None, f"{clip.id}.mp4")
    for _ in range(2):
        await desk.store.record_removed(removal)
    gone = await desk.clip(order_id)
    assert (gone.state.value, gone.deleted) == ("posted" if posted_first else "kept", True)
    assert (gone.file, gone.video_link, gone.charged) == ("", "", 10)
    desk.now += HOUR
    assert await desk.due("remove") == ()


async def test_a_clip_deleted_while_it_renders_is_paid_and_not_posted(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    clip = await desk.clip(ordered.order_id)
    assert await desk.store.delete_clip(clip.id, desk.now)
    await desk.settle(cost=8)
    assert await desk.due("post") == ()
    assert len(await desk.due("remove")) == 1
    clip = await desk.clip(ordered.order_id)
    assert (clip.state.value, clip.charged) == ("kept", 8)


async def test_a_clip_deleted_after_its_claim_is_not_posted(desk: Desk) -> None:
    await desk.ready(member())
    (clip,) = await desk.due("post")
    await desk.store.delete_clip(clip.id, desk.now)
    assert await desk.store.begin_post(clip, desk.now) is None
    desk.now += LEASE
    assert len(await desk.due("remove")) == 1


@pytest.mark.parametrize("end", ["posted", "kept"])
async def test_a_clip_deleted_while_it_is_posted_is_removed_afterwards(
    desk: Desk, end: str
) -> None:
    order_id = await desk.ready(member())
    clip = await post(desk)
    await desk.store.delete_clip(clip.id, desk.now)
    assert await desk.due("remove") == ()
    if end == "posted":
        await desk.store.record_posted(clip, message(5), desk.now)
    else:
        await desk.store.record_kept(clip, "nowhere", desk.now)
    assert await desk.states(order_id) == [end]
    assert len(await desk.due("remove")) == 1


async def test_a_message_that_turns_up_after_the_removal_is_removed_too(desk: Desk) -> None:
    await desk.ready(member())
    clip = await post(desk)
    await desk.store.delete_clip(clip.id, desk.now)
    await desk.store.record_kept(clip, "nowhere", desk.now)
    (removal,) = await desk.due("remove")
    await desk.store.record_removed(removal)
    await desk.store.record_posted(clip, message(5), desk.now)
    (removal,) = await desk.due("remove")
    assert removal.message_id == 5


async def test_a_failed_clip_can_be_deleted_and_there_is_nothing_to_remove(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.render()
    (clip,) = await desk.due("look")
    await desk.store.record_looks((), (), [desk.failed(clip)], desk.now)
    assert await desk.store.delete_clip(clip.id, desk.now)
    assert await desk.states(ordered.order_id) == ["failed"]
    assert await desk.due("remove") == ()


async def test_an_unknown_clip_can_not_be_deleted(desk: Desk) -> None:
    assert not await desk.store.delete_clip(4, desk.now)
    assert await desk.store.order_of_clip(4) is None
    assert await desk.store.order(4) is None


async def test_two_processes_never_claim_the_same_clip(desk: Desk) -> None:
    await desk.ready(member(), clips=8)
    claims = await asyncio.gather(*(desk.due("post", 3) for _ in range(5)))
    claimed = [clip.id for clips in claims for clip in clips]
    assert len(claimed) == len(set(claimed)) == 8


async def test_what_waits_longest_is_claimed_first(desk: Desk) -> None:
    orders = []
    for _ in range(3):
        orders.append(await desk.ready(member()))
        desk.now += MINUTE
    claimed = [clip.order_id for _ in range(3) for clip in await desk.due("post", 1)]
    assert claimed == orders


async def test_a_clip_that_was_put_off_is_due_again_then(desk: Desk) -> None:
    await desk.ready(member())
    clip = await post(desk)
    await desk.store.put_off(clip, desk.now + MINUTE)
    assert await desk.due("post") == ()
    desk.now += MINUTE
    (again,) = await desk.due("post")
    assert (again.id, again.attempts) == (clip.id, 1)
