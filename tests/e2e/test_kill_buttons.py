"""`kill -9` while a button is being pressed, then a start: nothing is done twice or by halves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint
from sandbox.watch import CALLBACK, CARD, CREATE, ERASE, FILE, RECEIPT, VENDOR_DELETE, Request, When
from tests.e2e.conftest import shared_studio
from tests.e2e.stage import PATIENCE_S, is_card, is_video, stored_videos

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sandbox.discord_api.answers import Answer
    from sandbox.studio import Studio
    from sandbox.watch import Watch
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALLOWANCE = 500
DEAR: dict[str, Any] = {"model": "AkoolImage2VideoHDV1", "resolution": "4k", "variations": 4}
"""Above the confirm price by the list (400 credits) and by what it really costs (80)."""

WHOLE = "Delete the whole order"
UNSEEN = "Delete it unseen"


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


@pytest.mark.parametrize(("clips", "button"), [(1, "Delete for good"), (2, WHOLE)])
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
async def test_a_bot_killed_over_a_deletion_leaves_nothing_of_it_behind(
    moment: tuple[Request, When], clips: int, button: str, scene: Scene
) -> None:
    before = stored_videos(scene.studio)
    await scene.animate(variations=clips)
    video, *_ = (await scene.ended(videos=clips)).videos
    asked = await scene.alice.press(video, "Delete")
    await scene.alice.answered(asked, lambda seen: seen.buttons)
    await press_and_kill(scene, (asked, button), moment)
    if is_up(asked, button):
        await scene.alice.press(asked, button)
    await gone(scene, before)
    kept = await scene.account()
    assert not any(map(is_video, scene.read()))
    assert (kept.wrong, kept.charged) == ((), scene.paid)


async def gone(scene: Scene, before: list[Path]) -> None:
    """Wait until neither the vendor nor the media store has anything of the scene's."""

    def look() -> bool | None:
        return True if not scene.made and stored_videos(scene.studio) == before else None

    await scene.watch.pulse.until(look, PATIENCE_S)


# --- Delete it unseen ---------------------------------------------------------------------------


async def too_late(scene: Scene) -> Answer:
    """Order two clips that render for ever; press Cancel while the paid request is out."""
    answers: list[Answer] = []

    async def cancel() -> None:
        card = await scene.alice.sees(
            lambda seen: is_card(seen) and seen.buttons, channel=scene.channel, seconds=PATIENCE_S
        )
        answers.append(await scene.alice.press(card, "Cancel"))
        await scene.alice.answered(answers[0], lambda seen: seen.buttons, seconds=PATIENCE_S)

    scene.studio.akool.faults.add(VendorFault.SLOW, Endpoint.BATCH, times=None)
    scene.watch.at(CREATE, When.WAITS, cancel)
    await scene.animate(variations=2)
    await scene.watch.sprung()
    await scene.alice.sees(
        lambda seen: is_card(seen) and "rendering" in seen.text,
        channel=scene.channel,
        seconds=PATIENCE_S,
    )
    return answers[0]


async def end_unseen(scene: Scene, before: list[Path], posted: int) -> None:
    """Let the clips come to their end; no message may be posted, and the books say what it cost.

    What the vendor takes for them is charged, as the answer says.
    """
    scene.studio.akool.let_finish()
    await gone(scene, before)
    kept = await scene.account()
    assert not any(map(is_video, [*scene.read(), *scene.alice.dms()]))
    assert scene.watch.asked(CARD) == posted
    assert (kept.wrong, kept.orders, kept.held) == ((), 1, 0)
    assert kept.charged == scene.paid > 0
    assert await scene.spendable() == ALLOWANCE - scene.paid


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
async def test_a_bot_killed_over_delete_it_unseen_never_posts_what_comes(
    moment: tuple[Request, When], scene: Scene
) -> None:
    before = stored_videos(scene.studio)
    offer = await too_late(scene)
    posted = scene.watch.asked(CARD)
    await press_and_kill(scene, (offer, UNSEEN), moment)
    if is_up(offer, UNSEEN):
        await scene.alice.press(offer, UNSEEN)
        said = await scene.alice.answered(offer, lambda seen: not seen.buttons, seconds=PATIENCE_S)
        assert said.text.startswith("2 clips will be deleted as soon as they are ready")
    await end_unseen(scene, before, posted)


@pytest.mark.parametrize(
    "moment",
    [
        (FILE, When.ARRIVES),
        (FILE, When.ANSWERED),
        (VENDOR_DELETE, When.ARRIVES),
        (VENDOR_DELETE, When.CARRIED_OUT),
    ],
    ids=lambda moment: f"{moment[0].name} {moment[1]}",
)
async def test_a_bot_killed_while_it_deletes_unseen_goes_on_with_it(
    moment: tuple[Request, When], scene: Scene
) -> None:
    before = stored_videos(scene.studio)
    offer = await too_late(scene)
    posted = scene.watch.asked(CARD)
    await scene.alice.press(offer, UNSEEN)
    await scene.alice.answered(offer, lambda seen: not seen.buttons, seconds=PATIENCE_S)
    scene.watch.at(*moment, scene.studio.bot.kill)
    scene.studio.akool.let_finish()
    await scene.watch.sprung()
    await scene.studio.start_bot()
    await end_unseen(scene, before, posted)
