"""Prompts above Discord's own cap, second presses and bad sounds: a sentence, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import aiohttp
import pytest
from simcord.enums import InteractionType

from cogs.confirm import Cancel, Confirm
from cogs.deleting import Delete, Erase
from cogs.dynamic import Press, row
from cogs.results import Again, CancelOrder
from cogs.sharing import Share
from jobs.ids import code
from media.library import MediaLibrary
from media.sound import check_sound
from media.store import MediaStore
from tests.cogs.forms_filled import batch, form_of, pictures, send_in
from tests.cogs.scenes import PICTURE, Scene, last, reply, said
from tests.cogs.test_confirm import the_draft
from tests.cogs.test_sharing import private_order, shared
from tests.cogs.test_soundtrack import finished, soundtrack
from tests.fakes import FakeLibrary
from tests.media.pictures import encode, quarters
from tests.media.sounds import tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jobs.ports import KeptTrack
    from media.model import Sound
    from media.worker import MediaWorker
    from tests.fakes import FakeClock

ENDLESS: Final = "steam " * 1_667
"""Some ten thousand characters, where Discord's own cap stops at two thousand."""


class Here:
    """Checks sounds for real, in this process."""

    async def check_sound(self, data: bytes) -> Sound:
        return check_sound(data)


class Listening(FakeLibrary):
    """Keeps sounds as the bot does."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        super().__init__(folder)
        self._real = MediaLibrary(MediaStore(folder, clock), cast("MediaWorker", Here()))

    async def keep_track(self, data: bytes) -> KeptTrack:
        return await self._real.keep_track(data)


# --- a prompt that is too long ------------------------------------------------------------------


def uncap(scene: Scene, *names: str) -> None:
    """Let Discord forget its own caps on the texts of commands, so that only ours is left."""
    for command in scene.env.backend.visible_commands(
        user_id=scene.alice.id, channel_id=scene.studio.id
    ):
        for option in cast("list[dict[str, Any]]", command.get("options", [])):
            if command["name"] in names:
                option.pop("max_length", None)


async def test_a_prompt_of_ten_thousand_characters_is_refused_at_the_command(scene: Scene) -> None:
    uncap(scene, "animate")
    for texts in ({"prompt": ENDLESS}, {"prompt": "steam", "avoid": ENDLESS}):
        told = said(await scene.alice.slash(scene.studio, "animate", image=PICTURE, **texts))
        assert "2000" in told.replace(",", "")
        assert "went wrong" not in told
    assert (await scene.orders(), await scene.spendable()) == ([], 100)


async def test_a_prompt_of_ten_thousand_characters_is_refused_at_a_form(scene: Scene) -> None:
    refused = await send_in(scene, await batch(scene), images=pictures(1), prompt="\u200e")
    opened = await scene.alice.click(reply(refused), label="Reopen")
    fields = [
        {"type": 18, "component": {"type": 4, "custom_id": name, "value": text}}
        for name, text in (("prompt", ENDLESS), ("avoid", ""))
    ]
    data = {"custom_id": form_of(opened)["custom_id"], "components": fields}
    result = await scene.alice._dispatch_interaction(
        InteractionType.MODAL_SUBMIT, scene.studio, data
    )
    assert "2000" in said(result).replace(",", "")
    assert (await scene.orders(), await scene.spendable()) == ([], 100)


# --- pressed twice ------------------------------------------------------------------------------


async def twice(scene: Scene, kind: type[Press], about: int) -> list[str]:
    """Press the same button twice; the second press left before the first was answered.

    Only one click at a time goes through here, so the second is on a message of its own.
    """
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    messages = []
    for _ in range(2):
        await channel.send("a button", view=row(kind(about)))
        messages.append(last(scene.studio))
    label = kind.label()
    results = [await scene.alice.click(one, label=label) for one in messages]
    shown = [one for result in results for one in (result.response, *result.followups) if one]
    return [one.content for one in shown]


async def test_confirm_pressed_twice_orders_once(scene: Scene) -> None:
    await scene.animate(variations=6)
    await twice(scene, Confirm, (await the_draft(scene)).id)
    assert len(await scene.orders()) == 1
    assert await scene.spendable() == 40


async def test_cancel_of_an_offer_pressed_twice_spends_nothing(scene: Scene) -> None:
    await scene.animate(variations=6)
    told = await twice(scene, Cancel, (await the_draft(scene)).id)
    assert not any("went wrong" in one for one in told)
    assert (await scene.orders(), await scene.spendable()) == ([], 100)


async def test_cancel_of_an_order_pressed_twice_gives_back_once(scene: Scene) -> None:
    order = await scene.ordered()
    told = await twice(scene, CancelOrder, order.id)
    assert not any("went wrong" in one for one in told)
    assert await scene.spendable() == 100


async def test_again_pressed_twice_only_offers(scene: Scene) -> None:
    order = await finished(scene)
    told = await twice(scene, Again, order.clips[0].id)
    assert len([one for one in told if "would keep 80" in one]) == 2
    assert len(await scene.orders()) == 1
    assert await scene.spendable() == 90


async def test_share_pressed_twice_posts_once(scene: Scene) -> None:
    order = await private_order(scene)
    told = await twice(scene, Share, order.clips[0].id)
    assert not any("went wrong" in one for one in told)
    assert len(shared(scene)) == 1


async def test_delete_pressed_twice_only_asks(scene: Scene) -> None:
    order = await finished(scene)
    await twice(scene, Delete, order.clips[0].id)
    found = await scene.store.order(order.id)
    assert found is not None
    assert not found.clips[0].deleted


async def test_delete_for_good_pressed_twice_deletes_once(scene: Scene) -> None:
    order = await finished(scene)
    told = await twice(scene, Erase, order.clips[0].id)
    assert not any("went wrong" in one for one in told)
    found = await scene.store.order(order.id)
    assert found is not None
    assert found.clips[0].deleted
    assert await scene.spendable() == 90


# --- bad sounds ---------------------------------------------------------------------------------


class TestBadSounds:
    BAD: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
        "a text": (lambda: b"just words", "That file is not sound."),
        "nothing": (lambda: b"", "That audio file is empty."),
        "a picture": (lambda: encode(quarters(64, 64), "PNG"), "That file is not sound."),
        "40 MB": (lambda: bytes(40 * 1024 * 1024), "That audio file has more than 20 MB."),
        "half an M4A": (lambda: tone("m4a")[:-600], "That file is not sound."),
    }

    @pytest.fixture
    def library(self, tmp_path: Path, clock: FakeClock) -> FakeLibrary:
        return Listening(tmp_path, clock)

    @pytest.mark.parametrize("name", BAD)
    async def test_a_bad_file_at_soundtrack_has_a_sentence(self, scene: Scene, name: str) -> None:
        source = await finished(scene)
        make, sentence = self.BAD[name]
        result = await soundtrack(scene, code(source.id), track=("song.mp3", make()))
        told = said(result)
        assert told.startswith(sentence)
        assert "went wrong" not in told
        assert len(await scene.orders()) == 1
        assert await scene.spendable() == 90

    async def test_a_link_that_is_over_at_soundtrack_has_a_sentence(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def gone(_: str) -> bytes:
            raise aiohttp.ClientError

        source = await finished(scene)
        monkeypatch.setattr(scene.bot.desk, "_fetch", gone)
        result = await soundtrack(scene, code(source.id), track=("song.mp3", tone("mp3")))
        assert said(result).startswith("Discord did not hand the")
        assert len(await scene.orders()) == 1
