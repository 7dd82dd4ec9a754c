"""What a dead process had taken on is anybody's within seconds, and a living one's is its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobs.errors import StorageDown
from jobs.model import Guards
from storage.database import DatabaseLocked
from storage.inheriting import LOOK_S, Heir
from storage.opening import Address
from storage.seats import Vacancies, nobody_seated, seated
from storage.store import Store
from tests.fakes import FakeClock
from tests.storage.contract.desk import LEASE, Desk, member

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from storage.database import Database

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a process that sits down; yield it with its seat's number, and kill it at the end."""
    sit = (
        "import sys, pathlib; from storage.seats import seated\n"
        f"with seated(pathlib.Path({str(folder)!r})) as seat:\n"
        "    print(seat, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", sit], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        try:
            assert started.stdout is not None
            yield started, int(started.stdout.readline())
        finally:
            started.kill()


# -- seats that come free --------------------------------------------------------------------------


def test_a_seat_is_found_when_its_process_is_dead_and_only_then(tmp_path: Path) -> None:
    vacancies = Vacancies(tmp_path)
    with process(tmp_path) as (other, number):
        with vacancies.found() as nobody:
            assert nobody == ()
        other.kill()
        other.wait()
        with vacancies.found() as found:
            assert found == (number,)
        with vacancies.found() as again:
            assert again == ()


def test_each_death_in_a_seat_is_found(tmp_path: Path) -> None:
    vacancies = Vacancies(tmp_path)
    for _ in range(2):
        with seated(tmp_path) as number:
            pass
        with vacancies.found() as found:
            assert found == (number,)


def test_one_whose_leases_could_not_be_freed_is_found_again(tmp_path: Path) -> None:
    vacancies = Vacancies(tmp_path)
    with seated(tmp_path) as number:
        pass
    with pytest.raises(StorageDown), vacancies.found():
        raise StorageDown("away")
    with vacancies.found() as found:
        assert found == (number,)


def test_nobody_sits_down_where_leases_are_being_freed(tmp_path: Path) -> None:
    with seated(tmp_path) as number:
        pass
    with Vacancies(tmp_path).found() as found, seated(tmp_path) as late:
        assert (found, late != number) == ((number,), True)


# -- leases ----------------------------------------------------------------------------------------


@asynccontextmanager
async def heir_to(store: Store, folder: Path) -> AsyncIterator[FakeClock]:
    """Let a process look for dead ones; yield the clock it waits by."""
    clock, looks = FakeClock(), asyncio.Event()
    async with Heir(Vacancies(folder), store.take_over, looks.set).looking(clock):
        yield clock
        await clock.until_asleep()
        clock.advance(LOOK_S)
        await looks.wait()


async def test_what_a_killed_process_held_another_has_after_the_next_look(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    desk = Desk(database)
    await desk.place(member(7), pictures=2)
    with seated(tmp_path) as mine, process(tmp_path) as (other, theirs):
        here, there = (Store(database, desk.rules, Guards(), each) for each in (mine, theirs))
        (kept,) = await here.claim_sends(desk.now, desk.now + LEASE, 1)
        (lost,) = await there.claim_sends(desk.now, desk.now + LEASE, 1)
        async with heir_to(here, tmp_path):
            pass
        assert await here.claim_sends(desk.now, desk.now + LEASE, 5) == ()
        other.kill()
        other.wait()
        async with heir_to(here, tmp_path):
            pass
        (freed,) = await here.claim_sends(desk.now, desk.now + LEASE, 5)
        assert (freed.id, freed.fence) == (lost.id, lost.fence + 1)
        assert freed.id != kept.id
    assert "free again: 1" in caplog.text


async def test_a_look_that_fails_is_not_the_last(tmp_path: Path) -> None:
    with seated(tmp_path) as number:
        pass
    clock, looks, freed = FakeClock(), asyncio.Event(), list[int]()

    async def free(owner: int) -> int:
        freed.append(owner)
        if len(freed) == 1:
            raise StorageDown("away")
        return 0

    async with Heir(Vacancies(tmp_path), free, looks.set).looking(clock):
        for _ in range(2):
            await clock.until_asleep()
            clock.advance(LOOK_S)
        await looks.wait()
    assert freed == [number, number]


# -- everybody gone --------------------------------------------------------------------------------


def test_a_backup_is_not_made_safe_beside_a_living_process(tmp_path: Path) -> None:
    shared = Address(sqlite=None, url="postgresql://nobody.invalid/x")
    with process(tmp_path) as (other, _):
        with pytest.raises(DatabaseLocked, match=str(other.pid)), shared.forsaken(tmp_path):
            pytest.fail("it is still there")
        other.kill()
        other.wait()
        with shared.forsaken(tmp_path), pytest.raises(DatabaseLocked), seated(tmp_path):
            pytest.fail("it began meanwhile")
    with seated(tmp_path):
        pass


def test_nobody_was_ever_there(tmp_path: Path) -> None:
    with nobody_seated(tmp_path):
        pass


def test_a_file_is_as_forsaken_as_its_lock_says(tmp_path: Path) -> None:
    alone = Address(sqlite=tmp_path / "bot.db", url="")
    with alone.occupied(tmp_path), pytest.raises(DatabaseLocked), alone.forsaken(tmp_path):
        pytest.fail("the bot runs")
    with alone.forsaken(tmp_path):
        pass
