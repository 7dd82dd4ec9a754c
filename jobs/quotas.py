"""What moderators do with members' wallets: grant, take, freeze, undo, and set allowances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jobs.acts import ActKind, Written
from jobs.errors import BadAmount, BadExpiry, NoSuchEntry
from jobs.ids import from_code

if TYPE_CHECKING:
    from billing.wallets import Allowance
    from jobs.model import Member, WalletView
    from jobs.ports import Clock

MOST_CREDITS: Final = 1_000_000
"""The most credits of one grant, take or allowance: a typing mistake should not cost a fortune."""

LONGEST_REASON: Final = 300

LONGEST_EXPIRY_DAYS: Final = 5 * 366

_EXPIRY: Final = re.compile(r"([1-9][0-9]{0,4}) ?([hdw])", re.ASCII | re.IGNORECASE)
_UNITS_MS: Final = {"h": 3600 * 1000, "d": 24 * 3600 * 1000, "w": 7 * 24 * 3600 * 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A moderator's act to be: `id` is the interaction's, so that one click acts once.

    `user_id` is the member whose wallet it is about, 0 where it is about nobody's.
    """

    id: int
    guild_id: int
    actor_id: int
    user_id: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of the granted credits of a wallet that are neither held nor spent."""

    user_id: int
    before: int
    after: int

    @property
    def credits(self) -> int:
        """By how many credits they changed, whatever the direction."""
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """A grant or take that can still be undone, at least in part; `at` is epoch ms."""

    id: int
    kind: ActKind
    user_id: int
    credits: int
    reason: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAllowance:
    """An allowance that is set: of a role, or, with `role_id` 0, of everybody."""

    role_id: int
    allowance: Allowance


PAGE: Final = 10
"""Lines of the history on one page: they stay below the 4,000 characters of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A line of the ledger that nobody's act made, as the history tells it.

    `at` is epoch ms; `order_id` and `number` name the clip that it is about.
    """

    key: str
    at: int
    kind: str
    user_id: int
    credits: int
    reason: str
    order_id: int | None = None
    number: int | None = None


HistoryLine = Booked | Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the history a page ends: an act's id or an entry's key, and its time (epoch ms)."""

    at: int
    act_id: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySlice:
    """Which part of a guild's history to read, newest first: of whom, and what is before what."""

    guild_id: int
    limit: int
    user_id: int | None = None
    before: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Lines, newest first, and where the next older page begins, if there is one."""

    lines: tuple[HistoryLine, ...]
    older: Place | None


class QuotaStore(Protocol):
    """What moderators need from the database; each act is one commit with its audit row."""

    async def wallet(self, member: Member, now: int) -> WalletView:
        """Return a member's wallet."""
        ...

    async def give_credits(
        self, doing: Doing, credits_: int, expires_at: int | None, now: int
    ) -> Change:
        """Grant credits, until `expires_at` (epoch ms) or for good."""
        ...

    async def take_credits(self, doing: Doing, credits_: int, now: int) -> Change:
        """Take granted credits back, as many as there are. Raises NothingGranted."""
        ...

    async def freeze(self, doing: Doing, *, frozen: bool, now: int) -> bool:
        """Stop or allow a member's orders; False when it was so already."""
        ...

    async def undo_entry(self, doing: Doing, entry_id: int, now: int) -> Change:
        """Counter a grant or take of this guild. Raises NoSuchEntry, UndoneBefore, NothingLeft."""
        ...

    async def undoable(self, guild_id: int, limit: int, now: int) -> tuple[Undoable, ...]:
        """Return what can be undone, newest first."""
        ...

    async def allowances(self, guild_id: int) -> tuple[RoleAllowance, ...]:
        """Return what a guild has set, its default first."""
        ...

    async def set_allowance(
        self, doing: Doing, role_id: int, allowance: Allowance | None, now: int
    ) -> Allowance | None:
        """Set, or with None remove, the allowance of a role (0: of everybody).

        Returns what was set before.
        """
        ...

    async def history(self, wanted: HistorySlice) -> tuple[HistoryLine, ...]:
        """Return acts, and entries that no act made, newest first."""
        ...


class Quotas:
    """Everything that a moderator may do with wallets; who may is Discord's and the cogs' matter.

    Members are named by their id: those who have left still have their wallet.
    """

    def __init__(self, store: QuotaStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def now(self) -> int:
        """Return the time (epoch ms) at which things are shown."""
        return self._clock.now()

    async def wallet(self, member: Member) -> WalletView:
        """Return a member's wallet as it is now."""
        return await self._store.wallet(member, self._clock.now())

    async def grant(self, doing: Doing, credits_: int, lasts_ms: int | None) -> Change:
        """Give credits, for so long or for good."""
        now = self._clock.now()
        expires_at = None if lasts_ms is None else now + lasts_ms
        return await self._store.give_credits(doing, credits_, expires_at, now)

    async def take(self, doing: Doing, credits_: int) -> Change:
        """Take granted credits back, at most what is left of them. Raises NothingGranted."""
        return await self._store.take_credits(doing, credits_, self._clock.now())

    async def freeze(self, doing: Doing) -> bool:
        """Stop a member from ordering; what is ordered goes on. False when it was so already."""
        return await self._store.freeze(doing, frozen=True, now=self._clock.now())

    async def unfreeze(self, doing: Doing) -> bool:
        """Let a member order again; False when it was so already."""
        return await self._store.freeze(doing, frozen=False, now=self._clock.now())

    async def undo(self, doing: Doing, typed: str) -> Change:
        """Counter the grant or take of that code, up to what is unspent.

        Raises NoSuchEntry, UndoneBefore or NothingLeft.
        """
        entry_id = from_code(typed)
        if entry_id is None:
            raise NoSuchEntry(typed=typed)
        return await self._store.undo_entry(doing, entry_id, self._clock.now())

    async def undoable(self, guild_id: int, limit: int) -> tuple[Undoable, ...]:
        """Return the newest grants and takes that can be undone."""
        return await self._store.undoable(guild_id, limit, self._clock.now())

    async def allowances(self, guild_id: int) -> tuple[RoleAllowance, ...]:
        """Return the allowances that a guild has set, its default first."""
        return await self._store.allowances(guild_id)

    async def set_allowance(
        self, doing: Doing, role_id: int, allowance: Allowance | None
    ) -> Allowance | None:
        """Set or remove the allowance of a role (0: of everybody); return what was set before."""
        return await self._store.set_allowance(doing, role_id, allowance, self._clock.now())

    async def history(
        self, guild_id: int, user_id: int | None, before: Place | None = None
    ) -> HistoryPage:
        """Return a page of what happened in a guild, or to one member's wallet there."""
        wanted = HistorySlice(guild_id=guild_id, user_id=user_id, before=before, limit=PAGE + 1)
        found = await self._store.history(wanted)
        lines = found[:PAGE]
        return HistoryPage(lines=lines, older=_end(lines[-1]) if len(found) > PAGE else None)


def _end(line: HistoryLine) -> Place:
    if isinstance(line, Booked):
        return Place(at=line.at, key=line.key)
    return Place(at=line.at, act_id=line.id)


def amount(typed: str) -> int:
    """Read a number of credits from a form. Raises BadAmount."""
    digits = typed.strip().replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdecimal() and 0 < int(digits[:9]) <= MOST_CREDITS):
        raise BadAmount(typed=typed, most=MOST_CREDITS)
    return int(digits[:9])


def lasting(typed: str) -> int:
    """Read how long a grant lasts, such as `30d`, `12h` or `2w`, as ms. Raises BadExpiry."""
    found = _EXPIRY.fullmatch(typed.strip())
    lasts = int(found[1]) * _UNITS_MS[found[2].lower()] if found else 0
    if not 0 < lasts <= LONGEST_EXPIRY_DAYS * _UNITS_MS["d"]:
        raise BadExpiry(typed=typed)
    return lasts
