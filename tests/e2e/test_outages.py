"""What members and operators see while the database or the vendor is down, and that it passes."""

from __future__ import annotations

import asyncio
import re
import resource
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import aiohttp

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint
from sandbox.watch import MODELS, Watch
from tests.e2e.stage import PATIENCE_S, animate, books, ended, open_studio, spendable

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.studio import Studio


async def one_video(studio: Studio) -> None:
    """Let the order end, with one video that was paid once."""
    ending = await ended(studio, studio.discord.person("Alice"))
    kept = await books(studio)
    assert (len(ending.videos), ending.notices) == (1, ())
    assert (kept.orders, kept.wrong, kept.held) == (1, (), 0)
    assert kept.charged == studio.paid == 4


async def test_while_the_database_does_not_answer_nothing_is_sold_and_later_all_is_well(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        with closing(sqlite3.connect(studio.database)) as other:
            other.execute("ALTER TABLE asks RENAME TO gone")
            seen = await alice.answered(await animate(alice), seconds=PATIENCE_S)
            other.execute("ALTER TABLE gone RENAME TO asks")
        assert seen.text.startswith("Nothing was ordered, because my records can't be reached.")
        assert studio.akool.bill == []
        await animate(alice)
        await one_video(studio)


async def test_a_full_disk_refuses_orders_and_the_next_ones_go_through(tmp_path: Path) -> None:
    """A limit on the process's files stands for a disk: SQLite's writes fail, in their group."""
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        seen = await alice.answered(await alice.slash("credits", channel="studio"))
        assert "100" in seen.text
        pid = studio.bot.pid
        assert pid is not None
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
        seen = await alice.answered(await animate(alice), seconds=PATIENCE_S)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        assert seen.text.startswith("Nothing was ordered, because my records can't be reached.")
        assert studio.akool.bill == []
        await animate(alice)
        await one_video(studio)


async def test_health_and_metrics_tell_how_it_is(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        await animate(alice)
        await ended(studio, alice)
        found = re.search(r"health and metrics are at (http://\S+)", studio.bot.log.read_text())
        assert found is not None
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_S):
            async with session.get(f"{found[1]}/metrics") as answer:
                assert 'muybridge_clips{state="posted"} 1.0' in await answer.text()
            while not (await health(session, found[1]))["ok"]:
                await spendable(alice)  # discord.py takes its time until it calls itself ready


async def health(session: aiohttp.ClientSession, address: str) -> dict[str, bool]:
    """Ask the bot how it is."""
    async with session.get(f"{address}/healthz") as answer:
        said: dict[str, bool] = await answer.json()
        assert answer.status == (200 if said["ok"] else 503)
        assert said["database"]
        return said


async def test_a_vendor_that_is_down_at_the_start_is_said_and_comes_back_by_itself(
    tmp_path: Path,
) -> None:
    watch = Watch()
    async with open_studio(tmp_path, watch.middleware, bot_starts=False) as studio:
        studio.akool.faults.add(VendorFault.DROP_BEFORE, Endpoint.MODELS, times=None)
        await studio.start_bot()
        alice = studio.discord.person("Alice")
        seen = await alice.answered(await animate(alice))
        assert seen.text == "The list of models has not arrived yet. Try again in a minute."
        assert await spendable(alice) == 100
        tried = watch.asked(MODELS)
        studio.akool.faults.clear()
        await watch.pulse.until(lambda: True if watch.asked(MODELS) > tried else None, 60)
        await animate(alice)
        await one_video(studio)
