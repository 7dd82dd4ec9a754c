"""The fakes of the ports fit them, and keep the promises that other tests lean on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from billing.prices import Endpoint
from jobs.clock import SystemClock
from jobs.model import Member, Options, Order, Picture, Place, Quote
from jobs.ports import (
    CannotLook,
    InDoubt,
    LookFailed,
    Made,
    MessageKind,
    PostFailed,
    RenderRequest,
    VideoTooLarge,
    VideoUnusable,
)
from tests.fakes import NOT_A_VIDEO, Accept, FakeClock, FakeCourier, FakeLibrary, FakeRenderer

if TYPE_CHECKING:
    from pathlib import Path

    from jobs.ports import Clock, Courier, Library, Renderer

ORDER = Order(
    id=7,
    member=Member(guild_id=1, user_id=2),
    place=Place(channel_id=3, upload_limit=100),
    options=Options(
        endpoint=Endpoint.BATCH,
        model="m",
        resolution="720p",
        seconds=5,
        prompt="walk",
        pictures=(Picture(key="p"),),
    ),
    quote=Quote(per_clip=5, clips=1),
    created_at=0,
    clips=(),
)


def fits(clock: FakeClock, folder: Path) -> tuple[Clock, Clock, Renderer, Library, Courier]:
    """Has only to pass the type check: the fakes have the shape of the Protocols."""
    return clock, SystemClock(), FakeRenderer(), FakeLibrary(folder), FakeCourier(clock)


def request(count: int = 1) -> RenderRequest:
    return RenderRequest(
        endpoint=Endpoint.BATCH,
        model="m",
        image_link="https://pictures.invalid/p",
        prompt="walk",
        avoid="",
        resolution="720p",
        seconds=5,
        count=count,
    )


async def test_sleepers_wake_in_the_order_of_their_times_and_not_before() -> None:
    clock, woke = FakeClock(), list[int]()

    async def nap(seconds: int) -> None:
        await clock.sleep(seconds)
        woke.append(seconds)

    async with asyncio.TaskGroup() as group:
        naps = [group.create_task(nap(seconds)) for seconds in (30, 10, 20, 40)]
        await clock.until_asleep(4)
        assert clock.next_at == clock.now() + 10_000
        clock.advance(30)
        await asyncio.wait(naps[:3])
        assert (woke, clock.sleepers) == ([10, 20, 30], 1)
        clock.advance(10)
    assert woke == [10, 20, 30, 40]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.sleep(5))
    await clock.until_asleep()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (clock.sleepers, clock.next_at) == (0, None)


async def test_the_vendor_bills_what_it_made_even_when_our_side_hears_nothing() -> None:
    vendor = FakeRenderer(cost=9)
    vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    assert await vendor.submit(request(2)) == InDoubt(note="reset")
    assert list(vendor.bill.values()) == [9, 9]


async def test_the_vendor_may_refuse_some_clips_and_be_silent_on_others() -> None:
    vendor = FakeRenderer()
    vendor.answers.append(Accept(refused=("no",), fewer=1))
    answer = await vendor.submit(request(4))
    assert isinstance(answer, Made)
    assert (len(answer.clips), answer.refused) == (2, ("no",))


async def test_a_look_leaves_out_hidden_ids_and_refuses_too_many() -> None:
    vendor = FakeRenderer()
    first, second = vendor.make(5), vendor.make(5)
    vendor.hidden.add(first.vendor_id)
    seen = await vendor.look([first.vendor_id, second.vendor_id])
    assert [one.vendor_id for one in seen] == [second.vendor_id]
    vendor.most_ids = 1
    with pytest.raises(LookFailed):
        await vendor.look([first.vendor_id, second.vendor_id])


async def test_a_video_is_fetched_once_and_fitted_to_a_limit(tmp_path: Path) -> None:
    vendor, library = FakeRenderer(), FakeLibrary(tmp_path)
    made = vendor.make(5)
    vendor.finish(made.vendor_id)
    link = vendor.seen[made.vendor_id].link
    kept = await library.keep_video(4, lambda target: vendor.fetch(link, target))
    assert await library.keep_video(4, lambda target: vendor.fetch(link, target)) == kept
    assert vendor.fetched == [link]
    assert (await library.fitted(kept.file, 5)).bytes == 5
    library.shrinks = False
    with pytest.raises(VideoTooLarge):
        await library.fitted(kept.file, 5)


async def test_bytes_that_are_no_video_are_not_kept(tmp_path: Path) -> None:
    async def fetch(target: Path) -> None:
        await asyncio.to_thread(target.write_bytes, NOT_A_VIDEO)

    with pytest.raises(VideoUnusable):
        await FakeLibrary(tmp_path).keep_video(4, fetch)


async def test_the_same_post_is_one_message_while_its_nonce_is_remembered() -> None:
    clock = FakeClock()
    courier = FakeCourier(clock)
    courier.lost_replies = 1
    with pytest.raises(PostFailed):
        await courier.post_notice(ORDER, direct=False)
    again = await courier.post_notice(ORDER, direct=False)
    assert [message.ref for message in courier.of(MessageKind.NOTICE)] == [again]
    assert await courier.find(ORDER, MessageKind.NOTICE, None, clock.now()) == again
    clock.advance(121)
    assert await courier.post_notice(ORDER, direct=False) != again


async def test_a_closed_channel_takes_nothing_and_a_blind_one_can_not_be_read() -> None:
    courier = FakeCourier(FakeClock())
    courier.closed.add(3)
    with pytest.raises(PostFailed):
        await courier.post_notice(ORDER, direct=False)
    with pytest.raises(CannotLook):
        await courier.find(ORDER, MessageKind.NOTICE, None, 0)
    assert (await courier.post_notice(ORDER, direct=True)).channel_id == 2
