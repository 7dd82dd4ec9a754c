"""A shared clip is up once, whoever dies when, and goes down with its clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.governing import Setting
from jobs.ports import MessageKind, PostFailed, PostFault
from jobs.quotas import Doing
from jobs.room_errors import CannotShare, ShareFault
from jobs.sharing import Sharing
from tests.jobs.engine.fuse import Fuse, Killed
from tests.jobs.engine.world import CHANNEL, MEMBER

if TYPE_CHECKING:
    from jobs.model import Clip
    from tests.jobs.engine.world import Bot, World

HOUR = 3600


def sharing_of(world: World, bot: Bot) -> Sharing:
    made = Sharing(bot.outside.store, world.library, world.clock)  # type: ignore[arg-type]  # fused
    made.courier = world.courier
    return made


async def private_clip(world: World, bot: Bot) -> Clip:
    """Bring a private clip to its owner's direct messages."""
    order_id = await world.order(bot, private=True)
    await bot.step("submit")
    world.vendor.finish_all()
    world.clock.advance(60)
    for name in ("look", "fetch", "post"):
        await bot.step(name)
    clip = await bot.clip(order_id)
    assert clip.message_id is not None
    return clip


async def test_it_is_posted_in_the_orders_channel_and_mentions_nobody(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)
    ref = await sharing_of(world, bot).share(clip.id)
    (message,) = world.courier.of(MessageKind.SHARE)
    assert (message.ref, message.direct, message.mention) == (ref, False, False)
    assert ref.channel_id == CHANNEL


@pytest.mark.parametrize("later", [1, HOUR], ids=["at once", "when the nonce is forgotten"])
@pytest.mark.parametrize("moment", ["begin_share", "share:after", "record_shared"])
async def test_a_process_that_dies_over_it_leaves_one_message_after_the_next_press(
    world: World, bot: Bot, moment: str, later: float
) -> None:
    clip = await private_clip(world, bot)
    dying = world.rewire(bot, Fuse(moment))
    with pytest.raises(Killed):
        await sharing_of(world, dying).share(clip.id)
    bot = await world.restart(dying)
    world.clock.advance(later)
    ref = await sharing_of(world, bot).share(clip.id)
    (message,) = world.courier.of(MessageKind.SHARE)
    assert message.ref == ref
    assert (await bot.clip(clip.order_id)).shared_message_id == ref.message_id


async def test_where_nobody_can_see_what_is_up_it_is_not_posted_again(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)
    world.courier.lost_replies = 1
    with pytest.raises(CannotShare) as lost:
        await sharing_of(world, bot).share(clip.id)
    assert lost.value.fault is ShareFault.LATER
    world.courier.blind.add(CHANNEL)
    world.clock.advance(HOUR)
    with pytest.raises(CannotShare) as unseen:
        await sharing_of(world, bot).share(clip.id)
    assert unseen.value.fault is ShareFault.UNSEEN
    assert len(world.courier.of(MessageKind.SHARE)) == 1


# --- Delete -----------------------------------------------------------------------------------


async def test_delete_takes_both_messages_down(world: World, bot: Bot) -> None:
    clip = await private_clip(world, bot)
    await sharing_of(world, bot).share(clip.id)
    await bot.ordering.delete(clip.id, MEMBER)
    await world.settle(bot)
    assert world.courier.messages == {}
    assert (await bot.clip(clip.order_id)).file == ""


async def test_delete_takes_a_message_down_that_no_process_lived_to_write_down(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)
    dying = world.rewire(bot, Fuse("share:after"))
    with pytest.raises(Killed):
        await sharing_of(world, dying).share(clip.id)
    bot = await world.restart(dying)
    await bot.ordering.delete(clip.id, MEMBER)
    await world.settle(bot)
    assert world.courier.messages == {}


async def test_a_clip_that_is_deleted_while_it_goes_up_is_taken_down_afterwards(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)

    async def delete_meanwhile() -> None:
        await bot.ordering.delete(clip.id, MEMBER)
        await bot.step("remove")

    world.courier.hooks["share:before"] = delete_meanwhile
    await sharing_of(world, bot).share(clip.id)
    await world.settle(bot)
    assert world.courier.messages == {}


async def test_a_shared_message_that_can_not_be_removed_now_is_removed_later(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)
    await sharing_of(world, bot).share(clip.id)
    await bot.ordering.delete(clip.id, MEMBER)
    world.courier.post_faults.extend([None, PostFailed(PostFault.LATER, "503")])
    await bot.step("remove")
    assert len(world.courier.of(MessageKind.SHARE)) == 1
    await world.settle(bot)
    assert world.courier.messages == {}


async def test_delete_looks_for_a_lost_message_in_the_channel_where_it_was_tried(
    world: World, bot: Bot
) -> None:
    clip = await private_clip(world, bot)
    results = CHANNEL + 1
    store = bot.outside.store
    governor = Doing(id=1, guild_id=MEMBER.guild_id, actor_id=9)
    await store.change_rule(governor, Setting.RESULT_CHANNEL, results, world.clock.now())  # type: ignore[attr-defined]  # the real one's
    dying = world.rewire(bot, Fuse("share:after"))
    with pytest.raises(Killed):
        await sharing_of(world, dying).share(clip.id)
    (lost,) = world.courier.of(MessageKind.SHARE)
    assert lost.ref.channel_id == results
    bot = await world.restart(dying)
    world.courier.blind.add(CHANNEL)
    await bot.ordering.delete(clip.id, MEMBER)
    await world.settle(bot)
    assert world.courier.messages == {}
