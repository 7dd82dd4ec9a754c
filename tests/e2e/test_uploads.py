"""Pictures of every kind, followed from the member's upload to what the vendor fetches."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import aiohttp
import pytest
from PIL import Image

from tests.e2e.stage import photo, picture

if TYPE_CHECKING:
    from sandbox.discord_api.seen import Seen
    from tests.e2e.conftest import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIDEWAYS = 6
"""EXIF's word for a picture that has to be turned right to be looked at."""


async def fetched(scene: Scene) -> Image.Image:
    """Fetch what the vendor was given, from its link."""
    (clip,) = scene.made
    async with aiohttp.ClientSession() as session, session.get(clip.order.image_url) as answer:
        assert answer.status == 200
        return Image.open(io.BytesIO(await answer.read()))


def card_of(scene: Scene) -> Seen:
    (card,) = [seen for seen in scene.read() if seen.text.startswith("**Order #")]
    return card


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


@pytest.mark.parametrize(("name", "kind"), [("cup.jpg", "JPEG"), ("cup.png", "PNG")])
async def test_a_jpeg_or_png_goes_to_the_vendor_as_it_is(
    name: str, kind: str, scene: Scene
) -> None:
    upload = name, picture(kind)
    await scene.animate(image=upload)
    await scene.ended()
    assert (await fetched(scene)).format == kind
    assert card_of(scene).files == ()
    assert "converted" not in scene.read()[0].text


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "BMP", "TIFF"])
async def test_another_format_is_converted_and_the_card_carries_it(kind: str, scene: Scene) -> None:
    upload = f"cup.{kind.lower()}", picture(kind)
    await scene.animate(image=upload)
    await scene.ended()
    shown = await fetched(scene)
    assert (shown.format, shown.size) == ("PNG", (640, 360))
    (carried,) = card_of(scene).files
    assert Image.open(io.BytesIO(carried.data)).size == (640, 360)
    assert scene.made[0].order.image_url.partition("?")[0].endswith(carried.name)
    assert "Your picture was converted" in scene.read()[0].text
    assert await scene.spendable() == 100 - scene.paid == 96


async def test_a_picture_that_lies_on_its_side_is_set_upright_first(scene: Scene) -> None:
    upload = "cup.jpg", picture("JPEG", exif=exif(SIDEWAYS))
    await scene.animate(image=upload)
    await scene.ended()
    shown = (await fetched(scene)).convert("RGB")
    assert shown.size == (360, 640)
    top, bottom = shown.getpixel((180, 20)), shown.getpixel((180, 620))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > top[2]
    assert bottom[2] > bottom[0]


async def test_of_a_moving_picture_the_first_frame_is_taken_and_that_is_said(scene: Scene) -> None:
    frames = [Image.new("RGB", (320, 320), colour) for colour in ((200, 0, 0), (0, 0, 200))]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=100)
    await scene.animate(image=("turn.gif", written.getvalue()))
    await scene.ended()
    shown = (await fetched(scene)).convert("RGB").getpixel((10, 10))
    assert isinstance(shown, tuple)
    assert shown[0] > shown[2]
    assert "only its first frame is used" in scene.read()[0].text


async def test_two_pictures_reach_the_vendor_in_their_places(scene: Scene) -> None:
    end = Image.new("RGB", (640, 360), (10, 200, 10))
    written = io.BytesIO()
    end.save(written, "WEBP")
    await scene.animate(
        image=photo(), last_frame=("end.webp", written.getvalue()), model="Seedance 1.0 Lite"
    )
    await scene.ended()
    (clip,) = scene.made
    async with aiohttp.ClientSession() as session:
        for link, green in ((clip.order.image_url, False), (clip.order.last_image_url, True)):
            async with session.get(link) as answer:
                shown = Image.open(io.BytesIO(await answer.read())).convert("RGB")
            pixel = shown.getpixel((10, 10))
            assert isinstance(pixel, tuple)
            assert (pixel[1] > pixel[0]) is green


async def test_a_private_picture_that_only_a_card_could_carry_is_refused(scene: Scene) -> None:
    upload = "cup.webp", picture("WEBP")
    seen = await scene.alice.answered(await scene.animate(image=upload, private=True))
    assert seen.text.startswith("This picture can only be sent on from a public message.")
    assert (scene.bill, await scene.spendable()) == ([], 100)
