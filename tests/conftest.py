"""What tests of more than one package ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.postgres_cluster import private_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres_cluster import Cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a PostgreSQL server for all tests of this process; without one they are skipped."""
    with private_cluster() as started:
        yield started
