"""Reports and cases in the tables: each member once, each case decided once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.acts import Act, ActKind
from jobs.errors import ReportFault, ReportRefused
from jobs.ports import MessageRef
from jobs.reports import DAY_MS, MOST_A_DAY, Case, CaseState, Judged
from storage.acts import write_act
from storage.clips import delete_clip
from storage.content import lock_guild
from storage.database import SKIP_LOCKED
from storage.unasked import look_again

if TYPE_CHECKING:
    from jobs.reports import Report, Verdict
    from storage.database import Row, Transaction


def read_case(clip_id: int) -> Transaction[Case | None]:
    """Return the case of a clip, None when nobody has reported it."""
    rows = yield ("SELECT * FROM cases WHERE clip_id = $1", (clip_id,))
    return case_from(rows[0]) if rows else None


def add_report(report: Report, act_id: int, now: int) -> Transaction[None]:
    """Write a report down; the first of a clip opens its case, with an act.

    Each further one has the engine see whether moderators were asked, and still can decide.

    Raises ReportRefused: what moderators kept stays, and each member has so many reports a day.
    """
    member = report.reporter
    yield from lock_guild(member.guild_id)  # a count is a cap only for who counts alone
    case = yield from read_case(report.clip_id)
    if case is not None and case.state is not CaseState.OPEN:
        raise ReportRefused(fault=ReportFault.KEPT)
    today = yield (
        "SELECT COUNT(*) AS n FROM reports WHERE guild_id = $1 AND user_id = $2 AND at > $3",
        (member.guild_id, member.user_id, now - DAY_MS),
    )
    rows = yield (
        """INSERT INTO reports (clip_id, user_id, guild_id, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (clip_id, user_id) DO NOTHING RETURNING clip_id""",
        (report.clip_id, member.user_id, member.guild_id, now),
    )
    if not rows:
        raise ReportRefused(fault=ReportFault.BEFORE)
    if today[0]["n"] >= MOST_A_DAY:
        raise ReportRefused(fault=ReportFault.TOO_MANY)
    if case is None:
        yield from _open(report, act_id, now)
    else:
        yield from look_again(member.guild_id, report.channel_id, now, report.clip_id)


def _open(report: Report, act_id: int, now: int) -> Transaction[None]:
    member = report.reporter
    yield (
        """INSERT INTO cases (clip_id, guild_id, channel_id, state, reporter_id, created_at, due_at)
           VALUES ($1, $2, $3, 'open', $4, $5, $5)""",
        (report.clip_id, member.guild_id, report.channel_id, member.user_id, now),
    )
    yield from write_act(_act(report.order_id, member.guild_id, member.user_id), act_id, now)


def _act(order_id: int, guild_id: int, actor_id: int, kind: ActKind = ActKind.REPORT) -> Act:
    return Act(guild_id=guild_id, actor_id=actor_id, kind=kind, subject_id=order_id)


def judge(verdict: Verdict, act_id: int, now: int) -> Transaction[Judged | None]:
    """Keep or delete a reported clip, once, with its act; who comes second learns who was first.

    None where nothing of that guild is reported under that id.
    """
    actor = verdict.actor
    rows = yield (
        """UPDATE cases SET state = $1, decided_by = $2, due_at = $3, lease_until = 0
           WHERE clip_id = $4 AND guild_id = $5 AND state = 'open' RETURNING *""",
        (
            CaseState.KEPT if verdict.kept else CaseState.DELETED, actor.user_id, now,
            verdict.clip_id, actor.guild_id,
        ),
    )  # fmt: skip
    if not rows:
        case = yield from read_case(verdict.clip_id)
        ours = case is not None and case.guild_id == actor.guild_id
        return Judged(case=case, mine=False) if case is not None and ours else None
    kind = ActKind.KEEP if verdict.kept else ActKind.DELETE
    yield from write_act(_act(verdict.order_id, actor.guild_id, actor.user_id, kind), act_id, now)
    if not verdict.kept:
        yield from delete_clip(verdict.clip_id, now)
    return Judged(case=case_from(rows[0]), mine=True)


# --- the engine's side --------------------------------------------------------------------------


def claim_cases(
    now: int, lease_until: int, limit: int, owner: int
) -> Transaction[tuple[Case, ...]]:
    """Claim cases that are due (epoch ms), each by one process at a time."""
    rows = yield (
        f"""WITH due AS MATERIALIZED (
              SELECT clip_id FROM cases WHERE due_at <= $1 AND lease_until <= $1
              ORDER BY due_at, clip_id LIMIT $3 {SKIP_LOCKED})
            UPDATE cases SET fence = fence + 1, lease_until = $2, owner = $4,
              attempts = attempts + 1
            WHERE clip_id IN (SELECT clip_id FROM due) RETURNING *""",  # noqa: S608 - a constant
        (now, lease_until, limit, owner),
    )
    return tuple(case_from(row) for row in rows)


def record_hidden(case: Case, hidden: int) -> Transaction[None]:
    """Record whether the clip's messages are behind a spoiler, whatever the fence: it is a fact."""
    yield ("UPDATE cases SET hidden = $1 WHERE clip_id = $2", (hidden, case.clip_id))


def begin_case(case: Case, now: int) -> Transaction[bool]:
    """Commit the time of the first try before moderators are asked; False when it is not to be."""
    rows = yield (
        """UPDATE cases SET first_try_at = COALESCE(first_try_at, $1)
           WHERE clip_id = $2 AND fence = $3 AND state = 'open' AND message_id IS NULL
           RETURNING clip_id""",
        (now, case.clip_id, case.fence),
    )
    return bool(rows)


def record_case(case: Case, message: MessageRef, now: int) -> Transaction[None]:
    """Record the message, whatever the fence; due at once when somebody decided meanwhile."""
    yield (
        """UPDATE cases SET message_channel_id = $1, message_id = $2
           WHERE clip_id = $3 AND message_id IS NULL""",
        (message.channel_id, message.message_id, case.clip_id),
    )
    yield (
        """UPDATE cases SET lease_until = 0, attempts = 0,
             due_at = CASE WHEN state = 'open' THEN NULL ELSE CAST($1 AS BIGINT) END
           WHERE clip_id = $2 AND fence = $3""",
        (now, case.clip_id, case.fence),
    )


def record_case_told(case: Case) -> Transaction[None]:
    """Record that nothing is due; not when somebody decided since the claim."""
    yield (
        """UPDATE cases SET due_at = NULL, lease_until = 0, attempts = 0
           WHERE clip_id = $1 AND fence = $2 AND state = $3""",
        (case.clip_id, case.fence, case.state),
    )


def close_case(case: Case, now: int) -> Transaction[None]:
    """End a case whose clip its owner has deleted."""
    yield (
        """UPDATE cases SET state = 'deleted', due_at = $1, lease_until = 0
           WHERE clip_id = $2 AND state = 'open'""",
        (now, case.clip_id),
    )


def move_case(case: Case, channel_id: int, now: int) -> Transaction[None]:
    """Ask in another channel, or anew in the same: the message that was known does not count."""
    yield (
        """UPDATE cases SET channel_id = $1, message_channel_id = NULL, message_id = NULL,
             first_try_at = NULL, due_at = $2, lease_until = 0, attempts = 0
           WHERE clip_id = $3 AND fence = $4 AND state = 'open'""",
        (channel_id, now, case.clip_id, case.fence),
    )


def put_off_case(case: Case, due_at: int) -> Transaction[None]:
    """Try again at that time (epoch ms)."""
    yield (
        "UPDATE cases SET due_at = $1, lease_until = 0 WHERE clip_id = $2 AND fence = $3",
        (due_at, case.clip_id, case.fence),
    )


def case_from(row: Row) -> Case:
    """Read a case's row."""
    channel_id, message_id = row["message_channel_id"], row["message_id"]
    up = channel_id is not None and message_id is not None
    return Case(
        clip_id=row["clip_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        state=CaseState(row["state"]),
        reporter_id=row["reporter_id"],
        decided_by=row["decided_by"],
        hidden=bool(row["hidden"]),
        message=MessageRef(channel_id=channel_id, message_id=message_id) if up else None,
        first_try_at=row["first_try_at"],
        fence=row["fence"],
        attempts=row["attempts"],
    )
