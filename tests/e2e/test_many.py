"""A start with a hundred thousand clips that were rendering when the bot went down."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from bench.flood import held
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint, Status
from tests.e2e.stage import PATIENCE_S, animate, open_studio, spendable

if TYPE_CHECKING:
    from sandbox.studio import Studio

CLIPS: Final = 100_000
OF_AN_ORDER: Final = 4
LOOKS: Final = 40
"""Status calls; each names fifty clips."""
MOST_BYTES: Final = 300 * 1024 * 1024
APART: Final = 10**12
"""How far the ids of one copy are from those of the next."""

NUMBERS: Final = {
    "drafts": ("id", "interaction_id"),
    "orders": ("id", "draft_id"),
    "sends": ("id", "order_id"),
    "clips": ("id", "order_id", "send_id"),
}
"""Columns with ids of a copy's own."""

WORDS: Final = {"token", "vendor_id"}


def copy(database: Path, times: int) -> None:
    """Copy the one order that is there, with its clips, so many times."""
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("PRAGMA synchronous = OFF")
        for table, ids in NUMBERS.items():
            names = [row[1] for row in opened.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(
                f"{name} - n * {APART}" if name in ids
                else f"{name} || '-' || n" if name in WORDS else name
                for name in names
            )  # fmt: skip
            opened.execute(
                f"""WITH RECURSIVE copies (n) AS (
                      SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {times})
                    INSERT INTO {table} SELECT {chosen} FROM {table}, copies"""  # noqa: S608
            )
        opened.execute("UPDATE clips SET due_at = 1, lease_until = 0 WHERE step = 'look'")


def copy_at_the_vendor(studio: Studio, times: int) -> None:
    """Have the vendor know the copies, too."""
    clips = studio.akool.store.clips
    for clip in list(clips.values()):
        for number in range(1, times + 1):
            name = f"{clip.id}-{number}"
            clips[name] = replace(clip, id=name)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads memory as Linux tells it")
async def test_a_start_with_a_hundred_thousand_open_clips_answers_at_once(tmp_path: Path) -> None:
    async with open_studio(tmp_path, DEFAULT_ALLOWANCE="1000") as studio:
        rendering = int(Status.PROCESSING)
        studio.akool.faults.add(Fault.ODD_STATUS, Endpoint.RESULTS, times=None, value=rendering)
        alice, bob = studio.discord.person("Alice"), studio.discord.person("Bob")
        offer = await alice.answered(await animate(alice, variations=OF_AN_ORDER))
        assert offer.buttons, offer.text
        await alice.press(offer, "Confirm")
        await studio.discord.pulse.until(
            lambda: True if len(studio.akool.store.clips) == OF_AN_ORDER else None, PATIENCE_S
        )
        assert await studio.bot.stop() == 0
        copy(studio.database, CLIPS // OF_AN_ORDER - 1)
        copy_at_the_vendor(studio, CLIPS // OF_AN_ORDER - 1)
        asked = studio.akool.calls.get(Endpoint.RESULTS, 0)
        await studio.start_bot()
        assert await spendable(bob) == 1000
        await animate(bob)
        await studio.discord.pulse.until(
            lambda: True if len(studio.akool.bill) == OF_AN_ORDER + 1 else None, PATIENCE_S
        )
        async with asyncio.timeout(PATIENCE_S):
            while studio.akool.calls.get(Endpoint.RESULTS, 0) - asked < LOOKS:
                assert await spendable(bob) < 1000
        assert held(studio.bot.pid or 0, studio.database).memory < MOST_BYTES
        assert await studio.bot.stop() == 0
