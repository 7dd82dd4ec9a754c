"""The crash runner, bounded: kills at named points under load, and the three truths agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.crash.__main__ import crash
from bench.crash.points import read_point
from bench.crash.report import lines
from bench.crash.running import Plan
from storage.opening import MIGRATIONS
from tests.storage.conftest import DRIVERS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres_cluster import Cluster

AT = (
    "inside place_order 2",
    "create is carried out 1",
    "post of a card, result or notice is carried out 3",
)


@pytest.fixture(params=DRIVERS)
async def url(request: pytest.FixtureRequest) -> str:
    """Name a database of a server in which nobody has been, or nothing: a file."""
    if request.param != "postgres":
        return ""
    cluster: Cluster = request.getfixturevalue("cluster")
    return await cluster.create(MIGRATIONS / "none")


async def test_kills_under_load_pay_charge_and_post_nothing_twice_and_lose_nothing(
    tmp_path: Path, url: str
) -> None:
    deaths = tuple(map(read_point, AT))
    plan = Plan(orders=27, kills=len(AT), seed=5, minutes=3, database=url, at=deaths)
    run, truths, verdict = await crash(plan, tmp_path)
    told = "\n".join(lines(run, truths, verdict))
    assert verdict.findings == [], told
    assert run.told.unfinished == "", told
    assert len(run.told.killed) >= plan.kills
    assert run.told.missed == [], told
    assert verdict.states["posted"] > 0
