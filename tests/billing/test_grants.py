"""Moderators' lines move granted credits only, and each can be written once."""

from __future__ import annotations

from billing.entries import Account, EntryKind
from billing.grants import Signed, grant_entry, take_entry, taken_from, undo_entry
from billing.periods import PeriodKeys
from billing.wallets import Funds, Grant, HoldParts

ACCOUNT = Account(
    guild_id=1,
    user_id=7,
    keys=PeriodKeys(day="2026-11-21", week="2026-W47", month="2026-11"),
    house_day="2026-11-21",
)
SIGNED = Signed(id=5, actor_id=99, reason="thanks")
FUNDS = Funds(
    allowance_left=100,
    grants=(Grant(id=1, left=20, expires_at=4), Grant(id=2, left=30)),
)


def test_a_take_gets_grants_in_their_order_and_never_the_allowance() -> None:
    assert taken_from(FUNDS, 25) == HoldParts(allowance=0, grants=((1, 20), (2, 5)))
    assert taken_from(FUNDS, 1000).credits == 50
    assert taken_from(Funds(allowance_left=100, grants=()), 5).credits == 0


def test_the_lines_name_who_and_why_and_move_nothing_but_grants() -> None:
    given = grant_entry(ACCOUNT, SIGNED, 40)
    taken = take_entry(ACCOUNT, SIGNED, taken_from(FUNDS, 25))
    undone = undo_entry(ACCOUNT, taken.key, SIGNED, 25)
    assert [one.key for one in (given, taken, undone)] == ["grant:5", "take:5", "take:5:undo"]
    assert [one.grants for one in (given, taken, undone)] == [40, -25, 25]
    assert [one.kind for one in (given, taken, undone)] == [
        EntryKind.GRANT,
        EntryKind.TAKE,
        EntryKind.UNDO,
    ]
    for one in (given, taken, undone):
        assert (one.actor_id, one.reason) == (99, "thanks")
        assert not any((one.held, one.charged, one.allowance, one.pool, one.ceiling, one.house))
