"""A database that comes back from a backup pays for nothing, and posts nothing, a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from jobs.ports import MessageKind
from storage.restoring import restored
from tests.jobs.engine.test_restart import CASES, MINUTE, Case

if TYPE_CHECKING:
    from storage.opening import Address
    from tests.jobs.engine.world import World
    from tests.postgres_cluster import Cluster

HOUR: Final = 60 * MINUTE
"""Long enough for Discord to forget nonces, short enough for the picture's link to live."""


@pytest.fixture(params=("sqlite", "postgres"))
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def back_up(world: World, request: pytest.FixtureRequest) -> Address:
    """Copy the database, which nobody uses meanwhile."""
    here = world.address
    if here.sqlite is None:
        cluster: Cluster = request.getfixturevalue("cluster")
        return replace(here, url=await cluster.copied(here.url))
    copy = here.sqlite.with_name("backup.db")
    copy.write_bytes(here.sqlite.read_bytes())
    return replace(here, sqlite=copy)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.bring.__name__)
async def test_what_happened_since_the_backup_does_not_happen_again(
    world: World, case: Case, request: pytest.FixtureRequest
) -> None:
    await case.bring(world, await world.boot())
    await world.die(world.bots[-1])
    backup = await back_up(world, request)
    bot = await world.boot()
    order_id = await bot.value("SELECT id FROM orders")
    await world.settle(bot)
    paid, bill = len(world.vendor.requests), dict(world.vendor.bill)
    up = len(world.courier.of(MessageKind.CLIP)), len(world.courier.of(MessageKind.CARD))
    world.clock.advance(HOUR)

    await world.die(bot)
    world.address = backup
    async with world.address.opened() as database:
        await database.run(restored, world.clock.now())
    bot = await world.boot()
    await world.settle(bot)
    assert (len(world.vendor.requests), world.vendor.bill) == (paid, bill)
    clips, cards = up
    assert len(world.courier.of(MessageKind.CLIP)) == clips
    assert len(world.courier.of(MessageKind.CARD)) == cards
    assert await bot.states(order_id) != ["queued"]
    assert (await bot.ordering.wallet((await bot.get(order_id)).member)).held == 0
