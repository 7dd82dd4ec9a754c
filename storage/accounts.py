"""Read what a member can spend: rules, allowances, grants and what the periods have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.entries import Account, Entry, EntryKind
from billing.periods import Period, period_keys, renews_at
from billing.wallets import Allowance, Grant, best_allowance, funds
from jobs.model import Member, WalletEntry, WalletView
from storage.ledger import write_entry
from storage.rules import rules_from

if TYPE_CHECKING:
    from billing.wallets import Funds
    from jobs.model import GuildRules
    from storage.database import Row, Transaction


def read_rules(guild_id: int, defaults: GuildRules) -> Transaction[GuildRules]:
    """Return what the guild has set, and the operator's defaults for the rest."""
    rows = yield ("SELECT * FROM guilds WHERE guild_id = $1", (guild_id,))
    if not rows:
        return defaults
    return rules_from(rows[0], defaults)


def account_now(member: Member, rules: GuildRules, now: int) -> Account:
    """Name the periods in which a hold made now (epoch ms) counts; the operator's day is UTC's."""
    return Account(
        guild_id=member.guild_id,
        user_id=member.user_id,
        keys=period_keys(now, rules.zone),
        house_day=period_keys(now, "UTC").day,
    )


def lock_wallet(member: Member, now: int) -> Transaction[Row]:
    """Open the wallet if it is new and return its row; whoever comes second waits here."""
    yield (
        """INSERT INTO wallets (guild_id, user_id, touched_at) VALUES ($1, $2, $3)
           ON CONFLICT (guild_id, user_id) DO NOTHING""",
        (member.guild_id, member.user_id, now),
    )
    rows = yield (
        """UPDATE wallets SET touched_at = $1 WHERE guild_id = $2 AND user_id = $3
           RETURNING *""",
        (now, member.guild_id, member.user_id),
    )
    return rows[0]


def expire_grants(member: Member, rules: GuildRules, now: int) -> Transaction[None]:
    """Write off what is left of the wallet's grants whose time is over (epoch ms).

    The entry is dated with the end of that time, however late it is written.
    """
    rows = yield (
        """SELECT id, credits_left, expires_at FROM grants
           WHERE guild_id = $1 AND user_id = $2 AND expired = 0 AND expires_at <= $3""",
        (member.guild_id, member.user_id, now),
    )
    for row in rows:
        entry = Entry(
            key=f"grant:{row['id']}:expire",
            kind=EntryKind.EXPIRE,
            account=account_now(member, rules, row["expires_at"]),
            grants=-row["credits_left"],
            reason="the grant expired",
        )
        if (yield from write_entry(entry, row["expires_at"])):
            yield (
                "UPDATE grants SET credits_left = 0, expired = 1 WHERE id = $1",
                (row["id"],),
            )


def lapse_wallet(member: Member, defaults: GuildRules, now: int) -> Transaction[None]:
    """Do so for a wallet that nobody uses; a second time there is nothing to do."""
    yield from lock_wallet(member, now)
    rules = yield from read_rules(member.guild_id, defaults)
    yield from expire_grants(member, rules, now)


def read_lapsed_wallets(
    now: int, after: Member | None, limit: int
) -> Transaction[tuple[Member, ...]]:
    """Return wallets with grants whose time is over (epoch ms), in the order of their ids."""
    guild_id, user_id = (-1, -1) if after is None else (after.guild_id, after.user_id)
    rows = yield (
        """SELECT DISTINCT guild_id, user_id FROM grants
           WHERE expired = 0 AND expires_at <= $1
             AND (guild_id > $2 OR (guild_id = $2 AND user_id > $3))
           ORDER BY guild_id, user_id LIMIT $4""",
        (now, guild_id, user_id, limit),
    )
    return tuple(Member(guild_id=row["guild_id"], user_id=row["user_id"]) for row in rows)


def read_funds(member: Member, allowance_left: int, now: int) -> Transaction[Funds]:
    """Return what the wallet can spend now: what the allowance leaves, and living grants."""
    rows = yield (
        """SELECT id, credits_left, expires_at FROM grants
           WHERE guild_id = $1 AND user_id = $2 AND credits_left > 0 AND expired = 0""",
        (member.guild_id, member.user_id),
    )
    grants = [
        Grant(id=row["id"], left=row["credits_left"], expires_at=row["expires_at"]) for row in rows
    ]
    return funds(allowance_left, grants, now)


def given_allowance(clip_id: int) -> Transaction[Allowance | None]:
    """Return the allowance that a clip's order was placed with; None where that is not known."""
    rows = yield (
        """SELECT o.allowance_credits, o.allowance_period FROM orders o
           JOIN clips c ON c.order_id = o.id WHERE c.id = $1""",
        (clip_id,),
    )
    if not rows or rows[0]["allowance_period"] is None:
        return None
    period = Period(rows[0]["allowance_period"])
    return Allowance(credits=rows[0]["allowance_credits"], period=period)


def read_allowance(
    member: Member, rules: GuildRules, now: int, given: Allowance | None = None
) -> Transaction[tuple[Allowance, int]]:
    """Return the allowance that leaves the member most now, and the credits that it leaves.

    `given` counts beside those of the member's roles.
    """
    rows = yield (
        "SELECT role_id, credits, period FROM allowances WHERE guild_id = $1",
        (member.guild_id,),
    )
    own = [row for row in rows if row["role_id"] == 0 or row["role_id"] in member.role_ids]
    offers = [Allowance(credits=row["credits"], period=Period(row["period"])) for row in own]
    offers += [] if given is None else [given]
    default = Allowance(credits=rules.allowance_credits, period=rules.allowance_period)
    if not any(row["role_id"] == 0 for row in own):
        offers.append(default)
    taken = yield from _taken(member, rules, now)
    best, left = best_allowance(offers, taken)
    return best or default, left


def _taken(member: Member, rules: GuildRules, now: int) -> Transaction[dict[Period, int]]:
    keys = period_keys(now, rules.zone)
    rows = yield (
        """SELECT period, taken FROM period_use WHERE guild_id = $1 AND user_id = $2
           AND ((period = 'day' AND period_key = $3) OR (period = 'week' AND period_key = $4)
             OR (period = 'month' AND period_key = $5))""",
        (member.guild_id, member.user_id, keys.day, keys.week, keys.month),
    )
    return {Period(row["period"]): row["taken"] for row in rows}


def view_wallet(member: Member, defaults: GuildRules, now: int) -> Transaction[WalletView]:
    """Return the wallet as its owner reads it, with the last ten entries."""
    rules = yield from read_rules(member.guild_id, defaults)
    best, left = yield from read_allowance(member, rules, now)
    available = yield from read_funds(member, left, now)
    wallets = yield (
        "SELECT held, frozen FROM wallets WHERE guild_id = $1 AND user_id = $2",
        (member.guild_id, member.user_id),
    )
    entries = yield from _last_entries(member)
    return WalletView(
        spendable=available.spendable,
        allowance_left=left,
        allowance=best.credits,
        period=best.period,
        renews_at=renews_at(best.period, now, rules.zone),
        grants=sum(grant.left for grant in available.grants),
        expiring=tuple(
            (grant.left, grant.expires_at)
            for grant in available.grants
            if grant.expires_at is not None
        ),
        held=wallets[0]["held"] if wallets else 0,
        entries=entries,
        frozen=bool(wallets and wallets[0]["frozen"]),
    )


def _last_entries(member: Member) -> Transaction[tuple[WalletEntry, ...]]:
    rows = yield (
        """SELECT at, kind, grants, held, charged, reason FROM entries
           WHERE guild_id = $1 AND user_id = $2 AND kind <> 'house'
             AND NOT (kind = 'expire' AND grants = 0)
           ORDER BY at DESC, key DESC LIMIT 10""",
        (member.guild_id, member.user_id),
    )
    return tuple(
        WalletEntry(at=row["at"], kind=row["kind"], credits=moved(row), reason=row["reason"])
        for row in rows
    )


def moved(row: Row) -> int:
    """Say what an entry moved, as its owner counts it: the hold, the charge, or the grant."""
    kind = EntryKind(row["kind"])
    if kind in (EntryKind.HOLD, EntryKind.RELEASE):
        return abs(int(row["held"]))
    if kind is EntryKind.SETTLE:
        return int(row["charged"])
    return int(row["grants"])
