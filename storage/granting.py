"""Granted credits given, taken back and undone; wallets frozen: each with its audit row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.grants import Signed, grant_entry, take_entry, taken_from, undo_entry
from jobs.acts import Act, ActKind
from jobs.errors import NoSuchEntry, NothingGranted, NothingLeft, UndoneBefore
from jobs.ids import code
from jobs.model import Member
from jobs.quotas import Change, Undoable
from storage.accounts import account_now, expire_grants, lock_wallet, read_funds, read_rules
from storage.acts import storable, write_act
from storage.ledger import write_entry

if TYPE_CHECKING:
    from billing.entries import Account
    from jobs.model import GuildRules
    from jobs.quotas import Doing
    from storage.database import Row, Transaction


def give_credits(
    doing: Doing, credits_: int, expires_at: int | None, defaults: GuildRules, now: int
) -> Transaction[Change]:
    """Grant credits until `expires_at` (epoch ms), or for good; the same id again does nothing."""
    earlier, account = yield from _open(doing, defaults, now)
    if earlier is not None:
        return earlier
    signed = _signed(doing)
    yield from write_entry(grant_entry(account, signed, credits_), now)
    yield (
        """INSERT INTO grants (id, guild_id, user_id, credits, credits_left, expires_at, actor_id,
             reason, created_at) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)""",
        (
            doing.id, doing.guild_id, doing.user_id, credits_, expires_at, doing.actor_id,
            signed.reason, now,
        ),
    )  # fmt: skip
    about = "" if expires_at is None else str(expires_at)
    return (yield from _record(doing, ActKind.GRANT, credits_, now, about=about))


def take_credits(
    doing: Doing, credits_: int, defaults: GuildRules, now: int
) -> Transaction[Change]:
    """Take granted credits back, those that expire soonest first, as far as there are any.

    Raises NothingGranted.
    """
    earlier, account = yield from _open(doing, defaults, now)
    if earlier is not None:
        return earlier
    available = yield from read_funds(_member(doing), 0, now)
    parts = taken_from(available, credits_)
    if not parts.granted:
        raise NothingGranted
    yield from write_entry(take_entry(account, _signed(doing), parts), now)
    for grant_id, part in parts.grants:
        yield (
            "UPDATE grants SET credits_left = credits_left - $1 WHERE id = $2",
            (part, grant_id),
        )
        yield (
            "INSERT INTO take_grants (take_id, grant_id, credits) VALUES ($1, $2, $3)",
            (doing.id, grant_id, part),
        )
    return (yield from _record(doing, ActKind.TAKE, -parts.granted, now))


def undo_entry_of(
    doing: Doing, entry_id: int, defaults: GuildRules, now: int
) -> Transaction[Change]:
    """Counter a grant or a take of the guild, once, up to what is unspent.

    Whose wallet it is, the entry says. Raises NoSuchEntry, UndoneBefore or NothingLeft.
    """
    rows = yield (
        """SELECT key, user_id FROM entries
           WHERE guild_id = $1 AND key IN ($2, $3) AND kind IN ('grant', 'take')""",
        (doing.guild_id, f"grant:{entry_id}", f"take:{entry_id}"),
    )
    if not rows:
        raise NoSuchEntry(typed=code(entry_id))
    doing = replace(doing, user_id=rows[0]["user_id"])
    earlier, account = yield from _open(doing, defaults, now)
    if earlier is not None:
        return earlier
    key = str(rows[0]["key"])
    change = yield from _counter(key, entry_id, now)
    if not (yield from write_entry(undo_entry(account, key, _signed(doing), change), now)):
        raise UndoneBefore
    return (yield from _record(doing, ActKind.UNDO, change, now, about=code(entry_id)))


def _counter(key: str, entry_id: int, now: int) -> Transaction[int]:
    """Move the grants that an undo moves; return by how much, in credits."""
    undone = yield ("SELECT key FROM entries WHERE key = $1", (f"{key}:undo",))
    if undone:
        raise UndoneBefore
    if key.startswith("grant:"):
        change = yield from _close_grant(entry_id)
    else:
        change = yield from _give_back(entry_id, now)
    if not change:
        raise NothingLeft
    return change


def _close_grant(grant_id: int) -> Transaction[int]:
    """Empty a grant; what is held of it lapses when its clip is released, as if it had expired."""
    rows = yield (
        "SELECT credits_left FROM grants WHERE id = $1 AND expired = 0 AND credits_left > 0",
        (grant_id,),
    )
    if not rows:
        return 0
    yield ("UPDATE grants SET credits_left = 0, expired = 1 WHERE id = $1", (grant_id,))
    return -int(rows[0]["credits_left"])


def _give_back(take_id: int, now: int) -> Transaction[int]:
    """Put back what a take took into those of the grants that are still alive."""
    parts = yield (
        """SELECT t.grant_id, t.credits FROM take_grants t JOIN grants g ON g.id = t.grant_id
           WHERE t.take_id = $1 AND g.expired = 0 AND (g.expires_at IS NULL OR g.expires_at > $2)
           ORDER BY t.grant_id""",
        (take_id, now),
    )
    for part in parts:
        yield (
            "UPDATE grants SET credits_left = credits_left + $1 WHERE id = $2",
            (part["credits"], part["grant_id"]),
        )
    return sum(int(part["credits"]) for part in parts)


def set_frozen(doing: Doing, *, frozen: bool, now: int) -> Transaction[bool]:
    """Freeze or thaw a wallet; False, and nothing is written, when it was so already.

    The same id again says what it said first.
    """
    wallet = yield from lock_wallet(_member(doing), now)
    if (yield from _earlier(doing)) is not None:
        return True
    if bool(wallet["frozen"]) == frozen:
        return False
    yield (
        "UPDATE wallets SET frozen = $1 WHERE guild_id = $2 AND user_id = $3",
        (int(frozen), doing.guild_id, doing.user_id),
    )
    yield from write_act(_act(doing, ActKind.FREEZE if frozen else ActKind.UNFREEZE), doing.id, now)
    return True


def read_undoable(guild_id: int, limit: int, now: int) -> Transaction[tuple[Undoable, ...]]:
    """Return a guild's newest grants and takes of which something could still be undone."""
    rows = yield (
        """SELECT id, user_id, kind, credits, reason, at FROM (
             SELECT g.id, g.user_id, 'grant' AS kind, g.credits_left AS credits, g.reason,
               g.created_at AS at
             FROM grants g WHERE g.guild_id = $1 AND g.credits_left > 0 AND g.expired = 0
               AND (g.expires_at IS NULL OR g.expires_at > $2)
             UNION ALL
             SELECT t.take_id, a.subject_id, 'take', SUM(t.credits), a.reason, a.at
             FROM acts a JOIN take_grants t ON t.take_id = a.id
               JOIN grants g ON g.id = t.grant_id
             WHERE a.guild_id = $1 AND a.kind = 'take' AND g.expired = 0
               AND (g.expires_at IS NULL OR g.expires_at > $2)
               AND NOT EXISTS (SELECT 1 FROM entries e
                 WHERE e.key = 'take:' || CAST(t.take_id AS TEXT) || ':undo')
             GROUP BY t.take_id, a.subject_id, a.reason, a.at) found
           ORDER BY at DESC, id DESC LIMIT $3""",
        (guild_id, now, limit),
    )
    return tuple(
        Undoable(
            id=row["id"],
            kind=ActKind(row["kind"]),
            user_id=row["user_id"],
            credits=int(row["credits"]),
            reason=row["reason"],
            at=row["at"],
        )
        for row in rows
    )


# --- what they share ---------------------------------------------------------------------------


def _open(
    doing: Doing, defaults: GuildRules, now: int
) -> Transaction[tuple[Change | None, Account]]:
    """Lock the wallet, sweep what has expired, and look whether this very act is done already."""
    member = _member(doing)
    yield from lock_wallet(member, now)
    rules = yield from read_rules(member.guild_id, defaults)
    account = account_now(member, rules, now)
    yield from expire_grants(member, rules, now)
    earlier = yield from _earlier(doing)
    if earlier is None:
        return None, account
    done = Change(user_id=doing.user_id, before=int(earlier["before"]), after=int(earlier["after"]))
    return done, account


def _earlier(doing: Doing) -> Transaction[Row | None]:
    rows = yield (
        "SELECT before, after FROM acts WHERE id = $1 AND guild_id = $2",
        (doing.id, doing.guild_id),
    )
    return rows[0] if rows else None


def _record(
    doing: Doing, kind: ActKind, change: int, now: int, about: str = ""
) -> Transaction[Change]:
    """Write the act down beside the wallet's granted credits before and after."""
    rows = yield (
        "SELECT grants FROM wallets WHERE guild_id = $1 AND user_id = $2",
        (doing.guild_id, doing.user_id),
    )
    after = int(rows[0]["grants"])
    done = Change(user_id=doing.user_id, before=after - change, after=after)
    act = _act(doing, kind, about=about, before=str(done.before), after=str(after))
    yield from write_act(act, doing.id, now)
    return done


def _act(doing: Doing, kind: ActKind, *, about: str = "", before: str = "", after: str = "") -> Act:
    return Act(
        guild_id=doing.guild_id,
        actor_id=doing.actor_id,
        kind=kind,
        subject_id=doing.user_id,
        about=about,
        before=before,
        after=after,
        reason=doing.reason,
    )


def _member(doing: Doing) -> Member:
    return Member(guild_id=doing.guild_id, user_id=doing.user_id)


def _signed(doing: Doing) -> Signed:
    return Signed(id=doing.id, actor_id=doing.actor_id, reason=storable(doing.reason))
