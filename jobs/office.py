"""What an operator looks up and mends by hand: wallets, orders, clips, and the vendor's bill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from jobs.acts import OPERATOR, Act, ActKind, NewAct
from jobs.errors import Declined, StorageDown
from jobs.links import relinked
from jobs.office_refusals import not_released, worded
from jobs.pooling import telling_of_a_dry_pool
from jobs.states import ClipState

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import Clip, Member, Order, WalletView
    from jobs.ordering import Ordering
    from jobs.ports import Clock
    from jobs.stores import Cancelled, Placing

T = TypeVar("T")

LINES: Final = 200
"""Lines of one list where nobody says how many."""

RELEASABLE: Final = frozenset({ClipState.UNKNOWN, ClipState.RENDERING, ClipState.OVERDUE})
"""Clips that an operator may give up: the vendor has, or may have, taken the request."""

RESUBMITTABLE: Final = frozenset({ClipState.UNKNOWN, ClipState.RELEASED})
"""Clips of which nobody knows whether the vendor has made them."""


class NotNow(Exception):  # noqa: N818 - an answer to the operator, in plain words
    """What was asked for can't be done; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletLine:
    """One wallet, in credits."""

    guild_id: int
    user_id: int
    grants: int
    held: int
    charged: int
    frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One order; `states` tells how many of its clips are in which state."""

    id: int
    guild_id: int
    user_id: int
    created_at: int
    price: int
    states: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLine:
    """One clip; times are epoch ms."""

    id: int
    order_id: int
    number: int
    state: str
    quote: int
    vendor_id: str | None
    submitted_at: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a clip, at that time (epoch ms; None where it is not known)."""

    at: int | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSlice:
    """Which orders are listed, newest first, from the one after another on; None leaves it open."""

    guild_id: int | None = None
    user_id: int | None = None
    state: str | None = None
    limit: int = LINES
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """The lines of a list that were asked for, and how many more come after them."""

    lines: tuple[T, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the books say the vendor took, in credits: of members, and of the house."""

    charged: int
    house: int
    held: int

    @property
    def total(self) -> int:
        """Credits that should be gone from the vendor's account."""
        return self.charged + self.house


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The books against the vendor's balance: now, and when that was accepted last.

    `since` is epoch ms, None the first time.
    """

    spent: Spent
    balance: int
    since: int | None = None
    spent_then: int = 0
    held_then: int = 0
    balance_then: int = 0

    def missing(self, bought: int) -> int:
        """Return the credits that the vendor took since then and the books don't know of.

        `bought` are the credits that were bought in between. Negative: the books say more.
        """
        return (self.balance_then + bought - self.balance) - (self.spent.total - self.spent_then)


class OfficeStore(Protocol):
    """What the operator's commands need from the database."""

    async def wallet_lines(
        self, guild_id: int, limit: int, after: int | None = None
    ) -> Page[WalletLine]:
        """Return a guild's wallets, those that spent most first, from the one after a member's."""
        ...

    async def has_wallet(self, member: Member) -> bool:
        """Tell whether the books know a member."""
        ...

    async def wallet(self, member: Member, now: int) -> WalletView:
        """Return a member's wallet."""
        ...

    async def order_lines(self, wanted: OrderSlice) -> Page[OrderLine]:
        """Return orders, newest first."""
        ...

    async def clip_lines(
        self, states: frozenset[ClipState], limit: int, after: int | None = None
    ) -> Page[ClipLine]:
        """Return clips in these states, oldest first, from the one after another on."""
        ...

    async def timeline(self, clip_id: int) -> tuple[Event, ...]:
        """Return what happened to a clip, oldest first; nothing for one that is unknown."""
        ...

    async def order(self, order_id: int) -> Order | None:
        """Return an order with its clips."""
        ...

    async def order_of_clip(self, clip_id: int) -> Order | None:
        """Return the order that a clip belongs to."""
        ...

    async def release_by_hand(self, clip_id: int, act: Act, act_id: int, now: int) -> bool:
        """Release a clip and write the act down; False when its state does not allow it."""
        ...

    async def cancel_by_hand(self, order_id: int, act: NewAct, now: int) -> Cancelled:
        """Cancel what of an order was not sent; the act is written where that did something."""
        ...

    async def resubmit_by_hand(
        self, clip_id: int, placing: Placing, given_up: NewAct, again: NewAct
    ) -> int | None:
        """Order a clip in doubt again, give it up and write the acts down, all or nothing.

        Returns the new order's id, None for a clip that has turned up. Raises Declined.
        """
        ...

    async def reconcile(self, balance: int, now: int, *, accept: bool = False) -> Reconciled:
        """Compare the books with the vendor's balance, since what was accepted last.

        `accept` has the next time compare with now.
        """
        ...


class Office:
    """Everything that an operator does by hand; it works beside a running bot."""

    def __init__(
        self, store: OfficeStore, ordering: Ordering, clock: Clock, ids: Callable[[], int]
    ) -> None:
        self._store = store
        self._ordering = ordering
        self._clock = clock
        self._ids = ids

    async def clip(self, clip_id: int) -> tuple[Order, Clip]:
        """Return a clip with its order. Raises NotNow for one that is unknown."""
        order = await self._store.order_of_clip(clip_id)
        if order is None:
            raise NotNow("There is no such clip. `clips list` shows those that are open.")
        return order, next(one for one in order.clips if one.id == clip_id)

    async def release(self, clip_id: int, reason: str) -> None:
        """Give a clip's credits back to its member; what the vendor took is the house's loss.

        Raises NotNow where there is nothing to give back.
        """
        order, clip = await self.clip(clip_id)
        act = self._act(order, ActKind.RELEASE, clip_id, reason, before=clip.state)
        now = self._clock.now()
        if not await self._store.release_by_hand(clip_id, act, self._ids(), now):
            raise NotNow(f"The clip is {clip.state}, and {not_released(order, clip)}")

    async def cancel(self, order_id: int, reason: str) -> Cancelled:
        """Cancel what of an order was not sent yet; its member is told.

        Raises NotNow where nothing is left to cancel.
        """
        order = await self._store.order(order_id)
        if order is None:
            raise NotNow("There is no such order. `orders list` shows the newest.")
        act = self._act(order, ActKind.CANCEL, order_id, reason)
        # Not under the order's id: a warning of the pool may have that.
        done = await self._store.cancel_by_hand(
            order_id, NewAct(id=self._ids(), act=act), self._clock.now()
        )
        if not (done.ended or done.wished):
            raise NotNow(
                "Nothing of that order waits any more: what is at Akool can't be called back. "
                "`orders show` tells how its clips stand."
            )
        return done

    async def resubmit(self, clip_id: int, reason: str) -> int:
        """Order a clip in doubt once more for its member; return the new order's id.

        The vendor may have made and charged the first one: that is the house's loss. A clip is
        ordered again once, however often this is called. What a server lets its members do is not
        asked again, nor do they pay more than they agreed to then. Raises NotNow, and then nothing
        was changed.
        """
        order, clip = await self.clip(clip_id)
        done = await self._ordering.placed(clip_id)
        if done is not None and done.order_id is not None:
            return done.order_id
        if clip.state not in RESUBMITTABLE:
            raise NotNow(
                f"The clip is {clip.state}. Only one in doubt (unknown, or released) is sent again."
            )
        try:
            return await self._order_again(order, clip, reason)
        except StorageDown:
            raise  # nobody can say what was changed
        except Declined as refusal:
            raise NotNow(f"{worded(refusal)} Nothing was changed.") from refusal

    async def _order_again(self, order: Order, clip: Clip, reason: str) -> int:
        options = order.options
        picture = options.pictures[clip.number // options.variations]
        again = relinked(replace(options, pictures=(picture,), variations=1))
        placing = await self._ordering.once_more(order, clip, again)
        given_up = self._act(order, ActKind.RELEASE, clip.id, reason, before=ClipState.UNKNOWN)
        act = self._act(order, ActKind.RESUBMIT, clip.id, reason)
        async with telling_of_a_dry_pool(self._ordering.means, order.member):
            order_id = await self._store.resubmit_by_hand(
                clip.id, placing, NewAct(id=self._ids(), act=given_up), NewAct(id=clip.id, act=act)
            )
        if order_id is None:
            raise NotNow("The clip turned up meanwhile: `clips show` tells what became of it.")
        return order_id

    def _act(
        self, order: Order, kind: ActKind, subject_id: int, reason: str, before: str = ""
    ) -> Act:
        return Act(
            guild_id=order.member.guild_id,
            actor_id=OPERATOR,
            kind=kind,
            subject_id=subject_id,
            before=before,
            reason=reason,
        )
