"""The real bot on a real PostgreSQL: alone, and as one gateway with several workers."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobs import fetching
from sandbox.bot_process import BotProcess
from sandbox.demo import Narrator, play
from sandbox.watch import CREATE, FILE, RESULT, Watch, When
from storage.opening import MIGRATIONS
from storage.seats import FOLDER
from tests.e2e.stage import PATIENCE_S, animate, books, database_of, ended, open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.studio import Studio
    from storage.database import Transaction
    from tests.postgres_cluster import Cluster

NONE = MIGRATIONS / "none"


@pytest.fixture
async def url(cluster: Cluster) -> str:
    """Name a database in which nobody has been; the bot makes its tables."""
    return await cluster.create(NONE)


@asynccontextmanager
async def workers(studio: Studio, *names: str) -> AsyncIterator[list[BotProcess]]:
    """Run further processes beside the studio's own, each with a log of its own."""
    hired = []
    for name in names:
        folder = studio.folder / name
        folder.mkdir()
        hired.append(BotProcess(folder, studio.bot.settings | {"ROLE": "worker"}))
    try:
        for worker in hired:
            await worker.start()
        yield hired
    finally:
        codes = [await worker.stop() for worker in hired]
    assert codes == [0] * len(names), "\n".join(worker.last_words() for worker in hired)


async def test_the_demo_is_the_same_on_postgresql(url: str, tmp_path: Path) -> None:
    async with open_studio(tmp_path, DATABASE_URL=url) as studio:
        story = await play(studio, Narrator())
        refused, pid = await studio.bot.command("restored"), studio.bot.pid
        kept = await books(studio)
        log = studio.bot.log.read_text()
    assert (kept.orders, kept.clips, kept.wrong, kept.held) == (1, ("posted",), (), 0)
    assert 0 < kept.charged == story.charge
    assert (refused.code, f"held by process {pid}" in refused.errors) == (1, True)
    assert "not-a-secret" not in log
    assert not (tmp_path / "muybridge.db").exists()


def from_the_future() -> Transaction[None]:
    yield "INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'x', 0)", ()


async def test_the_operators_commands_know_it(url: str, tmp_path: Path) -> None:
    async with open_studio(tmp_path, bot_starts=False, DATABASE_URL=url) as studio:
        migrated = await studio.bot.command("migrate")
        assert migrated.code == 0, migrated.errors
        again = await studio.bot.command("migrate")
        assert again.output.startswith("0 migrations")
        checked = await studio.bot.command("check")
        assert "ok     The database on PostgreSQL can be opened." in checked.output
        restored = await studio.bot.command("restored")
        assert restored.output.startswith("0 queued orders")
        async with database_of(studio).opened() as database:
            await database.run(from_the_future)
        newer = await studio.bot.command("run")
        assert (newer.code, "run the newer bot" in newer.errors) == (1, True)
        studio.bot.settings["DATABASE_URL"] = url.replace("/test_", "/nowhere_")
        checked = await studio.bot.command("check")
        assert "WRONG  DATABASE_URL: database" in checked.output
        refused = await studio.bot.command("run")
        assert (refused.code, "does not exist" in refused.errors) == (1, True)
        shown = checked.output + refused.errors + migrated.output
        assert "not-a-secret" not in shown


async def test_a_killed_bot_takes_its_order_up_again_at_once(url: str, tmp_path: Path) -> None:
    watch = Watch()
    async with open_studio(tmp_path, watch.middleware, DATABASE_URL=url) as studio:
        alice = studio.discord.person("Alice")
        for request in (FILE, RESULT):
            watch.at(request, When.CARRIED_OUT, studio.bot.kill)
        await animate(alice)
        for _ in range(2):
            await watch.sprung()
            await studio.start_bot()
        ending = await ended(studio, alice)
        kept = await books(studio)
    assert (len(ending.videos), kept.clips, kept.wrong) == (1, ("posted",), ())


async def third_seated(studio: Studio) -> None:
    """Wait until three processes have a seat."""
    seat = Path(studio.bot.settings["MEDIA_DIR"]) / FOLDER / "3"
    async with asyncio.timeout(PATIENCE_S):
        while not seat.exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.02)


async def test_what_a_killed_worker_held_another_has_within_seconds(
    url: str, tmp_path: Path
) -> None:
    """Nobody starts it again, and a lease is minutes long."""
    watch = Watch()
    async with (
        open_studio(tmp_path, watch.middleware, DATABASE_URL=url, ROLE="gateway") as studio,
        AsyncExitStack() as stack,
    ):
        (tmp_path / "first").mkdir()
        first = BotProcess(tmp_path / "first", studio.bot.settings | {"ROLE": "worker"})
        stack.push_async_callback(first.kill)

        async def succeed() -> None:
            await stack.enter_async_context(workers(studio, "heir"))
            await third_seated(studio)
            await first.kill()

        watch.at(FILE, When.ARRIVES, succeed)
        await first.start()
        alice = studio.discord.person("Alice")
        await animate(alice)
        await watch.sprung()
        begun = time.monotonic()
        ending = await ended(studio, alice)
        took = time.monotonic() - begun
        kept = await books(studio)
    assert (len(ending.videos), kept.clips, kept.wrong) == (1, ("posted",), ())
    assert took * 1000 < fetching.LEASE_MS / 4


async def killed_and_started(worker: BotProcess) -> None:
    """Kill a process, and have another one take its place."""
    await worker.kill()
    await worker.start()


async def test_a_gateway_and_two_workers_do_each_thing_once_while_each_is_killed(
    url: str, tmp_path: Path
) -> None:
    watch = Watch()
    async with (
        open_studio(
            tmp_path,
            watch.middleware,
            DATABASE_URL=url,
            ROLE="gateway",
            DEFAULT_ALLOWANCE="1000",
        ) as studio,
        workers(studio, "first", "second") as (first, second),
    ):
        # Whose request it is nobody can see: it may be the other one that dies at its work.
        watch.at(replace(CREATE, number=3), When.ANSWERED, partial(killed_and_started, first))
        watch.at(replace(RESULT, number=9), When.CARRIED_OUT, partial(killed_and_started, second))
        alice = studio.discord.person("Alice")
        for _ in range(6):
            await animate(alice, variations=2)
        for _ in range(2):
            await watch.sprung()
        ending = await ended(studio, alice, videos=10)
        kept = await books(studio)
    assert kept.wrong == ()
    assert (kept.orders, len(kept.clips)) == (6, 12)
    assert len(ending.videos) == kept.clips.count("posted") >= 10
    # A worker that died at its create left that send in doubt, and it is never sent again.
    assert len({line.request for line in studio.akool.bill}) <= 6
    assert watch.asked(CREATE) == 6
    names = [file.name for each in ending.videos for file in each.files]
    assert len(names) == len(set(names))
