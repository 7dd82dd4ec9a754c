"""Rules about content, and blocked members, in the tables."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jobs.acts import Act, ActKind
from jobs.content import MOST_RULES
from jobs.errors import MemberBlocked, ReviewClosed, TooManyRules
from jobs.moderation import Block, RulesChanged
from storage.acts import storable, write_act
from storage.unasked import look_again

if TYPE_CHECKING:
    from jobs.model import GuildRules, Member
    from jobs.moderation import ReviewChange, RuleChange
    from jobs.stores import Placing
    from storage.database import Transaction

HOUR_MS: Final = 3600 * 1000


def read_content_rules(guild_id: int) -> Transaction[tuple[str, ...]]:
    """Return a guild's rules as they are written, in the order of the alphabet."""
    rows = yield ("SELECT rule FROM content_rules WHERE guild_id = $1 ORDER BY rule", (guild_id,))
    return tuple(row["rule"] for row in rows)


def change_rules(change: RuleChange, act_id: int, now: int) -> Transaction[RulesChanged]:
    """Change a guild's rules and write the act down; a change of nothing writes none.

    Raises TooManyRules, and then nothing has changed.
    """
    yield from lock_guild(change.guild_id)
    before = frozenset((yield from read_content_rules(change.guild_id)))
    add = tuple(storable(rule) for rule in change.add)
    after = (frozenset() if change.afresh else before - frozenset(change.remove)) | frozenset(add)
    if len(after) > max(MOST_RULES, len(before)):
        raise TooManyRules(limit=MOST_RULES)
    for rule in sorted(before - after):
        yield (
            "DELETE FROM content_rules WHERE guild_id = $1 AND rule = $2",
            (change.guild_id, rule),
        )
    for rule in sorted(after - before):
        yield (
            """INSERT INTO content_rules (guild_id, rule, added_by, added_at)
               VALUES ($1, $2, $3, $4) ON CONFLICT (guild_id, rule) DO NOTHING""",
            (change.guild_id, rule, change.actor_id, now),
        )
    if before != after:
        act = Act(
            guild_id=change.guild_id,
            actor_id=change.actor_id,
            kind=ActKind.SETTING,
            about="content",
            before=_told(before - after),
            after=_told(after - before),
        )
        yield from write_act(act, act_id, now)
    return RulesChanged(added=len(after - before), removed=len(before - after), total=len(after))


_REVIEW: Final = {
    "on": "review",
    "channel_id": "review_channel_id",
    "hours": "review_hours",
    "trusted": "trusted_roles",
}
"""Where each rule of a guild's review is kept."""


def set_review(change: ReviewChange, act_id: int, now: int) -> Transaction[None]:
    """Change one rule of a guild's review and write the act down; what is so already stays so."""
    column = _REVIEW[change.field]
    yield from lock_guild(change.guild_id)
    rows = yield ("SELECT * FROM guilds WHERE guild_id = $1", (change.guild_id,))
    before, after = rows[0][column], _kept(change.value)
    if before == after:
        return
    yield (
        f"UPDATE guilds SET {column} = $1 WHERE guild_id = $2",  # noqa: S608 - our own words
        (after, change.guild_id),
    )
    act = Act(
        guild_id=change.guild_id,
        actor_id=change.actor_id,
        kind=ActKind.SETTING,
        about=column,
        before="" if before is None else str(before),
        after="" if after is None else str(after),
    )
    yield from write_act(act, act_id, now)
    if change.field == "channel_id" and isinstance(after, int):
        yield from look_again(change.guild_id, after, now)


def _kept(value: bool | int | frozenset[int] | None) -> int | str | None:
    if isinstance(value, frozenset):
        return json.dumps(sorted(value))
    return None if value is None else int(value)


def lock_guild(guild_id: int) -> Transaction[None]:
    """Wait here for whoever changes the same guild's rules on PostgreSQL."""
    yield (
        "INSERT INTO guilds (guild_id) VALUES ($1) ON CONFLICT (guild_id) DO NOTHING",
        (guild_id,),
    )
    yield ("UPDATE guilds SET guild_id = guild_id WHERE guild_id = $1", (guild_id,))


def _told(rules: frozenset[str]) -> str:
    """Keep every rule, one a line; there are at most MOST_RULES, and each is short."""
    return "\n".join(sorted(rules))


def note_refusal(act: Act, act_id: int, now: int) -> Transaction[None]:
    """Write down whom a rule has refused, once an hour for each member and rule.

    So nobody buries what moderators do below what they try themselves.
    """
    if (yield from _noted(act, now)):
        return
    yield from lock_guild(act.guild_id)
    if not (yield from _noted(act, now)):
        yield from write_act(act, act_id, now)


def _noted(act: Act, now: int) -> Transaction[bool]:
    rows = yield (
        """SELECT id FROM acts WHERE guild_id = $1 AND subject_id = $2 AND at > $3
             AND kind = $4 AND after = $5 LIMIT 1""",
        (act.guild_id, act.subject_id, now - HOUR_MS, act.kind, storable(act.after)),
    )
    return bool(rows)


def block_member(block: Block, act_id: int, now: int) -> Transaction[bool]:
    """Block a member and write the act down; False, and no act, when they are blocked already."""
    rows = yield (
        """INSERT INTO blocks (guild_id, user_id, actor_id, reason, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (guild_id, user_id) DO NOTHING RETURNING user_id""",
        (block.guild_id, block.user_id, block.actor_id, storable(block.reason), now),
    )
    if not rows:
        return False
    act = Act(
        guild_id=block.guild_id,
        actor_id=block.actor_id,
        kind=ActKind.BLOCK,
        subject_id=block.user_id,
        reason=block.reason,
    )
    yield from write_act(act, act_id, now)
    return True


def unblock_member(act: Act, act_id: int, now: int) -> Transaction[bool]:
    """Let a member order again and write the act down; False, and no act, when they may."""
    rows = yield (
        "DELETE FROM blocks WHERE guild_id = $1 AND user_id = $2 RETURNING user_id",
        (act.guild_id, act.subject_id),
    )
    if not rows:
        return False
    yield from write_act(act, act_id, now)
    return True


def read_blocks(guild_id: int) -> Transaction[tuple[Block, ...]]:
    """Return whom a guild has blocked, the latest first."""
    rows = yield (
        "SELECT * FROM blocks WHERE guild_id = $1 ORDER BY at DESC, user_id",
        (guild_id,),
    )
    return tuple(
        Block(
            guild_id=row["guild_id"],
            user_id=row["user_id"],
            actor_id=row["actor_id"],
            reason=row["reason"],
            at=row["at"],
        )
        for row in rows
    )


def read_is_blocked(member: Member) -> Transaction[bool]:
    """Tell whether moderators have blocked a member from the bot in this guild."""
    rows = yield (
        "SELECT user_id FROM blocks WHERE guild_id = $1 AND user_id = $2",
        (member.guild_id, member.user_id),
    )
    return bool(rows)


def screened(placing: Placing, rules: GuildRules) -> Transaction[Placing]:
    """Turn a blocked member away; say whether a moderator looks at the order first.

    Inside the transaction that would sell. Raises MemberBlocked, or ReviewClosed where a moderator
    should look and there is no channel for it.
    """
    member = placing.member
    if (yield from read_is_blocked(member)):
        raise MemberBlocked
    if not rules.reviews(member):
        return placing
    if rules.review.channel_id is None:
        raise ReviewClosed
    return replace(placing, review=rules.review)


def open_review(placing: Placing) -> Transaction[None]:
    """Have a new order shown to moderators, where they look at it first."""
    rules, now = placing.review, placing.now
    if rules is None:
        return
    expires_at = now + rules.hours * HOUR_MS
    yield (
        """INSERT INTO reviews (order_id, guild_id, channel_id, state, carries, created_at,
             expires_at, due_at)
           VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $5)""",
        (
            placing.order_id, placing.member.guild_id, rules.channel_id,
            int(placing.card_picture), now, expires_at,
        ),
    )  # fmt: skip
