"""A bot that is out of file descriptors puts work off, and goes on when there are some."""

from __future__ import annotations

import asyncio
import os
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from akool.client import AkoolClient
from akool.credentials import ApiKey
from akool.download import Downloader
from akool.renderer import AkoolRenderer
from jobs.errors import StorageDown
from jobs.ports import FetchLater, LookFailed
from media.library import MediaLibrary
from media.store import MediaStore
from media.worker import MediaWorker
from storage.sqlite import SqliteDatabase
from tests.fake_clock import FakeClock
from tests.media.pictures import encode, quarters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from storage.database import Row, Transaction


@contextmanager
def none_left() -> Iterator[None]:
    """Let no more files or sockets be opened."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # 0 would forbid even poll(); the lowest free number is what the next open would get.
    free = os.dup(0)
    os.close(free)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 16, before[1]))
    try:
        while True:
            try:
                taken.append(os.dup(0))
            except OSError:
                break
        yield
    finally:
        for one in taken:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def count() -> Transaction[list[Row]]:
    """Write and read a little."""
    yield ("INSERT INTO notes (id) VALUES ((SELECT COUNT(*) FROM notes))", ())
    return list((yield ("SELECT COUNT(*) AS n FROM notes", ())))


def create() -> Transaction[None]:
    """Make a table."""
    yield ("CREATE TABLE notes (id INTEGER PRIMARY KEY)", ())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(tmp_path / "bot.db")
    try:
        await opened.run(create)
        yield opened
    finally:
        await opened.close()


async def test_the_database_that_is_open_goes_on(database: SqliteDatabase) -> None:
    with none_left():
        for number in range(1, 50):
            assert (await database.run(count))[0]["n"] == number


async def test_what_comes_from_outside_is_put_off_and_comes_later(tmp_path: Path) -> None:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=b"the video", content_type="video/mp4")

    application = web.Application()
    application.router.add_get("/a.mp4", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        async with aiohttp.ClientSession() as session:
            client = AkoolClient(session, f"http://{host}:{port}", ApiKey("key"))
            renderer = AkoolRenderer(client, Downloader(max_bytes=1000, timeout=10.0))
            link = f"http://{host}:{port}/a.mp4"
            with none_left():
                with pytest.raises(FetchLater):
                    await renderer.fetch(link, tmp_path / "a.mp4")
                with pytest.raises(LookFailed) as failed:
                    await renderer.look(["a" * 24])
                assert not failed.value.refused
            await renderer.fetch(link, tmp_path / "a.mp4")
    finally:
        await runner.cleanup()
    assert (tmp_path / "a.mp4").read_bytes() == b"the video"


async def bring(target: Path) -> None:
    """Stand for a fetch that needs a file."""
    await asyncio.to_thread(target.write_bytes, b"a video")


async def test_a_picture_is_refused_as_an_outage_and_taken_later(tmp_path: Path) -> None:
    picture = encode(quarters(), "PNG")
    async with MediaWorker() as worker:
        library = MediaLibrary(MediaStore(tmp_path / "media", FakeClock()), worker)
        with none_left(), pytest.raises(StorageDown):
            await library.keep_picture(picture)
        with none_left(), pytest.raises(FetchLater):
            await library.keep_video(7, bring)
        async with asyncio.timeout(30):
            assert (await library.keep_picture(picture)).bytes
