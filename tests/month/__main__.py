"""`python -m tests.month`: plays the whole month and prints what happened in it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.postgres_server import NoServerError, PostgresServer
from storage.opening import Address
from tests.fakes import START
from tests.month.plan import Plan
from tests.month.play import Month

if TYPE_CHECKING:
    from collections.abc import Iterator


async def main(plan: Plan, url: str) -> int:
    """Play it, print what was counted, and return 1 when anything was wrong at a midnight."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = folder / "empty.db"
        await Address(sqlite=empty, url="").bring_up_to_date(START)
        if url:
            await Address(sqlite=None, url=url).bring_up_to_date(START)
        month = await Month.open(folder, empty, plan, url)
        try:
            await month.play()
        finally:
            await month.world.close()
    for what, count in sorted(month.tally.items()):
        print(f"{count:9,}  {what}")
    for sentence in month.wrong:
        print(f"WRONG: {sentence}")
    print(f"{len(month.wrong)} things wrong; played in {time.monotonic() - begun:.0f} s")
    return int(bool(month.wrong))


@contextmanager
def database(url: str, *, private: bool) -> Iterator[str]:
    """Yield the address of the server's database, of one of its own, or nothing: a file."""
    if not private:
        yield url
        return
    with PostgresServer.started() as server:
        yield asyncio.run(server.new_database("month"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    whole = Plan()
    parser.add_argument("--orders", type=int, default=whole.orders)
    parser.add_argument("--members", type=int, default=whole.members)
    parser.add_argument("--seed", type=int, default=whole.seed)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", default="", help="an empty database's DATABASE_URL")
    where.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    plan = Plan(orders=given.orders, members=given.members, seed=given.seed)
    try:
        with database(given.database, private=given.postgres) as url:
            sys.exit(asyncio.run(main(plan, url)))
    except NoServerError as error:
        sys.exit(str(error))
