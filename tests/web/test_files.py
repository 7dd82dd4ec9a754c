"""The vendor fetches pictures and tracks from the bot, each with its right type, while it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer

from web.app import make_app
from web.doors import Doors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jobs.hinting import Hints

FILES = ("a.png", "b.jpeg", "c.mp3", "d.wav", "e.ogg", "f.m4a")


async def key_of(token: str, number: int) -> str | None:
    return FILES[number] if token == "open" and number < len(FILES) else None


async def totals() -> Mapping[str, int]:
    return {}


def doors(folder: Path) -> Doors:
    """Return the face of a bot whose files lie in a folder."""
    return Doors(
        connected=lambda: True,
        totals=totals,
        failures=lambda: 0,
        picture_key=key_of,
        picture_path=lambda key: folder / key,
        read_hint=lambda _: None,
        hints=cast("Hints", None),
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    list(
        enumerate(("image/png", "image/jpeg", "audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4"))
    ),
)
async def test_a_file_of_an_open_send_is_served_whole_with_its_type(
    tmp_path: Path, number: int, kind: str
) -> None:
    (tmp_path / FILES[number]).write_bytes(b"what was checked")
    async with TestClient(TestServer(make_app(doors(tmp_path)))) as client:
        answer = await client.get(f"/pictures/open/{number}")
        assert answer.status == 200
        assert answer.content_type == kind
        assert await answer.read() == b"what was checked"
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/pictures/over/0", "/pictures/open/9", "/pictures/open/x"])
async def test_any_other_path_finds_nothing(tmp_path: Path, path: str) -> None:
    async with TestClient(TestServer(make_app(doors(tmp_path)))) as client:
        assert (await client.get(path)).status == 404
