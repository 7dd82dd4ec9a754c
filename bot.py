"""The composition root: reads the settings, opens and wires everything, runs it, closes it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import secrets
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord

import logs
from akool.client import AkoolClient
from akool.download import Downloader
from akool.renderer import AkoolRenderer
from check import check_everything
from choices import address_of, credentials_of, guards_of, hint_reader, pace_of, rules_of
from cogs.act_log import ActLog
from cogs.case_desk import DiscordCaseDesk
from cogs.client import Muybridge, Services, use_api_base
from cogs.courier import DiscordCourier
from cogs.review_desk import DiscordReviewDesk, DiscordRooms
from jobs.browsing import Browsing
from jobs.catalogue import Catalogue
from jobs.clock import SystemClock
from jobs.drawing import Draw
from jobs.engine import Bell, Engine
from jobs.exporting import Exporting
from jobs.fetching import Fetch
from jobs.forms import Forms
from jobs.governing import Governing
from jobs.hinting import Hints
from jobs.ids import Ids
from jobs.lapsing import Lapse
from jobs.logbook import PostActs
from jobs.looking import Look
from jobs.moderation import Moderation
from jobs.ordering import Means, Ordering
from jobs.posting import Post
from jobs.quotas import Quotas
from jobs.removing import CloseDoubt, Remove
from jobs.reporting import Judge
from jobs.reports import Reports
from jobs.reviewing import Show
from jobs.reviews import Reviews
from jobs.setting_right import SetRight
from jobs.sharing import Sharing
from jobs.stocking import Stock
from jobs.submitting import Outside, Recover, Submit
from jobs.sweeping import Sweep
from jobs.usage import Usage
from media.library import MediaLibrary
from media.painter import ChartPainter
from media.store import MediaStore
from media.worker import MediaWorker
from operate import add_commands, operate
from settings import Role, Settings, SettingsError, load_environment
from storage.database import NotMigrated, StorageError
from storage.opening import ringing, timed
from storage.restoring import restored
from storage.store import Store
from watchdog import watching
from web.doors import Doors
from web.server import listening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.engine import Step
    from jobs.ports import Clock
    from storage.database import Database
    from storage.opening import Address

logger = logging.getLogger("muybridge")

EXIT_FAILED: Final = 1
EXIT_SETTINGS: Final = 78
"""EX_CONFIG of sysexits.h: something is wrong with the settings."""

MOST_VIDEO_BYTES: Final = 512 * 1024 * 1024
"""Far above any clip: 4k for ten seconds was 12 MB."""

FETCH_S: Final = 600.0
"""How long one fetch of a finished video may take, in seconds; below its step's lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that runs, wired."""

    client: Muybridge
    engine: Engine
    bell: Bell
    stock: Stock
    store: Store
    doors: Doors

    def heed(self) -> None:
        """Look for what another process has left over."""
        self.bell.hear()
        self.client.take_up()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where everything durable is: the database, its store, and the time that counts there."""

    database: Database
    store: Store
    clock: Clock


async def open_home(settings: Settings, stack: AsyncExitStack) -> Home:
    """Open the database, kept from bots that must not share it, and bring it up to date."""
    address = address_of(settings)
    owner = stack.enter_context(address.occupied(settings.media_dir))
    await bring_up_to_date(address)
    database = await stack.enter_async_context(address.opened())
    clock = await stack.enter_async_context(timed(database, SystemClock()))
    store = Store(database, rules_of(settings), guards_of(settings), owner)
    return Home(database=database, store=store, clock=clock)


async def bring_up_to_date(address: Address) -> int:
    """Apply the migrations that the database lacks; return how many."""
    applied = await address.bring_up_to_date(SystemClock().now())
    for migration in applied:
        logger.info("the database is now at version %s", migration.version)
    return len(applied)


def client_of(settings: Settings, services: Services) -> Muybridge:
    """Build the Discord client; nothing is connected yet."""
    if settings.discord_api_base is not None:
        use_api_base(settings.discord_api_base)
    return Muybridge(
        services,
        sync=settings.role is not Role.WORKER,
        resume=settings.role is not Role.WORKER,
        shard_ids=settings.shard_ids,
        shard_count=settings.shard_count,
    )


def steps_of(outside: Outside) -> list[Step[Any]]:
    """List the engine's steps in the order of a clip's life."""
    return [
        Submit(outside),
        Recover(outside),
        Look(outside),
        Fetch(outside),
        Post(outside),
        Draw(outside),
        Remove(outside),
        CloseDoubt(outside),
    ]


def wire(
    settings: Settings, home: Home, network: aiohttp.ClientSession, worker: MediaWorker
) -> Parts:
    """Build every part and hand each what it needs."""
    store, clock = home.store, home.clock
    chance = random.Random()  # noqa: S311 - ids and jitter, no secrets
    library = MediaLibrary(MediaStore(settings.media_dir, clock), worker)
    catalogue = Catalogue(settings.default_model or "")
    bell, rooms = Bell(), DiscordRooms()
    means = Means(
        store=store,
        library=library,
        clock=clock,
        ids=Ids(clock, chance),
        token=partial(secrets.token_urlsafe, 24),
        wake=bell.ring,
        rooms=rooms,
    )
    ordering = Ordering(means, catalogue, guards_of(settings), public=bool(settings.public_url))
    services = Services(
        ordering=ordering,
        catalogue=catalogue,
        browsing=Browsing(store, library, clock),
        forms=Forms(store, clock, means.ids),
        moderation=Moderation(store, clock, means.ids),
        reviews=Reviews(store, clock, means.ids, bell.ring),
        reports=Reports(store, clock, means.ids, bell.ring),
        sharing=Sharing(store, library, clock),
        quotas=Quotas(store, clock),
        governing=Governing(store, ordering),
        exporting=Exporting(store, clock),
        usage=Usage(store, ChartPainter(worker), clock),
        guilds=settings.guilds,
    )
    client = rooms.client = client_of(settings, services)
    services.sharing.courier = DiscordCourier(client, catalogue, clock)
    akool = AkoolClient(network, settings.akool_base_url, credentials_of(settings))
    outside = Outside(
        store=store,
        orders=store,
        renderer=AkoolRenderer(akool, Downloader(max_bytes=MOST_VIDEO_BYTES, timeout=FETCH_S)),
        library=library,
        courier=services.sharing.courier,
        clock=clock,
        random=chance,
        pace=pace_of(settings),
        public_url=settings.public_url or "",
        webhooks=settings.webhooks,
    )
    stock = Stock(outside, catalogue)
    show = Show(outside, DiscordReviewDesk(client, catalogue))
    acts = PostActs(store, ActLog(client), clock, chance)
    judge = Judge(outside, DiscordCaseDesk(client))
    sweep = Sweep(outside, settings.media_days, store)
    again = SetRight(outside, store)
    work = [*steps_of(outside), show, judge, acts, sweep, Lapse(store, clock), again]
    engine = Engine([stock, *([] if settings.role is Role.GATEWAY else work)], clock)
    bell.engine = engine
    return Parts(
        client=client,
        engine=engine,
        bell=bell,
        stock=stock,
        store=store,
        doors=Doors(
            connected=lambda: (
                (settings.role is Role.WORKER or client.hears()) and not client.is_closed()
            ),
            totals=lambda: store.totals(clock.now()),
            failures=lambda: engine.failures,
            picture_key=store.picture_of,
            picture_path=library.picture_path,
            read_hint=hint_reader(settings, clock),
            hints=Hints(outside, bell.ring),
        ),
    )


async def run(settings: Settings) -> int:
    """Run the bot until it is told to stop, or until Discord turns it away."""
    async with AsyncExitStack() as stack:
        home = await open_home(settings, stack)
        stack.enter_context(watching())
        network = await stack.enter_async_context(aiohttp.ClientSession())
        worker = await stack.enter_async_context(MediaWorker())
        parts = wire(settings, home, network, worker)
        ringing_there = ringing(home.database, parts.bell.hear)
        parts.bell.others = await stack.enter_async_context(ringing_there)
        await serve(settings, parts)
    return 0


async def serve(settings: Settings, parts: Parts) -> None:
    """Connect, start the engine and the HTTP face, and stop them in the right order."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopping.set)
    # This process has the lock of the one before it, which is gone with whatever it did.
    await parts.store.take_over()
    await parts.stock.load()
    async with parts.client:
        await parts.client.login(settings.discord_token)
        async with (
            listening(parts.doors, settings.http_host, settings.http_port),
            address_of(settings).inherited(settings.media_dir, parts.store.take_over, parts.heed),
        ):
            parts.engine.start()
            try:
                await until_stopped(settings, parts.client, stopping)
            finally:
                await parts.engine.stop()


async def until_stopped(settings: Settings, client: Muybridge, stopping: asyncio.Event) -> None:
    """Stay connected until the signal comes; raise what ends the connection before it does."""
    if settings.role is Role.WORKER:
        await stopping.wait()
        return
    connection = asyncio.create_task(client.connect(), name="gateway")
    signalled = asyncio.create_task(stopping.wait(), name="signal")
    await asyncio.wait({connection, signalled}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    if connection.done():
        connection.result()
        return
    logger.info("stopping: nothing new is begun, what is under way is finished")
    connection.add_done_callback(lambda task: task.cancelled() or task.exception())


async def check(settings: Settings) -> int:
    """Print a line for every thing that the bot needs; return the exit code."""
    well = True
    logging.getLogger("discord").setLevel(logging.ERROR)  # its news would stand between our lines
    if settings.discord_api_base is not None:
        use_api_base(settings.discord_api_base)
    async for fine, sentence in check_everything(settings, credentials_of(settings)):
        print(f"{'ok   ' if fine else 'WRONG'}  {sentence}", flush=True)
        well = well and fine
    return 0 if well else EXIT_FAILED


async def migrate_only(settings: Settings) -> int:
    """Bring the database up to date without starting the bot."""
    applied = await bring_up_to_date(address_of(settings))
    print(f"{applied} migrations applied; the database is up to date.")
    return 0


async def after_restore(settings: Settings) -> int:
    """Make a database that came from a backup safe to start with; the bot must not be running."""
    address = address_of(settings)
    with address.forsaken(settings.media_dir):
        await bring_up_to_date(address)
        async with address.opened() as database:
            released = await database.run(restored, SystemClock().now())
    print(f"{released} queued orders are released. Everything else looks before it posts.")
    return 0


async def operator(settings: Settings, chosen: argparse.Namespace) -> int:
    """Run an operator's command; a running bot's lock is not in its way, nor it in the bot's."""
    try:
        async with address_of(settings).as_it_is() as database:
            store = Store(database, rules_of(settings), guards_of(settings))
            return await operate(settings, store, chosen)
    except NotMigrated as error:
        return refuse(EXIT_FAILED, str(error))


COMMANDS: Final = {
    "run": (run, "run the bot (the default)"),
    "check": (check, "check the settings for real"),
    "migrate": (migrate_only, "migrate the database"),
    "restored": (after_restore, "make a database from a backup safe to start with"),
}


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bot.py", description="Muybridge, a Discord bot.")
    parser.set_defaults(operate=None)
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, (_, about) in COMMANDS.items():
        commands.add_parser(name, help=about)
    add_commands(commands)
    chosen = parser.parse_args(argv)
    chosen.command = chosen.command or "run"
    return chosen


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; word what keeps it from running."""
    chosen = arguments(argv)
    try:
        settings = Settings.from_env(load_environment(Path(".env")))
        logs.configure(settings.log_level, settings.log_format)
        if chosen.operate is not None:
            return asyncio.run(operator(settings, chosen))
        return asyncio.run(COMMANDS[chosen.command][0](settings))
    except SettingsError as error:
        return refuse(EXIT_SETTINGS, *error.faults)
    except discord.LoginFailure:
        return refuse(EXIT_SETTINGS, "DISCORD_TOKEN: Discord does not know this token")
    except (StorageError, OSError, aiohttp.ClientError) as error:
        return refuse(EXIT_FAILED, f"the bot can't run: {error}")
    except KeyboardInterrupt:
        return 0


def refuse(code: int, *sentences: str) -> int:
    """Say what is wrong where an operator looks for it, and return the exit code."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
