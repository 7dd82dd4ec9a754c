"""All that the commands, buttons and the courier send to Discord is as Discord describes it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from cogs.client import Muybridge
from cogs.courier import DiscordCourier
from jobs.clock import SystemClock
from jobs.ports import FittedVideo, MessageKind
from jobs.progress import progress_of
from sandbox.discord_api.server import DiscordSandbox
from tests.cogs.scenes import PICTURE
from tests.fakes import FakeClock
from tests.openapi import findings, needs_description

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cogs.client import Services
    from jobs.catalogue import Catalogue
    from jobs.model import Order
    from tests.cogs.scenes import FaultyStore

pytestmark = needs_description

PATIENCE_S = 60


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that agrees with the sandbox's."""
    return FakeClock(SystemClock().now())


@pytest.fixture
async def sandbox(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[DiscordSandbox, Muybridge]]:
    """Run the bot against a sandbox."""
    async with DiscordSandbox() as discord:
        monkeypatch.setattr(Route, "BASE", discord.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        bot = Muybridge(services, sync=True)
        running = asyncio.create_task(bot.start("any-token"))
        try:
            await discord.ready(PATIENCE_S)
            yield discord, bot
        finally:
            await bot.close()
            await running


async def deliver(courier: DiscordCourier, order: Order, folder: Path) -> None:
    """Do with an order all that the engine may ask of the courier."""
    picture, video = folder / "a.png", folder / "a.mp4"
    picture.write_bytes(b"a picture")
    video.write_bytes(b"a video")
    file = FittedVideo(path=video, bytes=7, shrunk=True, height=360)
    progress = progress_of(order, order.created_at)
    card = await courier.post_card(order, progress, [picture])
    up = replace(order, card_channel_id=card.channel_id, card_message_id=card.message_id)
    assert await courier.edit_card(up, progress)
    assert await courier.fresh_links(card)
    first = replace(order.clips[0], mention=True)
    second = replace(order.clips[1], video_link="https://vendor.example/a.mp4")
    await courier.post_clip(order, first, file, direct=False)
    await courier.post_clip(order, second, None, direct=True)
    assert await courier.find(order, MessageKind.CLIP, first.id, order.created_at)
    assert await courier.find(order, MessageKind.NOTICE, None, order.created_at) is None
    await courier.remove(await courier.post_notice(order, direct=False))
    await courier.tell_operator("all is well")


async def test_everything_that_is_sent_is_as_described(
    sandbox: tuple[DiscordSandbox, Muybridge],
    catalogue: Catalogue,
    store: FaultyStore,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    discord, bot = sandbox
    alice, bob = discord.person("Alice"), discord.person("Bob")
    await alice.autocomplete("animate", "model", "se")
    await alice.slash("credits")
    offer = await alice.slash("animate", image=PICTURE, prompt="wind", variations=6)
    await alice.answered(offer, lambda seen: seen.buttons)
    await alice.press(offer, "Confirm")
    await alice.answered(offer, lambda seen: "you keep" in seen.text)
    refused = await bob.slash("animate", image=PICTURE, prompt="wind", model="nope")
    await bob.answered(refused, lambda seen: "no model" in seen.text)
    (order,) = await store.claim_cards(clock.now() + 1, 0, 5)
    await deliver(DiscordCourier(bot, catalogue, clock), order, tmp_path)
    result = await bob.sees(lambda seen: "here is clip" in seen.text)
    again = await bob.press(result, "Again")
    await bob.answered(again, lambda seen: seen.buttons)
    await bob.press(again, "Cancel")
    asked = await alice.press(result, "Delete")
    await alice.answered(asked, lambda seen: seen.buttons)
    await alice.press(asked, "Delete for good")
    await alice.answered(asked, lambda seen: "Deleted" in seen.text)
    card = await alice.sees(lambda seen: "**Order #" in seen.text)
    cancelled = await alice.press(card, "Cancel")
    await alice.answered(cancelled, lambda seen: "Cancelled" in seen.text)
    assert len(discord.requests) > 30
    assert findings(discord.requests) == []
