"""`kill -9` after a form was acknowledged, then a start: it becomes exactly one order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sandbox.watch import CALLBACK, RECEIPT, UPLOAD, Request, When
from tests.e2e.stage import PROMPT, photo

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.discord_api.answers import Answer
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def batch(scene: Scene) -> tuple[Answer, dict[str, object]]:
    """Open the form of /batch, and say what is filled in."""
    opened = await scene.alice.slash("batch", channel=scene.channel)
    return opened, {"Pictures": [photo()], "Prompt": PROMPT}


async def menu(scene: Scene) -> tuple[Answer, dict[str, object]]:
    """Open the form of a message's menu, and say what is filled in."""
    message = scene.bob.say("look", photo(), channel=scene.channel)
    opened = await scene.alice.menu("Animate", message, channel=scene.channel)
    return opened, {"Prompt": PROMPT}


@pytest.mark.parametrize("form", [batch, menu])
@pytest.mark.parametrize(
    "moment",
    [(CALLBACK, When.ANSWERED), (UPLOAD, When.ARRIVES), (RECEIPT, When.ARRIVES)],
    ids=lambda moment: f"{moment[0].name} {moment[1]}",
)
async def test_a_form_that_was_acknowledged_becomes_one_order(
    scene: Scene,
    moment: tuple[Request, When],
    form: Callable[[Scene], Awaitable[tuple[Answer, dict[str, object]]]],
) -> None:
    opened, filled = await form(scene)
    scene.watch.at(*moment, scene.studio.bot.kill)
    sending = asyncio.create_task(scene.alice.submit(opened, filled))
    await scene.watch.sprung()
    await scene.studio.start_bot()
    await sending
    ending = await scene.ended()
    kept = await scene.account()
    assert (kept.orders, kept.held, kept.wrong) == (1, 0, ())
    # Killed over the paid request itself it is in doubt: then nothing is charged, and that is said.
    assert (len(ending.videos), len(ending.notices)) in {(1, 0), (0, 1)}
    assert len(scene.bill) <= 1
    assert kept.charged == (scene.paid if ending.videos else 0)
