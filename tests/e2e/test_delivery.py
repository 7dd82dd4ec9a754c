"""Replies that are lost, limits that change, and a connection that drops, on the way to a video."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint, Status
from sandbox.discord_api.faults import (
    Fault,
    FaultKind,
    lost_upload_reply,
    rate_limit,
    server_errors,
)
from sandbox.watch import FILE, LOOK, When
from tests.e2e.stage import PATIENCE_S, is_card, is_video

if TYPE_CHECKING:
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


def never_done(scene: Scene) -> None:
    """Have the vendor say that it renders, until the faults are cleared."""
    scene.studio.akool.faults.add(
        VendorFault.ODD_STATUS, Endpoint.RESULTS, times=None, value=int(Status.PROCESSING)
    )


async def health(scene: Scene) -> object:
    """Ask the bot how it is."""
    log = scene.studio.bot.log.read_text()
    address = re.findall(r"health and metrics are at (http://\S+)", log)[-1]
    async with aiohttp.ClientSession() as session, session.get(f"{address}/healthz") as answer:
        return await answer.json()


async def one_video(scene: Scene) -> None:
    """Let the order end, with exactly one video that was paid once."""
    ending = await scene.ended()
    assert len(ending.videos) == len(ending.cards) == 1
    assert len({line.request for line in scene.bill}) == 1
    assert await scene.spendable() == 100 - scene.paid == 96


async def test_an_interaction_that_is_delivered_twice_makes_one_order(scene: Scene) -> None:
    scene.studio.discord.faults.add(Fault(kind=FaultKind.INTERACTION_TWICE))
    await scene.animate()
    await one_video(scene)


async def test_an_interaction_that_discord_knows_no_more_makes_no_order(scene: Scene) -> None:
    scene.studio.discord.faults.add(
        Fault(
            kind=FaultKind.ERROR,
            path="/interactions/*/callback",
            status=404,
            code=10062,
            message="Unknown interaction",
        )
    )
    asking = asyncio.create_task(scene.animate())
    struck = scene.studio.discord.faults.struck
    before = len(struck)
    await scene.studio.discord.pulse.until(
        lambda: True if len(struck) > before else None, PATIENCE_S
    )
    scene.studio.discord.skip(3)
    assert (await asking).failed
    assert await scene.spendable() == 100
    assert (scene.bill, [seen for seen in scene.read() if is_card(seen)]) == ([], [])


async def test_a_lost_reply_to_the_acknowledgement_does_not_lose_the_order(scene: Scene) -> None:
    scene.studio.discord.faults.add(
        Fault(kind=FaultKind.LOST_REPLY, path="/interactions/*/callback")
    )
    await scene.animate()
    await one_video(scene)


@pytest.mark.parametrize("skip", [0, 1], ids=["card", "result"])
async def test_a_lost_reply_to_a_post_does_not_post_it_twice(skip: int, scene: Scene) -> None:
    scene.studio.discord.faults.add(replace(lost_upload_reply(), skip=skip))
    await scene.animate()
    await one_video(scene)


async def test_rate_limits_and_server_errors_are_waited_out(scene: Scene) -> None:
    posts, edits, answers = "/channels/*/messages", "/channels/*/messages/*", "/webhooks/*"
    scene.studio.discord.faults.add(
        *(rate_limit(path, retry_after=0.1) for path in (posts, edits, answers)),
        server_errors(1, path=posts),
        server_errors(1, path=answers),
        rate_limit(edits, retry_after=0.1),
    )
    await scene.animate()
    await one_video(scene)


async def test_a_lost_reply_to_the_create_is_never_sent_again_and_the_member_is_told(
    scene: Scene,
) -> None:
    scene.studio.akool.faults.add(VendorFault.DROP_AFTER, Endpoint.BATCH)
    await scene.animate()
    ending = await scene.ended()
    assert [notice.mentions for notice in ending.notices] == [(scene.alice.name,)]
    assert "nothing was charged" in ending.notices[0].text
    assert len({line.request for line in scene.bill}) == 1
    assert await scene.spendable() == 100
    told = await scene.studio.discord.person("Eadweard").gets_dm(seconds=PATIENCE_S)
    assert "The vendor's reply to a paid request" in told.text
    again = await scene.alice.press(ending.notices[0], "Again")
    offer = await scene.alice.answered(again, lambda one: one.buttons)
    assert offer.button("Confirm").custom_id


async def test_a_vendor_that_turns_a_create_away_for_now_is_asked_again(scene: Scene) -> None:
    scene.studio.akool.faults.add(VendorFault.HTTP_ERROR, Endpoint.BATCH, value=429)
    await scene.animate()
    await one_video(scene)


async def test_a_clip_that_fails_at_the_vendor_costs_nothing_and_the_member_is_told(
    scene: Scene,
) -> None:
    scene.studio.akool.faults.add(VendorFault.FAILS, Endpoint.BATCH)
    await scene.animate()
    ending = await scene.ended()
    assert (len(ending.videos), len(ending.notices)) == (0, 1)
    assert (scene.paid, await scene.spendable()) == (0, 100)


async def test_what_costs_more_than_the_quote_is_paid_by_the_house(scene: Scene) -> None:
    scene.studio.akool.faults.add(VendorFault.COSTS_MORE_LATER, Endpoint.BATCH, value=50)
    await scene.animate(seconds=10)
    ending = await scene.ended()
    assert len(ending.videos) == 1
    assert (scene.paid, await scene.spendable()) == (58, 60)


@pytest.mark.parametrize("how", ["op 7", "op 9, resumable", "cut"])
async def test_a_gateway_that_drops_is_resumed_and_what_was_pressed_meanwhile_arrives(
    how: str, scene: Scene
) -> None:
    gateway = scene.studio.discord.gateway
    before = gateway.resumes
    never_done(scene)
    await scene.animate()
    match how:
        case "op 7":
            gateway.ask_to_reconnect()
        case "cut":
            await gateway.drop()
        case _:
            gateway.invalidate(resumable=True)
    meanwhile = asyncio.create_task(scene.animate(scene.bob))
    await scene.studio.discord.pulse.until(
        lambda: True if gateway.resumes > before else None, PATIENCE_S
    )
    scene.studio.akool.faults.clear()
    await meanwhile
    ending = await scene.ended(videos=2)
    mentioned = sorted(seen.mentions for seen in ending.videos)
    assert mentioned == [(scene.alice.name,), (scene.bob.name,)]
    assert len({line.request for line in scene.bill}) == 2


async def test_a_session_that_is_gone_is_begun_anew(scene: Scene) -> None:
    gateway = scene.studio.discord.gateway
    before = gateway.identifies
    gateway.invalidate(resumable=False)
    await scene.studio.discord.pulse.until(
        lambda: True if gateway.identifies > before and gateway.connected else None, PATIENCE_S
    )
    await scene.animate()
    await one_video(scene)


async def test_a_gateway_that_is_down_for_long_and_forgets_the_session_loses_no_result(
    scene: Scene,
) -> None:
    """discord.py ended for good when a gateway hung up on a new connection before its HELLO."""
    discord, gateway = scene.studio.discord, scene.studio.discord.gateway
    before, refused = gateway.identifies, gateway.resumes_refused
    never_done(scene)
    await scene.animate()
    await scene.animate(scene.bob)
    await gateway.drop(resumable=False)
    await discord.pulse.until(
        lambda: True if gateway.resumes_refused > refused else None, PATIENCE_S
    )
    await gateway.shut()
    lost = asyncio.create_task(scene.animate())
    scene.studio.akool.faults.clear()
    await scene.alice.sees(is_video, channel=scene.channel, seconds=PATIENCE_S)
    assert len((await scene.ended(videos=2)).videos) == 2
    assert await health(scene) == {"ok": False, "database": True, "gateway": False}
    await discord.pulse.until(lambda: True if gateway.turned_away >= 2 else None, PATIENCE_S)
    gateway.open()
    await discord.pulse.until(
        lambda: True if gateway.identifies > before and gateway.connected else None, PATIENCE_S
    )
    assert (await lost).failed
    await scene.animate()
    assert len((await scene.ended(videos=3)).videos) == 3
    assert len({line.request for line in scene.bill}) == 3


async def test_a_video_that_takes_longer_than_the_members_token_lives_is_posted(
    scene: Scene,
) -> None:
    never_done(scene)
    await scene.animate()
    await scene.alice.sees(
        lambda seen: is_card(seen) and "rendering" in seen.text,
        channel=scene.channel,
        seconds=PATIENCE_S,
    )
    scene.studio.discord.skip(16 * 60)
    scene.studio.akool.faults.clear()
    await one_video(scene)


async def test_a_channel_that_is_closed_meanwhile_sends_the_video_to_the_member(
    scene: Scene,
) -> None:
    never_done(scene)
    await scene.animate()
    await scene.alice.sees(is_card, channel=scene.channel, seconds=PATIENCE_S)
    scene.studio.discord.world.forbid_bot(scene.channel, send_messages=False)
    scene.studio.akool.faults.clear()
    video = await scene.alice.gets_dm(is_video, seconds=PATIENCE_S)
    assert video.text.startswith("I could not post in <#")
    assert not any(map(is_video, scene.read()))


async def test_a_video_that_does_not_come_whole_is_fetched_again(scene: Scene) -> None:
    scene.studio.akool.faults.add(VendorFault.VIDEO_CUT, Endpoint.FILE)
    await scene.animate()
    await one_video(scene)
    assert scene.watch.asked(FILE) > 1


async def test_a_status_call_without_an_answer_is_made_again(scene: Scene) -> None:
    cut = asyncio.Event()

    async def note() -> None:
        cut.set()

    scene.watch.at(LOOK, When.ARRIVES, note)
    await scene.animate()
    await one_video(scene)
    assert cut.is_set()


async def test_a_lost_reply_to_the_receipt_does_not_say_that_something_went_wrong(
    scene: Scene,
) -> None:
    scene.studio.discord.faults.add(Fault(kind=FaultKind.LOST_REPLY, path="/webhooks/*"))
    answer = await scene.animate()
    await one_video(scene)
    assert "Order #" in answer.text
    assert FaultKind.LOST_REPLY in [fault.kind for fault in scene.studio.discord.faults.struck]
