"""An effect goes to the single endpoint, its track by links like the pictures'."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billing.prices import Endpoint
from jobs.model import Track
from jobs.ports import MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.model import Options
    from tests.jobs.engine.world import Bot, World


def with_effect(world: World, *, link: str | None = None) -> Callable[[Options], Options]:
    """Return what makes a wish one for an effect with an own track."""
    (world.library.folder / "song.mp3").write_bytes(b"ID3 a song")
    track = Track(key="song.mp3", link=world.link() if link is None else link, bytes=10)

    def shape(options: Options) -> Options:
        return replace(
            options,
            endpoint=Endpoint.SINGLE,
            model="",
            prompt="",
            effect="squish_1",
            effect_name="Squish",
            track=track,
            fast=True,
        )

    return shape


async def test_the_vendor_gets_both_links_a_neutral_prompt_and_something_to_avoid(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, shape=with_effect(world))
    await world.settle(bot)
    (asked,) = world.vendor.requests
    options = (await bot.get(order_id)).options
    assert options.track is not None
    assert (asked.endpoint, asked.effect_code, asked.fast) == (Endpoint.SINGLE, "squish_1", True)
    assert (asked.image_link, asked.audio_link) == (options.pictures[0].link, options.track.link)
    assert asked.prompt
    assert asked.avoid
    assert await bot.states(order_id) == ["posted"]
    (card,) = world.courier.of(MessageKind.CARD)
    assert card.files == ()


async def test_a_track_whose_link_is_dead_hangs_on_the_card_behind_the_picture(
    world: World, bot: Bot
) -> None:
    order_id = await world.order(bot, shape=with_effect(world, link=""))
    await world.settle(bot)
    (card,) = world.courier.of(MessageKind.CARD)
    order = await bot.get(order_id)
    assert card.files == (order.options.pictures[0].key, "song.mp3")
    (asked,) = world.vendor.requests
    assert asked.image_link.startswith(f"https://cdn.invalid/{order.options.pictures[0].key}?ex=")
    assert asked.audio_link.startswith("https://cdn.invalid/song.mp3?ex=")


async def test_with_a_public_address_the_vendor_fetches_both_from_the_bot(
    world: World,
) -> None:
    world.public_url = "https://bot.example"
    bot = await world.boot()
    await world.order(bot, shape=with_effect(world))
    await bot.engine.drain()
    (asked,) = world.vendor.requests
    root, token, number = asked.image_link.rsplit("/", 2)
    assert (root, number) == ("https://bot.example/pictures", "0")
    assert asked.audio_link == f"{root}/{token}/1"
    assert await bot.store.picture_of(token, 1) == "song.mp3"
    await world.settle(bot)
    assert await bot.store.picture_of(token, 1) is None


async def test_a_charge_above_the_quote_is_told_with_what_follows_from_it(
    world: World, bot: Bot
) -> None:
    world.vendor.cost = 100
    order_id = await world.order(bot, shape=with_effect(world))
    await world.settle(bot)
    order = await bot.get(order_id)
    assert [clip.charged for clip in order.clips] == [20]
    assert await bot.ordering.asks_first(order.options)
    assert not await bot.ordering.asks_first(replace(order.options, fast=False))
    assert any("80 credits more than its quote" in told for told in world.courier.told)
