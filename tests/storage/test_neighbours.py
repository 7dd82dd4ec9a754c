"""Processes that share a PostgreSQL database: their seats, their clock, and their bell."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobs.model import Guards
from storage.database import Closed, DatabaseLocked
from storage.opening import Address, ringing, timed
from storage.postgres_bell import PostgresBell
from storage.postgres_clock import DatabaseClock
from storage.seats import FOLDER, MOST, seated
from storage.store import Store
from tests.fakes import FakeClock
from tests.storage.conftest import NOW, PATIENCE
from tests.storage.contract.desk import LEASE, Desk, member
from tests.storage.cut import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.database import Database, Row, Rows, Transaction
    from storage.postgres import PostgresDatabase
    from tests.postgres_cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def postgres(cluster: Cluster, migrations: Path) -> AsyncIterator[PostgresDatabase]:
    async with cluster.database(migrations) as opened:
        yield opened


# -- seats ---------------------------------------------------------------------------------------


def test_each_takes_a_seat_of_its_own_and_a_seat_keeps_its_number(tmp_path: Path) -> None:
    with seated(tmp_path) as first, seated(tmp_path) as second:
        assert first != second
        assert min(first, second) > 0
    with seated(tmp_path) as again:
        assert again == first
        with seated(tmp_path) as beside:
            assert beside == second


def test_another_folder_has_other_numbers(tmp_path: Path) -> None:
    with seated(tmp_path / "here") as here, seated(tmp_path / "there") as there:
        assert here != there


def test_a_process_that_is_killed_leaves_its_seat_to_the_next(tmp_path: Path) -> None:
    sit = (
        "import sys, pathlib; from storage.seats import seated\n"
        f"with seated(pathlib.Path({str(tmp_path)!r})) as seat:\n"
        "    print(seat, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", sit], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        theirs = int(process.stdout.readline())
        with seated(tmp_path) as mine:
            assert mine != theirs
        process.kill()
    with seated(tmp_path) as heir:
        assert heir == theirs


@pytest.mark.parametrize("left", ["", "half", "-3"])
def test_a_number_that_can_not_be_read_is_drawn_anew(tmp_path: Path, left: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "1").write_text(left)
    with seated(tmp_path) as drawn:
        assert drawn > 0
    with seated(tmp_path) as again:
        assert again == drawn


def test_seats_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.seats.MOST", 1)
    assert MOST > 1
    with seated(tmp_path), pytest.raises(DatabaseLocked), seated(tmp_path):
        pytest.fail("two in one seat")


async def test_a_start_frees_what_its_predecessor_held_and_nothing_else(
    database: Database,
) -> None:
    desk = Desk(database)
    await desk.place(member(7), pictures=2)
    stores = {owner: Store(database, desk.rules, Guards(), owner) for owner in (5, 6)}
    (mine,) = await stores[5].claim_sends(desk.now, desk.now + LEASE, 1)
    (theirs,) = await stores[6].claim_sends(desk.now, desk.now + LEASE, 1)
    assert mine.id != theirs.id
    assert await stores[6].claim_cards(desk.now, desk.now + LEASE, 5)

    await stores[5].take_over()
    assert await stores[5].claim_cards(desk.now, desk.now + LEASE, 5) == ()
    (freed,) = await stores[6].claim_sends(desk.now, desk.now + LEASE, 5)
    assert (freed.id, freed.fence) == (mine.id, mine.fence + 1)
    # It is the other's now, whoever had it before.
    await stores[5].take_over()
    assert await stores[5].claim_sends(desk.now, desk.now + LEASE, 5) == ()


# -- the clock -----------------------------------------------------------------------------------


class ToldTheTime:
    """A database that knows nothing but the time, and takes some of it to answer."""

    def __init__(self, machine: FakeClock, ahead_ms: int) -> None:
        self._machine = machine
        self.ahead_ms = ahead_ms
        self.seconds = [0.4, 0.02, 0.2]

    async def read(self, transaction: object) -> int:
        assert transaction
        takes = self.seconds.pop(0)
        self._machine.advance(takes)
        return self._machine.now() + self.ahead_ms


async def test_the_answer_that_came_fastest_puts_the_clock_right(
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine = FakeClock()
    clock = DatabaseClock(machine)
    told = ToldTheTime(machine, 90_000)
    await clock.compare(told)  # type: ignore[arg-type]  # it answers the only question there is
    assert abs(clock.now() - machine.now() - 90_000) <= 10
    assert "off by 90" in caplog.text
    machine.advance(7)
    assert abs(clock.now() - machine.now() - 90_000) <= 10


async def test_a_lease_is_over_when_the_database_says_so(postgres: PostgresDatabase) -> None:
    slow = FakeClock()  # years behind
    async with timed(postgres, slow) as clock:
        assert clock.now() > NOW + 1000
        assert clock.now() != slow.now()


async def test_a_file_has_the_time_of_its_machine(tmp_path: Path) -> None:
    machine = FakeClock()
    async with Address(sqlite=tmp_path / "bot.db", url="").opened() as database:
        async with timed(database, machine) as clock:
            assert clock is machine
        async with ringing(database, lambda: None) as ring:
            ring()


def marks() -> Transaction[int]:
    rows = yield "SELECT COUNT(*) AS n FROM commit_marks", ()
    return int(rows[0]["n"])


async def test_a_servers_connections_are_there_before_the_first_command(
    postgres: PostgresDatabase,
) -> None:
    async with timed(postgres, FakeClock()):
        before = await postgres.read(marks)
        desk = Desk(postgres)
        await asyncio.gather(*(desk.place(member(user)) for user in range(9)))
        assert await postgres.read(marks) == before


# -- the bell ------------------------------------------------------------------------------------


class Ears:
    """Counts what is heard."""

    def __init__(self) -> None:
        self.heard = 0
        self._again = asyncio.Event()

    def hear(self) -> None:
        self.heard += 1
        self._again.set()

    async def more(self) -> None:
        """Wait until something is heard after this call."""
        self._again.clear()
        async with asyncio.timeout(PATIENCE):
            await self._again.wait()


async def test_others_hear_a_ring_and_the_ringer_does_not(postgres: PostgresDatabase) -> None:
    mine, theirs = Ears(), Ears()
    async with (
        PostgresBell(postgres, mine.hear) as ringer,
        PostgresBell(postgres, theirs.hear) as listener,
    ):
        async with asyncio.timeout(PATIENCE):
            await ringer.connected.wait()
            await listener.connected.wait()
        assert (mine.heard, theirs.heard) == (1, 1)  # at the start, whatever was missed
        hearing = asyncio.create_task(theirs.more())
        await asyncio.sleep(0)
        ringer.ring()
        await hearing
        assert mine.heard == 1


async def test_a_bell_whose_connection_is_lost_is_hung_up_anew(
    cluster: Cluster, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgres_bell.AGAIN_S", 0.01)
    url = await cluster.emptied(migrations)
    async with Proxy(cluster.port) as proxy:
        address = Address(sqlite=None, url=url.replace(str(cluster.port), str(proxy.port)))
        ears = Ears()
        async with address.opened() as database, ringing(database, ears.hear):
            await ears.more()
            proxy.down = True
            again = asyncio.create_task(ears.more())
            proxy.cut_all()
            await asyncio.sleep(0.1)
            proxy.down = False
            await again
        assert "password" not in repr(address)
        with pytest.raises(Closed):
            await database.run(nothing)


def nothing() -> Transaction[list[Row]]:
    rows: Rows = yield "SELECT 1 AS one", ()
    return list(rows)
