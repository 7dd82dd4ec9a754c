"""Sound for a finished clip is one paid request that names the clip and sends no picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billing.prices import Endpoint
from jobs.errors import BadSource, SourceFault
from jobs.ports import InDoubt, MessageKind
from jobs.schedule import LIFETIME_MS
from jobs.states import FailReason

if TYPE_CHECKING:
    from jobs.model import Options
    from tests.jobs.engine.world import Bot, World


async def sound(world: World, bot: Bot) -> Options:
    """Deliver a clip, and return what is ordered to put sound on it."""
    source = await bot.get(await world.order(bot))
    await world.settle(bot)
    source = await bot.get(source.id)
    return bot.ordering.with_sound(source, source.clips[0], None)


async def test_the_request_names_the_clip_and_the_result_is_a_clip_of_its_own(
    world: World, bot: Bot
) -> None:
    options = await sound(world, bot)
    assert options.source is not None
    order_id = await world.order(bot, shape=lambda _: options)
    await world.settle(bot)
    request = world.vendor.requests[-1]
    assert (request.endpoint, request.source_id) == (
        Endpoint.SOUNDTRACK,
        options.source.vendor_id,
    )
    assert (request.image_link, request.webhook_link, request.sound) == ("", "", True)
    order = await bot.get(order_id)
    assert order.options == options
    assert await bot.states(order_id) == ["posted"]
    assert order.clips[0].vendor_id not in (None, options.source.vendor_id)
    assert world.courier.of(MessageKind.CARD)[-1].files == ()


async def test_a_lost_answer_is_not_sent_again_and_no_webhook_is_waited_for(
    world: World, bot: Bot
) -> None:
    options = await sound(world, bot)
    order_id = await world.order(bot, shape=lambda _: options)
    sent = len(world.vendor.requests)
    world.vendor.answers.append(InDoubt(note="the line broke"))
    await world.settle(bot)
    assert len(world.vendor.requests) == sent + 1
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.reason) == ("released", FailReason.IN_DOUBT)


async def test_an_order_for_a_clip_that_the_vendor_threw_away_is_refused(
    world: World, bot: Bot
) -> None:
    options = await sound(world, bot)
    world.clock.advance(LIFETIME_MS / 1000)
    with pytest.raises(BadSource) as refused:
        await world.order(bot, shape=lambda _: options)
    assert refused.value.fault is SourceFault.EXPIRED
