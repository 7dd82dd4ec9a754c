"""A ledger line counts once, whoever asks for it again and however often."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from billing.entries import Entry, EntryKind, Hold
from billing.wallets import HoldParts
from storage.accounts import account_now, lock_wallet
from storage.database import ConstraintBroken
from storage.ledger import place_hold, release_hold, settle_hold, write_entry
from storage.sends import book_house
from tests.storage.contract.desk import Desk, member

if TYPE_CHECKING:
    from billing.entries import Account
    from storage.database import Database


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open a wallet with forty credits of grants; its holds belong to no order here."""
    made = Desk(database)
    await database.run(lock_wallet, member(), made.now)
    await made.grant(member(), 40)
    return made


def account(desk: Desk) -> Account:
    return account_now(member(), desk.rules, desk.now)


async def hold(desk: Desk, clip_id: int, allowance: int, granted: int) -> Hold:
    grant_id = await desk.value("SELECT MIN(id) FROM grants")
    parts = HoldParts(allowance=allowance, grants=((grant_id, granted),))
    return Hold(clip_id=clip_id, account=account(desk), parts=parts)


async def figures(desk: Desk) -> tuple[int, ...]:
    """Return grants, held, charged, the house, and the credits left on the grant."""
    (row,) = await desk.rows("SELECT grants, held, charged FROM wallets")
    left = await desk.value("SELECT credits_left FROM grants")
    return row["grants"], row["held"], row["charged"], await desk.house(), left


async def test_an_entry_with_a_key_that_is_there_moves_nothing(desk: Desk) -> None:
    entry = Entry(
        key="k",
        kind=EntryKind.HOLD,
        account=account(desk),
        held=5,
        charged=4,
        allowance=3,
        pool=2,
        ceiling=1,
        house=7,
    )
    written = await asyncio.gather(
        *(desk.database.run(write_entry, entry, desk.now) for _ in range(5))
    )
    assert written == [True, False, False, False, False]
    assert await figures(desk) == (40, 5, 4, 7, 40)
    assert await desk.ceiling() == 1
    taken = await desk.rows("SELECT user_id, taken FROM period_use WHERE guild_id = 1")
    assert sorted((row["user_id"], row["taken"]) for row in taken) == [(0, 2)] * 3 + [(7, 3)] * 3


async def test_a_hold_is_placed_once(desk: Desk) -> None:
    held = await hold(desk, 5, 4, 6)
    assert await desk.database.run(place_hold, held, desk.now)
    assert not await desk.database.run(place_hold, held, desk.now)
    assert await figures(desk) == (34, 10, 0, 0, 34)


async def test_of_many_endings_of_a_hold_the_first_one_counts(desk: Desk) -> None:
    await desk.database.run(place_hold, await hold(desk, 5, 4, 6), desk.now)
    run = desk.database.run
    assert await run(settle_hold, 5, 7, desk.now) == 7
    assert await run(settle_hold, 5, 9, desk.now) is None
    assert not await run(release_hold, 5, 9, "lost", desk.now)
    assert await figures(desk) == (37, 0, 7, 0, 37)
    await run(place_hold, await hold(desk, 6, 4, 6), desk.now)
    assert await run(release_hold, 6, 3, "lost", desk.now)
    assert not await run(release_hold, 6, 9, "lost", desk.now)
    assert await run(settle_hold, 6, 9, desk.now) is None
    assert await figures(desk) == (37, 0, 7, 3, 37)


async def test_only_a_released_hold_has_a_loss_to_correct(desk: Desk) -> None:
    run = desk.database.run
    for clip_id in (5, 6, 7):
        await run(place_hold, await hold(desk, clip_id, 4, 6), desk.now)
    await run(settle_hold, 5, 7, desk.now)
    await run(release_hold, 6, 10, "lost", desk.now)
    for clip_id in (5, 6, 7, 8):
        await run(book_house, clip_id, 3, desk.now)
    assert await desk.house() == 3


async def test_a_hold_that_was_never_placed_can_not_end(desk: Desk) -> None:
    assert await desk.database.run(settle_hold, 5, 7, desk.now) is None
    assert not await desk.database.run(release_hold, 5, 7, "lost", desk.now)
    assert await figures(desk) == (40, 0, 0, 0, 40)


@pytest.mark.parametrize("change", [{"grants": -41}, {"held": -1}, {"charged": -1}, {"pool": -1}])
async def test_no_counter_goes_below_zero(desk: Desk, change: dict[str, int]) -> None:
    entry = Entry(
        key="k",
        kind=EntryKind.TAKE,
        account=account(desk),
        grants=change.get("grants", 0),
        held=change.get("held", 0),
        charged=change.get("charged", 0),
        pool=change.get("pool", 0),
    )
    with pytest.raises(ConstraintBroken):
        await desk.database.run(write_entry, entry, desk.now)
    assert await figures(desk) == (40, 0, 0, 0, 40)
    assert await desk.value("SELECT COUNT(*) FROM entries WHERE key = 'k'") == 0
