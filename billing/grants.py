"""The lines that moderators write into the ledger: credits granted, taken back, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.entries import Entry, EntryKind
from billing.wallets import HoldParts, use

if TYPE_CHECKING:
    from billing.entries import Account
    from billing.wallets import Funds


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who writes a line, why, and the id that makes it the only one of its kind."""

    id: int
    actor_id: int
    reason: str


def grant_entry(account: Account, signed: Signed, credits_: int) -> Entry:
    """Add granted credits to a wallet."""
    return Entry(
        key=f"grant:{signed.id}",
        kind=EntryKind.GRANT,
        account=account,
        grants=credits_,
        actor_id=signed.actor_id,
        reason=signed.reason,
    )


def taken_from(available: Funds, credits_: int) -> HoldParts:
    """Say what a take of so many credits gets: of grants only, those that expire soonest first."""
    grants = tuple((grant.id, grant.left) for grant in available.grants)
    return use(HoldParts(allowance=0, grants=grants), credits_)


def take_entry(account: Account, signed: Signed, parts: HoldParts) -> Entry:
    """Take granted credits back."""
    return Entry(
        key=f"take:{signed.id}",
        kind=EntryKind.TAKE,
        account=account,
        grants=-parts.granted,
        actor_id=signed.actor_id,
        reason=signed.reason,
    )


def undo_entry(account: Account, undone: str, signed: Signed, credits_: int) -> Entry:
    """Counter an earlier line, whose key is `undone`, by so many credits; once, by its key."""
    return Entry(
        key=f"{undone}:undo",
        kind=EntryKind.UNDO,
        account=account,
        grants=credits_,
        actor_id=signed.actor_id,
        reason=signed.reason,
    )
