"""The demo's story and its variants, as members read them, against bill and ledger."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint, Status
from sandbox.watch import CREATE, When
from tests.e2e.stage import PATIENCE_S, PROMPT, described, is_card, is_finished, is_video
from tests.openapi import needs_description

if TYPE_CHECKING:
    from sandbox.discord_api.seen import Seen
    from tests.e2e.conftest import Scene

    Options = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="module")


def card_texts(scene: Scene) -> list[str]:
    """Return every wording of the cards in the channel, oldest first."""
    here = f"/channels/{scene.studio.discord.world.channels[scene.channel].id}/messages"
    sent = [*scene.studio.discord.requests]
    bodies = [each.payload for each in sent if each.path.startswith(here)]
    texts = [str(body["content"]) for body in bodies if isinstance(body, dict)]
    return [text for text in texts if text.startswith("**Order #")]


async def test_the_story_of_the_demo_reads_as_it_should(scene: Scene) -> None:
    name = scene.alice.name
    slow = VendorFault.ODD_STATUS
    scene.studio.akool.faults.add(slow, Endpoint.RESULTS, times=None, value=int(Status.PROCESSING))
    scene.watch.at(
        CREATE,
        When.WAITS,
        lambda: scene.alice.sees(is_card, channel=scene.channel, seconds=PATIENCE_S),
    )
    await scene.animate(resolution="1080p")

    def renders(seen: Seen) -> bool:
        return is_card(seen) and "rendering" in seen.text

    await scene.alice.sees(renders, channel=scene.channel, seconds=PATIENCE_S)
    scene.studio.akool.faults.clear()
    ending = await scene.ended()
    (video,) = ending.videos
    (card,) = ending.cards
    states = [text.partition("> for ")[0] for text in card_texts(scene)]
    assert len(states) == 3
    assert ["queued" in states[0], "rendering" in states[1], "ready" in states[2]] == [True] * 3
    assert (card.mentions, video.mentions) == ((), (name,))
    assert video.files[0].content_type == "video/mp4"
    order = re.search(r"#(\w+)", card.text)
    assert order is not None
    lines = scene.studio.discord.transcript(scene.channel, viewer=name)
    assert lines[:7] == [
        f"{name} used /animate",
        "Muybridge: At most 30 credits, you keep 70. (only you can see this)",
        f"    Order {order[0]} · Akool Basic · 1080p · 5 s · 1 clip",
        f"Muybridge: Order {order[0]} for @{name}: 1 clip ready, 6 credits",
        f"Muybridge: @{name}, here is your clip.",
        f"    | {PROMPT}",
        f"    Akool Basic · 1080p · 5 s · 6 credits · {order[0]}",
    ]
    assert lines[7].startswith("    Your first clip! ")
    assert lines[8] == f"    muybridge-{order[1]}-1.mp4 (2.6 KiB)"
    assert lines[9].startswith("    [Again]")
    assert len(lines) == 10
    others = scene.studio.discord.transcript(scene.channel, viewer=scene.bob.name)
    assert others == lines[3:]
    assert await scene.spendable() == 94
    assert [(line.credits, line.endpoint) for line in scene.bill] == [(6, Endpoint.BATCH)]


async def test_a_second_order_is_quoted_what_the_first_one_cost(scene: Scene) -> None:
    await scene.animate()
    await scene.ended()
    answer = await scene.animate()
    receipt = await scene.alice.answered(answer)
    assert receipt.text.startswith("**4 credits**, you keep 92.")
    await scene.ended(videos=2)
    assert await scene.spendable() == 100 - scene.paid == 92


async def test_variations_are_one_request_and_a_message_each(scene: Scene) -> None:
    await scene.animate(variations=3)
    ending = await scene.ended(videos=3)
    assert len(ending.cards) == 1
    firsts = sorted(seen.text.splitlines()[0].partition(", ")[2] for seen in ending.videos)
    assert firsts == [f"here is clip {number} of 3." for number in (1, 2, 3)]
    assert sorted(seen.mentions for seen in ending.videos) == [(), (), (scene.alice.name,)]
    assert len({line.request for line in scene.bill}) == 1
    assert [clip.order.count for clip in scene.made] == [3, 3, 3]
    assert await scene.spendable() == 100 - scene.paid == 88


async def test_a_private_order_comes_by_direct_message_and_leaves_nothing_in_the_channel(
    scene: Scene,
) -> None:
    await scene.animate(private=True)
    video = await scene.alice.gets_dm(is_video, seconds=PATIENCE_S)
    assert video.text.startswith("Here is your private clip from <#")
    assert scene.read(scene.bob) == []
    assert [seen.private_to for seen in scene.read()] == [scene.alice.name]
    assert await scene.spendable() == 100 - scene.paid == 96


async def test_where_direct_messages_are_closed_a_private_order_is_kept_and_charged(
    scene: Scene,
) -> None:
    scene.alice.close_dms()
    await scene.animate(private=True)
    tries = scene.studio.discord.requests
    await scene.studio.discord.pulse.until(
        lambda: True if any(each.status == 403 for each in tries) else None, PATIENCE_S
    )
    assert scene.alice.dms() == []
    assert await scene.spendable() == 100 - scene.paid == 96


async def test_several_members_at_once_get_their_own_and_pay_their_own(scene: Scene) -> None:
    people = [scene.alice, scene.bob, *(scene.studio.discord.join(f"C{i}") for i in range(3))]
    await asyncio.gather(*(scene.animate(person) for person in people))
    ending = await scene.ended(videos=5)
    assert sorted(seen.mentions for seen in ending.videos) == sorted((one.name,) for one in people)
    assert [await scene.spendable(person) for person in people] == [96] * 5
    assert scene.paid == 20


async def test_nobody_is_pinged_by_what_a_member_writes(scene: Scene) -> None:
    prompt = f"@everyone look, <@{scene.bob.id}> and @here: **boom** https://example.org"
    await scene.animate(prompt=prompt)
    ending = await scene.ended()
    assert [seen.mentions for seen in scene.read() if seen.mentions] == [(scene.alice.name,)]
    assert scene.made[0].order.prompt == prompt
    (line,) = (one for one in scene.studio.discord.transcript(scene.channel) if "    | " in one)
    shown = line.replace("\u200b", "")
    assert (
        shown == f"    | @everyone look, <@{scene.bob.id}> and @here: **boom** https://example.org"
    )
    assert len(ending.videos) == 1


async def test_a_dear_order_waits_for_confirm_and_cancel_spends_nothing(scene: Scene) -> None:
    dear: Options = {"model": "AkoolImage2VideoHDV1", "resolution": "1080p"}
    offer = await scene.animate(**dear)
    seen = await scene.alice.answered(offer, lambda one: one.buttons)
    assert [button.label for button in seen.buttons] == ["Confirm", "Cancel"]
    assert "60 credits" in seen.text
    assert "Nothing is spent until you press **Confirm**." in seen.text
    await scene.alice.press(offer, "Cancel")
    await scene.alice.answered(offer, lambda one: "Nothing was spent" in one.text)
    assert (scene.bill, await scene.spendable()) == ([], 100)
    offer = await scene.animate(**dear)
    await scene.alice.answered(offer, lambda one: one.buttons)
    await asyncio.gather(*(scene.alice.press(offer, "Confirm") for _ in range(3)))
    ending = await scene.ended()
    assert len(ending.videos) == len({line.request for line in scene.bill}) == 1
    assert await scene.spendable() == 100 - scene.paid == 88


async def test_a_price_above_the_operators_limit_is_refused(scene: Scene) -> None:
    asked: Options = {
        "model": "MiniMax-Hailuo-2.3/image-to-video",
        "resolution": "1080P",
        "seconds": 10,
    }
    answer = await scene.animate(**asked)
    seen = await scene.alice.answered(answer)
    assert seen.text.startswith("One such clip would cost 200 credits, and 120 credits is the most")
    assert (scene.bill, await scene.spendable()) == ([], 100)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"model": "nope"}, r"There is no model called nope\. Choose one of: .*Akool Basic.*"),
        ({"resolution": "8k"}, r"This model does not offer 8k\. Choose one of: 720p, .*"),
        ({"seconds": 7}, r"This model makes no clips of 7 s\. Choose one of: 5, 10\."),
        ({"variations": 10}, r"10 variations are not on offer\. Ask for 1 to 4\."),
        ({"image": ("notes.png", b"Dear diary,")}, r"That file is not a picture\. .*"),
        ({"image": ("cup.jpg", b"")}, r"That file is empty\. .*"),
        ({"last_frame": ("end.jpg", b"\xff\xd8\xff")}, r"Akool Basic can't end on a picture\. .*"),
        (
            {"model": "AkoolImage2VideoHDV1", "resolution": "4k", "variations": 2},
            r"This costs 200 credits, and you can spend 100 credits\. .*",
        ),
    ],
    ids=["model", "resolution", "seconds", "variations", "text", "empty", "last frame", "money"],
)
async def test_what_is_refused_costs_nothing_and_says_what_to_do(
    options: Options, sentence: str, scene: Scene
) -> None:
    seen = await scene.alice.answered(await scene.animate(**options))
    assert re.fullmatch(sentence, seen.text)
    assert seen.private_to == scene.alice.name
    assert not seen.buttons
    assert scene.read(scene.bob) == []
    assert (scene.bill, await scene.spendable()) == ([], 100)


async def test_again_is_paid_by_whoever_presses_it_and_only_after_confirm(scene: Scene) -> None:
    await scene.animate()
    (video,) = (await scene.ended()).videos
    before = scene.paid
    again = await scene.bob.press(video, "Again")
    offer = await scene.bob.answered(again, lambda one: one.buttons)
    assert offer.private_to == scene.bob.name
    assert [button.label for button in offer.buttons] == ["Confirm", "Cancel"]
    assert scene.paid == before
    await scene.bob.press(again, "Confirm")
    ending = await scene.ended(videos=2)
    assert ending.videos[1].mentions == (scene.bob.name,)
    assert [await scene.spendable(one) for one in (scene.alice, scene.bob)] == [96, 96]
    assert len({line.request for line in scene.bill}) == 2


async def test_delete_asks_first_and_then_removes_message_file_and_the_vendors_copy(
    scene: Scene,
) -> None:
    await scene.animate()
    (video,) = (await scene.ended()).videos
    (clip,) = scene.made
    folder = scene.studio.folder / "media"
    files = set(folder.rglob("*.mp4"))
    stranger = await scene.bob.press(video, "Delete")
    refusal = await scene.bob.answered(stranger)
    assert refusal.text.startswith("Only the member who asked for it can do that.")
    asked = await scene.alice.press(video, "Delete")
    question = await scene.alice.answered(asked, lambda one: one.buttons)
    assert "what it cost (4 credits) stays spent" in question.text
    assert any(map(is_video, scene.read()))
    await scene.alice.press(asked, "Delete for good")
    store = scene.studio.akool.store.clips
    await scene.watch.pulse.until(lambda: None if clip.id in store else True, PATIENCE_S)
    assert not any(map(is_video, scene.read()))
    assert len(files - set(folder.rglob("*.mp4"))) == 1
    assert await scene.spendable() == 96


async def test_cancel_on_a_queued_card_gives_everything_back(scene: Scene) -> None:
    scene.studio.akool.faults.add(VendorFault.HTTP_ERROR, Endpoint.BATCH, times=None, value=429)
    await scene.animate()
    card = await scene.alice.sees(
        lambda seen: is_card(seen) and seen.buttons, channel=scene.channel, seconds=PATIENCE_S
    )
    done = None
    while done is None:  # a press while a request is under way is told that it comes too late
        await scene.alice.press(card, "Cancel")
        with suppress(TimeoutError):
            done = await scene.alice.sees(is_finished, channel=scene.channel, seconds=5)
    assert done.text.endswith("cancelled, and nothing was charged")
    assert (scene.bill, await scene.spendable()) == ([], 100)


@needs_description
async def test_every_request_so_far_is_as_discord_describes_it(scene: Scene) -> None:
    await scene.animate()
    await scene.ended()
    assert len(scene.studio.discord.requests) > 10
    assert described(scene.studio) == []
