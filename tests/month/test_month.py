"""In a busy guild's month no limit is exceeded and every midnight the books are right."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest

from storage.opening import MIGRATIONS, Address
from tests.fakes import START
from tests.month.guild import DEFAULT, ROLES, Guild
from tests.month.plan import BEGIN, DAYS, Plan, midnights
from tests.month.play import Month
from tests.storage.conftest import DRIVERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.postgres_cluster import Cluster

SMALL = {"sqlite": Plan().smaller(24), "postgres": replace(Plan().smaller(36), seed=2)}
"""A server takes its time for each statement; of so few orders not every seed is lively."""


@pytest.fixture(params=DRIVERS)
async def month(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Month]:
    empty = tmp_path / "empty.db"
    await Address(sqlite=empty, url="").bring_up_to_date(START)
    url = ""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = await cluster.emptied(MIGRATIONS)
    made = await Month.open(tmp_path, empty, SMALL[request.param], url)
    yield made
    await made.world.close()


async def test_a_month_goes_by_and_every_midnight_the_books_are_right(month: Month) -> None:
    await month.play()
    assert month.wrong == []
    assert month.tally["midnights"] == DAYS + 1
    refused = {key.removeprefix("refused: ") for key in month.tally if key.startswith("refused: ")}
    met = {"NotEnoughCredits", "PoolReached", "WalletFrozen", "NothingLeft"}
    assert met <= refused, "the month is too quiet to show anything"
    assert month.tally["orders placed"] > month.plan.orders // 4


async def test_the_midnight_look_would_see_a_limit_exceeded(month: Month) -> None:
    user = month.guild.members[0]
    month.guild.act(user, month.world.clock.now())
    await month._write(
        """INSERT INTO period_use (guild_id, user_id, period, period_key, taken)
           VALUES (1, $1, 'week', '2024-W09', $2)""",
        user,
        max(DEFAULT, *ROLES.values()) + 1,
    )
    with pytest.raises(AssertionError):
        await month.bot.check_books()
    assert month.guild.exceeded([(user, "2024-W09", max(DEFAULT, *ROLES.values()) + 1)])
    await month._write("DELETE FROM period_use WHERE user_id = $1", user)


def test_the_month_has_a_day_of_twenty_three_hours() -> None:
    nights = [int(BEGIN.timestamp() * 1000), *midnights()]
    hours = {(late - early) // 3_600_000 for early, late in pairwise(nights)}
    assert hours == {23, 24}


def test_the_same_seed_is_the_same_month() -> None:
    assert Plan(seed=3).events() == Plan(seed=3).events()
    assert Plan(seed=3).events() != Plan(seed=4).events()


def test_a_members_best_limit_of_the_week_is_remembered() -> None:
    guild = Guild(members=[7], chance=Random(1))  # noqa: S311 - it has to repeat
    guild.roles[7] = frozenset({13})
    now = int(BEGIN.timestamp() * 1000)
    guild.act(7, now)
    guild.roles[7] = frozenset()
    guild.act(7, now)
    assert guild.exceeded([(7, "2024-W09", ROLES[13])]) == []
    assert guild.exceeded([(7, "2024-W10", 1)]) == [
        "member 7 took 1 credits in 2024-W10, where at most 0 were allowed"
    ]
