"""The process dies after every single effect, and a new one brings all to a good end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from tests.jobs.engine.fuse import Fuse, Killed
from tests.jobs.engine.stories import STORIES, check
from tests.jobs.engine.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.engine.stories import Story

AT_ONCE: Final = 0
LATER: Final = 600
"""Seconds between a death and the next start: Discord remembers a nonce, or has forgotten it."""

NONCE_COUNTS: Final = {
    "begin_card", "begin_post", "begin_notice", "card:after", "clip:after", "notice:after",
    "pause:after",
    "begin_review", "show:after", "begin_case", "ask:after",
    "begin_parcel", "parcel:after",
}  # fmt: skip

LIVES_AT_ONCE: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A story that is played again and again, each time in a world of its own."""

    folder: Path
    empty: Path
    story: Story

    async def play(self, *deaths: int, pause_s: float = LATER) -> list[str]:
        """Play the story through; in each life but the last the process dies at such a point.

        Returns the points that the last life passed.
        """
        folder = self.folder / "-".join(("deaths", *map(str, deaths), str(pause_s)))
        folder.mkdir()
        world = World(folder, self.empty)
        fuses = [Fuse(death) for death in deaths]
        try:
            return await self._live(world, fuses, pause_s)
        except Exception as error:
            died_after = [fuse.passed[-1] for fuse in fuses if fuse.blown]
            error.add_note(f"died at {deaths}, paused {pause_s} s: after {', '.join(died_after)}")
            raise
        finally:
            await world.close()

    async def _live(self, world: World, fuses: list[Fuse], pause_s: float) -> list[str]:
        world.webhooks = self.story.webhooks
        world.vendor.answers.extend(self.story.answers)
        bot = await world.boot()
        await self.story.begin(world, bot)
        for fuse in fuses:
            bot = world.rewire(bot, fuse)
            try:
                await world.settle(bot)
            except Killed:
                world.clock.advance(pause_s)
            bot = await world.restart(bot)
        last = Fuse()
        bot = world.rewire(bot, last)
        await world.settle(bot)
        await check(world, bot, died=bool(fuses))
        return last.passed

    async def play_all(self, lives: list[tuple[tuple[int, ...], float]]) -> None:
        """Play several lives beside one another: each waits for its own disk most of the time."""
        turns = asyncio.Semaphore(LIVES_AT_ONCE)

        async def play(deaths: tuple[int, ...], pause_s: float) -> None:
            async with turns:
                await self.play(*deaths, pause_s=pause_s)

        async with asyncio.TaskGroup() as group:
            for deaths, pause_s in lives:
                group.create_task(play(deaths, pause_s))


@pytest.mark.parametrize("name", STORIES)
async def test_a_death_after_any_effect_costs_nothing_twice_and_loses_nothing(
    tmp_path: Path, empty: Path, name: str
) -> None:
    trial = Trial(folder=tmp_path, empty=empty, story=STORIES[name])
    points = await trial.play()
    assert len(points) > 1
    lives: list[tuple[tuple[int, ...], float]] = []
    for number, point in enumerate(points):
        pauses = (AT_ONCE, LATER) if point in NONCE_COUNTS else (LATER,)
        lives += [((number,), pause_s) for pause_s in pauses]
    await trial.play_all(lives)


@pytest.mark.parametrize(
    "name",
    [
        "variations",
        "pictures on a card",
        "pictures ahead of a card",
        "lost replies",
        "refused",
        "deleted late",
    ],
)
async def test_dying_again_and_again_costs_nothing_twice_and_loses_nothing(
    tmp_path: Path, empty: Path, name: str
) -> None:
    trial = Trial(folder=tmp_path, empty=empty, story=STORIES[name])
    points, chance = len(await trial.play()), Random(name)  # noqa: S311 - it has to repeat
    lives: list[tuple[tuple[int, ...], float]] = [
        (tuple(chance.randrange(points) for _ in range(3)), chance.choice((AT_ONCE, LATER)))
        for _ in range(12)
    ]
    await trial.play_all(lives)
