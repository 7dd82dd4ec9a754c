"""The page in a real browser: what a person clicks there reaches the real bot."""

from __future__ import annotations

import asyncio
import io
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import discord
import numpy as np
import pytest
import pytest_asyncio
from discord.http import MultipartParameters

from sandbox.discord_api.faults import Fault, FaultKind
from sandbox.discord_api.server import DiscordSandbox
from tests.sandbox.discord.conftest import Lab, connected

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import BrowserContext, FilePayload, Page, Route

CHROMIUM: Final = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MILLISECONDS: Final = 30_000

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: set CHROMIUM"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest.fixture(scope="module")
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[BrowserContext]:
    async with playwright.async_playwright() as running:
        chromium = await running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        screen = {"width": 1280, "height": 800}
        yield await chromium.new_context(viewport=screen, bypass_csp=True)
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lab(patched: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
    async with DiscordSandbox() as sandbox, connected(sandbox, patched) as bot:
        yield Lab(sandbox, bot)


@pytest_asyncio.fixture(loop_scope="module")
async def page(lab: Lab, browser: BrowserContext) -> AsyncIterator[Page]:
    page = await browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(lab.discord.page_url)
    await page.wait_for_selector("#channel-layout:not([hidden])")
    yield page
    await page.close()
    assert faults == []


def video() -> bytes:
    """Make two seconds of H.264."""
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(24):
            picture = np.full((180, 320, 3), number * 10, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return written.getvalue()


def upload(name: str, kind: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


async def choose(page: Page, command: str) -> None:
    """Type a command's name and take it from the picker."""
    box = page.get_by_label("Message", exact=True)
    await box.fill(f"/{command}")
    await page.locator(".command-popup").get_by_text(f"/{command}", exact=True).wait_for()
    await box.press("Enter")
    await page.get_by_label(f"Command /{command}").wait_for()


async def send(page: Page) -> None:
    await page.click("#send-message")


async def message(page: Page, words: str) -> Any:  # noqa: ANN401 - a Locator
    found = page.locator(".channel-message").filter(has_text=words).last
    await found.wait_for()
    return found


async def take(page: Page, box: Any, name: str) -> None:  # noqa: ANN401 - a Locator
    """Open a menu and choose; the page may redraw the message, and so close what was opened."""
    option = page.get_by_role("option", name=name, exact=True)
    for _ in range(10):
        await box.click()
        with suppress(playwright.TimeoutError):
            await option.click(timeout=2000)
            break


async def view_as(page: Page, name: str) -> None:
    await page.get_by_label("Viewing as").select_option(label=name)


async def test_a_member_runs_a_command_and_the_video_plays_as_it_was_made(
    lab: Lab, page: Page
) -> None:
    clip = video()
    await choose(page, "make")
    await page.set_input_files("input.command-file-input", upload("clip.mp4", "video/mp4", clip))
    await page.get_by_label("prompt, required").fill("wind in the trees")
    await page.click(".command-ghost")
    popup = page.locator(".command-popup")
    await popup.get_by_text("model", exact=True).click()
    await page.keyboard.type("see")
    await popup.get_by_text("seedance").click()
    await send(page)
    receipt = await message(page, f"wind in the trees seedance 1 {len(clip)}")
    assert "Only you can see this" in await receipt.inner_text()
    await page.get_by_role("button", name="Play clip.mp4").click()
    await page.wait_for_function("document.querySelector('video').currentTime > 0.2")
    shown = await page.evaluate(
        "fetch(document.querySelector('video').src).then(r => r.blob()).then(b => b.size)"
    )
    assert shown == len(clip)
    assert lab.alice.read()[-1].files[0].data == clip


async def test_a_button_can_be_pressed_while_the_bot_keeps_editing(lab: Lab, page: Page) -> None:
    answer = await lab.alice.slash("board")
    board = await message(page, "Models")
    await board.locator("img:not(.entity-avatar-img)").nth(1).wait_for()
    card = lab.discord.world.backend.get_message(lab.studio, answer.record.message_id or 0)
    for number in range(5):
        lab.discord.world.backend.edit_message(lab.studio, card.id, {"components": card.components})
        lab.discord.pulse.beat()
        await board.get_by_role("button", name="Again", exact=True).click()
        await page.wait_for_function(
            "count => [...document.querySelectorAll('.channel-message')]"
            ".filter(each => each.textContent.includes('again 3')).length === count",
            arg=number + 1,
        )


async def test_a_form_is_filled_in_with_text_and_files(lab: Lab, page: Page) -> None:
    await choose(page, "ask")
    await send(page)
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("two files")
    await form.get_by_role("combobox").click()
    await page.get_by_role("option", name="X", exact=True).click()
    files = [upload("a.png", "image/png", b"1"), upload("b.png", "image/png", b"22")]
    await form.locator("input.upload-input").set_input_files(files)
    await form.get_by_role("button", name="Submit").click()
    await message(page, "two filesX: [1, 2]")


async def test_a_select_is_used(lab: Lab, page: Page) -> None:
    await choose(page, "panel")
    await send(page)
    panel = await message(page, "choose")
    await take(page, panel.get_by_role("combobox"), "B")
    await message(page, "chose b")


async def test_only_a_moderator_is_offered_a_moderators_command(lab: Lab, page: Page) -> None:
    box, popup = page.get_by_label("Message", exact=True), page.locator(".command-popup")
    await box.fill("/")
    await popup.get_by_text("/whoami").wait_for()
    assert await popup.get_by_text("/moderate").count() == 0
    await box.fill("")
    await view_as(page, "Mona")
    await box.fill("/")
    await popup.get_by_text("/moderate").wait_for()


async def test_what_is_private_is_shown_to_one_person_only(lab: Lab, page: Page) -> None:
    await lab.alice.slash("whoami")
    lab.bob.say("hello all")
    await message(page, "hello all")
    await message(page, "en-US")
    await view_as(page, "Mona")
    await page.locator(".channel-message", has_text="en-US").wait_for(state="detached")
    await message(page, "hello all")


async def test_channels_and_direct_messages_are_a_click_away_and_the_person_stays(
    lab: Lab, page: Page
) -> None:
    user = await lab.bot.fetch_user(lab.bob.id)
    await user.send("psst")
    lab.alice.say("in general", channel="general")
    await view_as(page, "Bob")
    picker = page.get_by_label("Viewing as")
    await playwright.expect(picker).to_have_value(str(lab.bob.id))
    await page.get_by_role("link", name="general").click()
    await message(page, "in general")
    await playwright.expect(picker).to_have_value(str(lab.bob.id))
    await page.get_by_role("link", name="Direct messages").click()
    await message(page, "psst")
    assert await page.locator(".sandbox-nav [aria-current]").inner_text() == "@Direct messages"


async def test_a_message_menu_answers_in_the_channel(
    lab: Lab, page: Page, photo: tuple[str, bytes]
) -> None:
    await page.get_by_role("link", name="Menus and files").click()
    await page.get_by_label("Message").fill("look at my cat")
    await page.get_by_label("Files").set_input_files(upload(photo[0], "image/jpeg", photo[1]))
    await page.get_by_role("button", name="Post").click()
    await message(page, "look at my cat")
    await page.get_by_role("link", name="Menus and files").click()
    await (
        page.get_by_role("listitem")
        .filter(has_text="look at my cat")
        .get_by_role("button", name="About")
        .click()
    )
    answer = await message(page, "look at my cat ['my_cat.jpg']")
    assert "Only you can see this" in await answer.inner_text()


async def test_a_form_that_a_menu_opens_appears_in_the_channel(lab: Lab, page: Page) -> None:
    lab.bob.say("a picture")
    await page.goto(f"{lab.discord.address}/apps?channel=studio&as={lab.alice.id}")
    row = page.get_by_role("listitem").filter(has_text="a picture")
    await row.get_by_role("button", name="Caption").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").fill("from a menu")
    await form.locator("input.upload-input").set_input_files(upload("a.png", "image/png", b"1"))
    await form.get_by_role("button", name="Submit").click()
    await message(page, "from a menu: [1]")


async def test_a_member_menu_is_answered_or_it_says_that_it_was_not(lab: Lab, page: Page) -> None:
    address = f"{lab.discord.address}/apps?channel=studio&as={lab.mona.id}"
    await page.goto(address)
    row = page.get_by_role("listitem").filter(has_text="Bob")
    await row.get_by_role("button", name="Wave").click()
    await message(page, "waves at Bob")
    lab.discord.faults.add(Fault(kind=FaultKind.INTERACTION_LOST))
    await page.goto(address)
    await row.get_by_role("button", name="Wave").click(no_wait_after=True)
    await lab.discord.pulse.until(lambda: lab.discord.faults.struck or None, 5)
    lab.discord.skip(3)
    await page.get_by_role("alert").get_by_text("The application did not respond").wait_for()


async def test_what_the_bot_posts_appears_by_itself(lab: Lab, page: Page) -> None:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    card = await channel.send("rendering")
    await message(page, "rendering")
    await card.edit(content="done")
    await message(page, "done")


def menu(custom_id: str, *choices: str) -> discord.ui.View:
    options = [discord.SelectOption(label=each) for each in choices]
    view = discord.ui.View(timeout=None)
    return view.add_item(discord.ui.Select(custom_id=custom_id, options=options))


async def test_a_menu_in_the_place_of_another_starts_afresh(lab: Lab, page: Page) -> None:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    posted = await channel.send("a letter", view=menu("letters", "x", "y"))
    shown = (await message(page, "a letter")).get_by_role("combobox")
    await take(page, shown, "y")
    await message(page, "chose y")
    await posted.edit(view=menu("numbers", "y", "2"))
    await playwright.expect(shown).to_have_text("Select an option")


async def test_a_picture_on_its_way_does_not_look_broken(
    lab: Lab, page: Page, photo: tuple[str, bytes]
) -> None:
    """A fresh list of /videos showed a broken still: it was still being decoded."""
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await page.route("**/api/assets/**", hold)
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("slow", file=discord.File(io.BytesIO(photo[1]), "slow.jpg"))
    image = (await message(page, "slow")).locator("img[alt='slow.jpg']")
    await playwright.expect(image).to_be_hidden()
    assert await image.get_attribute("src") is None
    arrived.set()
    await playwright.expect(image).to_be_visible()


async def test_a_file_that_becomes_a_spoiler_is_covered(
    lab: Lab, page: Page, photo: tuple[str, bytes]
) -> None:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    posted = await channel.send("look", file=discord.File(io.BytesIO(photo[1]), "cup.jpg"))
    shown = await message(page, "look")
    await shown.locator("img[alt='cup.jpg']").wait_for()
    for covered in (True, False):
        file = {"id": posted.attachments[0].id, "is_spoiler": covered}
        with MultipartParameters({"attachments": [file]}, None, None) as params:
            await lab.bot.http.edit_message(channel.id, posted.id, params=params)
        cover = shown.locator(".spoiler-cover")
        await playwright.expect(cover).to_have_count(int(covered))
