"""`python -m tests.month`: plays the whole month and prints what happened in it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

import storage
from storage import migrate
from storage.sqlite import SqliteDatabase
from tests.fakes import START
from tests.month.plan import Plan
from tests.month.play import Month


async def main(plan: Plan) -> int:
    """Play it, print what was counted, and return 1 when anything was wrong at a midnight."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = folder / "empty.db"
        database = await SqliteDatabase.open(empty)
        await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
        await database.close()
        month = await Month.open(folder, empty, plan)
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    whole = Plan()
    parser.add_argument("--orders", type=int, default=whole.orders)
    parser.add_argument("--members", type=int, default=whole.members)
    parser.add_argument("--seed", type=int, default=whole.seed)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    sys.exit(asyncio.run(main(Plan(**vars(arguments)))))
