"""A month of a busy guild is played on the real engine and database, in simulated time."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from billing.periods import Period, period_keys
from jobs.errors import Declined
from jobs.model import Guards
from jobs.ports import InDoubt, SeenStatus
from jobs.quotas import Doing
from tests.jobs.engine.world import World, statement
from tests.month.guild import GUILD, MODERATORS, Guild
from tests.month.plan import BEGIN, ZONE, Event, Plan, midnights

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

    from jobs.model import Draft, Member
    from tests.jobs.engine.world import Bot

FAILS: Final = 0.04
IN_DOUBT: Final = 0.004
RUSH: Final = 100
HOUR_MS: Final = 3600 * 1000


@dataclass
class Month:
    """One guild's month: what was asked, what came of it, and what was wrong at a midnight."""

    world: World
    bot: Bot
    plan: Plan
    guild: Guild
    tally: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(2**60))
    last_granted: int = 0

    @classmethod
    async def open(cls, folder: Path, empty: Path, plan: Plan, url: str = "") -> Month:
        """Begin on the first day, with an empty database and the guild's rules set."""
        world = World(folder, empty, url)
        world.guards = Guards(per_day=plan.ceiling)
        world.clock.advance(BEGIN.timestamp() - world.clock.now() / 1000)
        bot = await world.boot()
        month = cls(world=world, bot=bot, plan=plan, guild=Guild.of(plan.members, plan.seed))
        await month._settle_in()
        return month

    async def _settle_in(self) -> None:
        await self._write("INSERT INTO guilds (guild_id, zone) VALUES ($1, $2)", GUILD, ZONE)
        for role, credits_ in list(self.guild.allowances.items()):
            await self._allow(role, credits_)
        await self._set_pool()

    async def play(self) -> None:
        """Play every event at its time, and look at the books at every midnight."""
        nights = [(at, None) for at in midnights()]
        for at, event in sorted([*self.plan.events(), *nights], key=lambda each: each[0]):
            await self._until(at)
            if event is None:
                await self._look_at_the_books()
            else:
                await self._happen(event)
        await self._until(midnights()[-1] + 8 * 24 * HOUR_MS)
        await self._look_at_the_books()

    # --- time ---------------------------------------------------------------------------------

    async def _until(self, at: int) -> None:
        """Let the engine work until then; the vendor ends what was given to it."""
        while True:
            await self.bot.engine.drain()
            self._vendor_works()
            due = await self.bot.next_due()
            now = self.world.clock.now()
            if due is None or due > at:
                break
            self.world.clock.advance(max(1.0, (due - now) / 1000))
        self.world.clock.advance(max(0.0, (at - self.world.clock.now()) / 1000))

    def _vendor_works(self) -> None:
        vendor, chance = self.world.vendor, self.guild.chance
        waiting = [key for key, seen in vendor.seen.items() if seen.status is SeenStatus.WAITING]
        for vendor_id in waiting:
            if chance.random() < FAILS:
                vendor.fail(vendor_id)
            else:
                vendor.finish(vendor_id, cost=self._price())

    def _price(self) -> int:
        """Return what the vendor takes for a clip: less as the month goes on."""
        return 10 - (self.world.clock.now() - int(BEGIN.timestamp() * 1000)) // (11 * 24 * HOUR_MS)

    # --- what happens -------------------------------------------------------------------------

    async def _happen(self, event: Event) -> None:
        ways = {
            Event.ORDER: self._order,
            Event.DOUBLE_CLICK: self._double_click,
            Event.RUSH: self._rush,
            Event.CANCEL: self._cancel,
            Event.ROLES: self._roles,
            Event.GRANT: self._grant,
            Event.TAKE: self._take,
            Event.UNDO: self._undo,
            Event.FREEZE: self._freeze,
            Event.UNFREEZE: self._unfreeze,
            Event.ALLOWANCE: self._allowance,
            Event.POOL: self._set_pool,
            Event.DUEL: self._duel,
        }
        self.tally[f"event: {event}"] += 1
        await ways[event]()

    async def _draft(self, user: int) -> tuple[Draft, Member] | None:
        member = self.guild.act(user, self.world.clock.now())
        if self.guild.chance.random() < IN_DOUBT:
            self.world.vendor.answers.append(InDoubt(note="the reply was lost"))
        variations = self.guild.chance.choice((1, 1, 1, 2, 3))
        drawn = self._try(self.world.draft(self.bot, member=member, variations=variations))
        draft = await drawn
        return None if draft is None else (draft, member)

    async def _order(self) -> int | None:
        drafted = await self._draft(self.guild.any_member())
        if drafted is None:
            return None
        draft, member = drafted
        ordered = await self._try(self.bot.ordering.confirm(draft.id, member))
        if ordered is None:
            return None
        self._placed(draft)
        return int(ordered.order_id)

    async def _double_click(self) -> None:
        """Confirm one draft three times at once: it is one order."""
        drafted = await self._draft(self.guild.any_member())
        if drafted is None:
            return
        draft, member = drafted
        confirmed = (self._try(self.bot.ordering.confirm(draft.id, member)) for _ in range(3))
        ordered = {each.order_id for each in await asyncio.gather(*confirmed) if each is not None}
        if len(ordered) > 1:
            self.wrong.append(f"draft {draft.id} became the orders {sorted(ordered)}")
        if ordered:
            self._placed(draft)

    async def _rush(self) -> None:
        """Have a hundred members press Confirm in the same moment."""
        drafted = [await self._draft(self.guild.any_member()) for _ in range(RUSH)]
        waiting = [each for each in drafted if each is not None]
        done = await asyncio.gather(
            *(self._try(self.bot.ordering.confirm(draft.id, member)) for draft, member in waiting)
        )
        for (draft, _), ordered in zip(waiting, done, strict=True):
            if ordered is not None:
                self._placed(draft)

    async def _cancel(self) -> None:
        order_id = await self._order()
        if order_id is not None:
            order = await self.bot.get(order_id)
            cancelled = await self.bot.ordering.cancel(order_id, order.member)
            self.tally["clips cancelled at once"] += cancelled.ended

    def _placed(self, draft: Draft) -> None:
        self.tally["orders placed"] += 1
        self.tally["clips ordered"] += draft.options.clips

    async def _try(self, doing: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what it returns
        """Await something that may be refused, and count why."""
        try:
            return await doing
        except Declined as refusal:
            self.tally[f"refused: {type(refusal).__name__}"] += 1
            return None

    # --- moderators ---------------------------------------------------------------------------

    def _doing(self, user: int = 0, moderator: int = MODERATORS[0]) -> Doing:
        return Doing(
            id=next(self.ids), guild_id=GUILD, actor_id=moderator, user_id=user, reason="month"
        )

    async def _roles(self) -> None:
        self.guild.change_roles(self.guild.any_member())

    async def _grant(self) -> None:
        doing, chance = self._doing(self.guild.any_member()), self.guild.chance
        now = self.world.clock.now()
        lasts = chance.choice((None, 24, 72, 240))
        expires_at = None if lasts is None else now + lasts * HOUR_MS
        await self.bot.store.give_credits(doing, chance.randint(5, 80), expires_at, now)
        self.guild.granted.append(doing.id)
        self.last_granted = doing.user_id

    async def _take(self) -> None:
        await self._take_from(self._somebody_granted())

    async def _take_from(self, user: int, moderator: int = MODERATORS[0]) -> None:
        doing, credits_ = self._doing(user, moderator), self.guild.chance.randint(5, 60)
        taking = self.bot.store.take_credits(doing, credits_, self.world.clock.now())
        if await self._try(taking) is not None:
            self.guild.granted.append(doing.id)

    async def _undo(self, moderator: int = MODERATORS[0]) -> None:
        if self.guild.granted:
            entry = self.guild.chance.choice(self.guild.granted[-20:])
            doing = self._doing(moderator=moderator)
            await self._try(self.bot.store.undo_entry(doing, entry, self.world.clock.now()))

    async def _duel(self) -> None:
        """Two moderators take and undo at the same moment, from the same member."""
        await self._grant()
        user = self.last_granted
        await asyncio.gather(
            self._take_from(user),
            self._take_from(user, MODERATORS[1]),
            self._undo(MODERATORS[1]),
            self._undo(),
        )

    def _somebody_granted(self) -> int:
        return self.last_granted or self.guild.members[0]

    async def _freeze(self) -> None:
        user = self.guild.any_member()
        self.guild.frozen.add(user)
        await self.bot.store.freeze(self._doing(user), frozen=True, now=self.world.clock.now())

    async def _unfreeze(self) -> None:
        if self.guild.frozen:
            doing = self._doing(self.guild.frozen.pop())
            await self.bot.store.freeze(doing, frozen=False, now=self.world.clock.now())

    async def _allowance(self) -> None:
        role = self.guild.chance.choice(sorted(self.guild.allowances))
        await self._allow(role, self.guild.chance.randrange(20, 140, 10))

    async def _allow(self, role: int, credits_: int) -> None:
        allowance = self.guild.set_allowance(role, credits_)
        doing, now = self._doing(), self.world.clock.now()
        await self.bot.store.set_allowance(doing, role, allowance, now)

    async def _set_pool(self) -> None:
        """Set a pool that this many orders run dry before the month is over."""
        credits_ = self.plan.orders * self.guild.chance.choice((6, 7, 8))
        self.guild.set_pool(credits_, self.world.clock.now())
        await self._write(
            "UPDATE guilds SET pool_credits = $1, pool_period = $2 WHERE guild_id = $3",
            credits_,
            Period.MONTH.value,
            GUILD,
        )

    async def _write(self, sql: str, *parameters: int | str) -> None:
        await self.bot.database.run(statement, sql, *parameters)

    # --- the books ----------------------------------------------------------------------------

    async def _look_at_the_books(self) -> None:
        self.tally["midnights"] += 1
        await self.bot.check_books()
        now = self.world.clock.now()
        self.guild.pools.setdefault(
            period_keys(now, ZONE).month, max(self.guild.pools.values(), default=0)
        )
        rows = await self.bot.rows(
            "SELECT guild_id, user_id, period, period_key, taken FROM period_use"
        )
        weeks = [
            (row["user_id"], row["period_key"], row["taken"])
            for row in rows
            if row["user_id"] and row["period"] == "week"
        ]
        self.wrong += self.guild.exceeded(weeks)
        for row in rows:
            self._look_at_a_limit(row)
        negative = await self.bot.value(
            "SELECT COUNT(*) FROM wallets WHERE grants < 0 OR held < 0 OR charged < 0"
        )
        if negative:
            self.wrong.append(f"{negative} wallets have a counter below zero")
        charged = await self.bot.value("SELECT SUM(charged) FROM wallets") or 0
        if charged > sum(self.world.vendor.bill.values()):
            self.wrong.append(f"members were charged {charged} credits, more than the vendor took")

    def _look_at_a_limit(self, row: Any) -> None:  # noqa: ANN401 - a row
        if row["user_id"] == 0 and row["guild_id"] == GUILD and row["period"] == "month":
            most = self.guild.pools.get(row["period_key"], 0)
            self.tally["pool's most"] = max(self.tally["pool's most"], row["taken"])
        elif row["guild_id"] == 0 and row["period"] == "day":
            most = self.plan.ceiling
            self.tally["day's most"] = max(self.tally["day's most"], row["taken"])
        else:
            return
        if row["taken"] > most:
            self.wrong.append(f"{row['taken']} of {most} credits taken in {row['period_key']}")
