"""The moderators' side of the store: wallets, allowances, and what was done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import accounts, allowances, exporting, granting, history, logbook
from storage.calls import Calls

if TYPE_CHECKING:
    from billing.wallets import Allowance
    from jobs.exporting import EntryRow, WalletRow
    from jobs.logbook import Report
    from jobs.model import Member, WalletView
    from jobs.quotas import (
        Change,
        Doing,
        HistoryLine,
        HistorySlice,
        RoleAllowance,
        Undoable,
    )


class QuotaCalls(Calls):
    """Fits the stores of `jobs.quotas`, `jobs.logbook` and `jobs.lapsing` on any database."""

    async def wallet(self, member: Member, now: int) -> WalletView:
        return await self._read(accounts.view_wallet, member, self._defaults, now)

    async def lapsed_wallets(
        self, now: int, after: Member | None, limit: int
    ) -> tuple[Member, ...]:
        return await self._read(accounts.read_lapsed_wallets, now, after, limit)

    async def lapse_wallet(self, member: Member, now: int) -> None:
        await self._run(accounts.lapse_wallet, member, self._defaults, now)

    async def give_credits(
        self, doing: Doing, credits_: int, expires_at: int | None, now: int
    ) -> Change:
        return await self._run(
            granting.give_credits, doing, credits_, expires_at, self._defaults, now
        )

    async def take_credits(self, doing: Doing, credits_: int, now: int) -> Change:
        return await self._run(granting.take_credits, doing, credits_, self._defaults, now)

    async def freeze(self, doing: Doing, *, frozen: bool, now: int) -> bool:
        return await self._run(granting.set_frozen, doing, frozen=frozen, now=now)

    async def undo_entry(self, doing: Doing, entry_id: int, now: int) -> Change:
        return await self._run(granting.undo_entry_of, doing, entry_id, self._defaults, now)

    async def undoable(self, guild_id: int, limit: int, now: int) -> tuple[Undoable, ...]:
        return await self._read(granting.read_undoable, guild_id, limit, now)

    async def allowances(self, guild_id: int) -> tuple[RoleAllowance, ...]:
        return await self._read(allowances.read_allowances, guild_id)

    async def set_allowance(
        self, doing: Doing, role_id: int, allowance: Allowance | None, now: int
    ) -> Allowance | None:
        return await self._run(allowances.set_allowance, doing, role_id, allowance, now)

    async def history(self, wanted: HistorySlice) -> tuple[HistoryLine, ...]:
        return await self._read(history.read_history, wanted)

    async def wallet_page(self, guild_id: int, after: int, limit: int) -> tuple[WalletRow, ...]:
        return await self._read(exporting.read_wallet_page, guild_id, after, limit)

    async def entry_page(
        self, guild_id: int, since: int, until: int, after: tuple[int, str], limit: int
    ) -> tuple[EntryRow, ...]:
        return await self._read(exporting.read_entry_page, guild_id, since, until, after, limit)

    async def claim_reports(self, now: int, lease_until: int, limit: int) -> tuple[Report, ...]:
        return await self._run(logbook.claim_reports, now, lease_until, limit, self._owner)

    async def begin_report(self, report: Report, now: int) -> bool:
        return await self._run(logbook.begin_report, report, now)

    async def end_report(self, report: Report, posted_at: int | None) -> None:
        await self._run(logbook.end_report, report, posted_at)

    async def move_report(self, report: Report, channel_id: int, now: int) -> None:
        await self._run(logbook.move_report, report, channel_id, now)

    async def put_off_report(self, report: Report, due_at: int) -> None:
        await self._run(logbook.put_off_report, report, due_at)
