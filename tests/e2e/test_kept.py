"""A clip with nowhere to go is kept, and `/videos` brings it back to its owner alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bench.crash.shown import brought
from bench.crash.truths import ledger_of
from sandbox.watch import CREATE, VENDOR_DELETE, When
from tests.e2e.stage import PATIENCE_S, PROMPT, database_of, is_finished, is_video

if TYPE_CHECKING:
    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def kept(scene: Scene, **options: int) -> None:
    """Order, and shut channel and direct messages once the vendor has it."""
    scene.alice.close_dms()

    async def shut() -> None:
        scene.studio.discord.world.forbid_bot(scene.channel, send_messages=False)

    scene.watch.at(CREATE, When.ANSWERED, shut)
    await scene.animate(**options)
    await scene.watch.sprung()
    await scene.alice.sees(is_finished, channel=scene.channel, seconds=PATIENCE_S)


async def look(scene: Scene, **options: str) -> tuple[Answer, Seen]:
    answer = await scene.alice.slash("videos", channel=scene.channel, **options)
    return answer, await scene.alice.answered(answer)


async def open_order(scene: Scene) -> Seen:
    """Open the newest order from the list, and return the answer that then shows it."""
    answer, seen = await look(scene)
    (menu,) = [one for one in seen.selects if one.placeholder == "Open an order"]
    await scene.alice.select(answer, menu.options[0][1], custom_id=menu.custom_id)
    return await scene.alice.answered(answer, lambda one: "**Clip 1**" in one.text)


async def test_a_clip_that_can_be_posted_nowhere_comes_back_with_videos(scene: Scene) -> None:
    await kept(scene)
    assert scene.alice.dms() == []
    (card,) = [seen for seen in scene.read() if is_finished(seen)]
    assert card.text.endswith("; 1 could not be posted here: `/videos` has it")
    offered = await scene.alice.autocomplete("videos", "order", "push", channel=scene.channel)
    (choice,) = offered
    assert choice.name.endswith(f"· {PROMPT}")
    _, seen = await look(scene, order=str(choice.value))
    assert "kept for you, because it could not be posted" in seen.text
    assert [file.content_type for file in seen.files] == ["image/webp"]
    video = await scene.alice.sees(is_video, channel=scene.channel)
    assert video.private_to == scene.alice.name
    assert video.files[0].data[4:8] == b"ftyp"
    assert {"Again", "Delete"} <= {button.label for button in video.buttons}
    assert [seen for seen in scene.read(scene.bob) if is_video(seen)] == []


async def test_what_is_kept_can_be_deleted_from_the_list(scene: Scene) -> None:
    await kept(scene)
    opened = await open_order(scene)
    clip_id = opened.button("Delete").custom_id.partition(":")[2]
    assert stored(scene, clip_id) != []
    scene.watch.at(VENDOR_DELETE, When.ANSWERED, lambda: asyncio.sleep(0))
    asking = await scene.alice.press(opened, "Delete")
    asked = await scene.alice.answered(asking)
    assert asked.text.startswith("Delete this clip for everybody?")
    await scene.alice.press(asked, "Delete for good")
    await scene.watch.sprung()
    assert scene.made == []
    assert stored(scene, clip_id) == []
    _, seen = await look(scene)
    assert seen.text.endswith("Nothing here yet: `/animate` makes your first clip.")


async def test_the_crash_runner_finds_every_clip_of_an_order_that_is_kept(scene: Scene) -> None:
    await kept(scene, variations=3)
    async with database_of(scene.studio).opened() as database:
        orders = (await ledger_of(database)).orders
    (order,) = [each for each in orders if each.user_id == scene.alice.id]
    assert len(order.clips) == 3
    assert await brought(scene.studio, scene.alice, order) == [clip.id for clip in order.clips]


def stored(scene: Scene, clip_id: str) -> list[str]:
    """List the files of a clip in the media store."""
    return [path.name for path in (scene.studio.folder / "media").rglob(f"{clip_id}*")]
