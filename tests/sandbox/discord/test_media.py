"""The page shows every picture that it asks for, however many at once."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image
from simcord.preview._media import MAX_QUEUE, MediaError, MediaInfo, MediaWorker

from sandbox.discord_api.media import PromptWorker


def picture(number: int, kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (32, 24), (number * 9, 40, 90)).save(written, kind)
    return written.getvalue()


async def shown(worker: MediaWorker, kind: str, count: int) -> list[MediaInfo | BaseException]:
    """Ask for so many pictures at once, as a page does that has just drawn a list."""
    asked = (worker.validate(f"{kind}{one}", picture(one, kind)) for one in range(count))
    return list(await asyncio.gather(*asked, return_exceptions=True))


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
async def test_every_picture_of_a_full_page_is_shown(kind: str) -> None:
    """Simcord's worker takes eight pictures, refuses the next, and the page never asks again."""
    worker = PromptWorker()
    found = await shown(worker, kind, 2 * MAX_QUEUE)
    await worker.close()
    sizes = [(one.width, one.height) if isinstance(one, MediaInfo) else one for one in found]
    assert sizes == [(32, 24)] * (2 * MAX_QUEUE)


async def test_simcords_own_worker_still_refuses_the_ninth() -> None:
    worker = MediaWorker()
    found = await shown(worker, "PNG", MAX_QUEUE + 1)
    await worker.close()
    assert sum(isinstance(one, MediaError) for one in found) >= 1


async def test_what_is_no_picture_is_refused() -> None:
    worker = PromptWorker()
    with pytest.raises(MediaError):
        await worker.validate("broken", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    await worker.close()
