"""The newer commands on the sandbox's page: effects, forms, the menu and the list, in a browser."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from sandbox.akool_api.settings import VendorSettings
from sandbox.demo import PHOTOGRAPH, PROMPT
from tests.e2e.stage import PROMPT as CUP
from tests.e2e.stage import account, animate, open_studio, picture

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from tests.e2e.visitor import CHROMIUM, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sandbox.people import Person
    from sandbox.studio import Studio
    from tests.e2e.visitor import Visitor

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: set CHROMIUM"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """Open one studio, whose vendor draws, for all tests here."""
    async with open_studio(tmp_path_factory.mktemp("studio"), vendor=VendorSettings()) as opened:
        yield opened


@asynccontextmanager
async def at(studio: Studio, channel: str, name: str) -> AsyncIterator[tuple[Visitor, Person]]:
    """Look, as somebody new, at a channel of their own; at the end the books must be right."""
    studio.discord.world.add_channel(channel)
    person = studio.discord.join(name)
    before = studio.paid
    address = f"{studio.discord.page_url}go/{channel}?as={person.id}"
    async with visiting(address) as visitor:
        yield visitor, person
        assert visitor.faults == []
    kept = await account(studio, person)
    assert (kept.charged, kept.held, kept.wrong) == (studio.paid - before, 0, ())


@pytest.fixture
def two_pictures(tmp_path: Path) -> list[Path]:
    """Save two pictures that are not alike."""
    paths = [tmp_path / f"{number}.png" for number in (1, 2)]
    for number, path in enumerate(paths):
        path.write_bytes(picture("PNG", size=(640, 360 + 8 * number)))
    return paths


async def test_a_photograph_with_an_effect_becomes_a_video_that_plays(studio: Studio) -> None:
    async with at(studio, "effects", "Erin") as (visitor, _):
        await visitor.choose("effect")
        await visitor.attach(PHOTOGRAPH)
        await visitor.fill("effect", "Squish")
        await visitor.send()
        await visitor.message("you keep")
        await visitor.message("here is your clip")
        await visitor.play(0.5)


async def test_two_pictures_in_the_form_of_batch_become_two_videos_with_one_card(
    studio: Studio, two_pictures: list[Path]
) -> None:
    async with at(studio, "batches", "Ben") as (visitor, person):
        await visitor.choose("batch")
        await visitor.send()
        await visitor.form("Animate pictures", pictures=two_pictures, Prompt=PROMPT)
        await visitor.message("40 credits")
        await visitor.videos(2)
        await visitor.message("2 clips ready")
        assert sum(seen.text.startswith("**Order #") for seen in person.read("batches")) == 1


async def test_the_picture_of_a_message_is_animated_through_its_menu(
    studio: Studio, two_pictures: list[Path]
) -> None:
    async with at(studio, "menus", "Mia") as (visitor, _):
        await visitor.page.get_by_role("link", name="Menus and files").click()
        await visitor.page.set_input_files("input[name=files]", two_pictures[0])
        await visitor.page.get_by_label("Message").fill("look at this")
        await visitor.press("Post")
        await visitor.message("look at this")
        await visitor.page.get_by_role("link", name="Menus and files").click()
        await visitor.page.get_by_role("button", name="Animate", exact=True).first.click()
        await visitor.form("Animate 1 picture", Prompt=PROMPT)
        await visitor.message("here is your clip")
        await visitor.play(0.5)


async def test_an_order_of_the_list_opens_with_its_still_and_buttons_that_work(
    studio: Studio,
) -> None:
    async with at(studio, "lists", "Lea") as (visitor, person):
        await animate(person, channel="lists")
        await visitor.message("here is your clip")
        await visitor.choose("videos")
        await visitor.send()
        listed = await visitor.message("Your orders")
        assert await listed.locator("img[src^=blob]").count() >= 1
        await visitor.select("Open an order", CUP[:20])
        await visitor.message("to its message")
        await visitor.press("Again")
        await visitor.message("Nothing is spent until you press Confirm")
