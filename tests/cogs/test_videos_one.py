"""Members open one order with `/videos`: its clips, buttons and files, and whose it is."""

from __future__ import annotations

import pytest

from jobs.browsing import PAGE
from jobs.ids import code
from jobs.model import GuildRules
from jobs.ports import MessageRef
from jobs.schedule import LIFETIME_MS
from tests.cogs.looking_back import (
    VIDEO,
    coded,
    codes,
    delivered,
    failed,
    listed,
    many,
    moderator,
    reread,
    shown,
    stored,
    videos,
)
from tests.cogs.scenes import Scene, labels, reply, said


@pytest.fixture
def rules() -> GuildRules:
    """Let a member order a lot."""
    return GuildRules(allowance_credits=5000, clips_at_once=200, confirm_price=500)


# --- one order --------------------------------------------------------------------------------


async def test_an_order_is_opened_from_the_list_and_left_again(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(avoid="blur"))
    result = await videos(scene)
    answer = reply(result)
    await scene.alice.select(answer, [str(order.id)], custom_id=shown(answer).pick("videos-order"))
    found = shown(answer)
    assert (
        "> steam rises\n-# Seedance 1.0 Pro · 720p · 5 s · 1 clip\n-# avoiding: blur" in found.text
    )
    link = f"https://discord.com/channels/{scene.guild.id}/{scene.studio.id}/{order.clips[0].id}"
    assert f"**Clip 1** · posted · 10 credits · [to its message]({link})" in found.text
    assert {"Get the video", "Again", "Delete", "All orders"} <= set(found.buttons)
    assert len(found.stills) == 1
    await scene.alice.click(answer, label="All orders")
    assert codes(shown(answer)) == coded([order])


async def test_a_kept_clip_comes_back_as_a_private_file_with_live_buttons(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(), kept=True)
    result = await videos(scene, order=code(order.id))
    assert (
        "**Clip 1** · kept for you, because it could not be posted · 10 credits"
        in shown(reply(result)).text
    )
    (file,) = result.followups
    assert file.ephemeral
    assert file.content.splitlines()[0] == f"The clip of order #{code(order.id)}."
    (attached,) = file.attachments
    assert attached.filename == f"muybridge-{code(order.id)}-1.mp4"
    assert await attached.read() == VIDEO
    assert {"Again", "Delete"} <= set(labels(file))
    offered = await scene.alice.click(file, label="Again")
    assert labels(reply(offered)) == ["Confirm", "Cancel"]


async def test_a_private_clip_waits_where_the_receipt_says_when_messages_are_closed(
    scene: Scene,
) -> None:
    asked = await scene.animate(private=True)
    assert "If your direct messages are closed, it waits for you in `/videos`." in said(asked)
    (glimpse,) = await scene.bot.services.browsing.suggest(scene.guild.id, scene.alice.id, "", 5)
    order = await delivered(scene, await scene.ordering.order(glimpse.id), kept=True)
    result = await videos(scene, order=code(order.id))
    assert [await one.read() for file in result.followups for one in file.attachments] == [VIDEO]
    assert all(file.ephemeral for file in result.followups)
    assert scene.studio.last_message is None


async def test_a_kept_clip_comes_back_when_its_order_is_opened_from_the_list(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(), kept=True)
    answer = reply(await videos(scene))
    opened = await scene.alice.select(
        answer, [str(order.id)], custom_id=shown(answer).pick("videos-order")
    )
    (file,) = opened.followups
    assert file.ephemeral
    assert [one.filename for one in file.attachments] == [f"muybridge-{code(order.id)}-1.mp4"]


async def test_a_posted_clip_is_not_sent_again_unless_asked_for(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    result = await videos(scene, order=f"#{code(order.id).upper()}")
    assert result.followups == []
    file = await scene.alice.click(reply(result), label="Get the video")
    assert [one.filename for one in reply(file).attachments] == [
        f"muybridge-{code(order.id)}-1.mp4"
    ]


async def test_a_clip_of_several_is_chosen_first(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(variations=3), kept=True)
    result = await videos(scene, order=code(order.id))
    answer = reply(result)
    assert result.followups == []
    assert shown(answer).options("videos-clip") == [
        "Clip 1 of 3",
        "Clip 2 of 3",
        "Clip 3 of 3",
    ]
    assert list(shown(answer).buttons) == ["Again", "All orders"]
    await scene.alice.select(
        answer, [str(order.clips[1].id)], custom_id=shown(answer).pick("videos-clip")
    )
    found = shown(answer)
    assert "**Clip 2**" in found.text
    assert "**Clip 1**" not in found.text
    brought = await scene.alice.click(answer, label="Get the video")
    assert said(brought).startswith(f"Clip 2 of 3 of order #{code(order.id)}.")


async def test_ten_clips_with_their_stills_fit_a_message(scene: Scene) -> None:
    asked = await scene.ordered(prompt="*a" * 1000, avoid="_" * 500, variations=10)
    order = await delivered(scene, asked)
    found = await listed(scene, order=code(order.id))
    assert len(found.stills) == 10


async def test_a_file_above_the_limit_is_made_smaller_and_says_so(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(), kept=True)
    with (scene.library.folder / order.clips[0].file).open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    result = await videos(scene, order=code(order.id))
    assert "Made smaller (360p) to fit the upload limit here." in result.followups[0].content


async def test_without_a_file_that_fits_the_vendors_link_comes_with_its_end(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(), kept=True)
    (scene.library.folder / order.clips[0].file).unlink()
    result = await videos(scene, order=code(order.id))
    text = result.followups[0].content
    assert f"(https://v.invalid/{order.clips[0].id})" in text
    end = ((order.clips[0].submitted_at or 0) + LIFETIME_MS) // 1000
    assert f"<t:{end}:f>" in text
    scene.clock.advance(LIFETIME_MS / 1000)
    later = await videos(scene, order=code(order.id))
    assert "v.invalid" not in later.followups[0].content
    assert "Press **Again** to make it once more." in later.followups[0].content


async def test_a_failed_order_says_why_and_offers_itself_again(scene: Scene) -> None:
    order = await failed(scene, await scene.ordered())
    found = await listed(scene, order=code(order.id))
    assert "The video service could not render it (“moderation”)." in found.text
    assert "**Clip 1**" not in found.text
    assert list(found.buttons) == ["Again", "All orders"]


async def test_a_queued_order_can_be_cancelled_from_here(scene: Scene) -> None:
    order = await scene.ordered()
    result = await videos(scene, order=code(order.id))
    cancelled = await scene.alice.click(reply(result), label="Cancel")
    assert said(cancelled) == "Cancelled: 1 clip. The credits are yours again."


async def test_delete_asks_first_and_works_when_the_message_is_gone(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    result = await videos(scene, order=code(order.id))
    asked = await scene.alice.click(reply(result), label="Delete")
    assert said(asked).startswith("Delete this clip for everybody?")
    await scene.alice.click(reply(asked), label="Delete for good")
    assert (await reread(scene, order)).clips[0].deleted
    assert codes(await listed(scene)) == []
    gone = await videos(scene, order=code(order.id))
    assert said(gone) == f"Order #{code(order.id)} was deleted. Use `/videos` to see the others."


async def test_an_order_of_which_one_clip_is_deleted_says_so(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(variations=2))
    await scene.ordering.delete(order.clips[0].id, order.member)
    found = await listed(scene, order=code(order.id))
    assert "1 of 2 clips ready · 20 credits; 1 deleted" in found.text
    assert "**Clip 1** · deleted" in found.text
    assert found.options("videos-clip") == ["Clip 2 of 2"]


# --- whose ------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["zzzz", "not a code", "#", "9" * 90])
async def test_an_unknown_code_gets_a_sentence(scene: Scene, typed: str) -> None:
    result = await videos(scene, order=typed)
    assert said(result).startswith("There is no order #")
    assert said(result).endswith("Choose one from the list of `/videos`.")


async def test_somebody_elses_order_is_not_shown(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered(), kept=True)
    result = await videos(scene, scene.bob, order=code(order.id))
    assert said(result).startswith("That order is somebody else's.")
    assert result.followups == []
    assert codes(await listed(scene, scene.bob)) == []


async def test_only_moderators_can_name_another_member(scene: Scene) -> None:
    order = await delivered(scene, await scene.ordered())
    refused = await videos(scene, scene.bob, member=scene.alice)
    assert said(refused).startswith("Only moderators (Manage Server) can look")
    mona = moderator(scene)
    found = await listed(scene, mona, member=scene.alice)
    assert found.texts[0].startswith(f"## Orders of <@{scene.alice.id}>")
    assert codes(found) == coded([order])


async def test_a_private_orders_way_into_direct_messages_is_for_its_owner_alone(
    scene: Scene,
) -> None:
    order = await scene.ordered()
    await stored(scene)
    now = scene.clock.now()
    (clip,) = await scene.store.claim_clips("post", now, now + 1000, 1)
    await scene.store.begin_post(clip, now)
    await scene.store.record_posted(clip, MessageRef(channel_id=77, message_id=5), now)
    own = await listed(scene, order=code(order.id))
    assert "[to its message](https://discord.com/channels/@me/77/5)" in own.text
    seen = await listed(scene, moderator(scene), order=code(order.id))
    assert "**Clip 1** · posted · 10 credits" in seen.text
    assert "channels/@me" not in seen.text


async def test_who_is_no_moderator_any_more_can_not_turn_the_page(scene: Scene) -> None:
    await many(scene, PAGE + 1)
    mona = moderator(scene)
    result = await videos(scene, mona, member=scene.alice)
    scene.env.backend.remove_member_role(scene.guild.id, mona.id, scene.guild.roles["Crew"].id)
    refused = await mona.click(reply(result), label="Older")
    assert refused.followups[0].content.startswith("Only moderators (Manage Server) can look")


async def test_an_order_of_another_server_is_unknown_here(scene: Scene) -> None:
    order = await scene.ordered()
    elsewhere = scene.env.create_guild("Elsewhere")
    hall = elsewhere.create_text_channel("hall")
    there = elsewhere.add_member(scene.alice.user)
    result = await there.slash(hall, "videos", order=code(order.id))
    assert said(result).startswith(f"There is no order #{code(order.id)} here.")
    assert codes(shown(reply(await there.slash(hall, "videos")))) == []
