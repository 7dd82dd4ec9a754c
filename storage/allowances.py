"""What a guild's roles, and everybody in it, may spend in a period: rows that moderators set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billing.periods import Period
from billing.wallets import Allowance
from jobs.acts import Act, ActKind
from jobs.quotas import RoleAllowance
from storage.acts import write_act
from storage.content import lock_guild

if TYPE_CHECKING:
    from jobs.quotas import Doing
    from storage.database import Transaction


def read_allowances(guild_id: int) -> Transaction[tuple[RoleAllowance, ...]]:
    """Return the allowances that are set, the default first, then the largest."""
    rows = yield (
        """SELECT role_id, credits, period FROM allowances WHERE guild_id = $1
           ORDER BY CASE WHEN role_id = 0 THEN 0 ELSE 1 END, credits DESC, role_id""",
        (guild_id,),
    )
    return tuple(
        RoleAllowance(
            role_id=row["role_id"],
            allowance=Allowance(credits=row["credits"], period=Period(row["period"])),
        )
        for row in rows
    )


def set_allowance(
    doing: Doing, role_id: int, allowance: Allowance | None, now: int
) -> Transaction[Allowance | None]:
    """Set or remove an allowance; return what was set before. What was used is not touched.

    Nothing is written when it is so already.
    """
    yield from lock_guild(doing.guild_id)
    found = {one.role_id: one.allowance for one in (yield from read_allowances(doing.guild_id))}
    before = found.get(role_id)
    if before == allowance:
        return before
    if allowance is None:
        yield (
            "DELETE FROM allowances WHERE guild_id = $1 AND role_id = $2",
            (doing.guild_id, role_id),
        )
    else:
        yield (
            """INSERT INTO allowances (guild_id, role_id, credits, period) VALUES ($1, $2, $3, $4)
               ON CONFLICT (guild_id, role_id)
               DO UPDATE SET credits = excluded.credits, period = excluded.period""",
            (doing.guild_id, role_id, allowance.credits, allowance.period),
        )
    act = Act(
        guild_id=doing.guild_id,
        actor_id=doing.actor_id,
        kind=ActKind.ALLOWANCE,
        subject_id=role_id,
        before=_short(before),
        after=_short(allowance),
        reason=doing.reason,
    )
    yield from write_act(act, doing.id, now)
    return before


def _short(allowance: Allowance | None) -> str:
    """Write an allowance as the audit trail keeps it: `100 month`; empty for none."""
    return "" if allowance is None else f"{allowance.credits} {allowance.period}"
