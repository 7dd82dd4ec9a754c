"""What a guild has set for its members, and the operator's limits above all guilds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.periods import Period

if TYPE_CHECKING:
    from jobs.model import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """Whether a moderator looks at orders before they are paid for, where, and for how long.

    Who has one of `trusted` roles, or moderates by a role, is not looked at. After `hours` without
    a decision an order ends, and costs nothing.
    """

    on: bool = False
    channel_id: int | None = None
    hours: int = 24
    trusted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildRules:
    """What a guild has set, or the operator's defaults where it set nothing.

    Credits: `confirm_price`, allowances, pool. `clips_at_once` bounds a member's clips in flight.
    `reuse` lets members use pictures and results of others. Who has one of `moderator_roles`
    moderates, as do those who may manage the server. `cooldown_s` is seconds between a member's
    orders. None, an empty text and an empty set stand for no limit, for everybody, everywhere.
    `paused_at` and `set_up_at` are epoch ms. `language` is that of public messages, by Discord's
    name; empty is what Discord says of the guild.
    """

    zone: str = "UTC"
    confirm_price: int = 50
    clips_at_once: int = 20
    allowance_credits: int = 100
    allowance_period: Period = Period.MONTH
    reuse: bool = True
    moderator_roles: frozenset[int] = frozenset()
    log_channel: int | None = None
    pool_credits: int | None = None
    pool_period: Period = Period.MONTH
    cooldown_s: int = 0
    largest_resolution: str = ""
    largest_seconds: int | None = None
    largest_variations: int | None = None
    models: frozenset[str] = frozenset()
    private_roles: frozenset[int] = frozenset()
    effects_roles: frozenset[int] = frozenset()
    batch_roles: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    result_channel: int | None = None
    spoiler_channels: frozenset[int] = frozenset()
    age_only: bool = False
    language: str = ""
    paused_at: int | None = None
    paused_by: int | None = None
    set_up_at: int | None = None
    review: ReviewRules = ReviewRules()

    def public_language(self, discords: str) -> str:
        """Return the language of public messages, where Discord says that it is `discords`."""
        return self.language or discords

    def reviews(self, member: Member) -> bool:
        """Tell whether a moderator looks at this member's orders first."""
        known = self.review.trusted | self.moderator_roles
        return self.review.on and known.isdisjoint(member.role_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """The operator's limits in credits: per clip, and per day for the whole bot."""

    per_clip: int = 120
    per_day: int = 5000
