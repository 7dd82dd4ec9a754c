"""Where the state machine keeps its books: a database that is emptied, with every move watched."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from storage.opening import MIGRATIONS, Address
from tests.postgres_cluster import empty
from tests.storage.contract.desk import statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from storage.database import Database
    from tests.postgres_cluster import Cluster

_MEMORY: Final = Path("/dev/shm")
"""A crash here is one of the process, not of the machine: nothing has to reach a disk."""

# Moves are noted by the database itself: nothing that a transaction does can get past a trigger.
_MOVES: Final = "CREATE TABLE moves (was TEXT NOT NULL, became TEXT NOT NULL)"
_WATCH_SQLITE: Final = (
    _MOVES,
    """CREATE TRIGGER watch AFTER UPDATE OF state ON clips WHEN old.state <> new.state
       BEGIN INSERT INTO moves VALUES (old.state, new.state); END""",
)
_WATCH_POSTGRES: Final = (
    _MOVES,
    """CREATE FUNCTION note_move() RETURNS TRIGGER LANGUAGE plpgsql AS
       'BEGIN INSERT INTO moves VALUES (old.state, new.state); RETURN NULL; END'""",
    """CREATE TRIGGER watch AFTER UPDATE OF state ON clips FOR EACH ROW
       WHEN (old.state <> new.state) EXECUTE FUNCTION note_move()""",
)


class Shelf(Protocol):
    """A place for books that outlives whoever writes in them."""

    async def clear(self) -> None:
        """Throw away what earlier books left."""

    async def open(self) -> Database:
        """Open the books, as a process does that starts."""


class FileShelf:
    """Keeps each books in a new SQLite file, a copy of an empty one."""

    def __init__(self, folder: Path) -> None:
        self._empty = folder / "empty.db"
        self._paths = (folder / f"{number}.db" for number in itertools.count())
        self._address = Address(sqlite=self._empty, url="")

    async def prepare(self) -> None:
        """Make the empty one."""
        await self._address.bring_up_to_date(0)
        await _watch(self._address, _WATCH_SQLITE)

    async def clear(self) -> None:
        path = next(self._paths)
        path.write_bytes(self._empty.read_bytes())
        self._address = Address(sqlite=path, url="")

    async def open(self) -> Database:
        return await self._address.open()


class ServerShelf:
    """Keeps books in one database of a server, from which the rows of the last are deleted."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def prepare(self) -> None:
        """Watch the moves, once."""
        await _watch(Address(sqlite=None, url=self._url), _WATCH_POSTGRES)

    async def clear(self) -> None:
        await empty(self._url)

    async def open(self) -> Database:
        return await Address(sqlite=None, url=self._url).open()


async def _watch(address: Address, statements: tuple[str, ...]) -> None:
    async with address.opened() as database:
        for sql in statements:
            await database.run(statement, sql)


@contextmanager
def shelf_for(driver: str, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """Make a shelf on that database; a server is skipped where none is installed."""
    if driver == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        shelf = ServerShelf(asyncio.run(cluster.create(MIGRATIONS)))
        asyncio.run(shelf.prepare())
        yield shelf
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        file = FileShelf(Path(folder))
        asyncio.run(file.prepare())
        yield file
