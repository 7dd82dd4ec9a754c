"""Things that go wrong, set as data: each must look to discord.py as Discord makes it look."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest

from sandbox.discord_api.faults import (
    Fault,
    FaultKind,
    global_rate_limit,
    lost_upload_reply,
    rate_limit,
    server_errors,
    too_many_old_edits,
)
from sandbox.discord_api.limits import RateLimit
from sandbox.discord_api.server import DiscordSandbox
from tests.sandbox.discord.conftest import connected

if TYPE_CHECKING:
    from tests.sandbox.discord.conftest import Lab


def studio(lab: Lab) -> discord.TextChannel:
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_rate_limited_request_is_sent_again_after_the_wait(lab: Lab) -> None:
    lab.discord.faults.add(rate_limit("/channels/*/messages", retry_after=0.01))
    await studio(lab).send("one")
    noted = lab.discord.requests.to("POST", "/channels/", "/messages")
    assert [each.status for each in noted] == [429, 200]
    assert [seen.text for seen in lab.alice.read()] == ["one"]


async def test_a_429_carries_discords_headers_and_body(lab: Lab) -> None:
    lab.discord.faults.add(global_rate_limit(0.02))
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bot x"}) as session,
        session.get(lab.discord.api_base + "/users/@me") as answer,
    ):
        body = await answer.json()
        headers = answer.headers
    assert (answer.status, body["global"], body["retry_after"]) == (429, True, 0.02)
    assert headers["Via"]
    assert headers["Retry-After"] == "1"
    assert headers["X-RateLimit-Global"] == "true"
    assert headers["X-RateLimit-Scope"] == "global"


async def test_a_global_limit_holds_every_route_but_interactions(lab: Lab) -> None:
    lab.discord.faults.add(global_rate_limit(30))
    url = lab.discord.api_base
    async with aiohttp.ClientSession(headers={"Authorization": "Bot x"}) as session:
        for path in ("/users/@me", f"/channels/{lab.studio}"):
            async with session.get(url + path) as answer:
                assert answer.status == 429
        assert (await lab.alice.slash("whoami")).text
        lab.discord.skip(30)
        async with session.get(url + "/users/@me") as answer:
            assert answer.status == 200


async def test_a_counted_limit_makes_the_bot_wait_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = RateLimit(name="send", method="POST", path="/channels/*/messages", limit=2, seconds=0.2)
    async with (
        DiscordSandbox(rate_limits=(limit,)) as sandbox,
        connected(sandbox, monkeypatch) as bot,
    ):
        channel = bot.get_channel(sandbox.world.channels["studio"].id)
        assert isinstance(channel, discord.TextChannel)
        for text in "abcde":
            await channel.send(text)
        noted = sandbox.requests.to("POST", "/channels/")
        assert [each.status for each in noted] == [200] * 5


async def test_a_burst_of_server_errors_passes(lab: Lab) -> None:
    lab.discord.faults.add(server_errors(times=1, status=503, path="/channels/*/messages"))
    with pytest.raises(discord.DiscordServerError):
        await studio(lab).send("one")
    await studio(lab).send("two")
    assert [seen.text for seen in lab.alice.read()] == ["two"]


async def test_a_lost_reply_leaves_a_message_and_its_nonce_finds_it(lab: Lab) -> None:
    lab.discord.faults.add(lost_upload_reply())
    with pytest.raises(aiohttp.ClientError):
        await studio(lab).send("one", nonce="clip-1")
    assert [seen.text for seen in lab.alice.read()] == ["one"]
    again = await studio(lab).send("one", nonce="clip-1")
    assert [seen.id for seen in lab.alice.read()] == [again.id]


async def test_a_request_can_get_no_answer_and_do_nothing(lab: Lab) -> None:
    lab.discord.faults.add(Fault(kind=FaultKind.NO_REPLY, path="/channels/*/messages"))
    with pytest.raises(aiohttp.ClientError):
        await studio(lab).send("one")
    assert lab.alice.read() == []


async def test_old_messages_can_not_be_edited_for_ever(lab: Lab) -> None:
    lab.discord.faults.add(too_many_old_edits())
    old = await studio(lab).send("card")
    await old.edit(content="card, edited")
    lab.discord.skip(3601)
    fresh = await studio(lab).send("new card")
    await fresh.edit(content="new card, edited")
    url = f"{lab.discord.api_base}/channels/{lab.studio}/messages/{old.id}"
    headers = {"Authorization": "Bot x"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.patch(url, json={"content": "again"}) as answer,
    ):
        assert answer.status == 429
        assert (await answer.json())["code"] == 30046


async def test_an_interaction_can_arrive_twice(lab: Lab) -> None:
    lab.discord.faults.add(Fault(kind=FaultKind.INTERACTION_TWICE))
    answer = await lab.alice.slash("whoami")
    await lab.discord.pulse.until(
        lambda: len(lab.discord.requests.to("POST", "/callback")) == 2 or None, 5
    )
    statuses = [each.status for each in lab.discord.requests.to("POST", "/callback")]
    assert sorted(statuses) == [200, 400]  # the second is 40060, already acknowledged
    assert answer.text
    assert [each.id for each in lab.bot.seen] == [answer.record.id] * 2


async def test_an_interaction_can_be_lost(lab: Lab) -> None:
    lab.discord.faults.add(Fault(kind=FaultKind.INTERACTION_LOST))
    asyncio.get_running_loop().call_soon(lab.discord.skip, 3)
    assert (await lab.alice.slash("whoami")).failed
    assert not lab.bot.seen


async def test_a_fault_passes_over_the_first_matches(lab: Lab) -> None:
    lab.discord.faults.add(
        Fault(kind=FaultKind.ERROR, method="POST", path="/channels/*", skip=1, status=400, code=7)
    )
    await studio(lab).send("one")
    with pytest.raises(discord.HTTPException) as refused:
        await studio(lab).send("two")
    assert refused.value.code == 7
    await studio(lab).send("three")
