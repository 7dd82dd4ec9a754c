"""A bot with a public address: the vendor fetches pictures from it, and its webhooks count."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint, VendorSettings
from sandbox.watch import CREATE, Watch, When
from tests.e2e.stage import (
    BOT,
    PATIENCE_S,
    animate,
    books,
    ended,
    is_video,
    open_studio,
    picture,
    spendable,
)

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from aiohttp.typedefs import Middleware

    from sandbox.studio import Studio


@pytest.fixture
def port() -> int:
    """Return a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def reachable(
    folder: Path,
    port: int,
    *middlewares: Middleware,
    fetching: bool = True,
    program: Path = BOT,
    **variables: str,
) -> AbstractAsyncContextManager[Studio]:
    """Open a studio whose vendor can call the bot at that port."""
    return open_studio(
        folder,
        *middlewares,
        vendor=VendorSettings(drawing=False, fetching=fetching),
        HTTP_PORT=str(port),
        PUBLIC_URL=address(port),
        AKOOL_CLIENT_ID=VendorSettings().client_id,
        setting=None,
        bot_starts=True,
        program=program,
        within=(),
        **variables,
    )


async def one_video(studio: Studio) -> None:
    """Let the order end with one video, paid once."""
    alice = studio.discord.person("Alice")
    ending = await ended(studio, alice)
    left = await spendable(alice)
    kept = await books(studio)
    assert (len(ending.videos), ending.notices) == (1, ())
    assert (kept.orders, kept.wrong, kept.held, kept.house) == (1, (), 0, 0)
    assert 100 - left == kept.charged == studio.paid == 4
    assert len({line.request for line in studio.akool.bill}) == 1


async def test_a_private_picture_of_any_format_reaches_the_vendor_from_the_bot(
    port: int, tmp_path: Path
) -> None:
    async with reachable(tmp_path, port) as studio:
        alice = studio.discord.person("Alice")
        await animate(alice, image=("cup.webp", picture("WEBP")), private=True)
        await alice.gets_dm(is_video, seconds=PATIENCE_S)
        (clip,) = studio.akool.store.clips.values()
        assert clip.order.image_url.startswith(address(port))
        assert await spendable(alice) == 96


async def test_a_webhook_brings_a_clip_back_whose_create_was_never_answered(
    port: int, tmp_path: Path
) -> None:
    async with reachable(tmp_path, port) as studio:
        studio.akool.faults.add(VendorFault.DROP_AFTER, Endpoint.BATCH)
        studio.akool.faults.add(VendorFault.SLOW, Endpoint.BATCH, value=1)
        await animate(studio.discord.person("Alice"))
        await one_video(studio)


async def test_a_webhook_brings_a_clip_back_over_whose_create_the_bot_was_killed(
    port: int, tmp_path: Path
) -> None:
    watch = Watch()
    async with reachable(tmp_path, port, watch.middleware, fetching=False) as studio:
        studio.akool.faults.add(VendorFault.SLOW, Endpoint.BATCH)
        watch.at(CREATE, When.CARRIED_OUT, studio.bot.kill)
        await animate(studio.discord.person("Alice"))
        await watch.sprung()
        await studio.start_bot()
        studio.akool.let_finish()
        await one_video(studio)


async def test_forged_and_repeated_webhooks_change_nothing(port: int, tmp_path: Path) -> None:
    async with reachable(tmp_path, port) as studio:
        studio.akool.faults.add(VendorFault.WEBHOOK_FORGED, Endpoint.WEBHOOK)
        studio.akool.faults.add(VendorFault.WEBHOOK_TWICE, Endpoint.WEBHOOK, times=None)
        await animate(studio.discord.person("Alice"))
        await one_video(studio)
        assert "webhooks could not be verified" in studio.bot.log.read_text()
