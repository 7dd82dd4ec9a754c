"""A flood of webhooks that are rubbish, forged or repeated changes nothing and grows nothing."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import random
import sqlite3
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING, Final

import aiohttp
import pytest

from akool.webhook import WebhookError, WebhookKeys, open_message
from tests.akool.test_webhook import call
from web import app, doors
from web.server import listening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.jobs.engine.world import Bot, World
    from tests.web.conftest import Visitor

KEYS: Final = WebhookKeys(client_id="SYNTH-client-16c", client_secret="SYNTHETIC-secret-24chars")
FLOOD: Final = 400
AT_ONCE: Final = 30


async def rendering(world: World, bot: Bot) -> str:
    """Bring an order to the vendor; return the path of its webhook."""
    await world.order(bot)
    await bot.engine.drain()
    (request,) = world.vendor.requests
    return request.webhook_link.removeprefix("https://bot.invalid")


def stored(world: World) -> list[str]:
    """Write out all that is in the database."""
    with closing(sqlite3.connect(world.path)) as opened:
        return list(opened.iterdump())


def rubbish(path: str, dice: random.Random) -> tuple[str, bytes]:
    """Make up a call: bytes, JSON, one signed with another id, or a good one about nobody."""
    good = call({"_id": f"{dice.getrandbits(96):024x}", "status": 3}, KEYS)
    other = WebhookKeys(client_id="somebody-elses-x", client_secret=KEYS.client_secret)
    body = dice.choice(
        [
            dice.randbytes(dice.randrange(2000)),
            json.dumps({"signature": "0" * 40, "dataEncrypt": "A" * 40_000}).encode(),
            call({"_id": "a" * 24, "status": 3}, other),
            good[:-20],
            good,
        ]
    )
    return dice.choice([path + "x", "/akool/" + "y" * 32]), body


@pytest.fixture
async def real(world: World, face: Visitor) -> AsyncIterator[Visitor]:
    """Listen as the face does, with what really verifies bodies."""

    def read(body: bytes) -> str | None:
        try:
            return open_message(body, KEYS, now=1_710_757_981_609, window=3_600_000).id
        except WebhookError:
            return None

    behind = face.doors(world)
    opened = doors.Doors(
        connected=behind.connected,
        totals=behind.totals,
        failures=behind.failures,
        picture_key=behind.picture_key,
        picture_path=behind.picture_path,
        read_hint=read,
        hints=behind.hints,
    )
    async with (
        listening(opened, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        face.http = http
        yield face


async def flood(face: Visitor, path: str, count: int) -> set[int]:
    """Post that many bodies, some at a time; return the answers."""
    dice = random.Random(7)  # noqa: S311 - a test's chance has to repeat
    posts = iter([rubbish(path, dice) for _ in range(count)])

    async def some() -> set[int]:
        return {await face.post(*one) for one in posts}

    return set().union(*await asyncio.gather(*(some() for _ in range(AT_ONCE))))


async def test_a_flood_of_rubbish_changes_nothing_and_grows_nothing(
    world: World, bot: Bot, real: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    path = await rendering(world, bot)
    before, looks = stored(world), len(world.vendor.looks)
    held, tasks = [], []
    tracemalloc.start()
    try:
        for _ in range(3):
            assert await flood(real, path, FLOOD) == {400, 404}
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
            tasks.append(len(asyncio.all_tasks()))
    finally:
        tracemalloc.stop()
    assert held[2] - held[1] < 60_000
    assert tasks[2] <= tasks[1]
    assert stored(world) == before
    assert len(world.vendor.looks) == looks
    assert len([one for one in caplog.records if one.name == "web.doors"]) < 12
    assert 'muybridge_webhooks{status="400"}' in (await real.get("/metrics"))[1]
    await world.settle(bot)


async def test_who_repeats_a_webhook_does_not_keep_its_clip_from_being_done(
    world: World, bot: Bot, face: Visitor
) -> None:
    """Every hint takes the claim from a look under way, so a repeated one could starve a clip."""
    path = await rendering(world, bot)
    (vendor_id,) = world.vendor.bill
    good = f"good:{vendor_id}".encode()
    assert await face.post(path, good) == 200
    world.vendor.finish_all()
    repeats = itertools.count()

    async def repeat() -> None:
        assert next(repeats) < 5
        assert await face.post(path, good) == 200

    world.vendor.hooks["look:after"] = repeat
    await bot.engine.drain()
    assert next(repeats) == 1
    assert await bot.value("SELECT state FROM clips") == "posted"


async def test_more_bodies_at_once_than_we_hold_have_to_come_again(
    world: World, bot: Bot, face: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MOST_BODIES", 1)
    path = await rendering(world, bot)
    first, rest = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"bad"
        first.set()
        await rest.wait()

    async def held() -> int:
        async with face.http.post(path, data=slow()) as answer:
            return answer.status

    holding = asyncio.create_task(held())
    await first.wait()
    async with asyncio.timeout(10):
        while await face.post(path, b"bad") != 503:
            continue
    rest.set()
    assert await holding == 400
    assert await face.post(path, b"bad") == 400
    await world.settle(bot)


def test_a_signature_is_compared_without_telling_how_much_of_it_fits() -> None:
    assert "compare_digest" in open_message.__code__.co_names
