"""What moderators do about content: rules, and members who are blocked from the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jobs import content
from jobs.acts import Act, ActKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.content import Rule
    from jobs.model import Member
    from jobs.ports import Clock

LONGEST_REASON: Final = 300
"""Characters of a moderator's reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """Rules, as they are written, to be added and removed; `afresh` forgets all earlier ones."""

    guild_id: int
    actor_id: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    afresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """How many rules a change added and removed, and how many there are now."""

    added: int
    removed: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChange:
    """One rule of a guild's review to be set: a field of ReviewRules, and its new value."""

    guild_id: int
    actor_id: int
    field: str
    value: bool | int | frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A member who is blocked from the bot in a guild: by whom, why, and since when (epoch ms)."""

    guild_id: int
    user_id: int
    actor_id: int
    reason: str
    at: int = 0


class ModerationStore(Protocol):
    """Rules and blocks in the database."""

    async def content_rules(self, guild_id: int) -> tuple[str, ...]:
        """Return a guild's rules as they are written, in their order."""
        ...

    async def change_rules(self, change: RuleChange, act_id: int, now: int) -> RulesChanged:
        """Change a guild's rules, once and together. Raises TooManyRules."""
        ...

    async def set_review(self, change: ReviewChange, act_id: int, now: int) -> None:
        """Change one of a guild's rules of review, with its act."""
        ...

    async def block(self, block: Block, act_id: int, now: int) -> bool:
        """Block a member; False when they are already."""
        ...

    async def unblock(self, act: Act, act_id: int, now: int) -> bool:
        """Let a member order again; False when they may."""
        ...

    async def blocks(self, guild_id: int) -> tuple[Block, ...]:
        """Return whom a guild has blocked, the latest first."""
        ...


class Moderation:
    """Use cases of moderators; who moderates is asked before, where it is known."""

    def __init__(self, store: ModerationStore, clock: Clock, ids: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def rules(self, guild_id: int) -> tuple[Rule, ...]:
        """Return a guild's rules in their order."""
        return tuple(map(content.Rule, await self._store.content_rules(guild_id)))

    async def change(
        self, actor: Member, *, add: str = "", remove: str = "", afresh: bool = False
    ) -> RulesChanged:
        """Add and remove rules, one a line of each text. Raises BadFile or TooManyRules.

        `afresh` puts those of `add` in the place of all that there are.
        """
        change = RuleChange(
            guild_id=actor.guild_id,
            actor_id=actor.user_id,
            add=tuple(rule.written for rule in content.read(add)),
            remove=tuple(" ".join(line.split()) for line in remove.splitlines() if line.strip()),
            afresh=afresh,
        )
        return await self._store.change_rules(change, self._ids(), self._clock.now())

    async def set_review(
        self, actor: Member, field: str, value: bool | int | frozenset[int] | None
    ) -> None:
        """Set one rule of the guild's review, named as the field of ReviewRules that it is."""
        change = ReviewChange(
            guild_id=actor.guild_id, actor_id=actor.user_id, field=field, value=value
        )
        await self._store.set_review(change, self._ids(), self._clock.now())

    async def block(self, actor: Member, user_id: int, reason: str) -> bool:
        """Block a member from ordering; False when they are blocked already.

        What they have ordered runs on.
        """
        block = Block(
            guild_id=actor.guild_id,
            user_id=user_id,
            actor_id=actor.user_id,
            reason=reason.strip()[:LONGEST_REASON],
        )
        return await self._store.block(block, self._ids(), self._clock.now())

    async def unblock(self, actor: Member, user_id: int, reason: str) -> bool:
        """Let a member order again; False when they may already."""
        act = Act(
            guild_id=actor.guild_id,
            actor_id=actor.user_id,
            kind=ActKind.UNBLOCK,
            subject_id=user_id,
            reason=reason.strip()[:LONGEST_REASON],
        )
        return await self._store.unblock(act, self._ids(), self._clock.now())

    async def blocks(self, guild_id: int) -> tuple[Block, ...]:
        """Return whom a guild has blocked, the latest first."""
        return await self._store.blocks(guild_id)
