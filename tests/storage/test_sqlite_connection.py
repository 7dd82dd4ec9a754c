"""What we rely on in aiosqlite's private `_execute`: if an upgrade changes it, this fails."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from storage.sqlite_connection import Connection, connect_writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.storage.conftest import Gate


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    opened = await Connection.open(partial(connect_writer, tmp_path / "bot.db", 0))
    try:
        yield opened
    finally:
        await opened.close()


async def test_every_call_gets_the_connection_in_the_one_thread_it_may_be_used_in(
    connection: Connection,
) -> None:
    def where(raw: sqlite3.Connection) -> int:
        raw.execute("SELECT 1")  # sqlite3 refuses any thread but the one that connected
        return threading.get_ident()

    threads = {await connection.call(where) for _ in range(5)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_arguments_and_results_pass_through(connection: Connection) -> None:
    def joined(raw: sqlite3.Connection, first: str, *, second: str) -> str:
        (text,) = raw.execute("SELECT ? || ?", (first, second)).fetchone()
        return str(text)

    assert await connection.call(joined, "a", second="b") == "ab"


async def test_calls_are_served_in_the_order_they_came(connection: Connection) -> None:
    served: list[int] = []

    def note(_: sqlite3.Connection, n: int) -> None:
        served.append(n)

    await asyncio.gather(*(connection.call(note, n) for n in range(50)))
    assert served == [*range(50)]


async def test_an_exception_comes_out_and_the_thread_goes_on(connection: Connection) -> None:
    def fail(_: sqlite3.Connection) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await connection.call(fail)
    await connection.call(lambda raw: raw.execute("SELECT 1").fetchall())


async def test_a_call_goes_on_when_its_caller_is_cancelled(
    connection: Connection, gate: Gate
) -> None:
    finished = threading.Event()

    def slow(_: sqlite3.Connection) -> None:
        gate.stop()
        finished.set()

    calling = asyncio.create_task(connection.call(slow))
    await gate.reached()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    gate.open()
    await connection.call(lambda _: None)
    assert finished.is_set()


async def test_close_comes_after_the_calls_before_it(connection: Connection, gate: Gate) -> None:
    calling = asyncio.create_task(connection.call(lambda _: gate.stop()))
    await gate.reached()
    queued = asyncio.create_task(connection.call(lambda raw: raw.execute("SELECT 1").fetchall()))
    await asyncio.sleep(0)
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    gate.open()
    await closing
    await calling
    assert len(await queued) == 1
    with pytest.raises(ValueError, match="closed"):
        await connection.call(lambda _: None)


async def test_a_failure_to_connect_comes_out_and_leaves_no_thread() -> None:
    def fail() -> sqlite3.Connection:
        raise LookupError

    before = set(threading.enumerate())
    with pytest.raises(LookupError):
        await Connection.open(fail)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=30)
        assert not thread.is_alive()
