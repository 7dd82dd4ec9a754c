"""The operator's calls that a store answers: lists, timelines, releases, the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import office
from storage.calls import Calls

if TYPE_CHECKING:
    from jobs.acts import Act, NewAct
    from jobs.model import Member
    from jobs.office import ClipLine, Event, OrderLine, OrderSlice, Page, Reconciled, WalletLine
    from jobs.states import ClipState
    from jobs.stores import Cancelled, Placing


class OfficeCalls(Calls):
    """Fits, with the others, `jobs.office.OfficeStore`."""

    async def wallet_lines(
        self, guild_id: int, limit: int, after: int | None = None
    ) -> Page[WalletLine]:
        return await self._read(office.read_wallets, guild_id, limit, after)

    async def has_wallet(self, member: Member) -> bool:
        return await self._read(office.read_has_wallet, member)

    async def order_lines(self, wanted: OrderSlice) -> Page[OrderLine]:
        return await self._read(office.read_orders, wanted)

    async def clip_lines(
        self, states: frozenset[ClipState], limit: int, after: int | None = None
    ) -> Page[ClipLine]:
        return await self._read(office.read_clips, states, limit, after)

    async def timeline(self, clip_id: int) -> tuple[Event, ...]:
        return await self._read(office.read_timeline, clip_id)

    async def release_by_hand(self, clip_id: int, act: Act, act_id: int, now: int) -> bool:
        return await self._run(office.release_by_hand, clip_id, act, act_id, now)

    async def cancel_by_hand(self, order_id: int, act: NewAct, now: int) -> Cancelled:
        return await self._run(office.cancel_by_hand, order_id, act, now)

    async def resubmit_by_hand(
        self, clip_id: int, placing: Placing, given_up: NewAct, again: NewAct
    ) -> int | None:
        return await self._run(
            office.resubmit_by_hand,
            clip_id,
            placing,
            given_up,
            again,
            self._defaults,
            self._guards,
        )

    async def reconcile(self, balance: int, now: int, *, accept: bool = False) -> Reconciled:
        return await self._run(office.reconcile, balance, now, accept=accept)
