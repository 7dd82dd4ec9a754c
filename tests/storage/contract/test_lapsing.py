"""Grants end in the books when their time is over, also those of members who do nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.exporting import Exporting
from jobs.lapsing import Lapse
from tests.fakes import FakeClock
from tests.storage.contract.desk import DAY, GUILD, HOUR, member

if TYPE_CHECKING:
    from pathlib import Path

    from tests.storage.contract.desk import Desk

ALICE, BOB = member(7), member(8)


async def lapse(desk: Desk, portion: int = 100) -> None:
    await Lapse(desk.store, FakeClock(), portion).perform(desk.now)


async def expired(desk: Desk) -> list[tuple[int, int, int]]:
    """Return whom each expiry was booked on, when, and how many credits it took."""
    rows = await desk.rows(
        "SELECT user_id, at, grants FROM entries WHERE kind = 'expire' ORDER BY at, user_id"
    )
    return [(row["user_id"], row["at"], row["grants"]) for row in rows]


async def test_a_grant_of_an_idle_member_ends_in_the_books_on_the_day_on_which_it_expired(
    desk: Desk, tmp_path: Path
) -> None:
    end = desk.now + DAY
    await desk.grant(ALICE, 50, expires_at=end)
    await desk.grant(ALICE, 5)
    desk.now += 40 * DAY
    await lapse(desk)
    assert await expired(desk) == [(7, end, -50)]
    (wallet,) = await desk.store.wallet_page(GUILD, 0, 10)
    assert wallet.granted == 5
    _, entries = await Exporting(desk.store, FakeClock(desk.now)).write(GUILD, 60, tmp_path)
    (line,) = [one for one in entries.read_text().splitlines() if ",expire," in one]
    assert line.startswith("2026-11-21T12:00:00.000+00:00,7,expire,-50,")


async def test_every_lapsed_grant_ends_once_a_few_wallets_at_a_time(desk: Desk) -> None:
    end = desk.now + HOUR
    for user in range(1, 8):
        await desk.grant(member(user), user, expires_at=end)
    await desk.grant(member(1, guild=GUILD + 1), 9, expires_at=end)
    await desk.grant(BOB, 8, expires_at=end + 1)
    desk.now = end
    await asyncio.gather(*(lapse(desk, portion=2) for _ in range(3)))
    await lapse(desk)
    assert sorted(await expired(desk)) == sorted(
        [(user, end, -user) for user in range(1, 8)] + [(1, end, -9)]
    )
    assert await desk.store.lapsed_wallets(desk.now, None, 10) == ()


async def test_what_is_given_back_after_a_grant_has_expired_is_not_credits_again(
    desk: Desk,
) -> None:
    await desk.allow(0, "month")
    end = desk.now + HOUR
    await desk.grant(ALICE, 30, expires_at=end)
    ordered = await desk.place(ALICE)
    desk.now = end + HOUR
    await desk.store.cancel_order(ordered.order_id, desk.now)
    (released,) = await desk.rows("SELECT grants, held FROM entries WHERE kind = 'release'")
    assert (released["grants"], released["held"]) == (0, -10)
    await lapse(desk)
    assert await expired(desk) == [(7, end, -20)]


async def test_an_order_and_the_engine_end_the_same_grant_once(desk: Desk) -> None:
    await desk.grant(ALICE, 30, expires_at=desk.now + HOUR)
    desk.now += HOUR
    await asyncio.gather(desk.place(ALICE), lapse(desk), lapse(desk))
    assert await expired(desk) == [(7, desk.now, -30)]
