"""The world that every engine test plays in, with its books audited at the end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storage
from storage import migrate
from storage.sqlite import SqliteDatabase
from tests.fakes import START
from tests.jobs.engine.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.jobs.engine.world import Bot


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate a database once for all tests; each begins with a copy of its file."""
    path = tmp_path_factory.mktemp("empty") / "bot.db"

    async def make() -> None:
        database = await SqliteDatabase.open(path)
        try:
            await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
        finally:
            await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def world(tmp_path: Path, empty: Path) -> AsyncIterator[World]:
    """Make a world; whatever process is left in it has to leave right books behind."""
    made = World(tmp_path, empty)
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
