"""What the outcome of a paid request means for its clips, row by row of the table."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from jobs.ports import (
    AccountBlocked,
    InDoubt,
    Made,
    MadeClip,
    MessageKind,
    NothingMade,
    RequestRefused,
)
from jobs.states import FailReason
from jobs.stores import Cancelled
from tests.fakes import Accept
from tests.jobs.engine.world import MEMBER, PRICE

if TYPE_CHECKING:
    from jobs.ports import SubmitOutcome
    from tests.jobs.engine.world import Bot, World

HOUR = 3600


async def spendable(bot: Bot) -> int:
    return (await bot.ordering.wallet(MEMBER)).spendable


async def test_where_nothing_was_made_the_send_waits_and_goes_again(world: World, bot: Bot) -> None:
    world.vendor.answers.extend([NothingMade(note="no connection"), NothingMade(note="1005")])
    order_id = await world.order(bot, variations=2)
    await bot.engine.drain()
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.note) == ("queued", "no connection")
    assert await spendable(bot) == 100 - 2 * PRICE
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"] * 2
    assert len(world.vendor.requests) == 3
    assert len(world.vendor.bill) == 2
    assert world.courier.told == []


@pytest.mark.parametrize(
    "outcome",
    [NothingMade(note="429"), NothingMade(note="no connection"), AccountBlocked(note="1006")],
)
async def test_who_cancels_while_the_request_is_out_gets_it_back_when_nothing_was_made(
    world: World, bot: Bot, outcome: SubmitOutcome
) -> None:
    world.vendor.answers.append(outcome)
    order_id = await world.order(bot)

    async def cancel() -> None:
        done = await bot.ordering.cancel(order_id, MEMBER)
        assert done == Cancelled(ended=0, wished=1)

    world.vendor.hooks["submit:before"] = cancel
    await world.settle(bot)
    assert await bot.states(order_id) == ["cancelled"]
    assert (len(world.vendor.requests), world.vendor.bill) == (1, {})
    assert await spendable(bot) == 100
    assert world.courier.of(MessageKind.NOTICE) == []


async def test_who_cancels_while_the_request_is_out_pays_for_what_is_made(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)

    async def cancel() -> None:
        await bot.ordering.cancel(order_id, MEMBER)

    world.vendor.hooks["submit:before"] = cancel
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert await spendable(bot) == 100 - PRICE


async def test_the_vendor_says_how_long_to_wait(world: World, bot: Bot) -> None:
    world.vendor.answers.append(NothingMade(note="429", retry_after=90.0))
    await world.order(bot)
    await bot.engine.drain()
    world.clock.advance(89)
    await bot.engine.drain()
    assert len(world.vendor.requests) == 1
    world.clock.advance(1)
    await bot.engine.drain()
    assert len(world.vendor.requests) == 2


async def test_waits_grow_while_nothing_gets_through(world: World, bot: Bot) -> None:
    world.vendor.answers.extend([NothingMade(note="no connection")] * 30)
    order_id = await world.order(bot)
    times = []
    for _ in range(600):
        if await bot.step("submit"):
            times.append(world.clock.now())
        world.clock.advance(1)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == sorted(gaps)
    assert 1000 <= gaps[0] <= 3000
    assert gaps[-1] > 60_000
    assert await bot.states(order_id) == ["queued"]


async def test_a_refused_request_fails_and_is_never_sent_again(world: World, bot: Bot) -> None:
    world.vendor.answers.append(RequestRefused(note="no such picture"))
    order_id = await world.order(bot, variations=2)
    await world.settle(bot)
    for clip in (await bot.get(order_id)).clips:
        assert (clip.state.value, clip.reason) == ("failed", FailReason.REFUSED)
        assert (clip.note, clip.charged) == ("no such picture", None)
    assert len(world.vendor.requests) == 1
    assert await spendable(bot) == 100
    assert await bot.house() == 0
    assert len(world.courier.of(MessageKind.NOTICE)) == 1


async def test_a_list_may_make_some_and_refuse_others(world: World, bot: Bot) -> None:
    world.vendor.answers.append(Accept(refused=("moderation",)))
    order_id = await world.order(bot, variations=3)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted", "posted", "failed"]
    assert await spendable(bot) == 100 - 2 * PRICE
    assert world.courier.told == []
    assert world.courier.of(MessageKind.NOTICE) == []


async def test_a_clip_that_a_list_says_nothing_of_is_in_doubt(world: World, bot: Bot) -> None:
    world.vendor.answers.append(Accept(refused=("moderation",), fewer=1))
    order_id = await world.order(bot, variations=4)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted", "posted", "failed", "released"]
    assert await spendable(bot) == 100 - 2 * PRICE
    assert await bot.house() == PRICE
    (told,) = world.courier.told
    assert f"1 clip(s), up to {PRICE} credits" in told


async def test_an_empty_list_is_a_doubt_and_not_a_refusal(world: World, bot: Bot) -> None:
    world.vendor.answers.append(Made(clips=()))
    order_id = await world.order(bot, variations=2)
    await world.settle(bot)
    assert await bot.states(order_id) == ["released"] * 2
    assert len(world.vendor.requests) == 1
    assert await bot.house() == 2 * PRICE


async def test_ids_too_many_are_told_to_the_operator_who_paid_for_them(
    world: World, bot: Bot
) -> None:
    made = tuple(world.vendor.make(PRICE) for _ in range(3))
    world.vendor.answers.append(Made(clips=made))
    order_id = await world.order(bot, variations=2)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"] * 2
    (told,) = world.courier.told
    assert made[2].vendor_id in told
    assert "1 clip(s) more than order" in told
    assert f"at {PRICE} credits" in told


async def test_the_same_id_twice_in_a_list_is_one_clip(world: World, bot: Bot) -> None:
    made = world.vendor.make(PRICE)
    world.vendor.answers.append(Made(clips=(made, made)))
    order_id = await world.order(bot, variations=2)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted", "released"]
    (told,) = world.courier.told
    assert f"1 clip(s), up to {PRICE} credits" in told


async def test_a_lost_reply_is_released_at_once_and_never_sent_again(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    order_id = await world.order(bot, variations=2)
    await world.settle(bot)
    assert await bot.states(order_id) == ["released"] * 2
    assert len(world.vendor.requests) == 1
    assert await spendable(bot) == 100
    assert await bot.house() == sum(world.vendor.bill.values()) == 2 * PRICE
    assert len(world.courier.told) == 1
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert notice.order_id == order_id


async def test_with_webhooks_a_lost_reply_waits_an_hour(world: World) -> None:
    world.public_url, world.webhooks = "https://bot.invalid", True
    bot = await world.boot()
    world.vendor.answers.append(Accept(reply=InDoubt(note="reset")))
    order_id = await world.order(bot)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["unknown"]
    assert await spendable(bot) == 100 - PRICE
    world.clock.advance(HOUR - 1)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["unknown"]
    world.clock.advance(1)
    await bot.engine.drain()
    assert await bot.states(order_id) == ["released"]
    assert await spendable(bot) == 100
    assert len(world.vendor.requests) == 1


async def test_an_answer_without_a_cost_is_charged_by_what_the_result_says(
    world: World, bot: Bot
) -> None:
    made = world.vendor.make(PRICE)
    world.vendor.answers.append(Made(clips=(MadeClip(vendor_id=made.vendor_id, cost=None),)))
    order_id = await world.order(bot)
    await bot.engine.drain()
    world.vendor.finish(made.vendor_id, cost=8)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == 8


@pytest.mark.parametrize("cost", [0, 4])
async def test_a_clip_that_fails_at_the_vendor_is_released_and_its_charge_is_the_houses(
    world: World, bot: Bot, cost: int
) -> None:
    order_id = await world.order(bot, variations=2)
    await bot.engine.drain()
    first, _ = world.vendor.bill
    world.vendor.fail(first, cost=cost)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.reason) == ("failed", FailReason.RENDER_FAILED)
    assert (clip.note, clip.charged) == ("moderation", None)
    assert await bot.states(order_id) == ["failed", "posted"]
    assert await spendable(bot) == 100 - PRICE
    assert await bot.house() == cost
    assert [f"charge of {cost} credits" in told for told in world.courier.told] == (
        [True] if cost else []
    )


async def test_a_blocked_account_shuts_the_gate_for_all_and_is_told_once(
    world: World, bot: Bot
) -> None:
    world.vendor.answers.extend([AccountBlocked(note="no credits left")] * 4)
    for _ in range(4):
        await world.order(bot)
    await bot.engine.drain()
    assert await bot.gate_is_closed()
    assert [row["state"] for row in await bot.rows("SELECT state FROM sends")] == ["queued"] * 4
    (told,) = world.courier.told
    assert "paused" in told
    assert "no credits left" in told
    # Those that were claimed together had left together; nothing leaves after them.
    asked = len(world.vendor.requests)
    world.clock.advance(59)
    await bot.engine.drain()
    assert len(world.vendor.requests) == asked


async def test_one_send_probes_a_minute_and_a_yes_opens_the_gate(world: World, bot: Bot) -> None:
    world.vendor.answers.extend([AccountBlocked(note="no credits left")] * 3)
    orders = [await world.order(bot)]
    await bot.engine.drain()
    orders += [await world.order(bot) for _ in range(3)]
    for asked in (2, 3):
        world.clock.advance(60)
        await bot.engine.drain()
        assert len(world.vendor.requests) == asked
        assert len(world.courier.told) == 1
    world.clock.advance(60)
    await bot.engine.drain()
    assert not await bot.gate_is_closed()
    assert len(world.vendor.bill) == 4
    assert "goes on" in world.courier.told[1]
    await world.settle(bot)
    for order_id in orders:
        assert await bot.states(order_id) == ["posted"]
    assert len(world.courier.told) == 2


async def test_a_refusal_shows_that_the_account_works_again(world: World, bot: Bot) -> None:
    world.vendor.answers.extend([AccountBlocked(note="1006"), RequestRefused(note="no")])
    await world.order(bot)
    await world.settle(bot)
    assert not await bot.gate_is_closed()
    assert len(world.courier.told) == 2


@pytest.mark.parametrize(
    "answer", [NothingMade(note="no connection"), Accept(reply=InDoubt(note="reset"))]
)
async def test_a_probe_that_shows_nothing_leaves_the_gate_shut(
    world: World, bot: Bot, answer: NothingMade | Accept
) -> None:
    world.vendor.answers.extend([AccountBlocked(note="1006"), answer])
    await world.order(bot, pictures=3)
    bot.steps["submit"].slots = 1
    await bot.engine.drain()
    world.clock.advance(60)
    await bot.engine.drain()
    assert await bot.gate_is_closed()
    assert len(world.vendor.requests) == 2
    await world.settle(bot)
    assert not await bot.gate_is_closed()


async def test_the_gate_stays_shut_over_a_restart(world: World, bot: Bot) -> None:
    world.vendor.answers.append(AccountBlocked(note="1006"))
    await world.order(bot)
    await bot.engine.drain()
    bot = await world.restart(bot)
    await bot.engine.drain()
    assert len(world.vendor.requests) == 1
    assert len(world.courier.told) == 1
    await world.settle(bot)
    assert len(world.vendor.requests) == 2
