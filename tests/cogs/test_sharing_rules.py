"""What a server forbids its members counts for Share too; what costs nothing goes on in a pause."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

from cogs import content_words, share_words
from jobs.governing import Setting
from jobs.model import Member
from jobs.ports import PostFailed, PostFault
from jobs.quotas import Doing
from tests.cogs.scenes import said
from tests.cogs.test_content import forbid
from tests.cogs.test_sharing import MoodyCourier, private_order, share, shared

if TYPE_CHECKING:
    from simcord import ChannelHandle

    from jobs.governing import Value
    from tests.cogs.scenes import Scene

CLICKS: Final = count(1)


def mona(scene: Scene) -> Doing:
    """Return a click of a moderator's."""
    return Doing(id=next(CLICKS), guild_id=scene.guild.id, actor_id=99)


async def ruled(scene: Scene, **values: Value) -> None:
    """Have a moderator set rules."""
    settings = {Setting(name): value for name, value in values.items()}
    await scene.bot.services.governing.change(mona(scene), settings)


def posted_in(channel: ChannelHandle) -> int:
    return len([one for one in channel.history() if one.attachments])


async def test_a_blocked_member_shares_nothing(scene: Scene) -> None:
    await private_order(scene)
    moderator = Member(guild_id=scene.guild.id, user_id=99)
    await scene.bot.services.moderation.block(moderator, scene.alice.id, "rude")
    assert said(await share(scene)) == content_words.MEMBER_BLOCKED()
    assert shared(scene) == []


@pytest.mark.parametrize("option", ["prompt", "avoid"])
async def test_a_word_that_was_blocked_since_is_not_shown_to_everybody(
    scene: Scene, option: str
) -> None:
    texts: dict[str, Any] = {option: "hot steam"}
    await private_order(scene, **texts)
    await forbid(scene, "steam")
    assert said(await share(scene)) == share_words.BLOCKED_WORDS()
    assert shared(scene) == []


async def test_a_channel_that_was_closed_to_the_bot_since_gets_nothing(scene: Scene) -> None:
    await private_order(scene)
    elsewhere = scene.guild.create_text_channel("bots-only")
    await ruled(scene, channels=frozenset({elsewhere.id}))
    assert said(await share(scene)) == share_words.NOT_HERE(channel=f"<#{scene.studio.id}>")
    assert shared(scene) == []


async def test_where_only_age_restricted_channels_count_another_gets_nothing(scene: Scene) -> None:
    await private_order(scene)
    await ruled(scene, age_only=1)
    assert said(await share(scene)) == share_words.AGE_ONLY(channel=f"<#{scene.studio.id}>")
    assert shared(scene) == []


async def test_it_goes_to_the_channel_for_results_where_there_is_one(scene: Scene) -> None:
    await private_order(scene)
    results = scene.guild.create_text_channel("results")
    await ruled(scene, result_channel=results.id)
    assert said(await share(scene)).startswith(f"Shared in <#{results.id}>")
    assert said(await share(scene)).startswith("It is shared already")
    assert shared(scene) == []
    assert posted_in(results) == 1


async def test_the_channel_for_results_has_to_take_it(scene: Scene) -> None:
    await private_order(scene)
    results = scene.guild.create_text_channel("results")
    await ruled(scene, result_channel=results.id)
    scene.forbid(results, attach_files=False)
    assert said(await share(scene)).startswith(f"I can't post in <#{results.id}>, because I lack")
    assert posted_in(results) == 0


async def test_in_a_pause_it_is_shared_because_it_costs_nothing(scene: Scene) -> None:
    await private_order(scene)
    await scene.bot.services.governing.pause(mona(scene))
    assert said(await share(scene)).startswith(f"Shared in <#{scene.studio.id}>")


# --- a try whose answer was lost, before the channel for results was chosen ---------------------


async def half_shared(scene: Scene, *, up: bool) -> ChannelHandle:
    """Lose the answer to a first try in the studio; then results go to another channel."""
    order = await private_order(scene)
    sharing, real = scene.bot.services.sharing, scene.courier
    # The simulated Discord has a clock of its own, from which it makes its ids.
    behind = int(scene.env.now().timestamp() * 1000) - scene.clock.now()
    scene.clock.advance(behind / 1000)
    moody = MoodyCourier(scene, PostFailed(PostFault.LATER, "a test"))
    sharing.courier = moody  # type: ignore[assignment]  # as much as is used
    await share(scene)
    sharing.courier = real
    if up:
        clip = order.clips[0]
        video = await scene.library.fitted(clip.file, 10_000)
        await real.post_shared(order, clip, video)
    results = scene.guild.create_text_channel("results")
    await ruled(scene, result_channel=results.id)
    return results


async def test_what_got_through_to_the_old_channel_is_not_posted_in_the_new_one(
    scene: Scene,
) -> None:
    results = await half_shared(scene, up=True)
    assert said(await share(scene)).startswith(f"Shared in <#{scene.studio.id}>")
    assert (len(shared(scene)), posted_in(results)) == (1, 0)


async def test_what_did_not_get_through_goes_to_the_new_channel_once_that_is_sure(
    scene: Scene,
) -> None:
    results = await half_shared(scene, up=False)
    assert said(await share(scene)) == share_words.LATER()
    scene.clock.advance(3600)
    assert said(await share(scene)).startswith(f"Shared in <#{results.id}>")
    assert (len(shared(scene)), posted_in(results)) == (0, 1)
