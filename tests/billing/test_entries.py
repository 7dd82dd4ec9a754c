"""Whatever happens to a hold, its ledger lines add up to what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from billing.entries import (
    Account,
    EntryKind,
    Hold,
    correct_house,
    hold_entry,
    release,
    settle,
)
from billing.periods import PeriodKeys
from billing.wallets import HoldParts

if TYPE_CHECKING:
    from billing.entries import Entry

ACCOUNT = Account(
    guild_id=1,
    user_id=2,
    keys=PeriodKeys(day="2026-11-20", week="2026-W47", month="2026-11"),
    house_day="2026-11-20",
)

holds = st.builds(
    lambda allowance, grants: Hold(
        clip_id=17,
        account=ACCOUNT,
        parts=HoldParts(allowance=allowance, grants=tuple(enumerate(grants, start=1))),
    ),
    st.integers(0, 100),
    st.lists(st.integers(1, 100), max_size=4),
).filter(lambda hold: hold.credits > 0)
costs = st.integers(0, 800)
lapses = st.frozensets(st.integers(1, 4))


def hold_of(allowance: int, *grants: tuple[int, int]) -> Hold:
    return Hold(clip_id=17, account=ACCOUNT, parts=HoldParts(allowance=allowance, grants=grants))


def total(lines: list[Entry], counter: str) -> int:
    return sum(int(getattr(line, counter)) for line in lines)


def test_a_hold_takes_from_grants_and_counts_in_period_pool_and_ceiling() -> None:
    entry = hold_entry(hold_of(4, (1, 3), (2, 5)))
    assert (entry.key, entry.kind, entry.clip_id) == ("clip:17:hold", EntryKind.HOLD, 17)
    assert (entry.grants, entry.held, entry.charged, entry.house) == (-8, 12, 0, 0)
    assert (entry.allowance, entry.pool, entry.ceiling) == (4, 12, 12)


def test_a_cheaper_clip_gives_the_rest_back_where_it_came_from() -> None:
    ending = settle(hold_of(4, (1, 3), (2, 5)), 6)
    assert ending.returned == HoldParts(allowance=0, grants=((1, 1), (2, 5)))
    entry = ending.entry
    assert (entry.charged, entry.house, entry.grants) == (6, 0, 6)
    assert (entry.allowance, entry.pool, entry.ceiling) == (0, -6, -6)


def test_a_dearer_clip_is_charged_its_quote_and_the_house_pays_the_rest() -> None:
    entry = settle(hold_of(4, (1, 3)), 10).entry
    assert (entry.charged, entry.house) == (7, 3)
    assert (entry.pool, entry.ceiling) == (0, 3)


def test_a_free_clip_returns_everything() -> None:
    ending = settle(hold_of(4, (1, 3)), 0)
    assert ending.returned == HoldParts(allowance=4, grants=((1, 3),))
    assert (ending.entry.charged, ending.entry.allowance, ending.entry.ceiling) == (0, -4, -7)


def test_a_negative_cost_is_no_cost() -> None:
    hold = hold_of(4, (1, 3))
    assert settle(hold, -5) == settle(hold, 0)
    assert release(hold, -5, "refused") == release(hold, 0, "refused")


def test_what_was_lost_with_a_released_clip_stays_in_the_ceiling() -> None:
    entry = release(hold_of(7), 7, "lost").entry
    assert (entry.kind, entry.charged, entry.house, entry.ceiling) == (EntryKind.RELEASE, 0, 7, 0)
    assert (entry.allowance, entry.pool, entry.held) == (-7, -7, -7)


def test_the_part_of_an_expired_grant_is_not_returned() -> None:
    hold = hold_of(0, (1, 3), (2, 5))
    assert release(hold, 0, "refused", frozenset({1})).returned.grants == ((2, 5),)
    assert settle(hold, 0, frozenset({2})).entry.grants == 3


@given(hold=holds, cost=costs, lapsed=lapses)
def test_a_settled_hold_leaves_the_charge_and_what_is_above_it(
    hold: Hold, cost: int, lapsed: frozenset[int]
) -> None:
    ending = settle(hold, cost, lapsed)
    lines = [hold_entry(hold), ending.entry]
    charge = min(cost, hold.credits)
    assert total(lines, "held") == 0
    assert total(lines, "charged") == charge
    assert total(lines, "pool") == charge
    assert total(lines, "house") == cost - charge
    assert total(lines, "ceiling") == cost == charge + total(lines, "house")
    assert total(lines, "allowance") == min(charge, hold.parts.allowance)
    gone = sum(part for grant, part in hold.parts.grants if grant in lapsed)
    paid_by_grants = charge - min(charge, hold.parts.allowance)
    assert paid_by_grants <= -total(lines, "grants") <= paid_by_grants + gone
    assert ending.entry.grants == ending.returned.granted


@given(hold=holds, cost=costs, lapsed=lapses)
def test_a_released_hold_leaves_nothing_but_the_house_s_loss(
    hold: Hold, cost: int, lapsed: frozenset[int]
) -> None:
    ending = release(hold, cost, "lost", lapsed)
    lines = [hold_entry(hold), ending.entry]
    assert [total(lines, one) for one in ("held", "charged", "pool", "allowance")] == [0, 0, 0, 0]
    assert total(lines, "house") == total(lines, "ceiling") == cost
    gone = sum(part for grant, part in hold.parts.grants if grant in lapsed)
    assert total(lines, "grants") == -gone


@given(hold=holds, booked=costs, cost=costs)
def test_a_correction_puts_house_and_ceiling_to_the_real_cost(
    hold: Hold, booked: int, cost: int
) -> None:
    lines = [
        hold_entry(hold),
        release(hold, booked, "lost").entry,
        correct_house(hold, booked, cost),
    ]
    assert total(lines, "house") == total(lines, "ceiling") == cost
    assert [total(lines, one) for one in ("held", "charged", "pool", "allowance", "grants")] == [
        0,
        0,
        0,
        0,
        0,
    ]


def test_each_event_of_a_clip_has_a_key_of_its_own() -> None:
    hold = hold_of(5)
    lines = [
        hold_entry(hold),
        settle(hold, 1).entry,
        release(hold, 1, "lost").entry,
        correct_house(hold, 1, 2),
    ]
    assert len({line.key for line in lines}) == 4
