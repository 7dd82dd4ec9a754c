"""The state machine's moderators: they grant, take, undo, freeze and change allowances."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from jobs.errors import Declined, NothingGranted
from jobs.quotas import Change, Doing
from storage.store import Store
from tests.storage.contract.books import Books
from tests.storage.contract.desk import HOUR, member

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from tests.storage.contract.shelves import Shelf

T = TypeVar("T")

users = st.sampled_from([7, 8])
which = st.integers(0, 1000)
clicks = st.integers(1, 3)


def pick(items: Sequence[T], number: int) -> T:
    """Choose one; small numbers, which hypothesis prefers, are the newest."""
    return items[-1 - number % len(items)]


async def change(asked: Coroutine[Any, Any, Change]) -> Change | Declined:
    """Do what a moderator asks; a refusal is an answer, too."""
    try:
        return await asked
    except Declined as refusal:
        return refusal


async def take(store: Store, doing: Doing, credits_: int, now: int) -> Change | Declined:
    return await change(store.take_credits(doing, credits_, now))


async def undo(store: Store, doing: Doing, entry_id: int, now: int) -> Change | Declined:
    return await change(store.undo_entry(doing, entry_id, now))


class Moderated(Books):
    """Books in which moderators act, some of them at the same moment, and some twice."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        self.entries: list[int] = []
        """Grants and takes there ever were."""

    def granted(self, user: int) -> int:
        return int(self.run(self.limits(member(user)))["grants"])

    @rule(
        user=users,
        credits_=st.integers(1, 40),
        lasts=st.sampled_from([None, HOUR, 30 * HOUR]),
    )
    def grant(self, user: int, credits_: int, lasts: int | None) -> None:
        before, doing = self.granted(user), self.desk.doing(member(user))
        expires_at = None if lasts is None else self.desk.now + lasts
        self.do(Store.give_credits, doing, credits_, expires_at, self.desk.now)
        assert self.granted(user) == before + credits_
        self.entries.append(doing.id)

    @rule(user=users, credits_=st.integers(1, 60), clicks=clicks)
    def take(self, *, user: int, credits_: int, clicks: int) -> None:
        """Take, several at once; each gets what is left, and what is held stays."""
        before, desk = self.granted(user), self.desk
        doings = [desk.doing(member(user)) for _ in range(clicks)]
        outcomes = self.together([take(desk.store, one, credits_, desk.now) for one in doings])
        taken = [one.credits for one in outcomes if isinstance(one, Change)]
        assert sum(taken) == min(before, credits_ * clicks)
        assert self.granted(user) == before - sum(taken)
        assert all(isinstance(one, Change | NothingGranted) for one in outcomes)
        done = zip(doings, outcomes, strict=True)
        for doing in (one for one, outcome in done if isinstance(outcome, Change)):
            self.entries.append(doing.id)
            self.calls.append(partial(take, doing=doing, credits_=credits_, now=desk.now))

    @precondition(lambda self: self.entries)
    @rule(number=which, clicks=clicks)
    def undo(self, *, number: int, clicks: int) -> None:
        """Undo, several at once: one of them does it, or none."""
        entry, desk = pick(self.entries, number), self.desk
        before = {user: self.granted(user) for user in (7, 8)}
        doings = [desk.doing(member(0)) for _ in range(clicks)]
        outcomes = self.together([undo(desk.store, one, entry, desk.now) for one in doings])
        changes = [one for one in outcomes if isinstance(one, Change)]
        assert len(changes) <= 1
        for one in changes:
            assert one.credits > 0
            assert before[one.user_id] + one.after - one.before == self.granted(one.user_id)
            doing = doings[outcomes.index(one)]
            self.calls.append(partial(undo, doing=doing, entry_id=entry, now=desk.now))

    @rule(user=users, frozen=st.sampled_from([True, False, False, False]))
    def freeze(self, *, user: int, frozen: bool) -> None:
        self.do(Store.freeze, self.desk.doing(member(user)), frozen=frozen, now=self.desk.now)

    @rule(
        role=st.sampled_from([0, 4]),
        credits_=st.integers(0, 80),
        period=st.sampled_from(["day", "month"]),
    )
    def set_allowance(self, role: int, credits_: int, period: str) -> None:
        self.run(self.desk.allow(credits_, period, role))
