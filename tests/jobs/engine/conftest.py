"""The world that every engine test plays in, with its books audited at the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storage import migrate
from storage.opening import MIGRATIONS
from storage.sqlite import SqliteDatabase
from tests.fakes import START
from tests.jobs.engine.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.jobs.engine.world import Bot
    from tests.postgres_cluster import Cluster


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate a database once for all tests; each begins with a copy of its file."""
    path = tmp_path_factory.mktemp("empty") / "bot.db"

    async def make() -> None:
        database = await SqliteDatabase.open(path)
        try:
            await migrate.apply(database, MIGRATIONS, START)
        finally:
            await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
def driver() -> str:
    """Name the database; a module that is about several processes asks for both."""
    return "sqlite"


@pytest.fixture
async def url(driver: str, request: pytest.FixtureRequest) -> str:
    """Name an empty PostgreSQL database, or nothing."""
    if driver != "postgres":
        return ""
    cluster: Cluster = request.getfixturevalue("cluster")
    return await cluster.emptied(MIGRATIONS)


@pytest.fixture
async def world(tmp_path: Path, empty: Path, url: str) -> AsyncIterator[World]:
    """Make a world; whatever process is left in it has to leave right books behind."""
    made = World(tmp_path, empty, url)
    try:
        yield made
        for bot in made.bots:
            await bot.check_books()
    finally:
        await made.close()


@pytest.fixture
async def bot(world: World) -> Bot:
    """Start the bot; tests that need another world first start their own."""
    return await world.boot()
