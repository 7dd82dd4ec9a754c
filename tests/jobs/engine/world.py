"""A bot's engine on a real database, between a vendor, a chat and a clock that outlive it."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack, cast

import pytest

from billing.prices import Endpoint
from jobs.catalogue import Catalogue, Model, Resolution
from jobs.drawing import Draw
from jobs.engine import Engine
from jobs.fetching import Fetch
from jobs.hinting import Hints
from jobs.ids import Ids
from jobs.looking import Look
from jobs.model import Guards, GuildRules, Member, Options, Place
from jobs.ordering import Means, Ordering
from jobs.parcels import MOST_BYTES
from jobs.posting import Post
from jobs.removing import CloseDoubt, Remove
from jobs.reporting import Judge
from jobs.reports import Reports
from jobs.reviewing import Show
from jobs.reviews import Reviews
from jobs.schedule import Pace
from jobs.setting_right import SetRight
from jobs.stocking import Stock
from jobs.submitting import Outside, Recover, Submit
from storage.audit import audit
from storage.opening import Address
from storage.store import Store
from tests.fake_case_desk import FakeCaseDesk
from tests.fake_review_desk import FakeReviewDesk
from tests.fakes import FakeClock, FakeCourier, FakeLibrary, FakeRenderer
from tests.jobs.engine.fuse import Fuse, FusedHooks, FusedStore, Killed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from jobs.engine import Step
    from jobs.model import Clip, Draft, Order, Picture
    from storage.database import Database, Row, Rows, Transaction, Value

CHANNEL: Final = 3
MEMBER: Final = Member(guild_id=1, user_id=7)
UPLOAD_LIMIT: Final = 10 * 1024 * 1024
PRICE: Final = 10
"""Credits for a clip of the only model there is: five seconds at two a second."""

MODEL: Final = Model(
    value="m",
    label="The model",
    resolutions=(Resolution(value="720p", label="720p", unit_credit="2"),),
    seconds=(5,),
    sound_multiplier="2",
    last_frame=True,
)

# When each piece of work that is left can be claimed; behind a closed gate, at the next probe.
_DUE: Final = """
    SELECT COALESCE(due_at, 0) AS due, lease_until AS lease, 0 AS probe FROM clips
      WHERE step IS NOT NULL
        OR state NOT IN ('review', 'posted', 'kept', 'failed', 'released', 'cancelled')
    UNION ALL SELECT card_due_at, card_lease_until, 0 FROM orders WHERE card_due_at IS NOT NULL
    UNION ALL SELECT COALESCE(due_at, 0), lease_until,
        (SELECT COALESCE(MAX(probe_at * closed), 0) FROM gates)
      FROM sends WHERE state IN ('queued', 'submitting')
        AND order_id NOT IN (SELECT order_id FROM reviews WHERE state = 'waiting')
    UNION ALL SELECT due_at, lease_until, 0 FROM reviews WHERE due_at IS NOT NULL
    UNION ALL SELECT due_at, lease_until, 0 FROM cases WHERE due_at IS NOT NULL"""


def statement(sql: str, *parameters: Value) -> Transaction[list[Row]]:
    """Run one statement as a transaction."""
    return list((yield (sql, parameters)))


class Wishes(TypedDict, total=False):
    """What is asked for: one ordinary clip of one ordinary picture where nothing else is said."""

    pictures: int
    variations: int
    last_frame: bool
    private: bool
    link: str | None
    converted: bool
    upload_limit: int
    shape: Callable[[Options], Options]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """One life of the bot's process, from a start to a stop or a death."""

    database: Database
    store: Store
    ordering: Ordering
    catalogue: Catalogue
    outside: Outside
    engine: Engine
    steps: dict[str, Step[Any]]
    hints: Hints
    reviews: Reviews
    reports: Reports

    async def rows(self, sql: str, *parameters: Value) -> Rows:
        return await self.database.read(statement, sql, *parameters)

    async def value(self, sql: str, *parameters: Value) -> Any:  # noqa: ANN401 - one cell
        """Return the one figure that a query asks for."""
        return (await self.rows(f"SELECT ({sql}) AS figure", *parameters))[0]["figure"]

    async def get(self, order_id: int) -> Order:
        order = await self.store.order(order_id)
        assert order is not None
        return order

    async def clip(self, order_id: int, number: int = 0) -> Clip:
        return (await self.get(order_id)).clips[number]

    async def states(self, order_id: int) -> list[str]:
        return [clip.state.value for clip in (await self.get(order_id)).clips]

    async def house(self) -> int:
        """Return what the vendor charged, or may have, and no member pays."""
        return await self.value("SELECT value FROM counters WHERE name = 'house'") or 0

    async def gate_is_closed(self) -> bool:
        return bool(await self.value("SELECT MAX(closed) FROM gates"))

    async def next_due(self) -> int | None:
        """Return when there is something to do next (epoch ms), None when nothing is left."""
        rows = await self.rows(_DUE)
        later = [max(row["due"], row["lease"], row["probe"]) for row in rows]
        now = self.outside.clock.now()
        return min((at for at in later if at > now), default=now) if later else None

    async def step(self, name: str) -> int:
        """Do what is due of one step only; return how much that was."""
        step = self.steps[name]
        works = await step.claim(step.slots)
        for work in works:
            await step.perform(work)
        return len(works)

    async def check_books(self) -> None:
        assert await audit(self.database) == []


async def nobody(bot: Bot) -> None:
    """Stand in for moderators who are asleep."""


class World:
    """What a process does not take with it: database file, media, vendor, Discord, and time."""

    def __init__(self, folder: Path, empty: Path, url: str = "") -> None:
        """Begin with a copy of an empty database, or with the empty one at that address."""
        self.path = folder / "bot.db"
        self.path.write_bytes(empty.read_bytes())
        self.address = Address(sqlite=None if url else self.path, url=url)
        self.clock = FakeClock()
        self.vendor = FakeRenderer(cost=PRICE)
        self.vendor.offered = (MODEL,)
        (folder / "media").mkdir()
        self.library = FakeLibrary(folder / "media")
        self.courier = FakeCourier(self.clock)
        self.review_desk = FakeReviewDesk(self.clock, self.courier)
        self.case_desk = FakeCaseDesk(self.clock)
        self.rules = GuildRules()
        self.moderator: Callable[[Bot], Awaitable[None]] = nobody
        self.random = Random(20)  # noqa: S311 - a test's chance has to repeat
        self.guards = Guards()
        self.pace = Pace(per_second=math.inf)
        self.public_url = ""
        self.webhooks = False
        self.request_bytes = MOST_BYTES
        self.bots: list[Bot] = []
        self._interactions = itertools.count(9000)

    async def boot(self, fuse: Fuse | None = None, *, alone: bool = True) -> Bot:
        """Start a process; `alone` tells that no other one is alive, as the file lock proves."""
        database = await self.address.open()
        bot = self.wire(database, fuse or Fuse())
        self.bots.append(bot)
        if alone:
            await bot.store.take_over()
        return bot

    def wire(self, database: Database, fuse: Fuse) -> Bot:
        """Build a process's parts round an open database, as `bot.py` does."""
        store = Store(database, self.rules, self.guards)
        catalogue = Catalogue()
        catalogue.replace((MODEL,), self.clock.now())
        fused = cast("Store", FusedStore(store, fuse))
        outside = self._outside(fused)
        for fake in (self.vendor, self.courier, self.library, self.review_desk, self.case_desk):
            fake.hooks = FusedHooks(fuse, fake.hooks)
        steps: list[Step[Any]] = [
            Submit(outside),
            Recover(outside),
            Look(outside),
            Fetch(outside),
            Post(outside),
            Draw(outside),
            Remove(outside),
            CloseDoubt(outside),
            Show(outside, self.review_desk),
            Judge(outside, self.case_desk),
            Stock(outside, catalogue),
            SetRight(outside, fused),
        ]
        engine = Engine(steps, self.clock)
        return Bot(
            database=database,
            store=store,
            ordering=self._ordering(store, catalogue, engine.wake),
            catalogue=catalogue,
            outside=outside,
            engine=engine,
            steps={step.name: step for step in steps},
            hints=Hints(outside, engine.wake),
            reviews=Reviews(fused, self.clock, Ids(self.clock, self.random), engine.wake),
            reports=Reports(fused, self.clock, Ids(self.clock, self.random), engine.wake),
        )

    def _outside(self, store: Store) -> Outside:
        return Outside(
            store=store,
            orders=store,
            renderer=self.vendor,
            library=self.library,
            courier=self.courier,
            clock=self.clock,
            random=self.random,
            pace=self.pace,
            public_url=self.public_url,
            webhooks=self.webhooks,
            request_bytes=self.request_bytes,
        )

    def _ordering(self, store: Store, catalogue: Catalogue, wake: Callable[[], None]) -> Ordering:
        tokens = itertools.count(self.random.randrange(10**9) * 1000)
        means = Means(
            store=store,
            library=self.library,
            clock=self.clock,
            ids=Ids(self.clock, self.random),
            token=lambda: f"token-{next(tokens)}",
            wake=wake,
        )
        return Ordering(means, catalogue, self.guards, public=bool(self.public_url))

    async def die(self, bot: Bot) -> None:
        """Take the process away: what was committed stays, what it knew is lost."""
        self.bots.remove(bot)
        await bot.database.close()

    async def restart(self, bot: Bot, fuse: Fuse | None = None) -> Bot:
        await self.die(bot)
        return await self.boot(fuse)

    async def kill(self, bot: Bot, at: str) -> Bot:
        """Let a process go on until it dies right after that effect; start the next one."""
        bot = self.rewire(bot, Fuse(at))
        with pytest.raises(Killed):
            await self.settle(bot)
        return await self.restart(bot)

    def rewire(self, bot: Bot, fuse: Fuse) -> Bot:
        """Let a process go on with a fuse in it."""
        self.bots.remove(bot)
        self.bots.append(self.wire(bot.database, fuse))
        return self.bots[-1]

    async def close(self) -> None:
        for bot in self.bots:
            await bot.database.close()

    # --- orders ---

    def link(self, *, hours: float = 24) -> str:
        """Return an upload's signed link that dies in so many hours."""
        dies = self.clock.now() // 1000 + int(hours * 3600)
        return f"https://cdn.invalid/picture.png?ex={dies:x}"

    async def picture(
        self, bot: Bot, number: int = 0, *, link: str | None = None, converted: bool = False
    ) -> Picture:
        """Upload a picture; `converted` ones are not what their link serves."""
        address = self.link() if link is None else link
        kept = await bot.ordering.keep_picture(f"picture {number}".encode(), address)
        return replace(kept, converted=converted)

    async def order(self, bot: Bot, *, member: Member = MEMBER, **wishes: Unpack[Wishes]) -> int:
        """Ask for clips as `draft` does, and confirm; return the order's id."""
        draft = await self.draft(bot, member=member, **wishes)
        return (await bot.ordering.confirm(draft.id, member)).order_id

    async def draft(self, bot: Bot, *, member: Member = MEMBER, **wishes: Unpack[Wishes]) -> Draft:
        """Ask for clips, shaped at will at the end."""
        pictures, last_frame = wishes.get("pictures", 1), wishes.get("last_frame", False)
        link, converted = wishes.get("link"), wishes.get("converted", False)
        kept = [
            await self.picture(bot, number, link=link, converted=converted)
            for number in range(pictures + last_frame)
        ]
        options = Options(
            endpoint=Endpoint.BATCH,
            model="m",
            resolution="720p",
            seconds=5,
            prompt="walk",
            pictures=tuple(kept[:pictures]),
            variations=wishes.get("variations", 1),
            last_frame=kept[-1] if last_frame else None,
            private=wishes.get("private", False),
        )
        if "shape" in wishes:
            options = wishes["shape"](options)
        place = Place(channel_id=CHANNEL, upload_limit=wishes.get("upload_limit", UPLOAD_LIMIT))
        return await bot.ordering.draft(next(self._interactions), member, place, options)

    # --- time ---

    async def settle(self, bot: Bot) -> None:
        """Let time pass until nothing is left to do; the vendor finishes what it was given."""
        for _ in range(200):
            await bot.engine.drain()
            await self.moderator(bot)
            self.vendor.finish_all()
            due = await bot.next_due()
            if due is None:
                return
            self.clock.advance(max(1.0, (due - self.clock.now()) / 1000))
        raise AssertionError("the engine never comes to an end")
