"""What every driver must do; runs once per driver in conftest.DRIVERS."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storage.database import SKIP_LOCKED, Closed, ConstraintBroken, StorageError
from tests.storage.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from storage.database import Database, Transaction, Value
    from storage.sqlite import SqliteDatabase
    from tests.storage.conftest import Hurdle


class NotToday(Exception):  # noqa: N818 - stands for a refusal of the domain
    pass


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_notes.sql").write_text(
        """
        CREATE TABLE notes (id BIGINT PRIMARY KEY, words TEXT NOT NULL) /*strict*/;
        CREATE TABLE replies (
            id BIGINT PRIMARY KEY, note_id BIGINT NOT NULL REFERENCES notes (id)
        ) /*strict*/;
        """
    )
    return folder


def add(note: int, words: str = "hello") -> Transaction[int]:
    rows = yield (
        "INSERT INTO notes (id, words) VALUES ($1, $2) RETURNING id",
        (note, words),
    )
    found: int = rows[0]["id"]
    return found


def notes() -> Transaction[list[int]]:
    rows = yield "SELECT id FROM notes ORDER BY id", ()
    return [row["id"] for row in rows]


def add_then_refuse(note: int) -> Transaction[None]:
    yield from add(note)
    raise NotToday(note)


def fits(database: SqliteDatabase) -> Database:
    """Has only to pass the type check: the driver has the shape of the Protocol."""
    return database


async def test_a_transaction_returns_what_it_computed(database: Database) -> None:
    assert await database.run(add, 7, words="seven") == 7
    assert await database.read(notes) == [7]


async def test_a_statement_without_rows_answers_with_none(database: Database) -> None:
    def insert() -> Transaction[int]:
        return len((yield "INSERT INTO notes (id, words) VALUES (1, 'one')", ()))

    assert await database.run(insert) == 0


async def test_parameters_go_by_number_and_may_be_used_twice(database: Database) -> None:
    def swapped(first: str, second: str) -> Transaction[str]:
        rows = yield (
            "SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT) AS words",
            (first, second),
        )
        words: str = rows[0]["words"]
        return words

    assert await database.read(swapped, "a", "b") == "bab"


async def test_more_than_nine_parameters_are_told_apart(database: Database) -> None:
    def eleventh() -> Transaction[int]:
        terms = " + ".join(f"0 * CAST(${n} AS BIGINT)" for n in range(1, 11))
        rows = yield f"SELECT {terms} + CAST($11 AS BIGINT) AS n", tuple(range(1, 12))
        n: int = rows[0]["n"]
        return n

    assert await database.read(eleventh) == 11


async def test_a_dollar_sign_in_a_text_or_comment_is_no_parameter(database: Database) -> None:
    def priced() -> Transaction[str]:
        rows = yield (
            """SELECT 'it''s $2' || CAST($1 AS TEXT) AS "a$3" -- not $4
               /* nor $5 */""",
            (" each",),
        )
        words: str = rows[0]["a$3"]
        return words

    assert await database.read(priced) == "it's $2 each"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("BIGINT", 2**63 - 1),
        ("BIGINT", -(2**63)),
        ("TEXT", "a sentence with 'quotes', \N{CLAPPER BOARD} and $1"),
        ("TEXT", None),
    ],
)
async def test_a_value_comes_back_as_it_went_in(
    database: Database, kind: str, value: Value
) -> None:
    def echo() -> Transaction[Value]:
        rows = yield f"SELECT CAST($1 AS {kind}) AS value", (value,)
        found: Value = rows[0]["value"]
        return found

    assert await database.read(echo) == value


async def test_the_skip_marker_is_understood(database: Database) -> None:
    def claim() -> Transaction[list[int]]:
        statement = "SELECT id FROM notes WHERE id > $1 ORDER BY id /*skip*/"
        assert statement.endswith(SKIP_LOCKED)
        rows = yield statement, (1,)
        return [row["id"] for row in rows]

    for note in (1, 2, 3):
        await database.run(add, note)
    assert await database.run(claim) == [2, 3]


async def test_an_exception_takes_the_work_back_and_arrives_as_it_is(database: Database) -> None:
    with pytest.raises(NotToday) as refused:
        await database.run(add_then_refuse, 1)
    assert refused.value.args == (1,)
    assert await database.read(notes) == []


async def test_a_broken_constraint_takes_the_whole_transaction_back(database: Database) -> None:
    def add_two_of_one_id() -> Transaction[None]:
        yield from add(1)
        yield from add(2)
        yield from add(2)

    with pytest.raises(ConstraintBroken, match="notes") as broken:
        await database.run(add_two_of_one_id)
    assert "notes" in broken.value.constraint
    assert await database.read(notes) == []


async def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    def reply_to_nothing() -> Transaction[None]:
        yield "INSERT INTO replies (id, note_id) VALUES ($1, $2)", (1, 404)

    with pytest.raises(ConstraintBroken):
        await database.run(reply_to_nothing)


async def test_faulty_sql_is_a_storage_error_that_shows_the_statement(database: Database) -> None:
    def misspelled() -> Transaction[None]:
        yield "SELEKT 1", ()

    with pytest.raises(StorageError) as faulty:
        await database.run(misspelled)
    assert faulty.value.__cause__ is not None
    assert any("SELEKT 1" in note for note in faulty.value.__cause__.__notes__)


async def test_a_transaction_cannot_catch_an_sql_error_and_go_on(database: Database) -> None:
    caught: list[str] = []

    def stubborn() -> Transaction[None]:
        yield from add(1)
        try:
            yield from add(1)
        except Exception as error:  # noqa: BLE001 - proves that none arrives
            caught.append(repr(error))
        yield from add(2)

    with pytest.raises(ConstraintBroken):
        await database.run(stubborn)
    assert caught == []
    assert await database.read(notes) == []


async def test_those_that_fail_do_not_disturb_those_that_run_beside_them(
    database: Database,
) -> None:
    outcomes = await asyncio.gather(
        *(database.run(add if n % 3 else add_then_refuse, n) for n in range(30)),
        return_exceptions=True,
    )
    kept = [n for n in range(30) if n % 3]
    assert [outcome for outcome in outcomes if isinstance(outcome, int)] == kept
    assert sum(isinstance(outcome, NotToday) for outcome in outcomes) == 10
    assert await database.read(notes) == kept


async def test_a_transaction_that_locks_first_sees_what_those_before_it_wrote(
    database: Database,
) -> None:
    def lock_count_add() -> Transaction[int]:
        # Counting alone is no cap where several write at once: they have to queue somewhere.
        yield "UPDATE notes SET words = words WHERE id = 0", ()
        before = yield from notes()
        return (yield from add(len(before)))

    await database.run(add, 0)
    added = await asyncio.gather(*(database.run(lock_count_add) for _ in range(20)))
    assert sorted(added) == [*range(1, 21)]


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.read(add, 1)
    assert await database.read(notes) == []


async def test_an_exception_in_a_read_arrives_as_it_is(database: Database) -> None:
    def look_and_refuse() -> Transaction[None]:
        yield from notes()
        raise NotToday

    with pytest.raises(NotToday):
        await database.read(look_and_refuse)
    assert await database.read(notes) == []


async def test_a_read_sees_one_moment_however_long_it_takes(
    database: Database, hurdle: Hurdle
) -> None:
    def look_twice() -> Transaction[tuple[list[int], list[int]]]:
        first = yield from notes()
        yield from hurdle.stop()
        return first, (yield from notes())

    await database.run(add, 1)
    reading = asyncio.create_task(database.read(look_twice))
    await hurdle.reached()
    await database.run(add, 2)
    await hurdle.lift()
    assert await reading == ([1], [1])
    assert await database.read(notes) == [1, 2]


async def test_a_read_never_sees_half_a_transaction(database: Database, hurdle: Hurdle) -> None:
    def add_two() -> Transaction[None]:
        yield from add(1)
        yield from hurdle.stop()
        yield from add(2)

    writing = asyncio.create_task(database.run(add_two))
    await hurdle.reached()
    assert await database.read(notes) == []
    await hurdle.lift()
    await writing
    assert await database.read(notes) == [1, 2]


async def test_a_transaction_outlives_its_cancelled_caller(
    database: Database, hurdle: Hurdle
) -> None:
    def slow() -> Transaction[None]:
        yield from add(1)
        yield from hurdle.stop()

    running = asyncio.create_task(database.run(slow))
    await hurdle.reached()
    queued = asyncio.create_task(database.run(add, 2))
    await asyncio.sleep(0)  # lets the second caller hand its transaction over
    for caller in (running, queued):
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
    await hurdle.lift()
    await database.run(add, 3)
    async with asyncio.timeout(PATIENCE):  # on a server they run beside one another
        while len(await database.read(notes)) < 3:  # noqa: ASYNC110 - it has no event for a test
            await asyncio.sleep(0)
    assert sorted(await database.read(notes)) == [1, 2, 3]


async def test_close_finishes_what_was_handed_over(
    database: Database, hurdle: Hurdle, caplog: pytest.LogCaptureFixture
) -> None:
    busy = asyncio.create_task(database.run(hurdle.stop))
    await hurdle.reached()
    queued = [asyncio.create_task(database.run(add, n)) for n in range(5)]
    reading = asyncio.create_task(database.read(notes))
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    with pytest.raises(Closed):
        await database.run(add, 99)
    await hurdle.lift()
    await closing
    assert await asyncio.gather(*queued) == [0, 1, 2, 3, 4]
    await asyncio.gather(busy, reading)
    assert not caplog.records


async def test_a_closed_database_takes_nothing_more_and_may_be_closed_again(
    database: Database,
) -> None:
    await asyncio.gather(database.close(), database.close())
    await database.close()
    with pytest.raises(Closed):
        await database.run(add, 1)
    with pytest.raises(Closed):
        await database.read(notes)


async def test_a_cancelled_close_still_closes(database: Database, hurdle: Hurdle) -> None:
    busy = asyncio.create_task(database.run(hurdle.stop))
    await hurdle.reached()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await hurdle.lift()
    await busy
    await database.close()
    with pytest.raises(Closed):
        await database.run(add, 1)
