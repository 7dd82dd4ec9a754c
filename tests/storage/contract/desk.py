"""A store with what its callers would bring: members, ids, tokens and the time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from billing.periods import Period
from billing.prices import Endpoint
from billing.wallets import Allowance
from jobs.model import Guards, GuildRules, Member, NewDraft, Options, Picture, Place, Quote
from jobs.ports import MadeClip, MessageRef
from jobs.quotas import Doing
from jobs.states import FailReason
from jobs.stores import FoundDone, FoundFailed, LookAgain, NewSend, Placing, SendResult, Stored
from storage.audit import audit
from storage.store import Store
from tests.fakes import START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Clip, Draft, Order, Ordered, Send
    from storage.database import Database, Row, Transaction, Value

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LEASE = 2 * MINUTE
GUILD = 1
MODERATOR = 99


def statement(sql: str, *parameters: Value) -> Transaction[list[Row]]:
    """Run one statement as a transaction."""
    return list((yield (sql, parameters)))


class Desk:
    """Drives a real store; the time stands still unless a test moves `now` (epoch ms)."""

    def __init__(
        self, database: Database, *, rules: GuildRules | None = None, guards: Guards | None = None
    ) -> None:
        self.database = database
        self.rules = rules or GuildRules()
        self.store = Store(database, self.rules, guards or Guards())
        self.now = START
        self.ids = itertools.count(1001)

    def id(self) -> int:
        return next(self.ids)

    # --- looking behind the store ---

    async def rows(self, sql: str, *parameters: Value) -> list[Row]:
        return await self.database.read(statement, sql, *parameters)

    async def value(self, sql: str, *parameters: Value) -> Any:  # noqa: ANN401 - one cell
        """Return the one figure that a query asks for."""
        return (await self.rows(f"SELECT ({sql}) AS figure", *parameters))[0]["figure"]

    async def write(self, sql: str, *parameters: Value) -> None:
        await self.database.run(statement, sql, *parameters)

    async def states(self, order_id: int) -> list[str]:
        return [clip.state.value for clip in (await self.order(order_id)).clips]

    async def house(self) -> int:
        """Return what the vendor charged and no member pays."""
        return await self.value("SELECT value FROM counters WHERE name = 'house'") or 0

    async def ceiling(self) -> int:
        """Return what is charged, held or lost on the operator's days."""
        return await self.value("SELECT SUM(taken) FROM period_use WHERE guild_id = 0") or 0

    async def balanced(self) -> bool:
        found = await audit(self.database)
        assert found == []
        return True

    # --- wallets ---

    def doing(self, member: Member, reason: str = "thanks") -> Doing:
        """Have a moderator act on a member's wallet."""
        return Doing(
            id=self.id(),
            guild_id=member.guild_id,
            actor_id=MODERATOR,
            user_id=member.user_id,
            reason=reason,
        )

    async def grant(self, member: Member, credits_: int, *, expires_at: int | None = None) -> int:
        doing = self.doing(member)
        await self.store.give_credits(doing, credits_, expires_at, self.now)
        return doing.id

    async def take(self, member: Member, credits_: int) -> int:
        """Take credits back; return the take's id."""
        doing = self.doing(member)
        await self.store.take_credits(doing, credits_, self.now)
        return doing.id

    async def allow(self, credits_: int, period: str, role_id: int = 0) -> None:
        allowance = Allowance(credits=credits_, period=Period(period))
        doing = Doing(id=self.id(), guild_id=GUILD, actor_id=MODERATOR)
        await self.store.set_allowance(doing, role_id, allowance, self.now)

    # --- orders ---

    def new_draft(
        self,
        member: Member,
        *,
        clips: int = 1,
        pictures: int = 1,
        price: int = 10,
        private: bool = False,
        interaction_id: int | None = None,
        place: Place | None = None,
    ) -> NewDraft:
        """Ask for `clips` variations of each of so many pictures, at `price` credits a clip."""
        options = Options(
            endpoint=Endpoint.BATCH,
            model="m",
            resolution="720p",
            seconds=5,
            prompt="walk",
            pictures=tuple(Picture(key=f"{n}.png", bytes=5) for n in range(pictures)),
            variations=clips,
            private=private,
        )
        return NewDraft(
            id=self.id(),
            interaction_id=self.id() if interaction_id is None else interaction_id,
            member=member,
            place=place or Place(channel_id=3, upload_limit=10_000_000),
            options=options,
            quote=Quote(per_clip=price, clips=options.clips),
        )

    def placing(self, draft: Draft, member: Member, *, card_picture: bool = False) -> Placing:
        return Placing(
            draft_id=draft.id,
            member=member,
            order_id=self.id(),
            sends=tuple(
                NewSend(id=(send := self.id()), token=f"t{send}") for _ in draft.options.pictures
            ),
            clip_ids=tuple(self.id() for _ in range(draft.options.clips)),
            unit_credit="4",
            card_picture=card_picture,
            now=self.now,
        )

    async def place(
        self,
        member: Member,
        *,
        clips: int = 1,
        pictures: int = 1,
        price: int = 10,
        private: bool = False,
        card_picture: bool = False,
    ) -> Ordered:
        """Draft and confirm at once."""
        new = self.new_draft(member, clips=clips, pictures=pictures, price=price, private=private)
        draft = await self.store.add_draft(new, self.now)
        placing = self.placing(draft, member, card_picture=card_picture)
        return await self.store.place(placing)

    async def order(self, order_id: int) -> Order:
        order = await self.store.order(order_id)
        assert order is not None
        return order

    async def clip(self, order_id: int, number: int = 0) -> Clip:
        return (await self.order(order_id)).clips[number]

    # --- the way of a clip ---

    async def claim(self, limit: int = 100) -> tuple[Send, ...]:
        return await self.store.claim_sends(self.now, self.now + LEASE, limit)

    async def send_out(self, limit: int = 100) -> tuple[Send, ...]:
        """Claim and commit the intent."""
        sends = await self.claim(limit)
        for send in sends:
            assert await self.store.intend(send, self.now, self.now + LEASE)
        return sends

    def made(self, send: Send, *, cost: int | None = None) -> SendResult:
        """Say that the vendor made every clip of a send."""
        made = tuple(
            (clip_id, MadeClip(vendor_id=f"v{clip_id}", cost=cost)) for clip_id in send.clip_ids
        )
        return SendResult(send_id=send.id, made=made, look_at=self.now)

    async def render(self, *, cost: int | None = None) -> tuple[Send, ...]:
        """Bring everything that is queued to the vendor."""
        sends = await self.send_out()
        for send in sends:
            await self.store.finish_send(self.made(send, cost=cost), self.now)
        return sends

    async def due(self, step: str, limit: int = 100) -> tuple[Clip, ...]:
        return await self.store.claim_clips(step, self.now, self.now + LEASE, limit)

    def done(self, clip: Clip, cost: int | None) -> FoundDone:
        return FoundDone(
            clip_id=clip.id, fence=clip.fence, link=f"https://v.invalid/{clip.id}", cost=cost
        )

    def failed(self, clip: Clip, cost: int = 0) -> FoundFailed:
        return FoundFailed(
            clip_id=clip.id,
            fence=clip.fence,
            reason=FailReason.RENDER_FAILED,
            cost=cost,
            note="moderation",
        )

    def again(self, clip: Clip, *, overdue: bool = False) -> LookAgain:
        return LookAgain(
            clip_id=clip.id, fence=clip.fence, due_at=self.now + MINUTE, overdue=overdue
        )

    async def find_done(self, *, cost: int | None = 10) -> tuple[Clip, ...]:
        """Look at every clip that is due and find it done."""
        clips = await self.due("look")
        await self.store.record_looks((), [self.done(clip, cost) for clip in clips], (), self.now)
        return clips

    def stored(self, clip: Clip) -> Stored:
        return Stored(clip_id=clip.id, fence=clip.fence, file=f"{clip.id}.mp4", bytes=7)

    async def settle(self, *, cost: int | None = 10) -> tuple[Clip, ...]:
        """Bring everything that renders to its stored file."""
        await self.find_done(cost=cost)
        clips = await self.due("fetch")
        for clip in clips:
            await self.store.record_stored(self.stored(clip), self.now)
        return clips

    async def ready(self, member: Member, *, clips: int = 1, cost: int | None = 10) -> int:
        """Bring a new order to the point where its clips can be posted; return its id."""
        ordered = await self.place(member, clips=clips)
        await self.render()
        await self.settle(cost=cost)
        return ordered.order_id


def member(user: int = 7, roles: Sequence[int] = (), guild: int = GUILD) -> Member:
    """Name a member of the test's guild."""
    return Member(guild_id=guild, user_id=user, role_ids=frozenset(roles))


def message(number: int = 1) -> MessageRef:
    """Name a message in the test's channel."""
    return MessageRef(channel_id=3, message_id=number)
