"""Moderators in the state machine: a guild that has orders looked at, and decisions about them."""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from jobs.reviews import Decided, Decision, Review, ReviewState
from storage.store import Store
from tests.storage.contract.desk import GUILD, LEASE, member, message
from tests.storage.contract.moderated import Moderated

ROOM = 50
MODERATORS = (98, 99)


async def again(store: Store, what: Decision, now: int) -> Decided | None:
    """Decide once more, as a lost reply makes one do."""
    return await store.decide(what, what.order_id, now)


class Looks(Moderated):
    """A guild that now and then wants its orders looked at, and its moderators."""

    @rule(on=st.booleans(), hours=st.sampled_from([1, 24]))
    def set_review(self, *, on: bool, hours: int) -> None:
        self.run(
            self.desk.write(
                """INSERT INTO guilds (guild_id, review, review_channel_id, review_hours)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (guild_id)
                   DO UPDATE SET review = excluded.review, review_hours = excluded.review_hours,
                     review_channel_id = excluded.review_channel_id""",
                GUILD, int(on), ROOM, hours,
            )
        )  # fmt: skip

    def _review(self, luck: int) -> None:
        """Show what is to be shown; mostly moderators then decide, all at the same time."""
        now = self.desk.now
        for review in self.run(self.desk.store.claim_reviews(now, now + LEASE, 5)):
            self._show(review, luck)
        if luck < 7:
            for row in self.run(
                self.desk.rows("SELECT order_id FROM reviews WHERE state = 'waiting'")
            ):
                self._decide_about(row["order_id"], luck)

    def _show(self, review: Review, luck: int) -> None:
        now = self.desk.now
        if review.state is not ReviewState.WAITING:
            self.do(Store.record_review_told, review)
        elif luck == 7:
            self.do(Store.close_review, review, "", now)
        elif luck == 8 or review.expires_at <= now:
            self.do(Store.expire_review, review, now)
        elif luck != 9 and self.run(self.desk.store.begin_review(review, now)):
            self.do(Store.record_review, review, message(review.order_id), now)

    def _decide_about(self, order_id: int, luck: int) -> None:
        decisions = [
            Decision(order_id=order_id, actor=member(user), approved=luck + user < 103)
            for user in MODERATORS
        ]
        outcomes = self.together(
            [self.desk.store.decide(one, self.desk.id(), self.desk.now) for one in decisions]
        )
        assert [one.mine for one in outcomes if one is not None] in ([True, False], [False, True])
        self.calls += [partial(again, what=one, now=self.desk.now) for one in decisions]
