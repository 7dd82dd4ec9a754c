"""The audit is silent on right books, and names each thing that does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.stores import SendResult
from storage.audit import audit
from tests.storage.contract.desk import DAY, HOUR, Desk, member, message

if TYPE_CHECKING:
    from storage.database import Database


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Fill the books with something of everything; unlike elsewhere they may end up wrong."""
    desk = Desk(database)
    await desk.allow(45, "day")
    await desk.grant(member(), 200, expires_at=desk.now + DAY)
    await desk.ready(member(), clips=2, cost=12)
    lost = await desk.place(member())
    (send,) = await desk.send_out()
    await desk.store.finish_send(SendResult(send_id=send.id, doubtful=send.clip_ids), desk.now)
    late = desk.made(send).made[0][1]
    await desk.store.adopt(send.clip_ids, late, desk.now, desk.now)
    await desk.place(member(), clips=3)
    await desk.place(member(8))
    await desk.render()
    await desk.place(member(8), pictures=2)
    await desk.send_out(1)
    cancelled = await desk.place(member(8))
    await desk.store.cancel_order(cancelled.order_id, desk.now)
    assert (await desk.clip(lost.order_id)).free
    assert await desk.balanced()
    return desk


async def test_empty_books_are_right(database: Database) -> None:
    assert await audit(database) == []


@pytest.mark.parametrize(
    ("corruption", "found"),
    [
        ("UPDATE wallets SET held = held + 1 WHERE user_id = 8", "wallet 1/8: held stands at 31"),
        ("UPDATE wallets SET charged = charged + 1 WHERE user_id = 7", "charged stands at 21"),
        ("UPDATE wallets SET grants = grants - 1 WHERE user_id = 7", "wallet 1/7: grants stands"),
        ("DELETE FROM wallets WHERE user_id = 8", "wallet 1/8: held stands at 0"),
        ("UPDATE grants SET credits_left = credits_left - 1", "its holds or grants say"),
        ("UPDATE period_use SET taken = taken + 1 WHERE user_id = 7", "period 2026-11 of 1/7"),
        ("UPDATE period_use SET taken = taken + 1 WHERE guild_id = 0", "of 0/0"),
        ("DELETE FROM period_use WHERE user_id = 0 AND guild_id = 1", "period 2026-W47 of 1/0"),
        ("UPDATE counters SET value = value + 1 WHERE name = 'house'", "the house has 15 credits"),
        ("DELETE FROM counters WHERE name = 'house'", "the house has 0 credits"),
        ("UPDATE holds SET allowance = allowance + 1 WHERE state = 'held'", "parts that sum to"),
        ("UPDATE holds SET state = 'released' WHERE state = 'held'", "its hold is released"),
        ("UPDATE holds SET house = house + 1 WHERE house > 0", "books 11 credits on the house"),
        ("DELETE FROM entries WHERE kind = 'settle'", "0 settlements and 0 releases"),
        (
            """INSERT INTO entries SELECT key || ':again', at, 'release', guild_id, user_id, 0, 0,
                 0, 0, 0, 0, 0, day_key, week_key, month_key, house_day, clip_id, NULL, ''
               FROM entries WHERE kind = 'settle'""",
            "1 settlements and 1 releases",
        ),
        ("UPDATE clips SET charged = 11 WHERE charged = 10", "quoted 10, charged 11"),
        ("UPDATE clips SET charged = 3 WHERE free = 1", "charged 3, the ledger says 0"),
        ("UPDATE clips SET state = 'failed' WHERE state = 'ready'", "it is failed and its hold is"),
        ("UPDATE clips SET free = 0 WHERE free = 1", "rendering and its hold is released"),
        ("UPDATE clips SET quote = 9 WHERE state = 'queued'", "queued and its hold is held"),
        ("UPDATE clips SET due_at = NULL WHERE state = 'rendering'", "waits for nothing"),
        ("UPDATE clips SET step = NULL WHERE state = 'ready'", "waits for nothing (step none"),
        ("UPDATE clips SET state = 'unknown' WHERE state = 'submitting'", "unknown and waits"),
        ("UPDATE clips SET vendor_id = NULL WHERE state = 'rendering'", "waits for nothing"),
        ("UPDATE clips SET state = 'queued' WHERE state = 'submitting'", "submitting and its clip"),
        ("UPDATE sends SET state = 'sent' WHERE state = 'submitting'", "it is sent and its clip"),
        ("UPDATE sends SET state = 'ended' WHERE state = 'queued'", "it is ended and its clip"),
        ("UPDATE sends SET state = 'queued' WHERE state = 'submitting'", "queued and its clip"),
        (
            """UPDATE sends SET due_at = NULL WHERE state = 'queued';
               UPDATE orders SET card_due_at = NULL""",
            "it is queued, is never due",
        ),
        ("UPDATE orders SET clips = clips + 1", "it was sold as 3 clips and has 2"),
        (
            "DELETE FROM hold_grants; DELETE FROM holds WHERE state = 'held'",
            "its hold is missing",
        ),
    ],
)
async def test_each_fault_is_named(desk: Desk, corruption: str, found: str) -> None:
    for sql in corruption.split(";"):
        await desk.write(sql)
    sentences = await audit(desk.database)
    assert any(found in sentence for sentence in sentences), sentences


async def test_a_working_bot_s_books_stay_right_to_the_end(desk: Desk) -> None:
    desk.now += HOUR
    for send in await desk.store.claim_stale(desk.now, desk.now + HOUR, 10):
        await desk.store.finish_send(desk.made(send), desk.now)
    await desk.render()
    await desk.settle(cost=7)
    for number, clip in enumerate(await desk.due("post")):
        assert await desk.store.begin_post(clip, desk.now) is not None
        await desk.store.record_posted(clip, message(number), desk.now)
    assert await desk.balanced()
    assert (await desk.store.wallet(member(8), desk.now)).held == 0
