"""A private order comes by direct message alone; Share shows it to all, Edit orders it anew."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sandbox.watch import CALLBACK, CARD, RECEIPT, VENDOR_DELETE, Request, When
from tests.e2e.stage import PATIENCE_S, is_card, is_video

if TYPE_CHECKING:
    from sandbox.discord_api.seen import Seen
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def private_result(scene: Scene) -> Seen:
    """Order in private, and return the direct message that brings the video."""
    await scene.animate(private=True)
    return await scene.alice.gets_dm(is_video, seconds=PATIENCE_S)


def shared(scene: Scene) -> list[Seen]:
    """List the videos that everybody sees in the channel."""
    return [seen for seen in scene.read(scene.bob) if is_video(seen)]


async def test_a_private_result_is_shared_and_deleted_everywhere(scene: Scene) -> None:
    result = await private_result(scene)
    assert not any(is_card(seen) or is_video(seen) for seen in scene.read(scene.bob))
    pressed = await scene.alice.press(result, "Share")
    told = await scene.alice.answered(pressed, lambda seen: "Shared in" in seen.text)
    (message,) = shared(scene)
    assert str(message.id) in told.text
    assert message.mentions == ()
    assert message.files[0].data == result.files[0].data
    assert [button.label for button in message.buttons] == [
        "Again",
        "Edit",
        "Sound",
        "Delete",
        "Report",
    ]
    asked = await scene.alice.answered(await scene.alice.press(message, "Delete"))
    scene.watch.at(VENDOR_DELETE, When.ANSWERED, lambda: asyncio.sleep(0))
    await scene.alice.press(asked, "Delete for good")
    await scene.watch.sprung()
    assert shared(scene) == []
    assert [seen for seen in scene.alice.dms() if is_video(seen)] == []
    kept = await scene.account()
    assert (kept.wrong, kept.charged) == ((), scene.paid)


@pytest.mark.parametrize("when", [When.ARRIVES, When.CARRIED_OUT, When.ANSWERED])
async def test_a_bot_killed_over_it_shares_once_however_often_it_is_pressed(
    scene: Scene, when: When
) -> None:
    result = await private_result(scene)
    scene.watch.at(CARD, when, scene.studio.bot.kill)
    await scene.alice.press(result, "Share")
    await scene.watch.sprung()
    scene.studio.discord.skip(3600)
    await scene.studio.start_bot()
    pressed = await scene.alice.press(result, "Share")
    await scene.alice.answered(pressed, lambda seen: "hared" in seen.text, seconds=PATIENCE_S)
    (message,) = shared(scene)
    pressed = await scene.alice.press(result, "Share")
    told = await scene.alice.answered(pressed)
    assert told.text.startswith("It is shared already: [to the message](")
    assert str(message.id) in told.text
    assert shared(scene) == [message]


@pytest.mark.parametrize(
    "moment",
    [(CALLBACK, When.ANSWERED), (RECEIPT, When.ARRIVES), (RECEIPT, When.CARRIED_OUT)],
    ids=lambda moment: f"{moment[0].name} {moment[1]}",
)
async def test_an_edit_in_a_direct_message_outlives_a_kill_and_is_ordered_once(
    scene: Scene, moment: tuple[Request, When]
) -> None:
    result = await private_result(scene)
    form = await scene.alice.press(result, "Edit")
    scene.watch.at(*moment, scene.studio.bot.kill)
    sending = asyncio.create_task(scene.alice.submit(form, {"Prompt": "smoke drifts"}))
    await scene.watch.sprung()
    await scene.studio.start_bot()
    offer = await sending
    await scene.alice.answered(offer, lambda seen: seen.buttons, seconds=PATIENCE_S)
    assert (await scene.account()).orders == 1
    await scene.alice.press(offer, "Confirm")
    await scene.alice.gets_dm(
        lambda seen: is_video(seen) and "smoke drifts" in seen.text, seconds=PATIENCE_S
    )
    kept = await scene.account()
    assert (kept.orders, kept.wrong, kept.held, kept.charged) == (2, (), 0, scene.paid)
    assert not any(is_card(seen) or is_video(seen) for seen in scene.read(scene.bob))
