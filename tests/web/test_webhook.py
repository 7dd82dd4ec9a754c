"""A webhook is heard, turned away or asked for again, and never does more than hint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.errors import StorageDown
from jobs.ports import InDoubt, LookFailed
from tests.fakes import Accept
from web import app
from web.app import LARGEST_BODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from tests.jobs.engine.world import Bot, World
    from tests.web.conftest import Visitor


async def rendering(world: World, bot: Bot) -> tuple[str, bytes]:
    """Bring an order to the vendor; return the webhook's path and a good body for it."""
    await world.order(bot)
    await bot.engine.drain()
    (request,) = world.vendor.requests
    (vendor_id,) = world.vendor.bill
    return request.webhook_link.removeprefix("https://bot.invalid"), f"good:{vendor_id}".encode()


async def test_a_good_hint_is_heard_also_twice_and_after_the_end(
    world: World, bot: Bot, face: Visitor
) -> None:
    path, body = await rendering(world, bot)
    assert [await face.post(path, body) for _ in range(2)] == [200, 200]
    await world.settle(bot)
    assert await face.post(path, body) == 200
    assert await bot.engine.drain() == 0


async def test_a_hint_brings_a_lost_clip_back(world: World, bot: Bot, face: Visitor) -> None:
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    path, body = await rendering(world, bot)
    assert await face.post(path, body) == 200
    await world.settle(bot)
    assert await bot.value("SELECT state FROM clips") == "posted"


async def test_what_can_not_be_verified_is_turned_away(
    world: World, bot: Bot, face: Visitor
) -> None:
    path, body = await rendering(world, bot)
    for wrong in (b"", b"bad:" + body, b"\xff\x00", b"{}"):
        assert await face.post(path, wrong) == 400
    await world.settle(bot)


async def test_a_hint_for_nobody_is_not_found(world: World, bot: Bot, face: Visitor) -> None:
    path, body = await rendering(world, bot)
    assert await face.post(f"{path}x", body) == 404
    assert await face.post(path, b"good:another") == 404
    await world.settle(bot)


async def test_a_hint_that_can_not_be_confirmed_now_has_to_come_again(
    world: World, bot: Bot, face: Visitor
) -> None:
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    path, body = await rendering(world, bot)
    world.vendor.look_faults.append(LookFailed("timeout", refused=False))
    assert await face.post(path, body) == 503
    assert await face.post(path, b"good:unheard-of") == 503
    assert await face.post(path, body) == 200
    await world.settle(bot)


async def test_while_the_database_is_down_a_hint_has_to_come_again(
    world: World, bot: Bot, face: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = await rendering(world, bot)

    async def down(*_: object) -> bool:
        raise StorageDown("disk full")

    monkeypatch.setattr(bot.store, "hint_clip", down)
    assert await face.post(path, body) == 503
    monkeypatch.undo()
    assert await face.post(path, body) == 200
    await world.settle(bot)


async def test_a_body_over_the_bound_is_not_read(world: World, bot: Bot, face: Visitor) -> None:
    path, body = await rendering(world, bot)
    assert await face.post(path, body.ljust(LARGEST_BODY, b"\0")) != 413
    assert await face.post(path, body.ljust(LARGEST_BODY + 1, b"\0")) == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield body.ljust(LARGEST_BODY // 8, b"\0")

    async with face.http.post(path, data=endless()) as answer:
        assert answer.status == 413
    await world.settle(bot)


async def test_a_body_that_does_not_end_is_not_waited_for(
    world: World, bot: Bot, face: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "BODY_S", 0.01)
    path, body = await rendering(world, bot)
    never = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield body
        await never.wait()

    async with asyncio.timeout(30), face.http.post(path, data=slow()) as answer:
        assert answer.status == 408
    never.set()
    await world.settle(bot)


async def test_a_hint_for_a_send_of_long_ago_is_not_taken_for_a_new_one(
    world: World, bot: Bot, face: Visitor
) -> None:
    path, _ = await rendering(world, bot)
    await world.settle(bot)
    stranger = world.vendor.make(99)
    assert await face.post(path, f"good:{stranger.vendor_id}".encode()) == 404
    assert await bot.value("SELECT COUNT(*) FROM clips WHERE vendor_id IS NOT NULL") == 1
