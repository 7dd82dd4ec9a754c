"""The first seconds of the soak: what nobody can use any more goes, and nothing else piles up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.soak import Pace, grown, soak

PACE = Pace(whole=40, renders=2, kept=8, sweep=3, read=4)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux does")
async def test_at_five_orders_a_second_nothing_piles_up(tmp_path: Path) -> None:
    readings = await soak(tmp_path, PACE)
    assert readings[-1].orders == 200
    assert grown(readings) == []
    assert 0 < readings[-1].media_files < 120
    assert 0 < readings[-1].offers < 60


async def test_what_grows_is_noticed(tmp_path: Path) -> None:
    (reading,) = (await soak(tmp_path, replace(PACE, whole=2, read=2)))[-1:]
    later = replace(reading, tasks=reading.tasks + 5, memory=reading.memory * 2)
    assert [fault.partition(" ")[0] for fault in grown([reading, reading, later])] == [
        "memory",
        "tasks",
    ]
