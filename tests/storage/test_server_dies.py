"""A server that is killed with commits on their way: each is kept once, and its caller hears."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from storage.postgres import PostgresDatabase
from storage.postgres_sessions import Limits
from tests.postgres_cluster import Cluster, Hold, private_cluster
from tests.storage.conftest import PATIENCE
from tests.storage.test_postgres import add, ask, migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.database import Transaction

__all__ = ["migrations"]

CALLERS: Final = 12


@pytest.fixture(scope="module")
def durable() -> Iterator[Cluster]:
    """Start a server of its own, which waits for the disk as an operator's does."""
    with private_cluster(durable=True) as started:
        yield started


def rows() -> Transaction[None]:
    for row in range(CALLERS):
        yield "INSERT INTO counts (id, n) VALUES ($1, 0)", (row,)


class Counting:
    """Counts up again and again, and how often it was told that it did."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self.told = 0
        self.over = False

    async def run(self, row: int) -> None:
        """Go on until it is over; each caller has a row of its own, so that none waits."""
        while not self.over:
            await self._database.run(add, row)
            self.told += 1

    async def more(self) -> None:
        """Wait until it goes on."""
        seen = self.told
        async with asyncio.timeout(PATIENCE):
            while self.told < seen + CALLERS:  # noqa: ASYNC110 - the database's work
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("hold", [None, *Hold])
async def test_what_was_under_way_is_kept_once_and_told(
    durable: Cluster, migrations: Path, hold: Hold | None
) -> None:
    database = await PostgresDatabase.open(await durable.create(migrations), Limits(patience_s=30))
    await database.run(rows)
    counting = Counting(database)
    callers = [asyncio.create_task(counting.run(row)) for row in range(CALLERS)]
    for _ in range(2):
        await counting.more()
        if hold is not None:
            await durable.hold(hold)
            await durable.until_held()
        await durable.die()
    await counting.more()
    counting.over = True
    await asyncio.gather(*callers)
    assert await database.read(ask, "SELECT SUM(n) AS it FROM counts") == counting.told
    await database.close()
