"""What use cases and engine need from the database, as Protocols: each call is one commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jobs.catalogue import CatalogueStore
from jobs.parcels import ParcelStore
from jobs.reports import CaseStepStore
from jobs.reviews import ReviewStepStore
from jobs.screening import RuleStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.prices import LearnedPrice
    from jobs.acts import NewAct
    from jobs.asking import Ask
    from jobs.model import (
        Clip,
        Draft,
        GuildRules,
        Member,
        NewDraft,
        Order,
        Ordered,
        Quote,
        ReviewRules,
        Send,
        WalletView,
    )
    from jobs.ports import MadeClip, MessageKind, MessageRef
    from jobs.states import FailReason


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSend:
    """A paid request to be: its id, and the unguessable token of its webhook and picture links."""

    id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Everything that placing an order needs besides its draft; ids are made beforehand.

    `card_picture` tells that only the card can serve the picture to the vendor, `unit_credit`
    is the list's figure behind the price, `now` epoch ms. `most` is what the member has agreed to
    pay in all, in credits; None leaves it at the draft's price. `review` is found out in the
    transaction: by which rules a moderator looks at the order first.
    """

    draft_id: int
    member: Member
    order_id: int
    sends: tuple[NewSend, ...]
    clip_ids: tuple[int, ...]
    unit_credit: str
    card_picture: bool
    now: int
    most: int | None = None
    review: ReviewRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """What became of each clip of a paid request.

    `doubt_until` (epoch ms) is how long a webhook may still bring a doubtful clip back; None
    releases it at once. `look_at` is when to ask for the made ones first.
    """

    send_id: int
    made: tuple[tuple[int, MadeClip], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    doubtful: tuple[int, ...] = ()
    doubt_until: int | None = None
    look_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What a wish to cancel an order did: how many clips it ended, and what of the others.

    The `wished` ones are on their way to the vendor, and end if nothing was made there; the vendor
    has those that are `running`; those from `before` were cancelled by an earlier wish.
    """

    ended: int
    wished: int
    running: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """How many clips a deletion marked that were not yet, and how many of them it cancelled."""

    clips: int
    cancelled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """A clip to be asked for again at `due_at` (epoch ms)."""

    clip_id: int
    fence: int
    due_at: int
    misses: int = 0
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDone:
    """A clip that the vendor has finished: its link, and the credits that it took."""

    clip_id: int
    fence: int
    link: str
    cost: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFailed:
    """A clip that will never have a video; `cost` is what the vendor charged all the same."""

    clip_id: int
    fence: int
    reason: FailReason
    cost: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A clip whose file is in the media store."""

    clip_id: int
    fence: int
    file: str
    bytes: int


class OrderStore(RuleStore, Protocol):
    """Drafts, orders and wallets, as the use cases need them."""

    async def rules(self, guild_id: int) -> GuildRules:
        """Return what the guild has set, or the operator's defaults."""
        ...

    async def wallet(self, member: Member, now: int) -> WalletView:
        """Return a member's wallet."""
        ...

    async def learned_price(self, price_key: str) -> LearnedPrice | None:
        """Return the last real charge for such a clip."""
        ...

    async def waits(self, price_key: str) -> tuple[int, ...]:
        """Return how long the last such clips took, in ms, newest first, at most 30."""
        ...

    async def open_ask(self, ask: Ask) -> bool:
        """Write an acknowledged command down; False when it is there already."""
        ...

    async def close_ask(self, interaction_id: int) -> None:
        """Note that a command is answered, and forget what it held."""
        ...

    async def open_asks(self, since: int) -> tuple[Ask, ...]:
        """Return commands acknowledged since then (epoch ms) that nobody has answered."""
        ...

    async def claim_asks(self, since: int) -> tuple[Ask, ...]:
        """Take those of them that nobody is answering; no other process gets them then."""
        ...

    async def add_draft(self, draft: NewDraft, now: int) -> Draft:
        """Store a click; the same interaction again returns the draft that is there."""
        ...

    async def draft(self, draft_id: int) -> Draft | None:
        """Return a draft."""
        ...

    async def draft_of(self, interaction_id: int) -> Draft | None:
        """Return the draft that an interaction made, or a form (by minus its id)."""
        ...

    async def requote(self, draft_id: int, quote: Quote) -> None:
        """Write a new price onto a draft."""
        ...

    async def cancel_draft(self, draft_id: int, user_id: int) -> bool:
        """Put a draft away; False when it was ordered already or is somebody else's."""
        ...

    async def foresee(self, draft: NewDraft, now: int) -> None:
        """Raise what an order would be refused for, but for a lack of credits; writes nothing."""
        ...

    async def pool_is_dry(self, member: Member, price: int, act_id: int, now: int) -> bool:
        """Write down that the guild's pool had no room; False when that is known already."""
        ...

    async def place(self, placing: Placing) -> Ordered:
        """Make a draft an order, once. Raises jobs.errors.Declined."""
        ...

    async def order(self, order_id: int) -> Order | None:
        """Return an order with its clips."""
        ...

    async def order_of_clip(self, clip_id: int) -> Order | None:
        """Return the order that a clip belongs to."""
        ...

    async def delete_clip(
        self, clip_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
    ) -> bool:
        """Mark a clip as deleted, and write a moderator's act down; False when it was already."""
        ...

    async def delete_coming(self, order_id: int, now: int) -> int:
        """Mark what an order still waits for as deleted; return how many clips that is by now."""
        ...

    async def delete_order(
        self, order_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
    ) -> Deleted:
        """Mark all of an order as deleted, and cancel what is in the line."""
        ...

    async def cancel_order(self, order_id: int, now: int) -> Cancelled:
        """Cancel what is still queued, and what is on its way unless the vendor makes it."""
        ...


class SendStore(Protocol):
    """The line of paid requests."""

    async def claim_sends(self, now: int, lease_until: int, limit: int) -> tuple[Send, ...]:
        """Claim due sends in the order of their turns; none while the gate is closed."""
        ...

    async def next_slot(self, now: int, gap_ms: int) -> int:
        """Say when another paid request may leave (epoch ms), so long after the one before it.

        It counts for all processes that share the database.
        """
        ...

    async def intend(self, send: Send, now: int, lease_until: int) -> bool:
        """Commit that the paid request is about to leave; False when the claim is lost."""
        ...

    async def put_back(self, send: Send, due_at: int, note: str, now: int) -> None:
        """Put a send whose request made nothing back into the line, or cancel it if wished."""
        ...

    async def finish_send(self, result: SendResult, now: int) -> bool:
        """Record what became of a send's clips; a vendor id is recorded whatever their state.

        An answer to the request itself opens the gate; True when it was closed before.
        """
        ...

    async def give_up_send(self, send: Send, reason: FailReason, note: str, now: int) -> None:
        """End a send that can't be made: its clips fail and are released."""
        ...

    async def claim_stale(self, now: int, lease_until: int, limit: int) -> tuple[Send, ...]:
        """Claim sends whose process died while the paid request was out."""
        ...

    async def close_gate(self, note: str, probe_at: int) -> bool:
        """Stop submitting for everybody until a probe; True when it was open before."""
        ...

    async def hint_clip(self, token: str, vendor_id: str, now: int) -> bool:
        """Make a clip of that send due for a look; False when the id is not known here."""
        ...

    async def clips_without_id(self, token: str) -> tuple[int, ...]:
        """Return the clips of a send whose paid request is or was in doubt, in their order."""
        ...

    async def adopt(self, clip_ids: Sequence[int], made: MadeClip, look_at: int, now: int) -> bool:
        """Give a vendor's id that turned up to the first of the clips that still lacks one."""
        ...

    async def picture_of(self, token: str, number: int) -> str | None:
        """Return the key of a picture or track of an open send, None for any other token."""
        ...

    async def take_over(self) -> int:
        """Free what the process held whose place this one took, and return how much it was."""
        ...


class ClipStore(Protocol):
    """Clips from the vendor's yes to the message in the channel."""

    async def claim_clips(
        self, step: str, now: int, lease_until: int, limit: int
    ) -> tuple[Clip, ...]:
        """Claim clips whose step is due."""
        ...

    async def record_looks(
        self,
        again: Sequence[LookAgain],
        done: Sequence[FoundDone],
        failed: Sequence[FoundFailed],
        now: int,
    ) -> None:
        """Record what one round of status calls showed."""
        ...

    async def look_afresh(self, again: LookAgain, now: int) -> None:
        """Ask the vendor once more about a finished clip whose link is dead."""
        ...

    async def record_stored(self, stored: Stored, now: int) -> int:
        """Settle the money of a clip whose file is stored, and make it due for posting.

        Returns the credits above the quote, which the house pays.
        """
        ...

    async def put_off(self, clip: Clip, due_at: int) -> None:
        """Try the clip's step again at that time (epoch ms)."""
        ...

    async def begin_post(self, clip: Clip, now: int) -> Order | None:
        """Commit that the clip's message is about to be sent; None when the claim is lost."""
        ...

    async def record_posted(self, clip: Clip, message: MessageRef, now: int) -> None:
        """Record where the clip's message is."""
        ...

    async def record_kept(self, clip: Clip, note: str, now: int) -> None:
        """Record that the clip could not be posted; `/videos` has it."""
        ...

    async def release_doubt(self, clip: Clip, now: int) -> bool:
        """Release a clip in doubt that nothing can bring back any more."""
        ...

    async def record_removed(self, clip: Clip) -> None:
        """Record that nothing of a deleted clip is left."""
        ...


class CardStore(ParcelStore, Protocol):
    """Orders whose card or notice is due."""

    async def claim_cards(self, now: int, lease_until: int, limit: int) -> tuple[Order, ...]:
        """Claim orders whose card is due."""
        ...

    async def begin_card(self, order: Order, now: int) -> bool:
        """Commit that the card is about to be posted; False when the claim is lost."""
        ...

    async def begin_notice(self, order: Order, now: int, kind: MessageKind) -> bool:
        """Commit that a notice (NOTICE or PAUSE) is about to be posted."""
        ...

    async def record_card(
        self, order: Order, message: MessageRef | None, text: str, due_at: int | None, now: int
    ) -> None:
        """Record what the card says now, and when it changes by itself (epoch ms, or never).

        `message` is where a newly posted card is; sends that waited for it become due.
        """
        ...

    async def record_notice(self, order: Order, kind: MessageKind, up: MessageRef | None) -> None:
        """Record where such a notice is (None: nowhere, and not to be tried again)."""
        ...

    async def put_off_card(self, order: Order, due_at: int) -> None:
        """Draw the card again at that time (epoch ms)."""
        ...

    async def give_up_order(self, order: Order, reason: FailReason, note: str, now: int) -> None:
        """End every queued send of an order whose picture can't be served."""
        ...


class EngineStore(
    SendStore, ClipStore, CardStore, CatalogueStore, ReviewStepStore, CaseStepStore, Protocol
):
    """Everything that the engine needs."""
