"""Cards are drawn by one process at a time, and again whenever they have something new to say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs.catalogue import Effect, Model, Resolution
from jobs.ports import MessageKind
from jobs.quotas import Doing
from tests.storage.contract.desk import GUILD, LEASE, MINUTE, member, message

if TYPE_CHECKING:
    from jobs.model import Order
    from tests.storage.contract.desk import Desk


async def claim(desk: Desk, limit: int = 10) -> tuple[Order, ...]:
    return await desk.store.claim_cards(desk.now, desk.now + LEASE, limit)


async def drawn(desk: Desk) -> Order:
    """Place an order and post its card."""
    await desk.place(member())
    (order,) = await claim(desk)
    assert await desk.store.begin_card(order, desk.now)
    await desk.store.record_card(order, message(9), "queued", None, desk.now)
    return await desk.order(order.id)


async def test_a_new_order_wants_its_card_and_a_private_one_does_not(desk: Desk) -> None:
    shown = await desk.place(member())
    await desk.place(member(), private=True)
    assert [order.id for order in await claim(desk)] == [shown.order_id]


async def test_a_card_is_claimed_by_one_process_and_free_after_its_lease(desk: Desk) -> None:
    for _ in range(4):
        await desk.place(member())
    claims = await asyncio.gather(*(claim(desk, 2) for _ in range(4)))
    assert len({order.id for orders in claims for order in orders}) == 4
    assert sum(len(orders) for orders in claims) == 4
    assert await claim(desk) == ()
    desk.now += LEASE
    again = await claim(desk)
    assert [order.attempts for order in again] == [2] * 4


async def test_a_stale_claimant_can_not_draw(desk: Desk) -> None:
    await desk.place(member())
    (stale,) = await claim(desk)
    desk.now += LEASE
    (fresh,) = await claim(desk)
    assert not await desk.store.begin_card(stale, desk.now)
    assert not await desk.store.begin_notice(stale, desk.now, MessageKind.NOTICE)
    await desk.store.put_off_card(stale, desk.now)
    await desk.store.record_card(stale, None, "old news", None, desk.now)
    assert await claim(desk) == ()
    assert (await desk.order(fresh.id)).card_text == ""
    assert await desk.store.begin_card(fresh, desk.now)


async def test_a_card_that_is_up_is_recorded_whoever_posted_it_and_once(desk: Desk) -> None:
    await desk.place(member())
    (stale,) = await claim(desk)
    desk.now += LEASE
    (fresh,) = await claim(desk)
    await desk.store.record_card(stale, message(8), "queued", None, desk.now)
    await desk.store.record_card(fresh, message(9), "queued", None, desk.now)
    order = await desk.order(fresh.id)
    assert (order.card_channel_id, order.card_message_id) == (3, 8)
    assert not await desk.store.begin_card(fresh, desk.now)


async def test_the_first_try_of_a_card_is_committed_once(desk: Desk) -> None:
    await desk.place(member())
    (order,) = await claim(desk)
    assert await desk.store.begin_card(order, desk.now)
    await desk.store.put_off_card(order, desk.now + MINUTE)
    desk.now += MINUTE
    (order,) = await claim(desk)
    assert order.card_first_try_at == desk.now - MINUTE
    assert await desk.store.begin_card(order, desk.now)
    assert (await desk.order(order.id)).card_first_try_at == desk.now - MINUTE


async def test_a_drawn_card_rests_until_something_happens(desk: Desk) -> None:
    order = await drawn(desk)
    assert await claim(desk) == ()
    await desk.render()
    (order,) = await claim(desk)
    await desk.store.record_card(order, None, "rendering", None, desk.now)
    assert await claim(desk) == ()
    order = await desk.order(order.id)
    assert (order.card_text, order.card_edits, order.attempts) == ("rendering", 1, 0)


async def test_a_card_that_changes_by_itself_is_due_then(desk: Desk) -> None:
    order = await drawn(desk)
    await desk.render()
    (order,) = await claim(desk)
    await desk.store.record_card(order, None, "rendering", desk.now + MINUTE, desk.now)
    assert await claim(desk) == ()
    desk.now += MINUTE
    assert len(await claim(desk)) == 1


async def test_what_happens_while_a_card_is_drawn_is_drawn_next(desk: Desk) -> None:
    await desk.place(member())
    (order,) = await claim(desk)
    await desk.render()
    await desk.store.record_card(order, message(9), "queued", None, desk.now)
    (order,) = await claim(desk)
    assert [clip.state.value for clip in order.clips] == ["rendering"]


async def test_every_change_that_a_card_shows_makes_it_due(desk: Desk) -> None:
    order = await drawn(desk)

    async def redraw() -> None:
        (due,) = await claim(desk)
        await desk.store.record_card(due, None, "drawn", None, desk.now)

    await desk.render()
    await redraw()
    (clip,) = await desk.due("look")
    await desk.store.record_looks([desk.again(clip, overdue=True)], (), (), desk.now)
    await redraw()
    desk.now += MINUTE
    await desk.settle()
    await redraw()
    (clip,) = await desk.due("post")
    assert await desk.store.begin_post(clip, desk.now) is not None
    await desk.store.record_posted(clip, message(5), desk.now)
    await redraw()
    assert await desk.store.delete_clip(clip.id, desk.now)
    await redraw()
    second = await desk.place(member())
    await redraw()
    await desk.store.cancel_order(second.order_id, desk.now)
    await redraw()
    assert (await desk.order(order.id)).card_edits == 5


async def test_a_notice_is_tried_once_and_recorded_once(desk: Desk) -> None:
    ordered = await desk.place(member())
    await desk.store.cancel_order(ordered.order_id, desk.now)
    (order,) = await claim(desk)
    assert await desk.store.begin_notice(order, desk.now, MessageKind.NOTICE)
    await desk.store.record_notice(order, MessageKind.NOTICE, message(4))
    await desk.store.record_notice(order, MessageKind.NOTICE, message(5))
    assert not await desk.store.begin_notice(order, desk.now, MessageKind.NOTICE)
    order = await desk.order(order.id)
    assert (order.notice_message_id, order.notice_first_try_at) == (4, desk.now)


async def test_a_notice_with_nowhere_to_go_is_not_tried_again(desk: Desk) -> None:
    await desk.place(member())
    (order,) = await claim(desk)
    await desk.store.record_notice(order, MessageKind.NOTICE, None)
    assert not await desk.store.begin_notice(order, desk.now, MessageKind.NOTICE)


async def test_an_order_is_found_by_any_of_its_clips(desk: Desk) -> None:
    ordered = await desk.place(member(), clips=2)
    order = await desk.order(ordered.order_id)
    for clip in order.clips:
        assert await desk.store.order_of_clip(clip.id) == order


async def test_the_vendor_s_list_is_kept_as_it_was_read(desk: Desk) -> None:
    assert await desk.store.load_models() is None
    model = Model(
        value="m",
        label="Model M",
        resolutions=(Resolution(value="720p", label="HD", unit_credit="4"),),
        seconds=(5, 10),
        sound_multiplier="1.5",
        last_frame=True,
    )
    await desk.store.save_models((model, model), desk.now)
    await desk.store.save_models((model,), desk.now + 1)
    assert await desk.store.load_models() == ((model,), desk.now + 1)


async def test_the_vendor_s_effects_are_kept_beside_its_models(desk: Desk) -> None:
    assert await desk.store.load_effects() is None
    squish = Effect(code="squish_1", name="Squish", picture="https://v.invalid/s.png")
    await desk.store.save_effects((squish, squish), desk.now)
    await desk.store.save_effects((squish,), desk.now + 1)
    assert await desk.store.load_effects() == ((squish,), desk.now + 1)
    assert await desk.store.load_models() is None


async def test_totals_are_sums_over_everybody(desk: Desk) -> None:
    assert (await desk.store.totals(desk.now))["credits_today"] == 0
    await desk.ready(member(7), cost=12)
    await desk.place(member(8), clips=2)
    totals = await desk.store.totals(desk.now)
    assert totals == {
        "clips_ready": 1,
        "clips_queued": 2,
        "credits_held": 20,
        "credits_charged": 10,
        "credits_house": 2,
        "credits_today": 32,
    }


async def test_a_picture_is_served_while_its_send_is_open(desk: Desk) -> None:
    ordered = await desk.place(member(), pictures=2)
    first, second = await desk.send_out()
    for send in (first, second):
        assert await desk.store.picture_of(send.token, 1) == "1.png"
    assert await desk.store.picture_of(first.token, 2) is None
    assert await desk.store.picture_of("another", 0) is None
    await desk.store.finish_send(desk.made(first), desk.now)
    assert await desk.store.picture_of(first.token, 0) == "0.png"
    await desk.settle()
    assert await desk.store.picture_of(first.token, 0) is None
    assert await desk.states(ordered.order_id) == ["ready", "submitting"]


async def test_that_an_order_waits_is_recorded_beside_that_it_failed(desk: Desk) -> None:
    ordered = await desk.place(member(), private=True)
    await desk.store.pause(Doing(id=1, guild_id=GUILD, actor_id=9), desk.now)
    (order,) = await claim(desk)
    assert (order.id, order.paused) == (ordered.order_id, True)
    assert await desk.store.begin_notice(order, desk.now, MessageKind.PAUSE)
    await desk.store.record_notice(order, MessageKind.PAUSE, message(4))
    assert not await desk.store.begin_notice(order, desk.now, MessageKind.PAUSE)
    assert await desk.store.begin_notice(order, desk.now, MessageKind.NOTICE)
    order = await desk.order(order.id)
    assert (order.pause_message_id, order.pause_first_try_at) == (4, desk.now)
    assert order.notice_message_id is None
