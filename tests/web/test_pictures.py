"""A picture is served to whoever knows its send's token, as long as that send is open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World
    from tests.web.conftest import Visitor


async def path_of(bot: Bot) -> str:
    """Return where the vendor finds the pictures of the only send."""
    token = await bot.value("SELECT token FROM sends")
    return f"/pictures/{token}"


async def test_the_pictures_of_an_open_send_are_served(
    world: World, bot: Bot, face: Visitor
) -> None:
    await world.order(bot, converted=True, last_frame=True)
    path = await path_of(bot)
    for _ in range(2):
        async with face.http.get(f"{path}/0") as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            assert await answer.read() == b"picture 0"
            assert answer.headers["Cache-Control"] == "private, no-store"
        assert await face.get(f"{path}/1") == (200, "picture 1")
        # The vendor may fetch late, while the clip renders.
        await bot.engine.drain()
    await world.settle(bot)


async def test_the_links_that_the_vendor_is_given_lead_there(
    world: World, bot: Bot, face: Visitor
) -> None:
    await world.order(bot, last_frame=True)
    await bot.step("submit")
    (request,) = world.vendor.requests
    for link, content in (
        (request.image_link, "picture 0"),
        (request.last_image_link, "picture 1"),
    ):
        assert await face.get(link.removeprefix("https://bot.invalid")) == (200, content)
    await world.settle(bot)


async def test_the_path_dies_with_the_send(world: World, bot: Bot, face: Visitor) -> None:
    await world.order(bot)
    path = await path_of(bot)
    await world.settle(bot)
    assert (await face.get(f"{path}/0"))[0] == 404


async def test_an_unknown_token_or_number_is_not_found(
    world: World, bot: Bot, face: Visitor
) -> None:
    await world.order(bot)
    path = await path_of(bot)
    for wrong in (
        f"{path}/1",
        f"{path}/99",
        f"{path}/100",
        f"{path}/-1",
        f"{path}/x",
        f"{path}x/0",
    ):
        assert (await face.get(wrong))[0] == 404
    await world.settle(bot)


async def test_a_picture_that_is_gone_from_the_store_is_not_found(
    world: World, bot: Bot, face: Visitor
) -> None:
    order_id = await world.order(bot)
    (picture,) = (await bot.get(order_id)).options.pictures
    file = world.library.picture_path(picture.key)
    assert file is not None
    file.unlink()
    assert (await face.get(f"{await path_of(bot)}/0"))[0] == 404
    await world.settle(bot)


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/../bot.db/0",
        "/pictures/%2e%2e%2fbot.db/0",
        "/pictures/..%2f..%2fetc%2fpasswd/0",
        "/pictures/token/..%2f..%2fbot.db",
        "/pictures/token-1%00/0",
        "/pictures/%ff/0",
        "/pictures/'%20OR%201=1--/0",
    ],
)
async def test_no_path_leads_out_of_the_store(
    world: World, bot: Bot, face: Visitor, path: str
) -> None:
    await world.order(bot)
    async with face.http.get(path, allow_redirects=False) as answer:
        assert answer.status in (400, 404)
        assert b"SQLite format" not in await answer.read()
    await world.settle(bot)


@pytest.mark.parametrize(
    "path", ["/pictures/../../bot.db", "/pictures/../bot.db/0", "/pictures/..\\bot.db/0", "//x/0"]
)
async def test_a_path_that_no_client_would_send_leads_nowhere_either(
    face: Visitor, path: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", face.port)
    request = f"GET {path} HTTP/1.1\r\nHost: bot.invalid\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split(b" ")[1] in (b"400", b"404")
    assert b"SQLite format" not in answer
