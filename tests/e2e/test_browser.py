"""The real bot on the sandbox's page: a member types /animate, and the video plays in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.settings import VendorSettings
from sandbox.demo import PHOTOGRAPH, PROMPT
from tests.e2e.stage import books, ended, open_studio

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from tests.e2e.visitor import CHROMIUM, visiting

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: set CHROMIUM"
)


async def test_a_member_animates_a_photograph_on_the_page_and_the_video_plays(
    tmp_path: Path,
) -> None:
    async with (
        open_studio(tmp_path, vendor=VendorSettings()) as studio,
        visiting(studio.discord.page_url) as visitor,
    ):
        await visitor.choose("animate")
        await visitor.attach(PHOTOGRAPH)
        await visitor.fill("prompt", PROMPT)
        await visitor.pick("model", "basic", "Akool Basic")
        await visitor.send()
        receipt = await visitor.message("you keep 80")
        assert "Only you can see this" in await receipt.inner_text()
        await visitor.message("here is your clip")
        await visitor.play(0.5)
        size = await visitor.page.evaluate(
            "[document.querySelector('video').videoWidth, "
            "document.querySelector('video').videoHeight]"
        )
        assert size == [1080, 720]
        shown = await visitor.page.evaluate(
            "fetch(document.querySelector('video').src).then(r => r.blob()).then(b => b.size)"
        )
        alice = studio.discord.person("Alice")
        (video,) = (await ended(studio, alice)).videos
        assert shown == video.files[0].size  # the very file that was posted, not a copy of it
        await visitor.press("Again")
        offer = await visitor.message("Nothing is spent until you press Confirm")
        assert await offer.get_by_role("button", name="Confirm", exact=True).count() == 1
        await visitor.press("Cancel")
        await visitor.message("Cancelled. Nothing was spent.")
        await visitor.press("Delete")
        await visitor.press("Delete for good")
        await visitor.page.locator("video").wait_for(state="detached")
        kept = await books(studio)
        assert (kept.orders, kept.charged, kept.wrong) == (1, studio.paid, ())
        assert visitor.faults == []
