"""The desk at which a contract test orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storage.contract.desk import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.database import Database


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """Open a store whose books are audited once the test is over."""
    made = Desk(database)
    yield made
    assert await made.balanced()
