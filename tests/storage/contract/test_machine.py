"""Whatever members, vendor, clock and crashes do in whatever order, the books stay right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.storage.conftest import DRIVERS
from tests.storage.contract.desk import Desk, member
from tests.storage.contract.machine import Money
from tests.storage.contract.shelves import shelf_for

if TYPE_CHECKING:
    from tests.storage.contract.shelves import Shelf

EXAMPLES: Final = {"sqlite": 100, "postgres": 15}
"""A server takes its time; what it alone does is that transactions run at the same time."""


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_books_stay_right(driver: str, request: pytest.FixtureRequest) -> None:
    with shelf_for(driver, request) as shelf:

        class Here(Money):
            def __init__(self) -> None:
                super().__init__(shelf)

        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=EXAMPLES[driver],
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )


@pytest.mark.parametrize("driver", DRIVERS)
def test_every_move_is_noted(driver: str, request: pytest.FixtureRequest) -> None:
    async def moves(shelf: Shelf) -> set[tuple[str, str]]:
        await shelf.clear()
        desk = Desk(await shelf.open())
        await desk.place(member(7))
        await desk.render()
        rows = await desk.rows("SELECT was, became FROM moves")
        await desk.database.close()
        return {(row["was"], row["became"]) for row in rows}

    with shelf_for(driver, request) as shelf:
        noted = asyncio.run(moves(shelf))
    assert noted == {("queued", "submitting"), ("submitting", "rendering")}
