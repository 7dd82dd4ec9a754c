"""`kill -9` at any moment of the demo's story, then a start: one video and one charge, or none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sandbox.watch import (
    CALLBACK,
    CARD,
    CREATE,
    FILE,
    LAST_REDRAW,
    LINKS,
    LOOK,
    PICTURE,
    RECEIPT,
    REDRAW,
    RESULT,
    START,
    STORY,
    UPLOAD,
    Request,
    When,
)
from tests.e2e.stage import books, is_video, photo, picture

if TYPE_CHECKING:
    from sandbox.discord_api.answers import Answer
    from sandbox.people import File
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALLOWANCE = 100

KILLING = (When.ARRIVES, When.CARRIED_OUT, When.ANSWERED)
QUIET = {UPLOAD, PICTURE, REDRAW, LAST_REDRAW}
"""Of these it makes no difference whether the answer was read."""

MOMENTS = [
    (request, when) for request in STORY for when in (KILLING[:2] if request in QUIET else KILLING)
]

IN_DOUBT = {(CREATE, When.ARRIVES), (CREATE, When.CARRIED_OUT)}
"""Nobody can know what the vendor made of it, so it must not be sent again."""

CERTAIN = {
    (CALLBACK, When.CARRIED_OUT),
    *((request, when) for request in (UPLOAD, LOOK, FILE, RESULT, LAST_REDRAW) for when in KILLING),
}
"""No paid request is on its way then; at the other moments there may be one."""

CARRIED_BY_THE_CARD = [
    (UPLOAD, When.CARRIED_OUT),
    (CARD, When.ARRIVES),
    (CARD, When.CARRIED_OUT),
    (LINKS, When.ARRIVES),
    (LINKS, When.CARRIED_OUT),
]
"""Moments before the create, which waits for the card when only that can carry the picture."""

MILLISECONDS = (5, 25, 60, 120, 250, 400)


def named(moment: object) -> str:
    return moment.name if isinstance(moment, Request) else str(moment)


async def outcome(scene: Scene, answer: Answer) -> str:
    """Hold channel, ledger and the vendor's bill to one another; say what came of the order."""
    if answer.failed:  # the member saw it, and nothing may come of it
        left = await scene.spendable()
        kept = await scene.account()
        assert (left, kept.orders, scene.bill) == (ALLOWANCE, 0, [])
        return "nothing"
    ending = await scene.ended()
    left = await scene.spendable()
    kept = await scene.account()
    assert kept.wrong == ()
    assert kept.orders == 1
    assert kept.held == 0
    assert kept.charged == ALLOWANCE - left
    assert len({line.request for line in scene.bill}) <= 1
    assert len(ending.cards) <= 1
    if not ending.videos:
        assert [notice.mentions for notice in ending.notices] == [(scene.alice.name,)]
        assert (kept.clips, kept.charged) == (("released",), 0)
        return "told"
    assert (len(ending.videos), ending.notices) == (1, ())
    assert kept.clips == ("posted",)
    assert kept.charged == scene.paid > 0
    return "video"


async def killed_at(
    scene: Scene, request: Request, when: When, image: File | None = None
) -> Answer:
    """Let Alice ask, kill the bot at that moment, and start it again."""
    scene.watch.at(request, when, scene.studio.bot.kill)
    asking = asyncio.create_task(scene.animate(image=image or photo()))
    await scene.watch.sprung()
    await restart(scene)
    return await asking


async def restart(scene: Scene) -> None:
    """Start the bot again; whoever waits for an answer of the old one waits no longer."""
    scene.studio.discord.skip(3)
    await scene.studio.start_bot()


@pytest.mark.parametrize(("request_", "when"), MOMENTS, ids=named)
async def test_a_bot_killed_when_a_request(request_: Request, when: When, scene: Scene) -> None:
    came = await outcome(scene, await killed_at(scene, request_, when))
    if (request_, when) == (CALLBACK, When.ARRIVES):
        assert came == "nothing"
    elif (request_, when) in IN_DOUBT:
        assert came == "told"
    else:
        assert came in (("video",) if (request_, when) in CERTAIN else ("video", "told"))


@pytest.mark.parametrize(("request_", "when"), CARRIED_BY_THE_CARD, ids=named)
async def test_a_bot_killed_before_its_card_has_brought_the_picture_when_a_request(
    request_: Request, when: When, scene: Scene
) -> None:
    upload = "cup.webp", picture("WEBP")
    assert await outcome(scene, await killed_at(scene, request_, when, upload)) == "video"


@pytest.mark.parametrize("milliseconds", MILLISECONDS)
async def test_a_bot_killed_some_time_after_the_command(milliseconds: int, scene: Scene) -> None:
    asking = asyncio.create_task(scene.animate())
    await asyncio.sleep(milliseconds / 1000)
    await scene.studio.bot.kill()
    await restart(scene)
    assert await outcome(scene, await asking) in ("nothing", "video", "told")


async def test_a_bot_killed_at_every_step_in_turn_still_ends_with_one_video(scene: Scene) -> None:
    steps = (CALLBACK, UPLOAD, RECEIPT, CARD, REDRAW, LINKS, LOOK, FILE, RESULT)
    for step in steps:
        scene.watch.at(step, When.CARRIED_OUT, scene.studio.bot.kill)
    asking = asyncio.create_task(scene.animate(image=("cup.webp", picture("WEBP"))))
    ending = asyncio.create_task(scene.ended())
    kills = 0
    while not ending.done():
        killed = asyncio.create_task(scene.watch.sprung())
        await asyncio.wait({killed, ending}, return_when=asyncio.FIRST_COMPLETED)
        if killed.done():
            kills += 1
            await scene.studio.bot.start()  # the next kill may come before it is connected
        killed.cancel()
    await ending
    assert kills >= len(steps) - 1
    scene.watch.forget()
    await scene.studio.discord.ready()
    assert await outcome(scene, await asking) == "video"


async def test_a_bot_killed_at_every_request_of_its_start_takes_the_order_up_in_the_end(
    scene: Scene,
) -> None:
    scene.watch.at(LOOK, When.ARRIVES, scene.studio.bot.kill)
    asking = asyncio.create_task(scene.animate())
    await scene.watch.sprung()
    for request in START:
        scene.watch.at(request, When.ARRIVES, scene.studio.bot.kill)
        await scene.studio.bot.start()
        await scene.watch.sprung()
    await scene.studio.start_bot()
    assert await outcome(scene, await asking) == "video"


async def test_the_list_of_moments_has_every_request_of_the_story(scene: Scene) -> None:
    started = len(scene.watch.served)
    await scene.animate()
    await scene.ended()
    asked = scene.watch.served[started:]
    assert [line for line in asked if not any(each.fits(line) for each in STORY)] == []
    assert [each.name for each in STORY if not any(map(each.fits, asked))] == []


async def test_nothing_of_all_this_was_posted_or_paid_twice_afterwards(scene: Scene) -> None:
    await scene.animate()
    await scene.ended()
    kept = await books(scene.studio)
    world = scene.studio.discord.world
    shown = [filter(is_video, scene.alice.read(channel)) for channel in world.channels]
    videos = [len(list(found)) for found in shown]
    assert max(videos) == 1
    assert sum(videos) == kept.clips.count("posted")
    assert len({line.request for line in scene.studio.akool.bill}) <= kept.orders
