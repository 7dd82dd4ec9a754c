"""Orders that a moderator looks at before they are paid for: what is known, and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from jobs.errors import OrderGone
from jobs.moderation import LONGEST_REASON

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jobs.model import Member, Order
    from jobs.ports import Clock, MessageRef


class ReviewState(StrEnum):
    """What became of the wait for a moderator."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One order's review; times are epoch ms.

    `channel_id` is where it is shown, `message` where that message is once it is known. It
    `carries` the pictures when the vendor can fetch them from nowhere else.
    """

    order_id: int
    guild_id: int
    channel_id: int
    state: ReviewState
    carries: bool
    created_at: int
    expires_at: int
    decided_by: int | None = None
    reason: str = ""
    message: MessageRef | None = None
    first_try_at: int | None = None
    fence: int = 0
    attempts: int = 0

    @property
    def id(self) -> int:
        """Return what names it: its order."""
        return self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a moderator says to an order; `message` is where they said it."""

    order_id: int
    actor: Member
    approved: bool
    reason: str = ""
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A review as it stands after somebody decided; `mine` tells that it was this decision."""

    review: Review
    mine: bool


class ReviewStore(Protocol):
    """Reviews in the database."""

    async def review(self, order_id: int) -> Review | None:
        """Return the review of an order."""
        ...

    async def decide(self, decision: Decision, act_id: int, now: int) -> Decided | None:
        """Approve or reject, once; None for an order that nobody looks at in that guild."""
        ...


class ReviewStepStore(Protocol):
    """Reviews whose message is due, as the engine needs them."""

    async def claim_reviews(self, now: int, lease_until: int, limit: int) -> tuple[Review, ...]:
        """Claim reviews that are due."""
        ...

    async def begin_review(self, review: Review, now: int) -> bool:
        """Commit that the message is about to be posted; False when that is not to be."""
        ...

    async def record_review(self, review: Review, message: MessageRef, now: int) -> None:
        """Record where the message is; it is due again when it has something new to say."""
        ...

    async def record_review_told(self, review: Review) -> None:
        """Record that the message, if there is one, says what became of it."""
        ...

    async def expire_review(self, review: Review, now: int) -> bool:
        """End an order that nobody decided about in time; False when somebody did."""
        ...

    async def close_review(self, review: Review, note: str, now: int) -> bool:
        """End an order that can't be shown to moderators; False when it is decided already."""
        ...

    async def put_off_review(self, review: Review, due_at: int) -> None:
        """Try again at that time (epoch ms)."""
        ...


class ReviewDesk(Protocol):
    """The channel in which moderators look at orders, reached with the bot's own token."""

    async def post_review(
        self, order: Order, review: Review, files: Sequence[Path], *, left_out: bool
    ) -> MessageRef:
        """Show an order with its pictures, once; `left_out` says that they were too large.

        Raises PostFailed.
        """
        ...

    async def edit_review(self, order: Order, review: Review) -> bool:
        """Say on its message what became of it; False when that is gone. Raises PostFailed."""
        ...

    async def find_review(self, review: Review, since: int) -> MessageRef | None:
        """Look for the message, up since then (epoch ms); None when it is not there.

        Raises CannotLook, and PostFailed(LATER) when Discord is down.
        """
        ...


class Rooms(Protocol):
    """What is known of a guild's channels without asking Discord."""

    def open(self, guild_id: int, channel_id: int) -> bool:
        """Tell whether the bot can post files there; True where it can't be known."""
        ...


class Reviews:
    """Use cases of who moderates, which is asked before, where it is known."""

    def __init__(
        self,
        store: ReviewStore,
        clock: Clock,
        ids: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake

    async def find(self, order_id: int, actor: Member) -> Review:
        """Return the review of an order of the actor's guild. Raises OrderGone."""
        review = await self._store.review(order_id)
        if review is None or review.guild_id != actor.guild_id:
            raise OrderGone
        return review

    async def approve(
        self, order_id: int, actor: Member, message: MessageRef | None = None
    ) -> Decided:
        """Let an order go on, as if it were placed now. Raises OrderGone."""
        return await self._decide(
            Decision(order_id=order_id, actor=actor, approved=True, message=message)
        )

    async def reject(self, order_id: int, actor: Member, reason: str) -> Decided:
        """End an order, for a reason that its member reads; all is released. Raises OrderGone."""
        said = reason.strip()[:LONGEST_REASON]
        return await self._decide(
            Decision(order_id=order_id, actor=actor, approved=False, reason=said)
        )

    async def _decide(self, decision: Decision) -> Decided:
        decided = await self._store.decide(decision, self._ids(), self._clock.now())
        if decided is None:
            raise OrderGone
        self._wake()
        return decided
