"""`python -m bench.crash`: kills the bot again and again under load, and counts what came of it.

The bot is the ordinary process; Discord and Akool are the sandbox's. Exit code 1 when anything was
paid, charged or posted twice, or lost, or the ledger is not exact.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.crash.points import read_point
from bench.crash.report import lines
from bench.crash.running import BotFailedError, Plan, Run
from bench.crash.truths import bill_of, channels_of, ledger_of, open_books
from bench.crash.verdict import Truths, judge
from sandbox.postgres_server import NoServerError, PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.crash.verdict import Verdict


async def truths_of(run: Run) -> Truths:
    """Read the three truths, the bot being stopped."""
    database = await open_books(run.plan.database, run.studio.database)
    try:
        ledger = await ledger_of(database)
    finally:
        await database.close()
    for asked in run.load.asked:
        asked.read_again()
    return Truths(
        asked=tuple(run.load.asked),
        bill=tuple(bill_of(run.studio)),
        ledger=ledger,
        channels=channels_of(run.studio),
        shown=run.told.shown,
        unreachable=run.load.unreachable,
    )


async def crash(plan: Plan, folder: Path) -> tuple[Run, Truths, Verdict]:
    """Play a plan and judge it. Raises BotFailedError when the bot ended by itself."""
    run = Run(plan, folder)
    async with run.studio:
        await run.play()
        truths = await truths_of(run)
    return run, truths, judge(truths)


def given_by(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    parser.add_argument("--orders", type=int, default=usual.orders, help="orders in all")
    parser.add_argument("--kills", type=int, default=usual.kills, help="SIGKILLs in all")
    parser.add_argument("--seed", type=int, default=usual.seed, help="chooses who, what and when")
    parser.add_argument("--minutes", type=float, default=usual.minutes, help="no longer than this")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--database", default="", help="a DATABASE_URL; by default a new SQLite file"
    )
    where.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--no-webhooks", action="store_true", help="without PUBLIC_URL")
    parser.add_argument("--folder", type=Path, help="kept afterwards: database, log, media")
    parser.add_argument(
        "--at",
        type=read_point,
        action="append",
        default=[],
        help="kill there, such as 'after intend 2' or 'create is carried out 1'; may be repeated",
    )
    return parser.parse_args(argv)


def plan_of(given: argparse.Namespace, database: str) -> Plan:
    """Make a plan of what was given, on that database."""
    return Plan(
        orders=given.orders,
        kills=len(given.at) or given.kills,
        at=tuple(given.at),
        seed=given.seed,
        minutes=given.minutes,
        database=database,
        public=not given.no_webhooks,
    )


@contextmanager
def database_of(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield the address of the database, of one on a server of our own, or nothing: a file.

    What was in our own is kept in the folder, as SQL. Raises NoServerError.
    """
    if not given.postgres:
        yield given.database
        return
    with PostgresServer.started(durable=True) as server:
        try:
            yield asyncio.run(server.new_database("crash"))
        finally:
            server.dump("crash", folder / "database.sql")


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print the report, and return the exit code; after a failure the folder is kept."""
    # Requests that a killed bot has left half-way are no news here.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    given = given_by(argv)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="muybridge-crash-"))
    folder.mkdir(parents=True, exist_ok=True)
    kept = "log" if given.database else "log and database"
    print(f"{kept}: in {folder}", flush=True)
    try:
        with database_of(given, folder) as database:
            run, truths, verdict = asyncio.run(crash(plan_of(given, database), folder))
    except (BotFailedError, NoServerError) as error:
        ended = "The bot ended by itself: " if isinstance(error, BotFailedError) else ""
        print(f"{ended}{error}", file=sys.stderr)
        return 1
    print("\n".join(("", *lines(run, truths, verdict))))
    if run.told.unfinished:
        print(run.told.unfinished, file=sys.stderr)
    return 1 if verdict.findings or run.told.unfinished else 0


if __name__ == "__main__":
    sys.exit(main())
