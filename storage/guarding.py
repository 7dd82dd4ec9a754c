"""Whether member, guild and operator have room for an order, and when a guild's pool runs low."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billing.periods import Period, renews_at
from jobs.acts import NO_ROOM, OPERATOR, Act, ActKind
from jobs.errors import CeilingReached, MemberBlocked, TooManyAtOnce, WalletFrozen
from jobs.guard_errors import CoolingDown, PoolReached
from jobs.guarding import check_rules
from storage.accounts import account_now, read_rules
from storage.acts import write_act
from storage.content import read_is_blocked

if TYPE_CHECKING:
    from billing.entries import Account
    from jobs.model import Guards, GuildRules, Member, NewDraft, Options, Place, Quote
    from storage.database import Transaction

IN_FLIGHT: Final = "('review', 'queued', 'submitting', 'rendering', 'overdue', 'unknown')"

SHARES: Final = (50, 80, 100)
"""Percent of a pool at which the moderators are told, once in each period."""


def foresee(draft: NewDraft, defaults: GuildRules, guards: Guards, now: int) -> Transaction[None]:
    """Refuse before anything is quoted what the order would be refused for; writes nothing.

    Whether the member has the credits is not looked at. Raises what `place_order` raises.
    """
    member, quote = draft.member, draft.quote
    wallets = yield (
        "SELECT frozen FROM wallets WHERE guild_id = $1 AND user_id = $2",
        (member.guild_id, member.user_id),
    )
    if (yield from read_is_blocked(member)):
        raise MemberBlocked
    rules = yield from read_rules(member.guild_id, defaults)
    frozen = bool(wallets and wallets[0]["frozen"])
    check_standing(member, rules, draft.options, draft.place, frozen=frozen)
    account = account_now(member, rules, now)
    yield from check_pace(member, quote, rules, now)
    yield from check_pool(account, rules, quote.total, now, counted=False)
    yield from check_ceiling(account, guards, quote.total, now)


def check_standing(
    member: Member, rules: GuildRules, options: Options, place: Place, *, frozen: bool
) -> None:
    """Refuse what no figures are needed for. Raises WalletFrozen and what `check_rules` raises."""
    if frozen:
        raise WalletFrozen
    check_rules(rules, member, options, place)


def check_pace(member: Member, quote: Quote, rules: GuildRules, now: int) -> Transaction[None]:
    """Refuse a member who orders too fast, or has too much under way.

    Raises CoolingDown or TooManyAtOnce. With the wallet's row locked, no other order of the
    member can come between the look and the order.
    """
    yield from _check_cooldown(member, rules, now)
    rows = yield (
        f"""SELECT COUNT(*) AS running FROM clips
            WHERE guild_id = $1 AND user_id = $2 AND state IN {IN_FLIGHT}""",  # noqa: S608
        (member.guild_id, member.user_id),
    )
    running = int(rows[0]["running"])
    if running + quote.clips > rules.clips_at_once:
        raise TooManyAtOnce(running=running, asked=quote.clips, limit=rules.clips_at_once)


def _check_cooldown(member: Member, rules: GuildRules, now: int) -> Transaction[None]:
    if not rules.cooldown_s:
        return
    rows = yield (
        """SELECT created_at FROM orders WHERE guild_id = $1 AND user_id = $2
           ORDER BY id DESC LIMIT 1""",
        (member.guild_id, member.user_id),
    )
    if rows and rows[0]["created_at"] + rules.cooldown_s * 1000 > now:
        raise CoolingDown(until=rows[0]["created_at"] + rules.cooldown_s * 1000)


def check_pool(
    account: Account, rules: GuildRules, price: int, now: int, *, counted: bool
) -> Transaction[None]:
    """Refuse an order (credits) that the guild's pool has no room for. Raises PoolReached.

    `counted` tells that its holds are in the pool's row already. Holding locks that row, so a
    look after the hold sees every order that came before: the order is then rolled back.
    """
    if rules.pool_credits is None:
        return
    taken = yield from pool_taken(account, rules)
    before = taken - price if counted else taken
    if before + price > rules.pool_credits:
        raise PoolReached(
            price=price,
            left=max(0, rules.pool_credits - before),
            opens_at=renews_at(rules.pool_period, now, rules.zone),
        )


def check_ceiling(account: Account, guards: Guards, more: int, now: int) -> Transaction[None]:
    """Refuse what goes over the operator's day; `more` credits are not held yet.

    Raises CeilingReached; after the holds `more` is 0, and the order is rolled back.
    """
    if (yield from _taken(0, Period.DAY, account.house_day)) + more > guards.per_day:
        raise CeilingReached(opens_at=renews_at(Period.DAY, now, "UTC"))


def pool_taken(account: Account, rules: GuildRules) -> Transaction[int]:
    """Return what the guild has charged or held (credits) in its pool's present period."""
    return (yield from _taken(account.guild_id, rules.pool_period, _key(account, rules)))


def _key(account: Account, rules: GuildRules) -> str:
    keys = account.keys
    return {Period.DAY: keys.day, Period.WEEK: keys.week, Period.MONTH: keys.month}[
        rules.pool_period
    ]


def _taken(guild_id: int, period: Period, key: str) -> Transaction[int]:
    rows = yield (
        """SELECT taken FROM period_use
           WHERE guild_id = $1 AND user_id = 0 AND period = $2 AND period_key = $3""",
        (guild_id, period, key),
    )
    return int(rows[0]["taken"]) if rows else 0


# --- telling the moderators ---------------------------------------------------------------------


def warn_of_pool(
    account: Account, rules: GuildRules, act_id: int, now: int
) -> Transaction[int | None]:
    """Write down that the pool has come to one of `SHARES`; return it, None where it is not new.

    Each is told once in a period, also when releases lead below it and orders over it again.
    """
    if rules.pool_credits is None:
        return None
    taken = yield from pool_taken(account, rules)
    new: int | None = None
    for share in _reached(rules, taken):  # the largest is told: what lies below it then needs none
        new = share if (yield from _is_new(account, rules, share)) else new
    if new is not None:
        yield from write_act(_pool_act(account, rules, taken, str(new)), act_id, now)
    return new


def pool_is_dry(
    member: Member, price: int, defaults: GuildRules, act_id: int, now: int
) -> Transaction[bool]:
    """Write down that an order of that price (credits) found no room in the pool.

    Its own transaction was rolled back. Once in a period before each of `SHARES` is reached, and
    once afterwards: an order that is too large for an empty pool says nothing of a full one.
    """
    rules = yield from read_rules(member.guild_id, defaults)
    if rules.pool_credits is None:
        return False
    account = account_now(member, rules, now)
    taken = yield from pool_taken(account, rules)
    if not (yield from _is_new(account, rules, -max(_reached(rules, taken), default=0))):
        return False
    act = _pool_act(account, rules, taken, f"{NO_ROOM} {price}")
    yield from write_act(act, act_id, now)
    return True


def _reached(rules: GuildRules, taken: int) -> list[int]:
    size = rules.pool_credits
    return [] if size is None else [one for one in SHARES if taken * 100 >= one * size]


def _is_new(account: Account, rules: GuildRules, mark: int) -> Transaction[bool]:
    """Note a share of the pool, or 0 or a negative one for orders that found no room by then."""
    rows = yield (
        """INSERT INTO pool_warnings (guild_id, period, period_key, percent)
           VALUES ($1, $2, $3, $4)
           ON CONFLICT (guild_id, period, period_key, percent) DO NOTHING RETURNING percent""",
        (account.guild_id, rules.pool_period, _key(account, rules), mark),
    )
    return bool(rows)


def _pool_act(account: Account, rules: GuildRules, taken: int, about: str) -> Act:
    return Act(
        guild_id=account.guild_id,
        actor_id=OPERATOR,
        kind=ActKind.POOL,
        about=about,
        before=f"{taken} {rules.pool_period}",
        after=f"{rules.pool_credits} {rules.pool_period}",
    )
