"""The stores that use cases and engine ask for: each method runs one transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage import (
    accounts,
    asks,
    browsing,
    cancelling,
    cards,
    clips,
    deleting,
    forms,
    gates,
    hints,
    ordering,
    parcels,
    prices,
    sends,
    setting_right,
    sharing,
    sweeping,
    totals,
    usage,
)
from storage.content_calls import ContentCalls
from storage.guard_calls import GuardCalls
from storage.office_calls import OfficeCalls
from storage.quota_calls import QuotaCalls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billing.prices import LearnedPrice
    from jobs.acts import NewAct
    from jobs.asking import Ask
    from jobs.browsing import Glimpse, Slice
    from jobs.catalogue import Effect, Model
    from jobs.forms import Form
    from jobs.model import (
        Clip,
        Draft,
        GuildRules,
        NewDraft,
        Order,
        Ordered,
        Quote,
        Send,
    )
    from jobs.parcels import Tried
    from jobs.ports import MadeClip, MessageKind, MessageRef
    from jobs.sharing import Tried as Shared
    from jobs.sheets import Sheet
    from jobs.states import FailReason
    from jobs.stores import (
        Cancelled,
        Deleted,
        FoundDone,
        FoundFailed,
        LookAgain,
        Placing,
        SendResult,
        Stored,
    )
    from jobs.usage import Used, Window


class Store(ContentCalls, GuardCalls, QuotaCalls, OfficeCalls):
    """Fits `jobs.stores.OrderStore` and `jobs.stores.EngineStore` on any database.

    `defaults` are the rules of guilds that set nothing, `guards` the operator's limits.
    """

    # --- orders and wallets ---

    async def rules(self, guild_id: int) -> GuildRules:
        return await self._read(accounts.read_rules, guild_id, self._defaults)

    async def learned_price(self, price_key: str) -> LearnedPrice | None:
        return await self._read(prices.read_learned, price_key)

    async def waits(self, price_key: str) -> tuple[int, ...]:
        return await self._read(prices.read_waits, price_key)

    async def open_ask(self, ask: Ask) -> bool:
        return await self._run(asks.open_ask, ask, self._owner)

    async def close_ask(self, interaction_id: int) -> None:
        await self._run(asks.close_ask, interaction_id)

    async def open_asks(self, since: int) -> tuple[Ask, ...]:
        return await self._read(asks.open_asks, since)

    async def claim_asks(self, since: int) -> tuple[Ask, ...]:
        return await self._run(asks.claim_asks, since, self._owner)

    async def save_form(self, form: Form) -> None:
        await self._run(forms.save_form, form)

    async def form(self, form_id: int) -> Form | None:
        return await self._read(forms.read_form, form_id)

    async def save_sheet(self, sheet: Sheet) -> None:
        await self._run(forms.save_sheet, sheet)

    async def sheet(self, sheet_id: int) -> Sheet | None:
        return await self._read(forms.read_sheet, sheet_id)

    async def add_draft(self, draft: NewDraft, now: int) -> Draft:
        return await self._run(ordering.add_draft, draft, now)

    async def draft(self, draft_id: int) -> Draft | None:
        return await self._read(ordering.read_draft, draft_id)

    async def draft_of(self, interaction_id: int) -> Draft | None:
        return await self._read(ordering.read_draft_of, interaction_id)

    async def requote(self, draft_id: int, quote: Quote) -> None:
        await self._run(ordering.requote_draft, draft_id, quote)

    async def cancel_draft(self, draft_id: int, user_id: int) -> bool:
        return await self._run(ordering.cancel_draft, draft_id, user_id)

    async def place(self, placing: Placing) -> Ordered:
        async with self._placing:
            return await self._run(ordering.place_order, placing, self._defaults, self._guards)

    async def order(self, order_id: int) -> Order | None:
        return await self._read(cards.read_order, order_id)

    async def order_of_clip(self, clip_id: int) -> Order | None:
        return await self._read(cards.read_order_of_clip, clip_id)

    async def orders_of(self, wanted: Slice) -> tuple[Order, ...]:
        return await self._read(browsing.read_orders_of, wanted)

    async def glimpses(self, wanted: Slice) -> tuple[Glimpse, ...]:
        return await self._read(browsing.read_glimpses, wanted)

    async def is_of(self, message_id: int, guild_id: int, user_id: int) -> bool:
        return await self._read(browsing.read_is_of, message_id, guild_id, user_id)

    async def delete_clip(
        self, clip_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
    ) -> bool:
        return await self._run(clips.delete_clip, clip_id, now, keep_message=keep_message, by=by)

    async def delete_coming(self, order_id: int, now: int) -> int:
        return await self._run(deleting.delete_coming, order_id, now)

    async def delete_order(
        self, order_id: int, now: int, *, keep_message: bool = False, by: NewAct | None = None
    ) -> Deleted:
        return await self._run(
            deleting.delete_order, order_id, now, keep_message=keep_message, by=by
        )

    async def cancel_order(self, order_id: int, now: int) -> Cancelled:
        return await self._run(cancelling.cancel_order, order_id, now)

    # --- the line of paid requests ---

    async def claim_sends(self, now: int, lease_until: int, limit: int) -> tuple[Send, ...]:
        return await self._run(sends.claim_sends, now, lease_until, limit, self._owner)

    async def next_slot(self, now: int, gap_ms: int) -> int:
        return await self._run(gates.next_slot, now, gap_ms)

    async def intend(self, send: Send, now: int, lease_until: int) -> bool:
        return await self._run(sends.intend, send, now, lease_until)

    async def put_back(self, send: Send, due_at: int, note: str, now: int) -> None:
        await self._run(sends.put_back, send, due_at, note, now)

    async def finish_send(self, result: SendResult, now: int) -> bool:
        return await self._run(sends.finish_send, result, now)

    async def give_up_send(self, send: Send, reason: FailReason, note: str, now: int) -> None:
        await self._run(sends.give_up_send, send, reason, note, now)

    async def claim_stale(self, now: int, lease_until: int, limit: int) -> tuple[Send, ...]:
        return await self._run(sends.claim_stale, now, lease_until, limit, self._owner)

    async def close_gate(self, note: str, probe_at: int) -> bool:
        return await self._run(gates.close_gate, note, probe_at)

    async def hint_clip(self, token: str, vendor_id: str, now: int) -> bool:
        return await self._run(hints.hint_clip, token, vendor_id, now)

    async def clips_without_id(self, token: str) -> tuple[int, ...]:
        return await self._read(hints.clips_without_id, token)

    async def adopt(self, clip_ids: Sequence[int], made: MadeClip, look_at: int, now: int) -> bool:
        return await self._run(hints.adopt_late, clip_ids, made, look_at, now)

    async def picture_of(self, token: str, number: int) -> str | None:
        return await self._read(hints.picture_of, token, number)

    async def take_over(self, owner: int | None = None) -> int:
        return await self._run(sends.take_over, self._owner if owner is None else owner)

    # --- clips ---

    async def claim_clips(
        self, step: str, now: int, lease_until: int, limit: int
    ) -> tuple[Clip, ...]:
        return await self._run(clips.claim_clips, step, now, lease_until, limit, self._owner)

    async def record_looks(
        self,
        again: Sequence[LookAgain],
        done: Sequence[FoundDone],
        failed: Sequence[FoundFailed],
        now: int,
    ) -> None:
        await asyncio.gather(
            self._run(clips.record_looks, again, done, now),
            *(self._run(clips.record_failed, lost, now) for lost in failed),
        )

    async def look_afresh(self, again: LookAgain, now: int) -> None:
        await self._run(clips.look_afresh, again, now)

    async def record_stored(self, stored: Stored, now: int) -> int:
        return await self._run(clips.record_stored, stored, now)

    async def put_off(self, clip: Clip, due_at: int) -> None:
        await self._run(clips.put_off, clip, due_at)

    async def begin_post(self, clip: Clip, now: int) -> Order | None:
        return await self._run(clips.begin_post, clip, now)

    async def record_posted(self, clip: Clip, message: MessageRef, now: int) -> None:
        await self._run(clips.record_posted, clip, message, now)

    async def record_kept(self, clip: Clip, note: str, now: int) -> None:
        await self._run(clips.record_kept, clip, note, now)

    async def release_doubt(self, clip: Clip, now: int) -> bool:
        return await self._run(sends.release_doubt, clip.id, now)

    async def record_removed(self, clip: Clip) -> None:
        await self._run(clips.record_removed, clip)

    async def begin_share(self, clip_id: int, channel_id: int, now: int) -> Shared | None:
        return await self._run(sharing.begin_share, clip_id, channel_id, now)

    async def move_share(self, clip_id: int, before: int, channel_id: int, now: int) -> bool:
        return await self._run(sharing.move_share, clip_id, before, channel_id, now)

    async def record_shared(self, clip_id: int, message: MessageRef, now: int) -> None:
        await self._run(sharing.record_shared, clip_id, message, now)

    # --- cards ---

    async def claim_cards(self, now: int, lease_until: int, limit: int) -> tuple[Order, ...]:
        return await self._run(cards.claim_cards, now, lease_until, limit, self._owner)

    async def begin_card(self, order: Order, now: int) -> bool:
        return await self._run(cards.begin_card, order, now)

    async def begin_parcel(self, order_id: int, number: int, now: int) -> Tried:
        return await self._run(parcels.begin_parcel, order_id, number, now)

    async def record_parcel(self, order_id: int, number: int, message: MessageRef) -> None:
        await self._run(parcels.record_parcel, order_id, number, message)

    async def begin_notice(self, order: Order, now: int, kind: MessageKind) -> bool:
        return await self._run(cards.begin_notice, order, now, kind)

    async def record_card(
        self, order: Order, message: MessageRef | None, text: str, due_at: int | None, now: int
    ) -> None:
        await self._run(cards.record_card, order, message, text, due_at, now)

    async def record_notice(self, order: Order, kind: MessageKind, up: MessageRef | None) -> None:
        await self._run(cards.record_notice, order, kind, up)

    async def put_off_card(self, order: Order, due_at: int) -> None:
        await self._run(cards.put_off_card, order, due_at)

    async def give_up_order(self, order: Order, reason: FailReason, note: str, now: int) -> None:
        await self._run(sends.give_up_order, order.id, reason, note, now)

    async def forget_drafts(self, since: int, before: int) -> int:
        return await self._run(sweeping.forget_drafts, since, before)

    async def forget_notes(self, before: int, now: int) -> int:
        return await self._run(sweeping.forget_notes, before, now)

    async def pull_forward(self, now: int) -> int:
        return await self._run(setting_right.pull_forward, now)

    # --- the vendor's lists ---

    async def load_models(self) -> tuple[tuple[Model, ...], int] | None:
        return await self._read(prices.load_models)

    async def save_models(self, models: tuple[Model, ...], now: int) -> None:
        await self._run(prices.save_models, models, now)

    async def load_effects(self) -> tuple[tuple[Effect, ...], int] | None:
        return await self._read(prices.load_effects)

    async def save_effects(self, effects: tuple[Effect, ...], now: int) -> None:
        await self._run(prices.save_effects, effects, now)

    # --- figures ---

    async def totals(self, now: int) -> dict[str, int]:
        return await self._read(totals.read_totals, now)

    async def used(self, window: Window) -> Used:
        return await self._read(usage.read_used, window)
