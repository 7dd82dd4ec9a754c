"""Results that members report: hidden at the first report, until a moderator has looked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from jobs.errors import MemberBlocked, NotServed, OrderGone, ReportFault, ReportRefused
from jobs.ports import MessageRef

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import Clip, GuildRules, Member, Order
    from jobs.ports import Clock

MOST_A_DAY: Final = 10
"""Reports of one member in a guild, within a day."""

DAY_MS: Final = 24 * 3600 * 1000


class CaseState(StrEnum):
    """What moderators said to a reported clip."""

    OPEN = "open"
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reported clip, from its first report on.

    `channel_id` is where moderators are asked, `message` where that message is once it is known.
    `hidden` tells that the clip's own messages are behind a spoiler.
    """

    clip_id: int
    guild_id: int
    channel_id: int
    state: CaseState
    reporter_id: int
    decided_by: int | None = None
    hidden: bool = False
    message: MessageRef | None = None
    first_try_at: int | None = None
    fence: int = 0
    attempts: int = 0

    @property
    def id(self) -> int:
        """Return what names it: its clip."""
        return self.clip_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One member's report of a clip; moderators are asked in `channel_id`."""

    clip_id: int
    order_id: int
    reporter: Member
    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a moderator says to a reported clip, which is kept or else deleted."""

    clip_id: int
    order_id: int
    actor: Member
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case as it stands after somebody decided; `mine` tells that it was this verdict."""

    case: Case
    mine: bool


class ReportStore(Protocol):
    """Reports and cases in the database."""

    async def rules(self, guild_id: int) -> GuildRules:
        """Return what the guild has set."""
        ...

    async def is_blocked(self, member: Member) -> bool:
        """Tell whether moderators have blocked a member from the bot."""
        ...

    async def order_of_clip(self, clip_id: int) -> Order | None:
        """Return the order that a clip belongs to."""
        ...

    async def report(self, report: Report, act_id: int, now: int) -> None:
        """Write a report down, once a member and clip. Raises ReportRefused."""
        ...

    async def case(self, clip_id: int) -> Case | None:
        """Return the case of a clip."""
        ...

    async def judge(self, verdict: Verdict, act_id: int, now: int) -> Judged | None:
        """Keep or delete, once; None where nothing of that guild is reported."""
        ...


class CaseStepStore(Protocol):
    """Cases of which something is due, as the engine needs them."""

    async def claim_cases(self, now: int, lease_until: int, limit: int) -> tuple[Case, ...]:
        """Claim cases that are due."""
        ...

    async def record_hidden(self, case: Case, hidden: int) -> None:
        """Record whether (1 or 0) the clip's messages are behind a spoiler."""
        ...

    async def begin_case(self, case: Case, now: int) -> bool:
        """Commit that moderators are about to be asked; False when that is not to be."""
        ...

    async def record_case(self, case: Case, message: MessageRef, now: int) -> None:
        """Record where moderators are asked; due again when it is decided."""
        ...

    async def record_case_told(self, case: Case) -> None:
        """Record that nothing more is to be done until somebody decides."""
        ...

    async def close_case(self, case: Case, now: int) -> None:
        """End a case whose clip its owner has deleted."""
        ...

    async def move_case(self, case: Case, channel_id: int, now: int) -> None:
        """Ask moderators in that channel; where they were asked before counts no more."""
        ...

    async def put_off_case(self, case: Case, due_at: int) -> None:
        """Try again at that time (epoch ms)."""
        ...


class CaseDesk(Protocol):
    """Where moderators are asked about reported clips, with the bot's own token."""

    async def post_case(self, order: Order, clip: Clip, case: Case) -> MessageRef:
        """Ask about a clip, once. Raises PostFailed."""
        ...

    async def edit_case(self, order: Order, clip: Clip, case: Case) -> bool:
        """Say what became of it; False when that message is gone. Raises PostFailed."""
        ...

    async def find_case(self, case: Case, since: int) -> MessageRef | None:
        """Look for the message. Raises CannotLook, and PostFailed(LATER) when Discord is down."""
        ...

    async def veil(self, order: Order, message: MessageRef, *, hidden: bool) -> bool:
        """Put a result behind a spoiler or bring it back; False when the message is gone.

        To do it again changes nothing. Raises PostFailed.
        """
        ...


class Reports:
    """Use cases of members who report, and of moderators who decide (asked before who they are)."""

    def __init__(
        self,
        store: ReportStore,
        clock: Clock,
        ids: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake

    async def check(self, clip_id: int, member: Member) -> tuple[Order, Clip, int]:
        """Return a public result that a member may report, and where moderators are asked.

        Raises OrderGone, NotServed, MemberBlocked, or ReportRefused.
        """
        order, clip = await self.clip(clip_id, member)
        if await self._store.is_blocked(member):
            raise MemberBlocked
        if order.member.user_id == member.user_id:
            raise ReportRefused(fault=ReportFault.OWN)
        if not public_messages(order, clip):
            raise OrderGone
        rooms = rooms_of(await self._store.rules(member.guild_id), order, clip)
        return order, clip, rooms[0]

    async def clip(self, clip_id: int, member: Member) -> tuple[Order, Clip]:
        """Return a clip of the member's guild, with its order. Raises OrderGone or NotServed."""
        order = await self._store.order_of_clip(clip_id)
        if order is None:
            raise OrderGone
        if order.member.guild_id != member.guild_id:
            raise NotServed
        clip = next(one for one in order.clips if one.id == clip_id)
        if clip.deleted:
            raise OrderGone
        return order, clip

    async def report(self, clip_id: int, member: Member) -> None:
        """Report a clip. Raises as `check`, and ReportRefused for all the other reasons."""
        order, _, channel_id = await self.check(clip_id, member)
        report = Report(clip_id=clip_id, order_id=order.id, reporter=member, channel_id=channel_id)
        await self._store.report(report, self._ids(), self._clock.now())
        self._wake()

    async def judge(self, clip_id: int, actor: Member, *, kept: bool) -> Judged:
        """Keep or delete a reported clip, once. Raises OrderGone or NotServed."""
        order = await self._store.order_of_clip(clip_id)
        if order is None:
            raise OrderGone
        verdict = Verdict(clip_id=clip_id, order_id=order.id, actor=actor, kept=kept)
        judged = await self._store.judge(verdict, self._ids(), self._clock.now())
        if judged is None:
            raise OrderGone
        self._wake()
        return judged

    async def asker(self, clip_id: int, actor: Member) -> int:
        """Return who ordered a reported clip of the actor's guild. Raises OrderGone."""
        case = await self._store.case(clip_id)
        order = await self._store.order_of_clip(clip_id)
        if case is None or order is None or case.guild_id != actor.guild_id:
            raise OrderGone
        return order.member.user_id


def rooms_of(rules: GuildRules, order: Order, clip: Clip) -> tuple[int, ...]:
    """Return the channels in which moderators can be asked about a result, the best first.

    The last is where the result itself stands: there everybody reads it, and moderators alone
    can decide.
    """
    shown = (one.channel_id for one in public_messages(order, clip))
    chosen = (rules.review.channel_id, rules.log_channel, *shown)
    return tuple(dict.fromkeys(one for one in chosen if one is not None))


def public_messages(order: Order, clip: Clip) -> tuple[MessageRef, ...]:
    """Return the messages in which everybody sees a clip: none that went to its asker directly."""
    found = []
    if clip.message_id is not None and clip.channel_id == order.place.channel_id:
        found.append(MessageRef(channel_id=clip.channel_id, message_id=clip.message_id))
    if clip.shared_message_id is not None and clip.shared_channel_id is not None:
        found.append(
            MessageRef(channel_id=clip.shared_channel_id, message_id=clip.shared_message_id)
        )
    return tuple(found)
