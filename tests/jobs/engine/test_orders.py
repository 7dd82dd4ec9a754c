"""From a confirmed order to its videos in the channel, when nothing goes wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.prices import Endpoint
from jobs.model import Member, Options, Track
from jobs.ports import MessageKind
from tests.jobs.engine.world import CHANNEL, MEMBER, PRICE

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World


async def test_a_clip_is_paid_once_charged_once_and_posted_once(world: World, bot: Bot) -> None:
    order_id = await world.order(bot)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    (message,) = world.courier.of(MessageKind.CLIP)
    assert (clip.state.value, clip.charged) == ("posted", PRICE)
    assert (clip.channel_id, clip.message_id) == (CHANNEL, message.ref.message_id)
    assert (message.clip_id, message.files) == (clip.id, (f"{clip.id}.mp4",))
    assert len(world.vendor.requests) == len(world.vendor.bill) == 1
    assert len(world.vendor.fetched) == 1
    assert await bot.house() == 0
    assert world.courier.told == []


async def test_a_request_says_what_was_asked_for(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, variations=3, last_frame=True)
    await bot.step("submit")
    (request,) = world.vendor.requests
    options = (await bot.get(order_id)).options
    assert options.last_frame is not None
    assert (request.image_link, request.last_image_link) == (
        options.pictures[0].link,
        options.last_frame.link,
    )
    assert (request.model, request.resolution, request.seconds) == ("m", "720p", 5)
    assert (request.prompt, request.count, request.sound) == ("walk", 3, False)
    assert request.webhook_link == ""


async def test_a_request_for_an_effect_names_it_and_the_own_track(world: World, bot: Bot) -> None:
    track = Track(key="song.mp3", link=world.link().replace("picture.png", "song.mp3"))

    def effect(options: Options) -> Options:
        return replace(
            options,
            endpoint=Endpoint.SINGLE,
            effect="squish_89244231312",
            effect_name="Squish",
            track=track,
            fast=True,
        )

    order_id = await world.order(bot, shape=effect)
    await bot.step("submit")
    (request,) = world.vendor.requests
    options = (await bot.get(order_id)).options
    assert (request.effect_code, request.fast) == ("squish_89244231312", True)
    assert (request.image_link, request.audio_link) == (options.pictures[0].link, track.link)
    assert request.last_image_link == ""


async def test_variations_are_one_request_and_each_is_a_message_of_its_own(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, variations=4)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"] * 4
    assert [request.count for request in world.vendor.requests] == [4]
    messages = world.courier.of(MessageKind.CLIP)
    assert {message.clip_id for message in messages} == {
        clip.id for clip in (await bot.get(order_id)).clips
    }
    assert [message.mention for message in messages] == [True, False, False, False]


async def test_each_picture_of_an_order_is_a_request_of_its_own(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, pictures=3)
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"] * 3
    links = [picture.link for picture in (await bot.get(order_id)).options.pictures]
    assert [request.image_link for request in world.vendor.requests] == links
    assert [request.count for request in world.vendor.requests] == [1, 1, 1]
    assert len(world.courier.of(MessageKind.CARD)) == 1


async def test_a_private_order_is_delivered_directly_and_has_no_card(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, private=True)
    await world.settle(bot)
    (message,) = world.courier.messages.values()
    assert (message.kind, message.direct) == (MessageKind.CLIP, True)
    assert message.ref.channel_id == MEMBER.user_id
    assert await bot.states(order_id) == ["posted"]


async def test_a_charge_below_the_quote_is_what_the_member_pays(world: World, bot: Bot) -> None:
    world.vendor.cost = PRICE - 4
    order_id = await world.order(bot)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == PRICE - 4
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100 - (PRICE - 4)
    assert await bot.house() == 0


async def test_a_charge_above_the_quote_is_the_houses_and_the_next_quote_knows_it(
    world: World, bot: Bot
) -> None:
    world.vendor.cost = PRICE + 5
    order_id = await world.order(bot)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == PRICE
    assert await bot.house() == 5
    (told,) = world.courier.told
    assert "5 credits more than its quote" in told
    second = await world.order(bot)
    assert (await bot.get(second)).quote.per_clip == PRICE + 5


async def test_the_charge_at_the_end_counts_and_not_the_one_in_the_first_answer(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await bot.engine.drain()
    (vendor_id,) = world.vendor.bill
    world.vendor.finish(vendor_id, cost=7)
    await world.settle(bot)
    assert (await bot.clip(order_id)).charged == 7


async def test_two_members_take_turns_in_the_line(world: World, bot: Bot) -> None:
    await world.order(bot, pictures=3)
    other = Member(guild_id=1, user_id=8)
    await world.order(bot, member=other)
    await bot.step("submit")
    line = await bot.rows(
        "SELECT o.user_id AS who FROM sends s JOIN orders o ON o.id = s.order_id ORDER BY s.turn"
    )
    assert [row["who"] for row in line] == [7, 8, 7, 7]
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.CLIP)) == 4
