"""Orders in threads go through the real process: a sleeping one wakes, a locked one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import PATIENCE_S, animate, ended, is_finished

if TYPE_CHECKING:
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


def a_thread(scene: Scene) -> str:
    """Open a thread in the scene's channel, and return its name."""
    name = f"takes-{scene.channel}"
    scene.studio.discord.world.add_thread(scene.channel, name)
    return name


@pytest.mark.parametrize("asleep", [False, True])
async def test_an_order_in_a_thread_has_card_and_video_there(scene: Scene, asleep: bool) -> None:
    thread = a_thread(scene)
    if asleep:
        scene.studio.discord.world.archive(thread)
    await animate(scene.alice, channel=thread)
    ending = await ended(scene.studio, scene.alice, channel=thread)
    assert (len(ending.videos), len(ending.cards)) == (1, 1)
    assert not any(seen.by_bot for seen in scene.read())


async def test_a_thread_that_falls_asleep_meanwhile_wakes_for_the_video(scene: Scene) -> None:
    thread = a_thread(scene)
    world = scene.studio.discord.world

    await animate(scene.alice, channel=thread)
    world.archive(thread)
    ending = await ended(scene.studio, scene.alice, channel=thread)
    assert len(ending.videos) == 1
    await scene.alice.sees(is_finished, channel=thread, seconds=PATIENCE_S)


async def test_a_locked_thread_is_refused_before_anything_is_spent(scene: Scene) -> None:
    thread = a_thread(scene)
    world = scene.studio.discord.world
    world.forbid_bot(scene.channel, manage_threads=False)
    stored = world.backend.get_channel(world.channel_named(thread).id)
    world.backend.edit_channel(stored.id, {}, thread_metadata={"locked": True})
    answer = await animate(scene.alice, channel=thread)
    told = await scene.alice.answered(answer)
    assert "I lack: Manage Threads (this thread is locked)." in told.text
    kept = await scene.account()
    assert (kept.orders, kept.held, scene.bill) == (0, 0, [])
