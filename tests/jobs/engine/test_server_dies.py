"""A PostgreSQL server that dies under load, again and again, takes nothing with it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import pytest

from jobs.errors import StorageDown
from jobs.model import Guards, Member
from storage.opening import MIGRATIONS
from tests.jobs.engine.world import PRICE, World
from tests.postgres_cluster import Hold, private_cluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.jobs.engine.world import Bot
    from tests.postgres_cluster import Cluster

MEMBERS: Final = 8
ORDERS: Final = 3
"""Of each member; the allowance is enough for ten clips."""


@pytest.fixture(scope="module")
def durable() -> Iterator[Cluster]:
    """Start a server of its own, which writes to a disk as an operator's does."""
    with private_cluster(durable=True) as started:
        yield started


@pytest.fixture
async def world(durable: Cluster, tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    made = World(tmp_path, empty, await durable.create(MIGRATIONS))
    try:
        yield made
    finally:
        await made.close()


async def order(world: World, bot: Bot, user: int, placed: list[int]) -> None:
    """Order several times, and note what was acknowledged; what is refused is asked for again."""
    member = Member(guild_id=1, user_id=user)
    for _ in range(ORDERS):
        acknowledged = None
        while acknowledged is None:
            with contextlib.suppress(StorageDown):
                acknowledged = await world.order(bot, member=member, variations=2)
        placed.append(acknowledged)


async def work(world: World, bot: Bot, over: asyncio.Event) -> None:
    """Keep an engine going, as its own loops do: a step that fails is tried again."""
    while not over.is_set():
        with contextlib.suppress(StorageDown):
            await bot.engine.drain()
        world.vendor.finish_all()
        world.clock.advance(5)
        await asyncio.sleep(0.01)


async def test_orders_go_on_and_each_is_sent_charged_and_posted_once(
    world: World, durable: Cluster
) -> None:
    world.guards = Guards(per_day=100_000)
    bots = [await world.boot(), await world.boot(alone=False)]
    over, placed = asyncio.Event(), list[int]()
    working = [asyncio.create_task(work(world, bot, over)) for bot in bots]
    ordering = asyncio.gather(
        *(order(world, bots[user % 2], user, placed) for user in range(1, MEMBERS + 1))
    )
    for hold in (None, *Hold):
        if hold is not None:
            await durable.hold(hold)
        await asyncio.sleep(0.4)
        await durable.die()
    await ordering
    over.set()
    await asyncio.gather(*working)

    await world.settle(bots[0])
    await bots[0].check_books()
    assert len(set(placed)) == MEMBERS * ORDERS
    for order_id in placed:
        assert await bots[0].states(order_id) == ["posted", "posted"]
    # One that was refused may have been kept all the same, when nobody could say in time.
    orders = await bots[1].value("SELECT COUNT(*) FROM orders")
    assert orders >= len(placed)
    assert len(world.vendor.requests) == orders
    clips = 2 * orders
    assert len(world.vendor.bill) == clips
    assert world.courier.hooks.calls.count("clip:after") == clips
    assert await bots[0].value("SELECT SUM(charged) FROM entries") == clips * PRICE
    assert await bots[0].house() == 0
