"""A person at the sandbox's page in a real browser: types, presses buttons, plays videos."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from playwright.async_api import Locator, Page

CHROMIUM: Final = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MILLISECONDS: Final = 60_000


class Visitor:
    """One page; `faults` are the script errors that it met."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    async def choose(self, command: str) -> None:
        """Type a command's name and take it from the picker."""
        box = self.page.get_by_label("Message", exact=True)
        await box.fill(f"/{command}")
        await self._popup.get_by_text(f"/{command}", exact=True).wait_for()
        await box.press("Enter")
        await self.page.get_by_label(f"Command /{command}").wait_for()

    async def attach(self, path: Path) -> None:
        """Give the command its file, as the file dialog does."""
        await self.page.set_input_files("input.command-file-input", path)

    async def fill(self, option: str, text: str) -> None:
        """Type a required option."""
        await self.page.get_by_label(f"{option}, required").fill(text)

    async def pick(self, option: str, typed: str, choice: str) -> None:
        """Open an optional option, type into it, and take what the bot then offers."""
        await self.page.click(".command-ghost")
        await self._popup.get_by_text(option, exact=True).click()
        await self.page.keyboard.type(typed)
        await self._popup.get_by_text(choice).first.click()

    async def send(self) -> None:
        """Send the command."""
        await self.page.click("#send-message")

    async def message(self, words: str) -> Locator:
        """Wait for a message with these words, and return the newest."""
        found = self.page.locator(".channel-message").filter(has_text=words).last
        await found.wait_for()
        return found

    async def press(self, label: str) -> None:
        """Press a button of the newest message that has it."""
        await self.page.get_by_role("button", name=label, exact=True).last.click()

    async def select(self, menu: str, choice: str) -> None:
        """Open the newest menu with that placeholder, and take the choice with these words."""
        await self.page.get_by_role("combobox").filter(has_text=menu).last.click()
        await self.page.get_by_role("option").filter(has_text=choice).first.click()

    async def form(self, title: str, pictures: Sequence[Path] = (), **fields: str) -> None:
        """Fill in and send the form with that title; its fields are named by their labels."""
        dialog = self.page.get_by_role("dialog", name=title)
        await dialog.wait_for()
        if pictures:
            await dialog.locator("input[type=file]").set_input_files(list(pictures))
            await dialog.get_by_text(pictures[-1].name).wait_for()
        for label, text in fields.items():
            await dialog.get_by_label(label).fill(text)
        await dialog.get_by_role("button", name="Submit").click()
        await dialog.wait_for(state="detached")

    async def videos(self, number: int) -> None:
        """Wait until so many videos are on the page and can be played."""
        await self.page.wait_for_function(
            "wanted => [...document.querySelectorAll('video')]"
            ".filter(video => video.readyState >= 1).length >= wanted",
            arg=number,
        )

    async def play(self, seconds: float) -> None:
        """Play the video once it is loaded, and wait until it has played that far."""
        await self.page.wait_for_function("document.querySelector('video')?.readyState >= 3")
        await self.page.get_by_role("button", name="Play").first.click()
        await self.page.wait_for_function(
            "until => document.querySelector('video').currentTime >= until", arg=seconds
        )

    @property
    def _popup(self) -> Locator:
        return self.page.locator(".command-popup")


@asynccontextmanager
async def visiting(address: str, width: int = 1280, height: int = 860) -> AsyncIterator[Visitor]:
    """Open the page at that address, as its first member."""
    async with async_playwright() as running:
        browser = await running.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            page = await browser.new_page(
                viewport={"width": width, "height": height}, bypass_csp=True
            )
            visitor = Visitor(page)
            await page.goto(address)
            await page.wait_for_selector("#channel-layout:not([hidden])")
            yield visitor
        finally:
            await browser.close()
