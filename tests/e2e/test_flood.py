"""Ten thousand posts of rubbish at once on the real process: nothing comes of them."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from bench.flood import HOST, flood, free_port, held
from sandbox.akool_api.settings import VendorSettings
from tests.e2e.stage import PATIENCE_S, animate, books, ended, open_studio

if TYPE_CHECKING:
    from sandbox.studio import Studio

POSTS: Final = 10_000
LINES: Final = 200
SOME_FILES: Final = 20
MOST_GROWN: Final = 4 * 1024 * 1024
"""Bytes. Each post that left a kilobyte behind would leave ten megabytes."""


def stored(studio: Studio) -> list[str]:
    """Write out all that is in the database."""
    with closing(sqlite3.connect(studio.database)) as opened:
        return list(opened.iterdump())


def is_at_work(studio: Studio) -> bool:
    """Tell whether the bot still writes down what came of the order."""
    with closing(sqlite3.connect(studio.database)) as opened:
        (left,) = opened.execute(
            """SELECT (SELECT COUNT(*) FROM clips WHERE due_at IS NOT NULL)
                 + (SELECT COUNT(*) FROM orders
                    WHERE card_due_at IS NOT NULL OR card_lease_until > 0)"""
        ).fetchone()
        return bool(left)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads memory as Linux tells it")
async def test_ten_thousand_posts_at_once_hold_nobody_up_and_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with open_studio(
        tmp_path,
        vendor=VendorSettings(drawing=False),
        HTTP_PORT=str(port),
        PUBLIC_URL=f"http://{HOST}:{port}",
        AKOOL_CLIENT_ID=VendorSettings().client_id,
    ) as studio:
        alice = studio.discord.person("Alice")
        idle = held(studio.bot.pid or 0, studio.database).files
        flooding = asyncio.create_task(flood(port, POSTS, lines=LINES, ahead=POSTS // LINES))
        await animate(alice)
        ending = await ended(studio, alice)
        assert (len(ending.videos), ending.notices) == (1, ())
        assert await flooding == {400: POSTS}
        async with asyncio.timeout(PATIENCE_S):
            while is_at_work(studio):
                await flood(port, 1)
        pid = studio.bot.pid or 0
        before, kept = held(pid, studio.database), stored(studio)
        assert await flood(port, POSTS, lines=LINES, ahead=POSTS // LINES) == {400: POSTS}
        after = held(pid, studio.database)
        assert after.memory - before.memory < MOST_GROWN
        assert (after.database, stored(studio)) == (before.database, kept)
        lines = studio.bot.log.read_text().splitlines()
        assert sum("could not be verified" in line for line in lines) < 20
        async with asyncio.timeout(PATIENCE_S):
            while held(pid, studio.database).files > idle + SOME_FILES:
                await flood(port, 1)  # it hears of the ends of the other lines meanwhile
        assert (await books(studio)).wrong == ()
