"""Health and figures tell the operator how the bot is, and nobody who its members are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from jobs.errors import StorageDown
from jobs.model import Member
from tests.jobs.engine.world import PRICE
from web.server import listening

if TYPE_CHECKING:
    from tests.jobs.engine.world import Bot, World
    from tests.web.conftest import Visitor


async def test_a_bot_that_works_is_healthy(face: Visitor) -> None:
    status, body = await face.get("/healthz")
    assert status == 200
    assert json.loads(body) == {"ok": True, "database": True, "gateway": True}


async def test_a_bot_without_its_gateway_is_not_and_says_which_part(face: Visitor) -> None:
    face.connected = False
    status, body = await face.get("/healthz")
    assert status == 503
    assert json.loads(body) == {"ok": False, "database": True, "gateway": False}


@pytest.mark.parametrize("fault", [StorageDown("disk full"), OSError("any other fault")])
async def test_a_bot_without_its_database_is_not(face: Visitor, fault: Exception) -> None:
    face.broken.append(fault)
    status, body = await face.get("/healthz")
    assert status == 503
    assert json.loads(body) == {"ok": False, "database": False, "gateway": True}


async def figures(face: Visitor) -> dict[str, float]:
    """Read the figures as Prometheus does, by name and label."""
    async with face.http.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        text = await answer.text()
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_figures_sum_clips_and_credits_up(world: World, bot: Bot, face: Visitor) -> None:
    first = await world.order(bot, member=Member(guild_id=1, user_id=123456789012345678))
    await world.settle(bot)
    await world.order(bot, variations=2)
    face.failures = 3
    assert await bot.states(first) == ["posted"]
    read = await figures(face)
    assert read["muybridge_clips posted"] == 1
    assert read["muybridge_clips queued"] == 2
    assert read["muybridge_credits charged"] == PRICE
    assert read["muybridge_credits held"] == 2 * PRICE
    assert read["muybridge_credits house"] == 0
    assert read["muybridge_credits today"] == 3 * PRICE
    assert read["muybridge_engine_failures"] == 3
    await world.settle(bot)


async def test_no_figure_names_a_member_a_guild_or_an_order(
    world: World, bot: Bot, face: Visitor
) -> None:
    member = Member(guild_id=223456789012345678, user_id=123456789012345678)
    order_id = await world.order(bot, member=member)
    await world.settle(bot)
    _, text = await face.get("/metrics")
    assert str(order_id) not in text
    assert not re.search(r"\d{10}", text)
    assert "walk" not in text


async def test_figures_without_a_database_are_asked_for_again(face: Visitor) -> None:
    face.broken.append(StorageDown("disk full"))
    status, text = await face.get("/metrics")
    assert status == 503
    assert "disk" not in text


async def test_what_is_not_there_is_not_found_and_other_methods_are_not_allowed(
    face: Visitor,
) -> None:
    for path in ("/", "/healthz/", "/akool", "/pictures/token", "/pictures/token/0/0"):
        assert (await face.get(path))[0] == 404
    assert (await face.get("/akool/token"))[0] == 405
    assert await face.post("/healthz", b"") == 405
    assert await face.post("/pictures/token/0", b"") == 405


async def test_a_taken_address_is_an_error_at_the_start(world: World, face: Visitor) -> None:
    async with listening(face.doors(world), "127.0.0.1", 0) as port:
        with pytest.raises(OSError, match="address"):
            async with listening(face.doors(world), "127.0.0.1", port):
                raise AssertionError("two faces on one address")
