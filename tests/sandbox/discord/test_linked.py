"""Pictures that messages link to: those on this machine are shown, and nothing else is fetched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from sandbox.discord_api.linked import LinkedPictures
from sandbox.discord_api.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord.conftest import Lab


class Host:
    """Somebody's web server with a picture; `asked` are the paths that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        app = web.Application()
        app.router.add_get("/{name:.*}", self._answer)
        self.server = TestServer(app)

    def link(self, name: str) -> str:
        return str(self.server.make_url(name))

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == "/away.png":
            raise web.HTTPFound("/red.png")
        body = b"<html>" if request.path == "/page.png" else red()
        return web.Response(body=body, content_type="image/png")


def red() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 20, 20)).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    async with host.server:
        yield host


@pytest.fixture
async def pictures() -> AsyncIterator[LinkedPictures]:
    pictures = LinkedPictures(Pulse())
    yield pictures
    await pictures.close()


def thumbnail(link: str) -> dict[str, object]:
    """Write a message as the bot sends it, its picture deep inside."""
    return {"components": [{"type": 9, "accessory": {"type": 11, "media": {"url": link}}}]}


async def test_a_picture_of_an_embed_and_of_a_section_is_fetched_once(lab: Lab, host: Host) -> None:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    embed = discord.Embed().set_image(url=host.link("red.png"))
    await channel.send(embed=embed)
    await channel.send(embed=embed)
    await lab.discord.linked.idle()

    assert lab.discord.linked.pictures == {host.link("red.png"): ("red.png", red())}
    assert host.asked == ["/red.png"]


async def test_only_a_picture_that_is_here_is_kept(pictures: LinkedPictures, host: Host) -> None:
    elsewhere = "https://cdn.example.com/a.png"
    for link in (host.link("page.png"), host.link("away.png"), elsewhere, "attachment://a.png"):
        pictures.look(thumbnail(link))
    pictures.look(thumbnail(host.link("red.png")))
    await pictures.idle()

    assert list(pictures.pictures) == [host.link("red.png")]
    assert sorted(host.asked) == ["/away.png", "/page.png", "/red.png"]


async def test_the_oldest_pictures_are_let_go(host: Host) -> None:
    pictures = LinkedPictures(Pulse(), most=2)
    for name in ("1.png", "2.png", "3.png"):
        pictures.look(thumbnail(host.link(name)))
        await pictures.idle()
    await pictures.close()

    assert [name for name, _ in pictures.pictures.values()] == ["2.png", "3.png"]
