"""A running engine with its real steps: what a stop or a broken database leaves behind."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import pytest

from jobs import recording
from jobs.errors import StorageDown
from jobs.ports import InDoubt, MessageKind
from jobs.submitting import RECORD_TRIES, RECORD_WAIT_S
from tests.fakes import Accept
from tests.jobs.engine.world import PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World


async def test_a_running_engine_brings_an_order_to_its_end(world: World, bot: Bot) -> None:
    posted = asyncio.Event()

    async def note() -> None:
        posted.set()

    world.courier.hooks["clip:after"] = note
    bot.engine.start()
    await world.clock.until_asleep(len(bot.steps))
    order_id = await world.order(bot)
    while not posted.is_set():
        await world.clock.until_asleep(len(bot.steps))
        world.vendor.finish_all()
        world.clock.advance(5)
    await bot.engine.stop()
    assert await bot.states(order_id) == ["posted"]
    assert bot.engine.failures == 0
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.CLIP)) == 1


async def submit_until(world: World, bot: Bot, moment: str, reached: asyncio.Event) -> int:
    """Run the engine until its paid request comes to that moment."""

    async def note() -> None:
        reached.set()

    world.vendor.hooks[moment] = note
    order_id = await world.order(bot)
    bot.engine.start()
    await reached.wait()
    return order_id


async def test_an_answer_that_comes_with_the_stop_is_written_down(world: World, bot: Bot) -> None:
    order_id = await submit_until(world, bot, "submit:after", asyncio.Event())
    await bot.engine.stop(drain_s=0)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.vendor_id) == ("rendering", *world.vendor.bill)
    bot = await world.restart(bot)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == PRICE


async def test_an_outcome_is_written_down_although_its_task_is_cancelled_meanwhile(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()
    finish = bot.store.finish_send

    async def slowly(*args: Any) -> bool:  # noqa: ANN401 - whatever it is given
        reached.set()
        await go_on.wait()
        return await finish(*args)

    monkeypatch.setattr(bot.store, "finish_send", slowly)
    order_id = await world.order(bot)
    bot.engine.start()
    await reached.wait()
    stopping = asyncio.create_task(bot.engine.stop(drain_s=0))
    for _ in range(20):
        await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert await bot.states(order_id) == ["rendering"]
    await world.settle(await world.restart(bot))


async def test_a_request_that_the_stop_cuts_off_is_in_doubt_and_not_sent_again(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LAST_WORD_S", 0)
    reached = asyncio.Event()

    async def never_answers() -> None:
        reached.set()
        await asyncio.Event().wait()

    world.vendor.hooks["submit:after"] = never_answers
    order_id = await world.order(bot)
    bot.engine.start()
    await reached.wait()
    await bot.engine.stop(drain_s=0)
    assert await bot.states(order_id) == ["submitting"]
    del world.vendor.hooks["submit:after"]
    bot = await world.restart(bot)
    await world.settle(bot)
    assert await bot.states(order_id) == ["released"]
    assert len(world.vendor.requests) == 1
    assert len(world.courier.told) == 1


BROKEN: Final = StorageDown("the disk is full")


async def test_a_paid_id_is_written_down_when_the_database_is_back(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = deque([BROKEN] * 3)
    finish = bot.store.finish_send

    async def fails(*args: Any) -> bool:  # noqa: ANN401 - whatever it is given
        if faults:
            raise faults.popleft()
        return await finish(*args)

    monkeypatch.setattr(bot.store, "finish_send", fails)
    order_id = await world.order(bot)
    submitting = asyncio.create_task(bot.step("submit"))
    for _ in range(3):
        await world.clock.until_asleep()
        assert await bot.states(order_id) == ["submitting"]
        world.clock.advance(RECORD_WAIT_S)
    await submitting
    assert await bot.states(order_id) == ["rendering"]
    assert len(world.vendor.requests) == 1
    await world.settle(bot)


async def test_an_outcome_that_can_never_be_written_down_is_in_doubt_and_its_ids_are_in_the_log(
    world: World, bot: Bot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> bool:  # noqa: ANN401 - whatever it is given
        raise BROKEN

    monkeypatch.setattr(bot.store, "finish_send", fails)
    order_id = await world.order(bot)
    submitting = asyncio.create_task(bot.step("submit"))
    for _ in range(RECORD_TRIES - 1):
        await world.clock.until_asleep()
        world.clock.advance(RECORD_WAIT_S)
    with pytest.raises(StorageDown):
        await submitting
    (vendor_id,) = world.vendor.bill
    assert vendor_id in caplog.text
    monkeypatch.undo()
    await world.settle(bot)
    assert await bot.states(order_id) == ["released"]
    assert len(world.vendor.requests) == 1


async def test_a_drain_does_everything_that_is_due(world: World, bot: Bot) -> None:
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    await world.order(bot)
    assert await bot.engine.drain() > 1
    assert await bot.engine.drain() == 0
