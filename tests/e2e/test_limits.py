"""Videos that are larger than what Discord takes, and a limit that sinks while one is made."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from sandbox.discord_api.world import MIB, Setting
from sandbox.watch import FILE, Watch, When
from tests.e2e.stage import animate, ended, open_studio, spendable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("lowered", [False, True], ids=["known", "lowered meanwhile"])
async def test_a_video_above_the_upload_limit_is_made_smaller_and_says_so(
    lowered: bool, tmp_path: Path
) -> None:
    watch = Watch()
    high, low = Setting(upload_limit=50 * MIB), Setting(upload_limit=10 * MIB)
    async with open_studio(tmp_path, watch.middleware, setting=high if lowered else low) as studio:

        async def grow() -> None:
            """Let the finished video be large, and the server lose its boosts."""
            (clip,) = studio.akool.store.clips.values()
            clip.video = padded(clip.video or b"", 12 * MIB)
            studio.discord.world.setting = low

        watch.at(FILE, When.WAITS, grow)
        alice = studio.discord.person("Alice")
        await animate(alice)
        (video,) = (await ended(studio, alice)).videos
        assert "to fit the upload limit here" in video.text
        assert video.files[0].size < low.upload_limit
        refused = [each.status for each in studio.discord.requests if each.files]
        assert refused == ([413, 200] if lowered else [200])
        assert await spendable(alice) == 96


def padded(video: bytes, size: int) -> bytes:
    """Return the same video as a file of that size: players skip a box called "free"."""
    room = size - len(video)
    return video + struct.pack(">I4s", room, b"free") + bytes(room - 8)
