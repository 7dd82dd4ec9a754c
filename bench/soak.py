"""Hours of orders in accelerated time, on real SQLite: and what grows in them.

`python -m bench.soak --minutes 120` is two simulated hours at five orders a second, with an offer
that is never confirmed beside every second order. Vendor and Discord are fakes that forget what is
over, so that what grows is ours. Exit code 1 when something grew.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import storage
from jobs.model import Guards, Member
from jobs.sweeping import Sweep
from storage import migrate
from storage.sqlite import SqliteDatabase
from tests.fakes import START, FakeLibrary
from tests.jobs.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.engine import Step
    from storage.database import Transaction
    from tests.fakes import FakeClock
    from tests.jobs.engine.world import Bot

PER_SECOND: Final = 5
MEMBERS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Simulated seconds: of the whole, of a rendering, of what MEDIA_DAYS is here, between sweeps.

    Files are kept for a fraction of the whole, so that retention has its turn.
    """

    whole: int
    renders: int
    kept: int
    sweep: int
    read: int

    @classmethod
    def of(cls, whole: int) -> Pace:
        """Choose the others for so many seconds."""
        kept = whole // 4
        return cls(
            whole=whole, renders=min(60, kept // 4), kept=kept, sweep=kept // 5, read=whole // 20
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the process holds at one moment of simulated time.

    Bytes of memory, of the database's file for each order, of its log, and of the media store;
    numbers of open files, tasks, objects, and offers without an order.
    """

    second: int
    orders: int
    memory: int
    files: int
    tasks: int
    objects: int
    offers: int
    row_bytes: int
    wal_bytes: int
    media_files: int


class AgeingLibrary(FakeLibrary):
    """A media store whose files are as old as the simulated clock says."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        super().__init__(folder)
        self._clock = clock

    async def sweep(self, before: int) -> int:
        """Delete what was last used before then, by the simulated clock."""
        self.date()
        return await super().sweep(before)

    def date(self) -> None:
        """Give files that were written since the last time the simulated time."""
        now = self._clock.now() / 1000
        for entry in os.scandir(self.folder):
            if entry.stat().st_mtime < START / 1000 or entry.stat().st_mtime > now + 1:
                os.utime(entry.path, (now, now))


class Soak:
    """One bot, its orders and its readings."""

    def __init__(self, world: World, bot: Bot, pace: Pace) -> None:
        self._world = world
        self._bot = bot
        self._pace = pace
        self._steps: list[Step[object]] = [*bot.steps.values()]
        self._sweep = Sweep(bot.outside, pace.kept / 86400, bot.store)
        self._made: list[tuple[int, str]] = []
        self.orders = 0
        self.second = 0

    async def run(self) -> list[Reading]:
        """Let the time pass; take a reading every so often."""
        readings = []
        for second in range(1, self._pace.whole + 1):
            self.second = second
            await self._order()
            await self._work()
            self._world.clock.advance(1)
            if second % self._pace.sweep == 0:
                await self._sweep.perform(self._world.clock.now())
            if second % self._pace.read == 0:
                readings.append(await self._read())
        return readings

    async def _order(self) -> None:
        async def one(number: int) -> None:
            member = Member(guild_id=1 + number % 7, user_id=1000 + number % MEMBERS)
            await self._world.order(self._bot, member=member)
            if number % 2:
                await self._world.draft(self._bot, member=member)

        numbers = range(self.orders, self.orders + PER_SECOND)
        self.orders += PER_SECOND
        await asyncio.gather(*map(one, numbers))

    async def _work(self) -> None:
        """Do one round of every step, as much at once as the step has slots in production times."""
        for step in self._steps:
            for _ in range(8):
                works = await step.claim(max(step.slots, 16))
                if not works:
                    break
                await asyncio.gather(*map(step.perform, works))
        self._let_the_vendor_work()

    def _let_the_vendor_work(self) -> None:
        """Finish what has rendered long enough, and forget what is over at vendor and Discord."""
        vendor, second, renders = self._world.vendor, self.second, self._pace.renders
        fresh = list(vendor.seen)[len(self._made) :]
        self._made += [(second, one) for one in fresh]
        for at, one in self._made:
            if at == second - renders:
                vendor.finish(one)
        over = [one for at, one in self._made if at < second - 4 * renders - 60]
        for one in over:
            seen = vendor.seen.pop(one, None)
            vendor.videos.pop(seen.link if seen else "", None)
        self._made = [(at, one) for at, one in self._made if at >= second - 4 * renders - 60]
        for growing in (vendor.requests, vendor.looks, vendor.fetched, vendor.hooks.calls):
            growing.clear()
        self._world.courier.messages.clear()
        self._world.courier.hooks.calls.clear()
        self._world.library.hooks.calls.clear()

    async def _read(self) -> Reading:
        gc.collect()
        path = self._world.path
        offers = await self._bot.value(
            "SELECT COUNT(*) FROM drafts d LEFT JOIN orders o ON o.draft_id = d.id "
            "WHERE o.id IS NULL"
        )
        reading = Reading(
            second=self.second,
            orders=self.orders,
            memory=memory(),
            files=count(Path("/proc/self/fd")),
            tasks=len(asyncio.all_tasks()),
            objects=len(gc.get_objects()),
            offers=offers,
            row_bytes=path.stat().st_size // self.orders,
            wal_bytes=path.with_name(f"{path.name}-wal").stat().st_size,
            media_files=count(self._world.library.folder),
        )
        print(show(reading), flush=True)
        return reading


def memory() -> int:
    """Return the bytes of memory that this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def count(folder: Path) -> int:
    """Count what is in a folder."""
    return sum(1 for _ in folder.iterdir())


def show(reading: Reading) -> str:
    """Write a reading as one line."""
    return "  ".join(f"{one.name}={getattr(reading, one.name):,}" for one in fields(reading))


def grown(readings: Sequence[Reading]) -> list[str]:
    """Say what grew from the middle of the readings to their end, beyond a tenth and a little."""
    middle, end = readings[len(readings) // 2], readings[-1]
    slack = {"memory": 8_000_000, "objects": 3000, "media_files": 50, "offers": 50}
    slack |= {"files": 2, "tasks": 2, "row_bytes": 500, "wal_bytes": 1_000_000}
    return [
        f"{name} grew from {getattr(middle, name):,} to {getattr(end, name):,}"
        for name, more in slack.items()
        if getattr(end, name) > getattr(middle, name) * 1.1 + more
    ]


async def make_world(folder: Path) -> World:
    """Make a world on an empty, migrated database."""
    empty = folder / "empty.db"
    database = await SqliteDatabase.open(empty)
    try:
        await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
    finally:
        await database.close()
    world = World(folder, empty)
    world.guards = Guards(per_day=10**9)
    world.library = AgeingLibrary(folder / "media", world.clock)
    return world


async def soak(folder: Path, pace: Pace) -> list[Reading]:
    """Run the bot at a pace; its books are audited at the end."""
    world = await make_world(folder)
    try:
        bot = await world.boot()
        for guild in range(1, 8):
            await bot.database.run(allow, guild)
        readings = await Soak(world, bot, pace).run()
        await bot.check_books()
    finally:
        await world.close()
    return readings


def allow(guild: int) -> Transaction[None]:
    """Let the members of a guild order without a limit."""
    yield (
        "INSERT INTO allowances (guild_id, role_id, credits, period) VALUES ($1, 0, $2, 'day')",
        (guild, 10**9),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Soak, print the readings, and say what grew."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=5, help="simulated minutes (120 in full)")
    chosen = parser.parse_args(argv)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        readings = asyncio.run(soak(Path(folder), Pace.of(chosen.minutes * 60)))
    took = time.monotonic() - began
    print(f"{readings[-1].orders:,} orders in {chosen.minutes} simulated minutes, {took:.0f} s")
    faults = grown(readings)
    print("\n".join(faults) or "nothing grew")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main([] if "bench.__main__" in sys.modules else None))
