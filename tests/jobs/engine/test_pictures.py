"""The vendor gets a link that lives: our own, the upload's, or a fresh one from the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.errors import BadPicture, PictureFault
from jobs.ports import MessageKind, PostFailed, PostFault
from jobs.states import FailReason
from tests.jobs.engine.fuse import Fuse
from tests.jobs.engine.world import CHANNEL, MEMBER

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World

HOUR = 3600


async def test_a_converted_picture_hangs_on_the_card_and_its_fresh_link_is_used(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, converted=True, pictures=2, last_frame=True)
    await world.settle(bot)
    (card,) = world.courier.of(MessageKind.CARD)
    order = await bot.get(order_id)
    keys = [picture.key for picture in order.options.pictures]
    assert order.options.last_frame is not None
    assert card.files == (*keys, order.options.last_frame.key)
    asked = [(one.image_link, one.last_image_link) for one in world.vendor.requests]
    for key, (link, last) in zip(keys, asked, strict=True):
        assert link.startswith(f"https://cdn.invalid/{key}?ex=")
        assert last.startswith(f"https://cdn.invalid/{order.options.last_frame.key}?ex=")
    assert await bot.states(order_id) == ["posted"] * 2


async def test_a_file_above_the_upload_limit_is_refused_before_anything_is_held(
    world: World, bot: Bot
) -> None:
    """The card could not be posted with it, and the order was released after its credits went."""
    with pytest.raises(BadPicture) as refused:
        await world.order(bot, converted=True, pictures=2, upload_limit=len("picture 0") - 1)
    assert (refused.value.fault, refused.value.limit) == (PictureFault.TOO_HEAVY_FOR_CARD, 8)
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100
    await world.order(bot, converted=True, pictures=2, upload_limit=len("picture 0"))
    await world.order(bot, pictures=2, upload_limit=1)


async def test_what_is_too_much_for_one_message_goes_ahead_of_the_card(
    world: World, bot: Bot
) -> None:
    """Such orders were refused once; then each of their clips would be missing."""
    world.request_bytes = 2 * len("picture 0")
    bot = world.rewire(bot, Fuse())
    order_id = await world.order(bot, converted=True, pictures=5)
    await world.settle(bot)
    (card,) = world.courier.of(MessageKind.CARD)
    keys = [picture.key for picture in (await bot.get(order_id)).options.pictures]
    ahead = world.courier.ahead
    assert [one.files for one in ahead] == [tuple(keys[:2]), tuple(keys[2:4])]
    assert card.files == (keys[4],)
    said = [(one.parcel.first, one.parcel.last, one.parcel.total) for one in ahead]
    assert said == [(1, 2, 5), (3, 4, 5)]
    links = [request.image_link.partition("?")[0] for request in world.vendor.requests]
    assert links == [f"https://cdn.invalid/{key}" for key in keys]
    assert await bot.states(order_id) == ["posted"] * 5


async def test_a_file_that_went_ahead_and_was_deleted_ends_the_order(
    world: World, bot: Bot
) -> None:
    world.request_bytes = len("picture 0")
    bot = world.rewire(bot, Fuse())
    order_id = await world.order(bot, converted=True, pictures=2)
    await bot.step("draw")
    world.courier.links[world.courier.ahead[0].ref.message_id] = ()
    await world.settle(bot)
    assert (await bot.clip(order_id)).reason is FailReason.PICTURE_GONE
    assert world.vendor.requests == []
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_a_parcel_that_may_be_up_where_nobody_can_look_is_not_posted_again(
    world: World, bot: Bot
) -> None:
    world.request_bytes = len("picture 0")
    bot = world.rewire(bot, Fuse())
    order_id = await world.order(bot, converted=True, pictures=2)
    bot = await world.kill(bot, "parcel:after")
    world.courier.blind.add(CHANNEL)
    world.clock.advance(HOUR)
    await world.settle(bot)
    assert len(world.courier.ahead) == 1
    assert (await bot.clip(order_id)).reason is FailReason.PICTURE_GONE
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_nothing_is_sent_before_the_card_is_up(world: World, bot: Bot) -> None:
    await world.order(bot, converted=True)
    assert await bot.step("submit") == 0
    await bot.step("draw")
    assert await bot.step("submit") == 1


async def test_an_ordinary_picture_is_served_by_its_own_link_and_not_put_on_the_card(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await world.settle(bot)
    (card,) = world.courier.of(MessageKind.CARD)
    assert card.files == ()
    assert world.vendor.requests[0].image_link == (
        (await bot.get(order_id)).options.pictures[0].link
    )


@pytest.mark.parametrize("hours", [0, 1])
async def test_a_link_that_dies_within_hours_makes_the_card_serve_the_picture(
    world: World, bot: Bot, hours: int
) -> None:
    await world.order(bot, link=world.link(hours=hours))
    await world.settle(bot)
    assert len(world.courier.of(MessageKind.CARD)[0].files) == 1
    assert world.vendor.requests[0].image_link.startswith("https://cdn.invalid/")
    assert "picture.png" not in world.vendor.requests[0].image_link


async def test_a_link_that_died_in_the_line_ends_the_order_and_the_member_is_told(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot)
    await bot.step("draw")
    world.clock.advance(30 * HOUR)
    await world.settle(bot)
    clip = await bot.clip(order_id)
    assert (clip.state.value, clip.reason) == ("failed", FailReason.PICTURE_GONE)
    assert world.vendor.requests == []
    assert len(world.courier.of(MessageKind.NOTICE)) == 1
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_a_card_that_is_gone_ends_the_order_and_the_member_is_told(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, converted=True, pictures=2)
    await bot.step("draw")
    (card,) = world.courier.of(MessageKind.CARD)
    del world.courier.messages[card.ref.message_id]
    await world.settle(bot)
    order = await bot.get(order_id)
    assert {clip.reason for clip in order.clips} == {FailReason.PICTURE_GONE}
    assert world.vendor.requests == []
    assert len(world.courier.of(MessageKind.NOTICE)) == 1
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_a_card_that_lost_a_file_ends_the_order(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, converted=True, last_frame=True)
    await bot.step("draw")
    (card,) = world.courier.of(MessageKind.CARD)
    world.courier.links[card.ref.message_id] = (world.link(),)
    await world.settle(bot)
    assert (await bot.clip(order_id)).reason is FailReason.PICTURE_GONE


async def test_fresh_links_that_are_dead_already_are_not_used(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, converted=True)
    await bot.step("draw")
    (card,) = world.courier.of(MessageKind.CARD)
    world.courier.links[card.ref.message_id] = (world.link(hours=-1),)
    await world.settle(bot)
    assert (await bot.clip(order_id)).reason is FailReason.PICTURE_GONE
    assert world.vendor.requests == []


async def test_while_discord_is_down_the_send_waits_for_its_fresh_link(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, converted=True)
    await bot.step("draw")
    world.courier.post_faults.extend([PostFailed(PostFault.LATER, "503")] * 2)
    await bot.step("submit")
    assert await bot.states(order_id) == ["queued"]
    await world.settle(bot)
    assert await bot.states(order_id) == ["posted"]
    assert len(world.vendor.requests) == 1


async def test_a_channel_that_takes_no_card_ends_an_order_that_needs_it(
    world: World, bot: Bot
) -> None:
    world.courier.closed.add(CHANNEL)
    order_id = await world.order(bot, converted=True, pictures=2)
    await world.settle(bot)
    order = await bot.get(order_id)
    assert {clip.reason for clip in order.clips} == {FailReason.PICTURE_GONE}
    (notice,) = world.courier.of(MessageKind.NOTICE)
    assert notice.direct


async def test_a_picture_that_is_gone_from_the_store_ends_the_order(world: World, bot: Bot) -> None:
    order_id = await world.order(bot, converted=True)
    (picture,) = (await bot.get(order_id)).options.pictures
    path = world.library.picture_path(picture.key)
    assert path is not None
    path.unlink()
    await world.settle(bot)
    assert (await bot.clip(order_id)).reason is FailReason.PICTURE_GONE


async def test_with_a_public_address_the_vendor_fetches_from_us(world: World) -> None:
    world.public_url = "https://bot.invalid/"
    bot = await world.boot()
    order_id = await world.order(bot, converted=True, last_frame=True, link="")
    await world.settle(bot)
    (request,) = world.vendor.requests
    token = await bot.value("SELECT token FROM sends")
    assert request.image_link == f"https://bot.invalid/pictures/{token}/0"
    assert request.last_image_link == f"https://bot.invalid/pictures/{token}/1"
    assert request.webhook_link == ""
    assert world.courier.of(MessageKind.CARD)[0].files == ()
    assert await bot.states(order_id) == ["posted"]


async def test_the_path_of_a_picture_dies_with_its_send(world: World) -> None:
    world.public_url = "https://bot.invalid"
    bot = await world.boot()
    order_id = await world.order(bot)
    token = await bot.value("SELECT token FROM sends")
    (picture,) = (await bot.get(order_id)).options.pictures
    await bot.engine.drain()
    assert await bot.store.picture_of(token, 0) == picture.key
    assert await bot.store.picture_of(token, 1) is None
    assert await bot.store.picture_of("another", 0) is None
    await world.settle(bot)
    assert await bot.store.picture_of(token, 0) is None


async def test_webhooks_are_asked_for_with_the_sends_own_token(world: World) -> None:
    world.public_url, world.webhooks = "https://bot.invalid", True
    bot = await world.boot()
    await world.order(bot, pictures=2)
    await bot.step("submit")
    tokens = [row["token"] for row in await bot.rows("SELECT token FROM sends ORDER BY number")]
    assert [one.webhook_link for one in world.vendor.requests] == [
        f"https://bot.invalid/akool/{token}" for token in tokens
    ]


async def test_a_private_order_whose_picture_needs_a_card_is_refused(
    world: World, bot: Bot
) -> None:
    with pytest.raises(BadPicture) as caught:
        await world.order(bot, private=True, converted=True)
    assert caught.value.fault is PictureFault.NEEDS_CARD


async def test_a_private_order_whose_link_died_before_confirm_is_refused_and_not_stuck(
    world: World, bot: Bot
) -> None:
    draft = await world.draft(bot, private=True)
    world.clock.advance(23 * HOUR)
    with pytest.raises(BadPicture) as caught:
        await bot.ordering.confirm(draft.id, MEMBER)
    assert caught.value.fault is PictureFault.NEEDS_CARD
    assert (await bot.ordering.wallet(MEMBER)).spendable == 100


async def test_confirming_again_after_the_link_died_returns_the_order(
    world: World, bot: Bot
) -> None:
    draft = await world.draft(bot, private=True)
    ordered = await bot.ordering.confirm(draft.id, MEMBER)
    world.clock.advance(23 * HOUR)
    again = await bot.ordering.confirm(draft.id, MEMBER)
    assert (again.order_id, again.again) == (ordered.order_id, True)
    await world.settle(bot)
