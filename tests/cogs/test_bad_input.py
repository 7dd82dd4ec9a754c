"""Whatever members hand in, through whichever door: a sentence, and nothing spent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import aiohttp
import discord
import pytest

from jobs.catalogue import Effect
from media.library import MediaLibrary
from media.model import PictureLimits
from media.picture import check_picture
from media.store import MediaStore
from tests.cogs.catalogue_pressed import use_it
from tests.cogs.forms_filled import send_in
from tests.cogs.scenes import Scene, labels, last, reply, said
from tests.fakes import START
from tests.media.pictures import encode, heic, moving, png, quarters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from simcord import InteractionResult

    from media.model import Picture
    from media.worker import MediaWorker
    from tests.fakes import FakeClock

    Door = Callable[[Scene, tuple[str, bytes]], Awaitable[InteractionResult]]

GOOD: Final = encode(quarters(320, 240), "PNG")
PROMPT: Final = "steam rises"
FORGOTTEN: Final = 40 * 1024 * 1024


class Here:
    """Checks pictures for real, in this process: in one of its own they take too long here."""

    async def check_picture(self, data: bytes) -> Picture:
        return check_picture(data, PictureLimits())


@pytest.fixture
def library(tmp_path: Path, clock: FakeClock) -> MediaLibrary:
    """Keep pictures as the bot does."""
    worker = cast("MediaWorker", Here())
    return MediaLibrary(MediaStore(tmp_path / "kept", clock), worker)


# --- the doors ----------------------------------------------------------------------------------


async def _animate(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    return await scene.animate(image=file)


async def _last_frame(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    return await scene.animate(image=("good.png", GOOD), last_frame=file)


async def _effect(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    scene.bot.services.catalogue.replace_effects((Effect(code="squish_1", name="Squish"),), START)
    return await scene.alice.slash(scene.studio, "effect", image=file, effect="Squish")


async def _batch(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    opened = await scene.alice.slash(scene.studio, "batch")
    return await send_in(scene, opened, images=[("good.png", GOOD), file], prompt=PROMPT)


async def _menu(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    message = await scene.alice.send(scene.studio, "look", attachments=[file])
    opened = await scene.alice.context_menu(scene.studio, "Animate", message)
    return await send_in(scene, opened, prompt=PROMPT)


async def _use(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    form = await use_it(scene, "models")
    values = {"image": file, "prompt": PROMPT, "format": ["720p|5"]}
    return await scene.alice.submit_modal(form, values)


async def _use_effect(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    scene.bot.services.catalogue.replace_effects((Effect(code="squish_1", name="Squish"),), START)
    form = await use_it(scene, "effects")
    return await scene.alice.submit_modal(form, {"image": file, "format": ["720p|5"]})


async def _edit(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    order = await scene.ordered(image=("good.png", GOOD))
    await scene.courier.post_clip(order, order.clips[0], None, direct=False)
    opened = await scene.alice.click(last(scene.studio), label="Edit")
    return await send_in(scene, opened, images=[file], prompt=PROMPT)


async def _edit_directly(scene: Scene, file: tuple[str, bytes]) -> InteractionResult:
    order = await scene.ordered(image=("good.png", GOOD))
    await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    opened = await scene.alice.user.click(last(scene.alice.user.dm_channel), label="Edit")
    values = {"images": [file], "prompt": PROMPT}
    sent: InteractionResult = await scene.alice.user.submit_modal(opened, values)
    return sent


DOORS: Final[dict[str, Door]] = {
    "/animate": _animate,
    "last_frame": _last_frame,
    "/effect": _effect,
    "/batch": _batch,
    "the menu Animate": _menu,
    "Use it": _use,
    "Use it for an effect": _use_effect,
    "Edit": _edit,
    "Edit in a direct message": _edit_directly,
}
EDITS: Final = ("Edit", "Edit in a direct message")
"""Doors behind an order of ten credits that was placed before."""


async def unspent(scene: Scene, result: InteractionResult, before: int = 0) -> str:
    """Check that nothing was ordered or held besides so much before, and return the sentence."""
    assert len(await scene.orders()) == before
    assert await scene.spendable() == 100 - 10 * before
    return said(result)


# --- pictures -----------------------------------------------------------------------------------

BAD: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "a text": (lambda: b"just words", "That file is not a picture."),
    "nothing": (lambda: b"", "That file is empty."),
    "40 MB": (lambda: bytes(FORGOTTEN), "That picture has more than 20 MB."),
    "20,000 pixels square": (
        lambda: png(20_000, 20_000, 1, 0, bytes(2500)), "That picture has too many pixels.",
    ),
    "HEIC": (heic, "That file (HEIC) can't be read."),
    "SVG": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "That file (SVG) can't",
    ),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "That file (PDF) can't be read."),
    "half a PNG": (lambda: GOOD[: len(GOOD) // 2], "That picture is cut short or damaged."),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", BAD)
async def test_a_bad_picture_has_a_sentence_at_every_door(
    scene: Scene, name: str, door: str
) -> None:
    make, sentence = BAD[name]
    result = await DOORS[door](scene, ("picture.png", make()))
    assert (await unspent(scene, result, door in EDITS)).startswith(sentence)


@pytest.mark.parametrize("door", DOORS)
async def test_a_link_that_is_over_has_a_sentence_at_every_door(
    scene: Scene, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = scene.bot.desk._fetch

    async def gone(link: str) -> bytes:
        if "late" in link:
            raise aiohttp.ClientError
        return await fetch(link)

    monkeypatch.setattr(scene.bot.desk, "_fetch", gone)
    told = await unspent(scene, await DOORS[door](scene, ("late.png", GOOD)), door in EDITS)
    assert told.startswith("Discord did not hand the picture over. Attach it again.")


@pytest.mark.parametrize("kind", [discord.NotFound, discord.Forbidden])
async def test_what_discord_answers_once_a_link_is_over_has_that_sentence(
    scene: Scene, kind: type[discord.HTTPException], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def over(_: str) -> bytes:
        raise kind(cast("Any", SimpleNamespace(status=404, reason="Not Found")), "asset not found")

    monkeypatch.setattr(scene.bot.desk, "_fetch", over)
    told = await unspent(scene, await scene.animate(image=("late.png", GOOD)))
    assert told.startswith("Discord did not hand the picture over. Attach it again.")


ODD: Final[dict[str, Callable[[], bytes]]] = {
    "animated GIF": lambda: moving("GIF"),
    "animated WebP": lambda: moving("WEBP"),
    "animated PNG": lambda: moving("PNG"),
    "CMYK JPEG": lambda: encode(quarters(320, 240, mode="CMYK"), "JPEG"),
    "AVIF": lambda: encode(quarters(320, 240), "AVIF"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ODD)
async def test_an_odd_picture_is_taken_and_said_what_becomes_of_it_at_every_door(
    scene: Scene, name: str, door: str
) -> None:
    told = said(await DOORS[door](scene, ("picture.png", ODD[name]())))
    assert "keep " in told
    assert ("only its first frame" in told) == name.startswith("animated")


# --- words --------------------------------------------------------------------------------------


async def _say_animate(scene: Scene, prompt: str) -> InteractionResult:
    return await scene.animate(image=("a.png", GOOD), prompt=prompt)


async def _say_batch(scene: Scene, prompt: str) -> InteractionResult:
    opened = await scene.alice.slash(scene.studio, "batch")
    return await send_in(scene, opened, images=[("a.png", GOOD)], prompt=prompt)


async def _say_menu(scene: Scene, prompt: str) -> InteractionResult:
    message = await scene.alice.send(scene.studio, "look", attachments=[("a.png", GOOD)])
    opened = await scene.alice.context_menu(scene.studio, "Animate", message)
    return await send_in(scene, opened, prompt=prompt)


async def _say_use(scene: Scene, prompt: str) -> InteractionResult:
    form = await use_it(scene, "models")
    values = {"image": ("a.png", GOOD), "prompt": prompt, "format": ["720p|5"]}
    return await scene.alice.submit_modal(form, values)


async def _say_edit(scene: Scene, prompt: str) -> InteractionResult:
    order = await scene.ordered(image=("a.png", GOOD))
    await scene.courier.post_clip(order, order.clips[0], None, direct=False)
    opened = await scene.alice.click(last(scene.studio), label="Edit")
    return await send_in(scene, opened, prompt=prompt)


async def _say_edit_directly(scene: Scene, prompt: str) -> InteractionResult:
    order = await scene.ordered(image=("a.png", GOOD))
    await scene.courier.post_clip(order, order.clips[0], None, direct=True)
    opened = await scene.alice.user.click(last(scene.alice.user.dm_channel), label="Edit")
    sent: InteractionResult = await scene.alice.user.submit_modal(opened, {"prompt": prompt})
    return sent


SAYING: Final = {
    "/animate": _say_animate,
    "/batch": _say_batch,
    "the menu Animate": _say_menu,
    "Use it": _say_use,
    "Edit": _say_edit,
    "Edit in a direct message": _say_edit_directly,
}

STRANGE: Final = (
    "🎬🔥", "\u202eabc\u2066", "@everyone @here", "```py\nx\n``` **bold** ||spoiler||", "a\0b",
)  # fmt: skip


@pytest.mark.parametrize("door", SAYING)
@pytest.mark.parametrize("prompt", [" ", "\0", "\u202e\u200f", "\u200d", "\n\t"])
async def test_a_prompt_that_says_nothing_has_a_sentence_at_every_door(
    scene: Scene, prompt: str, door: str
) -> None:
    told = await unspent(scene, await SAYING[door](scene, prompt), door in EDITS)
    assert told.startswith("The prompt is empty.")


@pytest.mark.parametrize("door", SAYING)
@pytest.mark.parametrize("prompt", STRANGE)
async def test_a_strange_prompt_is_taken_at_every_door_without_what_hides_it(
    scene: Scene, prompt: str, door: str
) -> None:
    result = await SAYING[door](scene, prompt)
    told = reply(result)
    assert "keep " in told.content
    assert not set("\0\u202e\u2066") & set(told.content)
    assert "@everyone" not in told.content
    if labels(told):
        who = scene.alice if result._interaction.guild_id else scene.alice.user
        await who.click(told, label="Confirm")
    order = (await scene.orders())[-1]
    assert order.options.prompt == "".join(one for one in prompt if one not in "\0\u202e\u2066")


@pytest.mark.parametrize("prompt", STRANGE)
async def test_a_strange_prompt_is_taken_and_pings_nobody(scene: Scene, prompt: str) -> None:
    order = await scene.ordered(image=("a.png", GOOD), prompt=prompt)
    assert "\0" not in order.options.prompt
    assert "\u202e" not in order.options.prompt
    await scene.courier.post_notice(order, direct=False)
    await scene.courier.post_clip(order, order.clips[0], None, direct=False)
    for message in scene.studio.history(viewer=scene.bob):
        assert set(scene.pings(message)) <= {scene.alice.id}
        assert "```py" not in message.content


# --- options ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"variations": 5, "model": "quick"}, "5 variations are not on offer. Ask for 1 to 4."),
        ({"seconds": 7}, "This model makes no clips of 7 s. Choose one of: 5, 10."),
        ({"resolution": "8k"}, "This model does not offer 8k. Choose one of: 720p, 1080p."),
        ({"model": "nothing"}, "There is no model called nothing."),
        ({"sound": True, "model": "quick"}, "Quick makes no sound."),
        ({"last_frame": ("b.png", GOOD), "model": "quick"}, "Quick can't end on a picture."),
    ],
)
async def test_what_is_not_on_offer_has_a_sentence(
    scene: Scene, options: dict[str, Any], sentence: str
) -> None:
    told = await unspent(scene, await scene.animate(image=("a.png", GOOD), **options))
    assert told.startswith(sentence)


async def test_an_unknown_effect_has_a_sentence(scene: Scene) -> None:
    scene.bot.services.catalogue.replace_effects((Effect(code="squish_1", name="Squish"),), START)
    picture = ("a.png", GOOD)
    result = await scene.alice.slash(scene.studio, "effect", image=picture, effect="Nothing")
    told = await unspent(scene, result)
    assert told == "There is no effect called Nothing. Choose one of: Squish."
