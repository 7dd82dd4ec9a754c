"""The engine's loops: woken by events, bounded by slots, ended by a stop and by no failure."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import pytest

from jobs import engine as engine_module
from jobs.engine import Engine
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Sequence


class Chore:
    """A step whose work is numbers; it can be held up, fail, and be watched."""

    idle_s = 5.0

    def __init__(self, name: str = "chore", *, slots: int = 2) -> None:
        self.name = name
        self.slots = slots
        self.due = deque[int]()
        self.asked = list[int]()
        self.begun = list[int]()
        self.done = list[int]()
        self.faults = deque[Exception]()
        self.broken = set[int]()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self._changed = asyncio.Event()

    async def claim(self, limit: int) -> Sequence[int]:
        self.asked.append(limit)
        self._changed.set()
        if self.faults:
            raise self.faults.popleft()
        return [self.due.popleft() for _ in range(min(limit, len(self.due)))]

    async def perform(self, work: int) -> None:
        self.begun.append(work)
        self._changed.set()
        await self.go_on.wait()
        if work in self.broken:
            raise ValueError(f"{work} is broken")
        self.done.append(work)
        self._changed.set()

    async def until(self, *, asked: int = 0, begun: int = 0, done: int = 0) -> None:
        """Wait until so much has happened."""
        while len(self.asked) < asked or len(self.begun) < begun or len(self.done) < done:
            self._changed.clear()
            await self._changed.wait()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_what_is_due_at_the_start_is_done_and_then_the_step_rests(clock: FakeClock) -> None:
    chore = Chore()
    chore.due.extend(range(5))
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(done=5)
    await clock.until_asleep()
    assert clock.next_at == clock.now() + 5000
    await engine.stop()
    assert sorted(chore.done) == [0, 1, 2, 3, 4]


async def test_a_resting_step_looks_again_when_its_time_has_come(clock: FakeClock) -> None:
    chore = Chore()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(asked=1)
    await clock.until_asleep()
    chore.due.append(1)
    clock.advance(4)
    assert chore.begun == []
    clock.advance(1)
    await chore.until(done=1)
    await engine.stop()


async def test_a_resting_step_can_be_woken_without_any_time_passing(clock: FakeClock) -> None:
    chore = Chore()
    engine = Engine([chore], clock)
    engine.start()
    await clock.until_asleep()
    chore.due.append(1)
    engine.wake()
    await chore.until(done=1)
    await engine.stop()
    assert clock.now() == FakeClock().now()


async def test_a_step_that_was_woken_for_nothing_rests_again(clock: FakeClock) -> None:
    chore = Chore()
    engine = Engine([chore], clock)
    engine.start()
    await clock.until_asleep()
    engine.wake()
    await chore.until(asked=2)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(chore.asked) == 2
    assert clock.sleepers == 1
    await engine.stop()


async def test_a_wake_up_during_a_claim_is_not_lost(clock: FakeClock) -> None:
    class Sleepy(Chore):
        async def claim(self, limit: int) -> Sequence[int]:
            found = await super().claim(limit)
            if len(self.asked) == 1:
                # Something comes due while the claim that did not see it is on its way back.
                self.due.append(7)
                engine.wake()
            return found

    chore = Sleepy()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(done=1)
    await engine.stop()
    assert chore.done == [7]


async def test_no_more_is_claimed_than_there_are_slots(clock: FakeClock) -> None:
    chore = Chore(slots=3)
    chore.due.extend(range(7))
    chore.go_on.clear()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(begun=3)
    for _ in range(3):
        engine.wake()
        await clock.until_asleep()
    assert chore.begun == [0, 1, 2]
    assert chore.asked == [3]
    chore.go_on.set()
    await chore.until(done=7)
    assert max(chore.asked) == 3
    await engine.stop()


async def test_a_step_that_can_not_claim_or_perform_goes_on(clock: FakeClock) -> None:
    chore = Chore()
    chore.faults.append(OSError("the disk"))
    chore.broken.add(1)
    chore.due.extend([1, 2])
    engine = Engine([chore], clock)
    engine.start()
    await clock.until_asleep()
    assert (engine.failures, chore.begun) == (1, [])
    clock.advance(5)
    await chore.until(done=1)
    chore.due.append(3)
    engine.wake()
    await chore.until(done=2)
    await engine.stop()
    assert chore.done == [2, 3]
    assert engine.failures == 2


async def test_what_one_step_finishes_wakes_the_others(clock: FakeClock) -> None:
    second = Chore("second")

    class First(Chore):
        async def perform(self, work: int) -> None:
            await super().perform(work)
            second.due.append(work)

    first = First("first")
    engine = Engine([first, second], clock)
    engine.start()
    await clock.until_asleep(2)
    first.due.append(1)
    engine.wake()
    await second.until(done=1)
    await engine.stop()


async def test_a_stop_claims_nothing_more_and_waits_for_what_is_under_way(
    clock: FakeClock,
) -> None:
    chore = Chore()
    chore.due.extend(range(9))
    chore.go_on.clear()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(begun=2)
    stopping = asyncio.create_task(engine.stop())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not stopping.done()
    chore.go_on.set()
    await stopping
    assert (chore.done, list(chore.due)) == ([0, 1], [2, 3, 4, 5, 6, 7, 8])
    assert clock.sleepers == 0


async def test_a_stop_cuts_off_what_takes_too_long(clock: FakeClock) -> None:
    chore = Chore()
    chore.due.append(1)
    chore.go_on.clear()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(begun=1)
    async with asyncio.timeout(30):
        await engine.stop(drain_s=0)
    assert chore.done == []


async def test_a_stop_ends_although_something_does_not(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LAST_S", 0)

    class Stubborn(Chore):
        async def perform(self, work: int) -> None:
            try:
                await super().perform(work)
            except asyncio.CancelledError:
                await self.go_on.wait()

    chore = Stubborn()
    chore.due.append(1)
    chore.go_on.clear()
    engine = Engine([chore], clock)
    engine.start()
    await chore.until(begun=1)
    await engine.stop(drain_s=0)
    chore.go_on.set()


async def test_an_engine_that_never_started_can_be_stopped(clock: FakeClock) -> None:
    await Engine([Chore()], clock).stop()
