"""Credits are taken in a fixed order, and none appears or disappears on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.periods import Period
from billing.wallets import (
    Allowance,
    Funds,
    Grant,
    HoldParts,
    NotEnough,
    best_allowance,
    funds,
    split,
    unused,
    use,
)

NOW = 1_000_000

amounts = st.integers(0, 200)
grant_lists = st.lists(
    st.builds(
        lambda left, expires: (left, expires),
        amounts,
        st.none() | st.integers(NOW - 500, NOW + 500),
    ),
    max_size=5,
).map(
    lambda rows: [
        Grant(id=number, left=left, expires_at=expires)
        for number, (left, expires) in enumerate(rows, start=1)
    ]
)


def day(credits_: int) -> Allowance:
    return Allowance(credits=credits_, period=Period.DAY)


def month(credits_: int) -> Allowance:
    return Allowance(credits=credits_, period=Period.MONTH)


@pytest.mark.parametrize(
    ("allowances", "day_taken", "month_taken", "best", "left"),
    [
        ([], 0, 0, None, 0),
        ([day(10)], 4, 90, day(10), 6),
        ([day(10)], 10, 0, day(10), 0),
        ([day(10)], 15, 0, day(10), 0),  # a smaller role than yesterday: never below zero
        ([day(10), month(100)], 0, 0, month(100), 100),
        ([day(10), month(100)], 0, 95, day(10), 10),
        ([day(10), day(30)], 0, 0, day(30), 30),
        ([day(10), day(30)], 50, 50, day(30), 0),  # nothing left: the larger one is named
    ],
)
def test_the_allowance_that_leaves_most_now_is_the_best(
    allowances: list[Allowance],
    day_taken: int,
    month_taken: int,
    best: Allowance | None,
    left: int,
) -> None:
    taken = {Period.DAY: day_taken, Period.MONTH: month_taken}
    assert best_allowance(allowances, taken) == (best, left)


def test_dead_and_empty_grants_can_not_be_spent_and_the_first_to_expire_comes_first() -> None:
    lined = funds(
        3,
        [
            Grant(id=1, left=5),
            Grant(id=2, left=5, expires_at=NOW + 20),
            Grant(id=3, left=5, expires_at=NOW),
            Grant(id=4, left=0),
            Grant(id=5, left=5, expires_at=NOW + 10),
            Grant(id=6, left=5, expires_at=NOW + 10),
        ],
        NOW,
    )
    assert [grant.id for grant in lined.grants] == [5, 6, 2, 1]
    assert lined.spendable == 23


def test_a_price_takes_the_allowance_first_and_then_grants_in_order() -> None:
    available = Funds(
        allowance_left=4, grants=(Grant(id=7, left=3), Grant(id=8, left=3), Grant(id=9, left=3))
    )
    parts, remaining = split(9, available)
    assert parts == HoldParts(allowance=4, grants=((7, 3), (8, 2)))
    assert remaining == Funds(allowance_left=0, grants=(Grant(id=8, left=1), Grant(id=9, left=3)))


def test_a_price_above_the_funds_is_refused_with_both_figures() -> None:
    with pytest.raises(NotEnough, match="8 credits and 7 can") as caught:
        split(8, Funds(allowance_left=4, grants=(Grant(id=1, left=3),)))
    assert (caught.value.price, caught.value.spendable) == (8, 7)


@given(allowance=amounts, grants=grant_lists, price=st.integers(1, 600))
def test_splitting_takes_the_price_exactly_and_nothing_else(
    allowance: int, grants: list[Grant], price: int
) -> None:
    available = funds(allowance, grants, NOW)
    if price > available.spendable:
        with pytest.raises(NotEnough):
            split(price, available)
        return
    parts, remaining = split(price, available)
    assert parts.credits == price
    assert available.spendable - remaining.spendable == price
    assert parts.allowance == min(price, allowance)
    left_before = {grant.id: grant.left for grant in available.grants}
    left_after = {grant.id: grant.left for grant in remaining.grants}
    for grant_id, part in parts.grants:
        assert 0 < part == left_before[grant_id] - left_after.get(grant_id, 0)
    # A later grant is touched only when every earlier one is used up.
    touched = [grant.id for grant in available.grants if grant.id in dict(parts.grants)]
    assert [grant_id for grant_id, _ in parts.grants] == touched
    assert all(left_after.get(grant_id, 0) == 0 for grant_id in touched[:-1])
    assert touched == [grant.id for grant in available.grants][: len(touched)]


@given(
    allowance=amounts,
    grants=st.lists(st.integers(1, 200), max_size=5),
    charge=st.integers(0, 2000),
)
def test_what_is_used_and_what_is_unused_are_the_hold_again(
    allowance: int, grants: list[int], charge: int
) -> None:
    hold = HoldParts(allowance=allowance, grants=tuple(enumerate(grants)))
    used = use(hold, charge)
    rest = unused(hold, used)
    assert used.credits == min(charge, hold.credits)
    assert used.credits + rest.credits == hold.credits
    assert used.allowance == min(charge, allowance)
    assert min(rest.allowance, used.granted) == 0
    both = dict(rest.grants)
    for grant_id, part in used.grants:
        both[grant_id] = both.get(grant_id, 0) + part
    assert both == dict(hold.grants)
    assert all(part > 0 for _, part in (*used.grants, *rest.grants))
    # The grants that expire first are spent first, so what comes back lives longest.
    if used.grants and rest.grants:
        assert used.grants[-1][0] <= rest.grants[0][0]
