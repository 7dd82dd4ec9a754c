"""Presses that cross each other on their way to the bot's process: what is paid, is paid once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import PATIENCE_S, PROMPT, is_video, photo, stored_videos

if TYPE_CHECKING:
    from sandbox.discord_api.answers import Answer
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def right(scene: Scene, orders: int) -> None:
    """Check that so many orders stand in the books, each paid by one request."""
    kept = await scene.account()
    assert (kept.orders, kept.held, kept.wrong) == (orders, 0, ())
    assert kept.charged == scene.paid
    assert len({line.request for line in scene.bill}) == orders


async def test_five_presses_of_confirm_order_once(scene: Scene) -> None:
    offer = await scene.animate(variations=3)
    await scene.alice.answered(offer, lambda seen: seen.buttons)
    pressed = await asyncio.gather(*(scene.alice.press(offer, "Confirm") for _ in range(5)))
    await scene.ended(videos=3)
    await right(scene, 1)
    texts = [seen.text for seen in scene.read() if seen.private_to]
    assert len(pressed) == 5
    assert not any("went wrong" in text for text in texts)
    assert sum("ordered already" in text for text in texts) == 4


async def test_a_form_that_is_sent_in_five_times_orders_once(scene: Scene) -> None:
    opened = await scene.alice.slash("batch", channel=scene.channel)

    async def send_in() -> Answer:
        opened.record.modal_consumed = False
        return await scene.alice.submit(opened, {"Pictures": [photo()], "Prompt": PROMPT})

    answers = await asyncio.gather(*(send_in() for _ in range(5)))
    await scene.ended()
    told = [
        await scene.alice.answered(one, lambda seen: "you keep" in seen.text) for one in answers
    ]
    assert len({seen.text for seen in told}) == 1
    await right(scene, 1)


async def test_two_members_and_many_presses_of_again_and_delete(scene: Scene) -> None:
    before = stored_videos(scene.studio)
    await scene.animate()
    (video,) = (await scene.ended()).videos
    offers = await asyncio.gather(
        *(who.press(video, "Again") for who in (scene.alice, scene.bob) for _ in range(2))
    )
    for who, offer in zip((scene.alice, scene.alice, scene.bob, scene.bob), offers, strict=True):
        await who.answered(offer, lambda seen: seen.buttons)
    asked = await scene.alice.press(video, "Delete")
    await scene.alice.answered(asked, lambda seen: seen.buttons)
    await asyncio.gather(*(scene.alice.press(asked, "Delete for good") for _ in range(5)))
    await scene.watch.pulse.until(
        lambda: None if scene.made or stored_videos(scene.studio) != before else True, PATIENCE_S
    )
    assert not any(map(is_video, scene.read()))
    await right(scene, 1)
