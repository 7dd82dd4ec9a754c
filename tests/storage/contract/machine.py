"""The state machine: what members, vendor, clock and crashes may do next, and what then holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from jobs.errors import (
    CeilingReached,
    Declined,
    NotEnoughCredits,
    TooManyAtOnce,
    WalletFrozen,
)
from jobs.model import Ordered
from jobs.ports import MadeClip
from jobs.states import FailReason
from jobs.stores import FoundFailed, LookAgain, SendResult
from storage.store import Store
from tests.storage.contract.books import AT_ONCE, PER_DAY
from tests.storage.contract.desk import DAY, HOUR, LEASE, MINUTE, member, message
from tests.storage.contract.looks import Looks
from tests.storage.contract.moderated import pick, users, which

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import Clip, Draft, Send

GONE = FailReason.PICTURE_GONE
lucks = st.sampled_from((1, 1, 1, 1, 1, *range(10)))
"""Half the time all goes well."""
COSTS = (10, 4, 30, 0, None)
rounds = st.tuples(*[lucks] * 9)
STEPS = ("draw", "review", "recover", "send_out", "answer", "look", "fetch", "post", "tidy")


class Money(Looks):
    """Members, moderators, a vendor that remembers what it made, and everything that disturbs."""

    # --- members ---

    @rule(
        user=users,
        roles=st.sampled_from([(), (4,)]),
        clips=st.integers(1, 3),
        pictures=st.integers(1, 2),
        price=st.sampled_from([1, 5, 10, 20]),
        clicks=st.integers(1, 3),
        card=st.booleans(),
    )
    def order(
        self,
        *,
        user: int,
        roles: tuple[int, ...],
        clips: int,
        pictures: int,
        price: int,
        clicks: int,
        card: bool,
    ) -> None:
        who, desk = member(user, roles), self.desk
        new = desk.new_draft(who, clips=clips, pictures=pictures, price=price)
        draft = self.run(desk.store.add_draft(new, desk.now))
        before = self.run(self.limits(who))
        placings = [desk.placing(draft, who, card_picture=card) for _ in range(clicks)]
        outcomes = self.confirm(placings)
        self._judge(draft, outcomes, before, self.run(self.limits(who)))

    def _judge(
        self,
        draft: Draft,
        outcomes: list[Ordered | Declined],
        before: dict[str, int],
        after: dict[str, int],
    ) -> None:
        total = draft.quote.total
        within = {
            NotEnoughCredits: total <= before["allowance"] + before["grants"],
            TooManyAtOnce: before["flying"] + draft.quote.clips <= AT_ONCE,
            WalletFrozen: not before["frozen"],
            CeilingReached: before["today"] + total <= PER_DAY,
        }
        placed = {one.order_id for one in outcomes if isinstance(one, Ordered)}
        if not placed:
            assert not any(within[type(one)] for one in outcomes if isinstance(one, Declined))
            assert (after["taken"], after["today"]) == (before["taken"], before["today"])
            return
        assert all(within.values())
        assert len(placed) == 1
        assert after["taken"] - before["taken"] == min(total, before["allowance"])
        assert after["today"] - before["today"] == total
        self.orders += placed

    @precondition(lambda self: self.orders)
    @rule(number=which, really=lucks)
    def cancel(self, number: int, really: int) -> None:
        if really < 3:  # what is cancelled at once has no story to tell
            self.do(Store.cancel_order, pick(self.orders, number), self.desk.now)

    @precondition(lambda self: self.orders)
    @rule(number=which, clip=which)
    def delete(self, number: int, clip: int) -> None:
        order = self.run(self.desk.order(pick(self.orders, number)))
        self.do(Store.delete_clip, pick(order.clips, clip).id, self.desk.now)

    # --- the vendor, and the engine at work ---

    def _send_out(self, luck: int) -> None:
        """Claim some sends; now and then the process dies before the request leaves."""
        claimed = self.run(self.desk.claim(1 + luck % 3))
        self.sends += claimed
        for send in claimed:
            if luck < 9:
                self._intend(send)

    def _intend(self, send: Send) -> None:
        now = self.desk.now
        if self.run(self.desk.store.intend(send, now, now + LEASE)):
            assert send.id not in self.maybe_paid, "the same request is paid twice"
            self.maybe_paid.add(send.id)
            self.out.append(send)

    def _answer(self, luck: int) -> None:
        """Let the vendor answer what is out; mostly it makes everything."""
        for send in tuple(self.out):
            if luck == 9:
                self._answer_nothing(send, recorded=True)
            else:
                made, refused = ((3, 0), (3, 0), (1, 2), (1, 1), (0, 3), (2, 0))[luck % 6]
                self._decide(send, made, refused, cost=COSTS[luck % 5], heard=luck < 7)

    def _decide(
        self, send: Send, made: int, refused: int, *, cost: int | None, heard: bool
    ) -> None:
        """Let the vendor make and refuse clips; what our side hears of it is another matter."""
        self.out.remove(send)
        ids = [f"v{send.id}-{place}" for place in range(len(send.clip_ids))][:made]
        self.truth.update(dict.fromkeys(ids, send.id))
        result = SendResult(
            send_id=send.id,
            doubtful=send.clip_ids,
            doubt_until=self.desk.now + HOUR if made == 1 else None,
            look_at=self.desk.now,
        )
        if heard:
            clips = [MadeClip(vendor_id=vendor_id, cost=cost) for vendor_id in ids]
            result = replace(
                result,
                made=tuple(zip(send.clip_ids, clips, strict=False)),
                refused=tuple((one, "no") for one in send.clip_ids[made : made + refused]),
                doubtful=send.clip_ids[made + refused :],
            )
        self.do(Store.finish_send, result, self.desk.now)

    def _answer_nothing(self, send: Send, *, recorded: bool) -> None:
        self.out.remove(send)
        if send.id not in self.truth.values():
            self.maybe_paid.discard(send.id)
        if recorded:
            self.run(self.desk.store.put_back(send, self.desk.now, "busy", self.desk.now))

    def _recover(self, luck: int) -> None:
        """Put what a dead process left behind in doubt."""
        now = self.desk.now
        until = now + HOUR if luck % 2 else None
        for send in self.run(self.desk.store.claim_stale(now, now + LEASE, 10)):
            result = SendResult(send_id=send.id, doubtful=send.clip_ids, doubt_until=until)
            self.do(Store.finish_send, result, now)

    def _claim(self, step: str, limit: int = 5) -> list[Clip]:
        claimed = self.run(self.desk.due(step, limit))
        self.clips += claimed
        return list(claimed)

    def _look(self, luck: int) -> None:
        """Look at some clips; most are done, one differs, or the process dies before it knows."""
        desk, clips = self.desk, self._claim("look")
        if luck == 5:
            return
        cost = COSTS[luck % 5]
        last, rest = clips[-1:], clips[:-1]
        again, failed = list[LookAgain](), list[FoundFailed]()
        if luck in (6, 7):
            again = [desk.again(clip, overdue=luck == 7) for clip in last]
        elif luck in (8, 9):
            failed = [desk.failed(clip, cost or 0) for clip in last]
        else:
            rest = clips
        done = [desk.done(clip, cost) for clip in rest]
        self.do(Store.record_looks, again, done, failed, desk.now)

    def _fetch(self, luck: int) -> None:
        """Fetch some files; one may be lost, come later, or find the process dead."""
        desk, now = self.desk, self.desk.now
        for clip in self._claim("fetch"):
            if luck < 7:
                self.do(Store.record_stored, desk.stored(clip), now)
            elif luck == 7:
                self.do(Store.record_looks, (), (), (desk.failed(clip, clip.cost or 0),), now)
            elif luck == 8:
                self.do(Store.put_off, clip, now + MINUTE)

    def _post(self, luck: int) -> None:
        """Post some clips; one may be kept, put off, or find the process dead."""
        now = self.desk.now
        for clip in self._claim("post"):
            if luck == 6 or self.run(self.desk.store.begin_post(clip, now)) is None:
                continue
            if luck < 6:
                self.do(Store.record_posted, clip, message(clip.id), now)
            elif luck == 7:
                self.do(Store.record_kept, clip, "nowhere", now)
            elif luck == 8:
                self.do(Store.put_off, clip, now + MINUTE)

    def _tidy(self, luck: int) -> None:
        """Close doubts whose hour is over, and remove what was deleted."""
        for clip in self._claim("doubt", 1 + luck):
            self.do(Store.release_doubt, clip, self.desk.now)
        for clip in self._claim("remove", 1 + luck):
            self.do(Store.record_removed, clip)

    def _draw(self, luck: int) -> None:
        """Draw some cards, or try to."""
        now = self.desk.now
        for order in self.run(self.desk.store.claim_cards(now, now + LEASE, 5)):
            if luck == 9:
                self.run(self.desk.store.put_off_card(order, now + MINUTE))
                continue
            new = message(order.id) if order.card_message_id is None else None
            self.do(Store.record_card, order, new, "drawn", None, now)

    def _work(self, step: str, luck: int) -> None:
        work: Callable[[int], None] = getattr(self, f"_{step}")
        work(luck)

    @initialize(clips=st.integers(1, 2), pictures=st.integers(1, 2))
    def two_members_order(self, clips: int, pictures: int) -> None:
        for user in (7, 8):
            ordered = self.run(self.desk.place(member(user), clips=clips, pictures=pictures))
            self.orders.append(ordered.order_id)

    def _works(self, lucks: tuple[int, ...]) -> None:
        for step, luck in zip(STEPS, lucks, strict=True):
            self._work(step, luck)

    # Three of a kind: most of the time the engine is what happens.

    @rule(lucks=rounds)
    def engine_works(self, lucks: tuple[int, ...]) -> None:
        self._works(lucks)

    @rule(first=rounds, second=rounds)
    def engine_works_on(self, first: tuple[int, ...], second: tuple[int, ...]) -> None:
        self._works(first)
        self._works(second)

    @rule(lucks=rounds, passes=st.sampled_from([MINUTE, LEASE, HOUR]))
    def engine_works_later(self, lucks: tuple[int, ...], passes: int) -> None:
        self.desk.now += passes
        self._works(lucks)

    @rule(step=st.sampled_from(STEPS), luck=lucks)
    def a_step_works(self, step: str, luck: int) -> None:
        self._work(step, luck)

    @precondition(lambda self: self.out)
    @rule(number=which, recorded=st.booleans())
    def answer_nothing_made(self, *, number: int, recorded: bool) -> None:
        self._answer_nothing(pick(self.out, number), recorded=recorded)

    @precondition(lambda self: self.truth)
    @rule(number=which, luck=lucks)
    def webhook(self, number: int, luck: int) -> None:
        vendor_id = pick(sorted(self.truth), number)
        token, now = f"t{self.truth[vendor_id]}", self.desk.now
        if self.run(self.desk.store.hint_clip(token, vendor_id, now)):
            return
        waiting = self.run(self.desk.store.clips_without_id(token))
        late = MadeClip(vendor_id=vendor_id, cost=COSTS[luck % 5])
        if waiting:
            self.do(Store.adopt, waiting, late, now, now)

    @precondition(lambda self: self.out)
    @rule(number=which)
    def webhook_before_the_answer(self, number: int) -> None:
        send, now = pick(self.out, number), self.desk.now
        vendor_id = f"v{send.id}-{number % len(send.clip_ids)}"
        self.truth[vendor_id] = send.id
        self.do(Store.adopt, send.clip_ids, MadeClip(vendor_id=vendor_id, cost=None), now, now)

    @precondition(lambda self: self.sends)
    @rule(number=which)
    def intend(self, number: int) -> None:
        self._intend(pick(self.sends, number))

    @precondition(lambda self: self.sends)
    @rule(number=which, whole=st.booleans())
    def give_up(self, *, number: int, whole: bool) -> None:
        send = pick(self.sends, number)
        if whole:
            order = self.run(self.desk.order(send.order_id))
            self.do(Store.give_up_order, order, GONE, "gone", self.desk.now)
        else:
            self.do(Store.give_up_send, send, GONE, "gone", self.desk.now)

    @rule(wait=st.sampled_from([0, MINUTE]))
    def close_gate(self, wait: int) -> None:
        self.run(self.desk.store.close_gate("no credits", self.desk.now + wait))

    # --- disturbances ---

    @precondition(lambda self: self.calls)
    @rule(number=which)
    def repeat(self, number: int) -> None:
        self.run(pick(self.calls, number)(self.desk.store))

    @precondition(lambda self: self.clips)
    @rule(number=which, cost=st.integers(0, 30))
    def act_on_a_stale_clip(self, number: int, cost: int) -> None:
        clip, desk, now = pick(self.clips, number), self.desk, self.desk.now
        before = self.run(desk.rows("SELECT * FROM clips WHERE id = $1", clip.id))
        if before[0]["fence"] == clip.fence:
            return
        looks = ([desk.again(clip)], [desk.done(clip, cost)], [desk.failed(clip, cost)])
        self.run(desk.store.record_looks(*looks, now))
        self.run(desk.store.record_stored(desk.stored(clip), now))
        assert self.run(desk.store.begin_post(clip, now)) is None
        self.run(desk.store.record_kept(clip, "stale", now))
        self.run(desk.store.put_off(clip, now + DAY))
        assert self.run(desk.rows("SELECT * FROM clips WHERE id = $1", clip.id)) == before

    @precondition(lambda self: self.clips)
    @rule(number=which)
    def a_message_turns_up(self, number: int) -> None:
        clip = pick(self.clips, number)
        self.do(Store.record_posted, clip, message(clip.id), self.desk.now)

    @precondition(lambda self: self.sends)
    @rule(number=which)
    def act_on_a_stale_send(self, number: int) -> None:
        send, desk, now = pick(self.sends, number), self.desk, self.desk.now
        before = self.run(desk.rows("SELECT * FROM sends WHERE id = $1", send.id))
        if before[0]["fence"] == send.fence:
            return
        assert not self.run(desk.store.intend(send, now, now + LEASE))
        self.run(desk.store.put_back(send, now, "stale", now))
        self.run(desk.store.give_up_send(send, GONE, "stale", now))
        assert self.run(desk.rows("SELECT * FROM sends WHERE id = $1", send.id)) == before

    @rule(passes=st.sampled_from([MINUTE, LEASE, LEASE, HOUR, 13 * HOUR, 31 * DAY]))
    def time_passes(self, passes: int) -> None:
        self.desk.now += passes

    @rule(alone=st.booleans())
    def crash(self, *, alone: bool) -> None:
        self.reopen()
        if alone:
            self.run(self.desk.store.take_over())

    def everything_ends(self) -> None:
        for _ in range(20):
            if not self.waiting():
                return
            self.desk.now += HOUR
            self._works((1,) * len(STEPS))
        assert self.waiting() == []
