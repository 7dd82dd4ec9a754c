"""`kill -9` while a button is being pressed, then a start: nothing is done twice or by halves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from sandbox.watch import CALLBACK, ERASE, RECEIPT, VENDOR_DELETE, Request, When
from tests.e2e.conftest import shared_studio
from tests.e2e.stage import PATIENCE_S, is_video, stored_videos

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord_api.answers import Answer
    from sandbox.studio import Studio
    from sandbox.watch import Watch
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALLOWANCE = 500
DEAR: dict[str, Any] = {"model": "AkoolImage2VideoHDV1", "resolution": "4k", "variations": 4}
"""Above the confirm price by the list (400 credits) and by what it really costs (80)."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Studio, Watch]]:
    """Open one studio, where members may spend more."""
    folder = tmp_path_factory.mktemp("studio")
    async with shared_studio(folder, ALLOWANCE) as opened:
        yield opened


async def press_and_kill(
    scene: Scene, pressing: tuple[Answer, str], moment: tuple[Request, When]
) -> None:
    """Press a button, kill the bot at that moment, and start it again."""
    studio = scene.studio
    scene.watch.at(*moment, studio.bot.kill)
    answer, label = pressing
    pressed = asyncio.create_task(scene.alice.press(answer, label))
    await scene.watch.sprung()
    studio.discord.skip(3)
    await studio.start_bot()
    await pressed


def is_up(answer: Answer, label: str) -> bool:
    """Tell whether an answer still offers a button."""
    shown = answer.message.buttons if answer.message is not None else ()
    return label in [button.label for button in shown]


@pytest.mark.parametrize(
    "moment",
    [
        (CALLBACK, When.ARRIVES),
        (CALLBACK, When.CARRIED_OUT),
        (RECEIPT, When.ARRIVES),
        (RECEIPT, When.CARRIED_OUT),
    ],
    ids=lambda moment: f"{moment[0].name} {moment[1]}",
)
async def test_a_bot_killed_over_confirm_orders_once_however_often_it_is_pressed(
    moment: tuple[Request, When], scene: Scene
) -> None:
    offer = await scene.animate(**DEAR)
    await scene.alice.answered(offer, lambda seen: seen.buttons)
    await press_and_kill(scene, (offer, "Confirm"), moment)
    if is_up(offer, "Confirm"):
        await scene.alice.press(offer, "Confirm")
        await scene.alice.answered(offer, lambda seen: "Order #" in seen.text, seconds=PATIENCE_S)
    ending = await scene.ended(videos=4)
    left = await scene.spendable()
    kept = await scene.account()
    assert (kept.orders, kept.wrong, kept.held) == (1, (), 0)
    assert len({line.request for line in scene.bill}) <= 1
    assert (len(ending.videos), len(ending.notices)) in ((4, 0), (0, 1))
    assert ALLOWANCE - left == kept.charged == (scene.paid if ending.videos else 0)


@pytest.mark.parametrize(
    "moment",
    [
        (CALLBACK, When.ARRIVES),
        (CALLBACK, When.CARRIED_OUT),
        (RECEIPT, When.ARRIVES),
        (ERASE, When.ARRIVES),
        (ERASE, When.CARRIED_OUT),
        (VENDOR_DELETE, When.ARRIVES),
        (VENDOR_DELETE, When.CARRIED_OUT),
    ],
    ids=lambda moment: f"{moment[0].name} {moment[1]}",
)
async def test_a_bot_killed_over_a_deletion_leaves_nothing_of_the_clip_behind(
    moment: tuple[Request, When], scene: Scene
) -> None:
    before = stored_videos(scene.studio)
    await scene.animate()
    (video,) = (await scene.ended()).videos
    asked = await scene.alice.press(video, "Delete")
    await scene.alice.answered(asked, lambda seen: seen.buttons)
    deletions = scene.watch.asked(VENDOR_DELETE)
    await press_and_kill(scene, (asked, "Delete for good"), moment)
    wanted = deletions + (2 if moment[0] is VENDOR_DELETE else 1)
    if is_up(asked, "Delete for good"):
        await scene.alice.press(asked, "Delete for good")
    await scene.watch.pulse.until(
        lambda: True if scene.watch.asked(VENDOR_DELETE) == wanted else None, PATIENCE_S
    )
    kept = await scene.account()
    assert not any(map(is_video, scene.read()))
    assert scene.made == []
    assert stored_videos(scene.studio) == before
    assert (kept.wrong, kept.charged) == ((), scene.paid)
