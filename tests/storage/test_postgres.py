"""What only PostgreSQL can do to a transaction: lose its connection, refuse it, keep it waiting."""

from __future__ import annotations

import asyncio
import itertools
import traceback
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from storage.database import (
    ConstraintBroken,
    DatabaseAway,
    DatabaseBusy,
    OutcomeUnknown,
    StorageError,
)
from storage.postgres import PostgresDatabase, _commit, _Doubt, _was_committed
from storage.postgres_sessions import Limits, require_version
from tests.storage.cut import Cut, Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from storage.database import Transaction, Value
    from tests.postgres_cluster import Cluster

QUICK = Limits(patience_s=10)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_counts.sql").write_text(
        "CREATE TABLE counts (id BIGINT PRIMARY KEY, n BIGINT NOT NULL, words TEXT) /*strict*/;"
    )
    return folder


@pytest.fixture
async def url(cluster: Cluster, migrations: Path) -> str:
    return await cluster.emptied(migrations)


@pytest.fixture
async def postgres(url: str) -> AsyncIterator[PostgresDatabase]:
    async with opened(url) as database:
        await database.run(set_up)
        yield database


@pytest.fixture
async def proxy(cluster: Cluster) -> AsyncIterator[Proxy]:
    async with Proxy(cluster.port) as made:
        yield made


@asynccontextmanager
async def opened(url: str, limits: Limits = QUICK) -> AsyncIterator[PostgresDatabase]:
    database = await PostgresDatabase.open(url, limits)
    try:
        yield database
    finally:
        await database.close()


def through(url: str, cluster: Cluster, proxy: Proxy) -> str:
    return url.replace(f":{cluster.port}/", f":{proxy.port}/")


def set_up() -> Transaction[None]:
    for id_ in (1, 2):
        yield "INSERT INTO counts (id, n) VALUES ($1, 0)", (id_,)


def add(id_: int = 1) -> Transaction[int]:
    """Count up: twice is wrong, and no unique key would notice."""
    rows = yield "UPDATE counts SET n = n + 1 WHERE id = $1 RETURNING n", (id_,)
    return int(rows[0]["n"])


def counted(id_: int = 1) -> Transaction[int]:
    rows = yield "SELECT n FROM counts WHERE id = $1", (id_,)
    return int(rows[0]["n"])


def ask(sql: str, *parameters: Value) -> Transaction[Value]:
    rows = yield sql, parameters
    found: Value = rows[0]["it"]
    return found


# -- a connection that is lost -----------------------------------------------------------------


@pytest.mark.parametrize("cut", Cut)
async def test_a_transaction_whose_connection_is_cut_at_its_commit_is_kept_once(
    cluster: Cluster, postgres: PostgresDatabase, url: str, proxy: Proxy, cut: Cut
) -> None:
    async with opened(through(url, cluster, proxy)) as cut_off:
        assert await cut_off.run(add) == 1
        proxy.cuts.append(cut)
        assert await cut_off.run(add) == 2
        assert proxy.cuts == []
        await proxy.deliver()
        assert await postgres.read(counted) == 2
        assert await cut_off.run(add) == 3


async def test_a_commit_that_is_cut_again_and_again_is_kept_once(
    cluster: Cluster, postgres: PostgresDatabase, url: str, proxy: Proxy
) -> None:
    async with opened(through(url, cluster, proxy)) as cut_off:
        proxy.cuts += [Cut.NEVER_SENT, Cut.DELAYED, Cut.NEVER_SENT, Cut.REPLY_LOST]
        assert await cut_off.run(add) == 1
        await proxy.deliver()
    assert proxy.cuts == []
    assert await postgres.read(counted) == 1


async def test_many_that_are_cut_at_once_are_each_kept_once(
    cluster: Cluster, postgres: PostgresDatabase, url: str, proxy: Proxy
) -> None:
    async with opened(through(url, cluster, proxy)) as cut_off:
        proxy.cuts += [*Cut] * 4
        results = await asyncio.gather(*(cut_off.run(add) for _ in range(30)))
        assert sorted(results) == [*range(1, 31)]
        await proxy.deliver()
    assert await postgres.read(counted) == 30


async def test_a_commit_that_was_given_up_can_not_be_carried_out_any_more(
    postgres: PostgresDatabase,
) -> None:
    """It may still be on its way when the next try asks what became of it."""
    async with postgres._writers.one() as old, postgres._writers.one() as new:
        await old.connection.execute("BEGIN; UPDATE counts SET n = n + 1 WHERE id = 1")
        old.number += 1
        doubt = _Doubt(old.mark, old.number, None)
        assert not await _was_committed(new.connection, doubt)
        with pytest.raises(asyncpg.NotNullViolationError):
            await _commit(old, None)
    assert await postgres.read(counted) == 0


async def test_a_commit_whose_server_does_not_come_back_is_said_to_be_unknown(
    cluster: Cluster, postgres: PostgresDatabase, url: str, proxy: Proxy
) -> None:
    limits = replace(QUICK, patience_s=0.3)
    async with opened(through(url, cluster, proxy), limits) as cut_off:
        await cut_off.run(add)
        proxy.cuts.append(Cut.REPLY_LOST)
        proxy.down = True
        with pytest.raises(OutcomeUnknown):
            await cut_off.run(add)


async def test_a_connection_that_is_lost_half_way_does_no_harm(
    postgres: PostgresDatabase,
) -> None:
    tries = itertools.count(1)

    def ended_by_the_server() -> Transaction[int]:
        n = yield from add()
        if next(tries) < 3:
            yield "SELECT pg_terminate_backend(pg_backend_pid())", ()
        return n

    assert await postgres.run(ended_by_the_server) == 1
    assert next(tries) == 4
    assert await postgres.read(counted) == 1


async def test_a_read_whose_connection_is_lost_is_run_again(postgres: PostgresDatabase) -> None:
    tries = itertools.count(1)

    def ended_by_the_server() -> Transaction[int]:
        if next(tries) < 3:
            yield "SELECT pg_terminate_backend(pg_backend_pid())", ()
        return (yield from counted())

    assert await postgres.read(ended_by_the_server) == 0


async def test_connections_that_died_idle_are_replaced(postgres: PostgresDatabase) -> None:
    await asyncio.gather(*(postgres.run(add) for _ in range(20)))
    kill = """SELECT COUNT(pg_terminate_backend(pid)) AS it FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    assert await postgres.read(ask, kill)
    await asyncio.gather(*(postgres.run(add) for _ in range(20)))
    assert await postgres.read(counted) == 40


async def test_a_server_that_can_not_be_reached_is_told_without_the_password(
    cluster: Cluster, proxy: Proxy
) -> None:
    proxy.down = True
    with pytest.raises(DatabaseAway) as away:
        await PostgresDatabase.open(cluster.url("anything", port=proxy.port), QUICK)
    told = "".join(traceback.format_exception(away.value))
    assert "not-a-secret" not in told
    database = PostgresDatabase(cluster.url("anything"), QUICK)
    assert "not-a-secret" not in f"{database!r} {database}"
    await database.close()


async def test_a_database_that_is_not_there_is_told(cluster: Cluster) -> None:
    with pytest.raises(StorageError, match='database "nowhere" does not exist'):
        await PostgresDatabase.open(cluster.url("nowhere"), QUICK)


async def test_a_server_that_stays_away_is_given_up(
    cluster: Cluster, postgres: PostgresDatabase, url: str, proxy: Proxy
) -> None:
    limits = replace(QUICK, patience_s=0.2)
    async with opened(through(url, cluster, proxy), limits) as cut_off:
        proxy.down = True
        proxy.cut_all()
        with pytest.raises(DatabaseAway):
            await cut_off.run(add)
        with pytest.raises(DatabaseAway):
            await cut_off.read(counted)
        proxy.down = False
        assert await cut_off.run(add) == 1


def test_an_old_server_is_refused() -> None:
    require_version(13)
    with pytest.raises(StorageError, match="PostgreSQL 12: 13 or newer is needed"):
        require_version(12)


# -- others in the way -------------------------------------------------------------------------


async def test_two_that_block_one_another_both_come_through(postgres: PostgresDatabase) -> None:
    def crosswise(first: int, second: int) -> Transaction[None]:
        yield from add(first)
        yield "SELECT pg_sleep(0.05)", ()
        yield from add(second)

    await asyncio.gather(postgres.run(crosswise, 1, 2), postgres.run(crosswise, 2, 1))
    assert await postgres.read(counted, 1) == await postgres.read(counted, 2) == 2


async def test_a_serialization_failure_is_tried_again(postgres: PostgresDatabase) -> None:
    tries = itertools.count(1)

    def unlucky() -> Transaction[int]:
        n = yield from add()
        if next(tries) < 4:
            yield "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$", ()
        return n

    assert await postgres.run(unlucky) == 1


async def test_a_conflict_that_never_ends_is_given_up(url: str) -> None:
    def unlucky() -> Transaction[None]:
        yield "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$", ()

    async with opened(url, replace(QUICK, patience_s=0.1)) as database:
        with pytest.raises(DatabaseBusy):
            await database.run(unlucky)


async def test_a_lock_that_is_never_let_go_is_not_waited_for_for_ever(
    postgres: PostgresDatabase, url: str
) -> None:
    holder = await postgres.connect()
    await holder.execute("BEGIN; SELECT * FROM counts WHERE id = 1 FOR UPDATE")
    async with opened(url, replace(QUICK, lock_s=0.1)) as database:
        with pytest.raises(DatabaseBusy):
            await database.run(add)
        assert await database.run(add, 2) == 1
    await holder.close()


async def test_a_statement_has_a_bound(url: str) -> None:
    async with opened(url, replace(QUICK, statement_s=0.1)) as database:
        with pytest.raises(DatabaseBusy):
            await database.read(ask, "SELECT CAST(pg_sleep(60) AS TEXT) AS it")


async def test_a_transaction_that_stands_still_is_ended_by_the_server(
    postgres: PostgresDatabase,
) -> None:
    setting = "SELECT current_setting('idle_in_transaction_session_timeout') AS it"
    assert await postgres.read(ask, setting) == "15s"


async def test_those_that_claim_at_once_claim_different_rows(postgres: PostgresDatabase) -> None:
    def claim() -> Transaction[list[int]]:
        rows = yield (
            """WITH due AS MATERIALIZED (
                 SELECT id FROM counts WHERE n = 0 ORDER BY id LIMIT 1 /*skip*/)
               UPDATE counts SET n = 1 WHERE id IN (SELECT id FROM due) RETURNING id""",
            (),
        )
        yield "SELECT pg_sleep(0.1)", ()
        return [row["id"] for row in rows]

    claims = await asyncio.gather(*(postgres.run(claim) for _ in range(3)))
    assert sorted(id_ for claimed in claims for id_ in claimed) == [1, 2]


# -- connections -------------------------------------------------------------------------------


async def test_connections_have_a_bound(url: str) -> None:
    async with opened(url, replace(QUICK, writers=3, readers=2)) as database:
        await database.run(set_up)
        await asyncio.gather(*(database.run(add) for _ in range(30)))
        await asyncio.gather(*(database.read(counted) for _ in range(30)))
        count = """SELECT COUNT(*) AS it FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name LIKE 'muybridge %'"""
        assert await database.read(ask, count) == 5


async def test_no_connection_comes_free_for_too_long(url: str) -> None:
    async with opened(url, replace(QUICK, writers=1, wait_s=0.05)) as database:
        await database.run(set_up)
        slow = asyncio.create_task(database.run(ask, "SELECT CAST(pg_sleep(0.5) AS TEXT) AS it"))
        await asyncio.sleep(0)
        with pytest.raises(DatabaseBusy, match="no connection"):
            await database.run(add)
        await slow


async def test_commits_are_durable_whatever_the_database_prefers(
    postgres: PostgresDatabase,
) -> None:
    assert await postgres.read(ask, "SELECT current_setting('synchronous_commit') AS it") == "on"


async def test_what_writes_nothing_leaves_no_mark(postgres: PostgresDatabase) -> None:
    marks = "SELECT SUM(number) AS it FROM commit_marks"
    before = await postgres.read(ask, marks)
    await postgres.run(counted)
    assert await postgres.read(ask, marks) == before


# -- values ------------------------------------------------------------------------------------


async def test_sums_are_whole_numbers(postgres: PostgresDatabase) -> None:
    total = await postgres.read(ask, "SELECT SUM(n) AS it FROM counts")
    assert (total, type(total)) == (0, int)
    half = await postgres.read(ask, "SELECT AVG(id) AS it FROM counts")
    assert half == 1.5


async def test_a_character_that_text_can_not_hold_is_replaced(
    postgres: PostgresDatabase,
) -> None:
    said = await postgres.run(
        ask, "UPDATE counts SET words = $1 WHERE id = 1 RETURNING words AS it", "a\0b"
    )
    assert said == "a\N{REPLACEMENT CHARACTER}b"


async def test_neither_an_error_nor_its_traceback_shows_a_row_or_a_value(
    postgres: PostgresDatabase,
) -> None:
    insert = "INSERT INTO counts (id, n, words) VALUES ($1, $2, $3)"

    async def told(*parameters: Value) -> str:
        with pytest.raises(StorageError) as refused:
            await postgres.run(ask, insert, *parameters)
        return "".join(traceback.format_exception(refused.value))

    for parameters in ((1, 1, "a secret"), (3, None, "a secret"), (3, "a secret", ""), (3, 2, 4)):
        shown = await told(*parameters)
        assert "secret" not in shown
    with pytest.raises(ConstraintBroken, match="counts_pkey"):
        await postgres.run(ask, insert, 1, 1, "")
    with pytest.raises(StorageError, match=r"parameter \$2 does not fit"):
        await postgres.run(ask, insert, 3, "two", "")


@pytest.mark.parametrize("sql", ["COMMIT", "rollback", "BEGIN", "ABORT", "START TRANSACTION"])
async def test_a_transaction_can_not_meddle_with_itself(
    postgres: PostgresDatabase, sql: str
) -> None:
    with pytest.raises(StorageError, match="the driver does"):
        await postgres.run(ask, sql)
