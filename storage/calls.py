"""How a store runs its transactions, and says in the domain's words that it can't."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from jobs.errors import StorageDown
from storage.database import ConstraintBroken, Dialect, StorageError
from storage.seats import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobs.model import Guards, GuildRules
    from storage.database import Database, Transaction


MOST_PLACING: Final = 4
"""Orders that are placed at once on a server, where each takes a connection.

All of them wait for one another at the operator's day, and while they do, commands are to be noted
and paid requests to be recorded on other connections.
"""

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def _answering() -> Iterator[None]:
    """Say in the domain's words that the database can't answer: then nothing is sold."""
    try:
        yield
    except ConstraintBroken:
        raise  # a fault of ours, and no outage
    except StorageError as error:
        raise StorageDown(str(error)) from error


class Calls:
    """A database, and what its transactions have to know besides their arguments.

    `defaults` are the rules of guilds that set nothing, `guards` the operator's limits. Leases are
    taken under the number `owner`, which tells apart the processes that share a database.
    """

    def __init__(
        self, database: Database, defaults: GuildRules, guards: Guards, owner: int = ALONE
    ) -> None:
        self._database = database
        self._defaults = defaults
        self._guards = guards
        self._owner = owner
        most = MOST_PLACING if database.dialect is Dialect.POSTGRES else sys.maxsize
        self._placing = asyncio.Semaphore(most)

    async def _run(
        self, transaction: Callable[P, Transaction[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with _answering():
            return await self._database.run(transaction, *args, **kwargs)

    async def _read(
        self, transaction: Callable[P, Transaction[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with _answering():
            return await self._database.read(transaction, *args, **kwargs)
