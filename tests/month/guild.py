"""The guild of the month: members whose roles change, moderators, and limits remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final

from billing.periods import Period, period_keys
from billing.wallets import Allowance
from jobs.model import Member
from tests.month.plan import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable

GUILD: Final = 1
MODERATORS: Final = (901, 902)
ROLES: Final = {11: 60, 12: 80, 13: 120}
"""Credits a week of those who have the role."""

DEFAULT: Final = 40


@dataclass
class Guild:
    """What the guild's side knows: roles, and the most that each week's limits ever were."""

    members: list[int]
    chance: Random
    roles: dict[int, frozenset[int]] = field(default_factory=dict)
    allowances: dict[int, int] = field(default_factory=lambda: {0: DEFAULT, **ROLES})
    best: dict[tuple[int, str], int] = field(default_factory=dict)
    granted: list[int] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)
    pools: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int, seed: int) -> Guild:
        """Gather members, some of them with a role from the start."""
        guild = cls(members=list(range(1000, 1000 + count)), chance=Random(seed))  # noqa: S311 - repeats
        for user in guild.members[:: max(1, count // 50)]:
            guild.change_roles(user)
        return guild

    def any_member(self) -> int:
        """Return somebody; some are here more often than others."""
        return self.members[int(len(self.members) * self.chance.random() ** 2)]

    def change_roles(self, user: int) -> None:
        """Give, swap or take roles, or let the member leave and come back without any."""
        some = self.chance.sample(sorted(ROLES), k=self.chance.randint(0, 2))
        self.roles[user] = frozenset(some)

    def member(self, user: int) -> Member:
        """Return the member as the next interaction carries him."""
        return Member(guild_id=GUILD, user_id=user, role_ids=self.roles.get(user, frozenset()))

    def act(self, user: int, now: int) -> Member:
        """Note what the member's limit is at this action, the highest of the week being kept."""
        member = self.member(user)
        own = [self.allowances[role] for role in (0, *member.role_ids) if role in self.allowances]
        key = (user, period_keys(now, ZONE).week)
        self.best[key] = max(self.best.get(key, 0), *own)
        return member

    def set_allowance(self, role: int, credits_: int) -> Allowance:
        """Note a new allowance and return it."""
        self.allowances[role] = credits_
        return Allowance(credits=credits_, period=Period.WEEK)

    def set_pool(self, credits_: int, now: int) -> None:
        """Note a pool; the largest of a month is what that month may reach."""
        month = period_keys(now, ZONE).month
        self.pools[month] = max(self.pools.get(month, 0), credits_)

    def exceeded(self, taken: Iterable[tuple[int, str, int]]) -> list[str]:
        """Return a sentence for every week in which a member took more than the best limit."""
        return [
            f"member {user} took {credits_} credits in {week}, where at most "
            f"{self.best.get((user, week), 0)} were allowed"
            for user, week, credits_ in taken
            if credits_ > self.best.get((user, week), 0)
        ]
