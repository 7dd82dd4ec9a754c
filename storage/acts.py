"""The audit trail in the tables: acts are written beside the change that they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jobs.acts import Act, ActKind, Written

if TYPE_CHECKING:
    from jobs.acts import ActSlice
    from storage.database import Row, Transaction

LARGEST: Final = 2**63 - 1


def write_act(act: Act, act_id: int, now: int) -> Transaction[None]:
    """Write an act down, in the transaction of the change; the same id again does nothing.

    It is due (epoch ms) at once for the log channel that the guild has now, if it has one: what
    changes the channel is to be written before the change.
    """
    yield (
        """INSERT INTO acts (id, guild_id, actor_id, kind, subject_id, about, before, after,
             reason, at, due_at, log_channel_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
             (SELECT CASE WHEN log_channel_id IS NULL THEN NULL ELSE CAST($10 AS BIGINT) END
              FROM guilds WHERE guild_id = $2),
             (SELECT log_channel_id FROM guilds WHERE guild_id = $2))
           ON CONFLICT (id) DO NOTHING""",
        (
            act_id, act.guild_id, act.actor_id, act.kind, act.subject_id, storable(act.about),
            storable(act.before), storable(act.after), storable(act.reason), now,
        ),
    )  # fmt: skip


def tell_first_channel(act_id: int, channel_id: int, now: int) -> Transaction[None]:
    """Have an act told in that log channel where there was none when it was written."""
    yield (
        """UPDATE acts SET due_at = $1, log_channel_id = $2
           WHERE id = $3 AND log_channel_id IS NULL""",
        (now, channel_id, act_id),
    )


def storable(text: str) -> str:
    """Return what was typed without what no database stores: half characters, and zero bytes."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def read_acts(wanted: ActSlice) -> Transaction[tuple[Written, ...]]:
    """Return acts of a guild, newest first."""
    before = wanted.before
    at, id_ = (LARGEST, LARGEST) if before is None else (before.at, before.id)
    subject = "" if wanted.subject_id is None else "AND subject_id = $5"
    more = () if wanted.subject_id is None else (wanted.subject_id,)
    rows = yield (
        f"""SELECT * FROM acts
            WHERE guild_id = $1 AND (at < $2 OR (at = $2 AND id < $3)) {subject}
            ORDER BY at DESC, id DESC LIMIT $4""",  # noqa: S608 - our own words
        (wanted.guild_id, at, id_, wanted.limit, *more),
    )
    return tuple(written_from(row) for row in rows)


def written_from(row: Row) -> Written:
    """Read an act's row."""
    act = Act(
        guild_id=row["guild_id"],
        actor_id=row["actor_id"],
        kind=ActKind(row["kind"]),
        subject_id=row["subject_id"],
        about=row["about"],
        before=row["before"],
        after=row["after"],
        reason=row["reason"],
    )
    return Written(id=row["id"], act=act, at=row["at"], posted_at=row["posted_at"])
