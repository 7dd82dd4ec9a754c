"""The state machine's ground: a real store, what must hold of it, and what each side knows."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from jobs.errors import Declined
from jobs.model import Guards, GuildRules, Ordered
from jobs.states import MOVES, ClipState
from storage.audit import audit
from storage.store import Store
from tests.storage.contract.desk import GUILD, Desk

if TYPE_CHECKING:
    from jobs.model import Clip, Member, Send
    from jobs.stores import Placing
    from tests.storage.contract.shelves import Shelf

P = ParamSpec("P")
T = TypeVar("T")
Call: TypeAlias = Callable[[Store], Coroutine[Any, Any, object]]

PER_DAY = 100
AT_ONCE = 10
ALLOWANCE = 60


async def place(store: Store, placing: Placing) -> Ordered | Declined:
    """Confirm; a refusal is an answer, too."""
    try:
        return await store.place(placing)
    except Declined as refusal:
        return refusal


class Books(RuleBasedStateMachine):
    """A store in a database of its own, which survives crashes."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.shelf = shelf
        self.run(shelf.clear())
        self.database = self.run(shelf.open())
        self.desk = self._desk()
        self.calls: list[Call] = []
        self.orders: list[int] = []
        self.sends: list[Send] = []
        """Every claim there ever was; most of them are stale."""
        self.clips: list[Clip] = []
        self.out: list[Send] = []
        """Requests that have left and are not answered."""
        self.maybe_paid: set[int] = set()
        """Sends for which the vendor may have made something."""
        self.truth: dict[str, int] = {}
        """The vendor's ids, and the send of each."""

    def _desk(self) -> Desk:
        rules = GuildRules(clips_at_once=AT_ONCE, allowance_credits=ALLOWANCE)
        return Desk(self.database, rules=rules, guards=Guards(per_day=PER_DAY))

    def reopen(self) -> None:
        """Let the process die and another one start; only the database remembers."""
        before = self.desk
        self.out.clear()
        self.run(self.database.close())
        self.database = self.run(self.shelf.open())
        self.desk = self._desk()
        self.desk.now = before.now
        self.desk.ids = itertools.count(before.id())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for a call on the machine's own event loop."""
        return self.runner.run(coroutine)

    def together(self, calls: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
        """Wait for calls that are made at the same time."""

        async def gathered() -> list[T]:
            return list(await asyncio.gather(*calls))

        return self.run(gathered())

    def do(
        self, method: Callable[Concatenate[Store, P], Coroutine[Any, Any, T]], /, *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:  # fmt: skip
        """Make a call that a lost reply may repeat at any later time."""
        self.calls.append(lambda store: method(store, *args, **kwargs))
        return self.run(method(self.desk.store, *args, **kwargs))

    def confirm(self, placings: Sequence[Placing]) -> list[Ordered | Declined]:
        """Confirm at the same time; each may be repeated later."""
        self.calls += [partial(place, placing=placing) for placing in placings]
        return self.together([place(self.desk.store, placing) for placing in placings])

    async def limits(self, who: Member) -> dict[str, int]:
        """Work out from the tables what the member, and the operator's day, still allow.

        Written anew in SQL, so that the code under test is not its own judge.
        """
        today = datetime.fromtimestamp(self.desk.now // 1000, UTC)
        rows = await self.desk.rows(
            """SELECT
                 (SELECT COALESCE(SUM(taken), 0) FROM period_use WHERE guild_id = $1
                    AND user_id = $2 AND period_key = $3) AS day,
                 (SELECT COALESCE(SUM(taken), 0) FROM period_use WHERE guild_id = $1
                    AND user_id = $2 AND period_key = $5) AS month,
                 (SELECT COALESCE(SUM(taken), 0) FROM period_use WHERE guild_id = 0
                    AND period_key = $3) AS today,
                 (SELECT COALESCE(SUM(credits_left), 0) FROM grants WHERE user_id = $2
                    AND (expires_at IS NULL OR expires_at > $4)) AS grants,
                 (SELECT COUNT(*) FROM clips WHERE user_id = $2 AND state IN ('review', 'queued',
                    'submitting', 'rendering', 'overdue', 'unknown')) AS flying,
                 (SELECT COALESCE(MAX(frozen), 0) FROM wallets WHERE guild_id = $1
                    AND user_id = $2) AS frozen""",
            GUILD, who.user_id, f"{today:%Y-%m-%d}", self.desk.now, f"{today:%Y-%m}",
        )  # fmt: skip
        taken = {"day": rows[0]["day"], "month": rows[0]["month"]}
        offers = {0: (ALLOWANCE, "month")}
        for row in await self.desk.rows("SELECT role_id, credits, period FROM allowances"):
            offers[row["role_id"]] = (row["credits"], row["period"])
        mine = [offers[role] for role in offers if role in {0, *who.role_ids}]
        return {
            "allowance": max(0, *(credits_ - taken[period] for credits_, period in mine)),
            "taken": taken["month"],
            "today": rows[0]["today"],
            "grants": rows[0]["grants"],
            "flying": rows[0]["flying"],
            "frozen": rows[0]["frozen"],
        }

    @invariant()
    def the_books_are_right(self) -> None:
        assert self.run(audit(self.database)) == []

    @invariant()
    def every_move_is_allowed(self) -> None:
        rows = self.run(self.desk.rows("SELECT DISTINCT was, became FROM moves"))
        moves = {(ClipState(row["was"]), ClipState(row["became"])) for row in rows}
        assert not {(was, became) for was, became in moves if became not in MOVES[was]}

    @invariant()
    def every_vendor_id_is_where_it_belongs(self) -> None:
        rows = self.run(
            self.desk.rows("SELECT vendor_id, send_id FROM clips WHERE vendor_id IS NOT NULL")
        )
        assert {row["vendor_id"]: row["send_id"] for row in rows}.items() <= self.truth.items()

    def teardown(self) -> None:
        try:
            self.everything_ends()
        finally:
            self.run(self.database.close())
            self.runner.close()

    def waiting(self) -> list[tuple[str, str]]:
        """List the states and steps of clips for which something is still to be done."""
        rows = self.run(
            self.desk.rows(
                """SELECT state, COALESCE(step, 'none') AS step FROM clips WHERE step IS NOT NULL
                     OR state NOT IN ('posted', 'kept', 'failed', 'released', 'cancelled')"""
            )
        )
        return [(row["state"], row["step"]) for row in rows]

    def everything_ends(self) -> None:
        """Let an undisturbed engine go on, and see that it leaves nothing and nobody waiting."""
        raise NotImplementedError
