"""The real client in a simulated server, with the real use cases on real SQLite."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import simcord

import storage
from cogs.client import Muybridge, Services
from cogs.courier import DiscordCourier
from cogs.errors import TooLate
from jobs.browsing import Browsing
from jobs.catalogue import Catalogue
from jobs.errors import Declined
from jobs.exporting import Exporting
from jobs.forms import Forms
from jobs.governing import Governing
from jobs.ids import Ids
from jobs.model import Guards, GuildRules
from jobs.moderation import Moderation
from jobs.ordering import Means, Ordering
from jobs.quotas import Quotas
from jobs.reports import Reports
from jobs.reviews import Reviews
from jobs.sharing import Sharing
from jobs.usage import Usage
from storage import migrate
from storage.sqlite import SqliteDatabase
from tests.cogs.board import Board
from tests.cogs.scenes import MODELS, FaultyStore, Scene
from tests.fakes import START, FakeClock, FakeLibrary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def rules() -> GuildRules:
    """Return the server's rules; a test with others overrides this."""
    return GuildRules()


@pytest.fixture
def guards() -> Guards:
    """Return the operator's limits; a test with others overrides this."""
    return Guards()


@pytest.fixture
def public() -> bool:
    """Tell whether the vendor can fetch pictures from the bot."""
    return True


@pytest.fixture
def guilds() -> frozenset[int] | None:
    """Return the servers that are served."""
    return None


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
def catalogue() -> Catalogue:
    """List two models: one that can do everything, and one that can't."""
    known = Catalogue()
    known.replace(MODELS, START)
    return known


@pytest.fixture
async def store(tmp_path: Path, rules: GuildRules, guards: Guards) -> AsyncIterator[FaultyStore]:
    """Open a migrated database."""
    database = await SqliteDatabase.open(tmp_path / "bot.db")
    try:
        await migrate.apply(database, Path(storage.__file__).parent / "migrations", START)
        yield FaultyStore(database, rules, guards)
    finally:
        await database.close()


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    """Make a media store in a folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    return FakeLibrary(folder)


@pytest.fixture
def ordering(
    store: FaultyStore,
    library: FakeLibrary,
    clock: FakeClock,
    catalogue: Catalogue,
    guards: Guards,
    public: bool,
) -> Ordering:
    """Build the real use cases."""
    dice = random.Random(1)  # noqa: S311 - no secrets here
    means = Means(
        store=store,
        library=library,
        clock=clock,
        ids=Ids(clock, dice),
        token=lambda: f"{dice.getrandbits(128):032x}",
        wake=lambda: None,
    )
    return Ordering(means, catalogue, guards, public=public)


@pytest.fixture
def services(
    ordering: Ordering,
    catalogue: Catalogue,
    guilds: frozenset[int] | None,
    store: FaultyStore,
    library: FakeLibrary,
    clock: FakeClock,
) -> Services:
    """Gather what commands and buttons work with."""
    return Services(
        ordering=ordering,
        catalogue=catalogue,
        browsing=Browsing(store, library, clock),
        forms=Forms(store, clock, Ids(clock, random.Random(2))),  # noqa: S311 - no secrets here
        moderation=Moderation(store, clock, Ids(clock, random.Random(3))),  # noqa: S311 - as above
        reviews=Reviews(store, clock, Ids(clock, random.Random(4)), lambda: None),  # noqa: S311 - as above
        reports=Reports(store, clock, Ids(clock, random.Random(6)), lambda: None),  # noqa: S311 - as above
        sharing=Sharing(store, library, clock),
        quotas=Quotas(store, clock),
        governing=Governing(store, ordering),
        exporting=Exporting(store, clock),
        usage=Usage(store, Board(), clock),
        guilds=guilds,
    )


@pytest.fixture
def simcord_bot(services: Services) -> Muybridge:
    """Make the client under test."""
    return Muybridge(services, sync=True, shard_count=1)


@pytest.fixture
async def simcord_env(simcord_bot: Muybridge) -> AsyncIterator[simcord.Env]:
    """Start a simulated Discord, in place of the plugin's: there each refusal is an error."""
    env = simcord.Env(simcord_bot, check_errors=False)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()


@pytest.fixture
async def scene(  # noqa: PLR0917 - fixtures
    simcord_env: simcord.Env,
    simcord_bot: Muybridge,
    store: FaultyStore,
    ordering: Ordering,
    clock: FakeClock,
    library: FakeLibrary,
    catalogue: Catalogue,
) -> AsyncIterator[Scene]:
    """Open a server with two members, and a channel where the bot may do what it needs."""
    guild = simcord_env.create_guild("Studio")
    courier = DiscordCourier(simcord_bot, catalogue, clock)
    simcord_bot.services.sharing.courier = courier
    made = Scene(
        env=simcord_env,
        bot=simcord_bot,
        guild=guild,
        studio=guild.create_text_channel("studio"),
        alice=guild.add_member(simcord_env.create_user("alice")),
        bob=guild.add_member(simcord_env.create_user("bob")),
        store=store,
        ordering=ordering,
        clock=clock,
        library=library,
        courier=courier,
    )
    yield made
    causes = [getattr(error, "original", error) for error in simcord_env.errors]
    foreseen: tuple[type[Exception], ...] = (Declined, TooLate, *made.foreseen)
    assert [error for error in causes if not isinstance(error, foreseen)] == []
