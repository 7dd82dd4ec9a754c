"""`python -m tests.e2e.picture`: takes the README's picture of the demo, in a real browser."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

from sandbox.bot_process import ROOT
from sandbox.demo import PHOTOGRAPH, PROMPT
from sandbox.studio import Studio
from tests.e2e.visitor import visiting

PICTURE: Final = ROOT / "docs" / "images" / "animate.png"
WIDTH, HEIGHT = 960, 990
SIDEBAR, HEAD = 256, 52
"""Pixels of the page that belong to the sandbox, not to the channel."""


async def take(target: Path) -> None:
    """Play the demo on the page, and take the channel while the video plays."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Studio(Path(folder)) as studio,
            visiting(studio.discord.page_url, WIDTH, HEIGHT) as visitor,
        ):
            await visitor.choose("animate")
            await visitor.attach(PHOTOGRAPH)
            await visitor.fill("prompt", PROMPT)
            await visitor.send()
            await visitor.message("here is your clip")
            await visitor.play(1.0)
            # Off the message, which is marked while it has the pointer or the focus.
            await visitor.page.mouse.move(1, 1)
            await visitor.page.evaluate("document.activeElement.blur()")
            await visitor.page.wait_for_timeout(400)
            await visitor.page.screenshot(
                path=target,
                clip={
                    "x": SIDEBAR,
                    "y": HEAD,
                    "width": WIDTH - SIDEBAR,
                    "height": HEIGHT - HEAD,
                },
            )


def shrink(picture: Path) -> None:
    """Write a picture with 256 colours, a third of its bytes; nobody sees the difference."""
    with Image.open(picture) as taken:
        few = taken.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT)
    few.save(picture, "PNG", optimize=True)


def main() -> None:
    """Write the picture to where the README looks for it."""
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(PICTURE))
    shrink(PICTURE)


if __name__ == "__main__":
    main()
