"""The gateway's side of the contract: sessions, resuming, and who may connect."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from sandbox.discord_api.server import DiscordSandbox
from sandbox.discord_api.world import Setting
from tests.sandbox.discord.conftest import connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord.conftest import Lab

GUILDS = 1


class Client:
    """A bare gateway client: what it is sent, frame by frame."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def identify(self, *, intents: int = GUILDS, bearer: str = "t") -> None:
        data = {"token": bearer, "intents": intents, "properties": {}, "shard": [0, 1]}
        await self.send(2, data)

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = await self.socket.receive_json(timeout=5)
        return frame

    async def event(self, name: str) -> dict[str, Any]:
        while (frame := await self.frame())["t"] != name:
            pass
        return frame

    async def closed(self) -> int | None:
        async for _ in self.socket:
            pass
        return self.socket.close_code


@pytest.fixture
async def client(discord_sandbox: DiscordSandbox) -> AsyncIterator[Client]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(discord_sandbox.gateway.address) as socket,
    ):
        yield Client(socket)


async def test_it_says_hello_acknowledges_heartbeats_and_is_ready_with_its_guild(
    discord_sandbox: DiscordSandbox, client: Client
) -> None:
    hello = await client.frame()
    assert (hello["op"], hello["d"]["heartbeat_interval"]) == (10, 41_250)
    await client.send(1, None)
    assert (await client.frame())["op"] == 11
    await client.identify()
    ready = await client.event("READY")
    assert ready["d"]["shard"] == [0, 1]
    assert ready["d"]["resume_gateway_url"] == discord_sandbox.gateway.address
    guild = (await client.event("GUILD_CREATE"))["d"]
    assert [each["id"] for each in ready["d"]["guilds"]] == [guild["id"]]
    assert [member["user"]["username"] for member in guild["members"]] == ["Muybridge"]


async def test_what_was_missed_is_replayed_to_a_session_that_resumes(
    discord_sandbox: DiscordSandbox, client: Client
) -> None:
    await client.identify()
    ready = await client.event("READY")
    seen = await client.event("GUILD_CREATE")
    await discord_sandbox.gateway.drop()
    assert await client.closed() == 4000
    discord_sandbox.world.add_channel("rushes")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(ready["d"]["resume_gateway_url"]) as socket,
    ):
        again = Client(socket)
        await again.send(
            6, {"token": "t", "session_id": ready["d"]["session_id"], "seq": seen["s"]}
        )
        assert (await again.event("CHANNEL_CREATE"))["d"]["name"] == "rushes"
        assert (await again.frame())["t"] == "RESUMED"


async def test_an_unknown_session_is_told_to_identify_anew(client: Client) -> None:
    await client.frame()
    await client.send(6, {"token": "t", "session_id": "gone", "seq": 3})
    frame = await client.frame()
    assert (frame["op"], frame["d"]) == (9, False)


async def test_members_are_found_by_name_and_by_id(
    discord_sandbox: DiscordSandbox, client: Client
) -> None:
    await client.identify()
    guild_id = str(discord_sandbox.world.guild.id)
    await client.send(8, {"guild_id": guild_id, "query": "al", "limit": 5, "nonce": "n"})
    chunk = (await client.event("GUILD_MEMBERS_CHUNK"))["d"]
    assert [each["user"]["username"] for each in chunk["members"]] == ["alice"]
    assert chunk["nonce"] == "n"
    bob = str(discord_sandbox.person("Bob").id)
    await client.send(8, {"guild_id": guild_id, "user_ids": [bob, "7"], "limit": 0})
    chunk = (await client.event("GUILD_MEMBERS_CHUNK"))["d"]
    assert [each["user"]["id"] for each in chunk["members"]] == [bob]
    assert chunk["not_found"] == ["7"]


async def test_a_message_is_announced_with_its_nonce(
    discord_sandbox: DiscordSandbox, client: Client
) -> None:
    await client.identify(intents=GUILDS | 1 << 9)
    url = f"{discord_sandbox.api_base}/channels/{discord_sandbox.world.channels['studio'].id}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bot t"}) as session,
        session.post(url + "/messages", json={"content": "one", "nonce": "clip-1"}) as answer,
    ):
        assert (await answer.json())["nonce"] == "clip-1"
    announced = (await client.event("MESSAGE_CREATE"))["d"]
    assert (announced["content"], announced["nonce"]) == ("one", "clip-1")


async def test_privileged_intents_are_refused(client: Client) -> None:
    await client.identify(intents=GUILDS | 1 << 15)
    assert await client.closed() == 4014


async def test_a_wrong_token_is_refused() -> None:
    async with (
        DiscordSandbox(Setting(token="right")) as sandbox,
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.gateway.address) as socket,
    ):
        client = Client(socket)
        await client.identify(bearer="wrong")
        assert await client.closed() == 4004


async def test_events_go_to_the_shard_of_their_guild(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = Setting(shards=2)
    async with DiscordSandbox(setting) as sandbox, connected(sandbox, monkeypatch) as bot:
        await sandbox.pulse.until(lambda: sandbox.gateway.identifies == 2 or None, 5)
        guild = bot.guilds[0]
        assert bot.shard_count == 2
        assert guild.shard_id == (guild.id >> 22) % 2
        assert (await sandbox.person("Alice").slash("whoami")).text
        assert len(bot.seen) == 1


async def test_an_interaction_waits_until_the_bot_resumes_after_a_cut(lab: Lab) -> None:
    await lab.discord.gateway.drop()
    answer = await lab.alice.slash("whoami")
    assert answer.text
    assert (lab.discord.gateway.identifies, lab.discord.gateway.resumes) == (1, 1)


async def test_the_bot_resumes_when_it_is_asked_to_reconnect(lab: Lab) -> None:
    lab.discord.gateway.ask_to_reconnect()
    assert (await lab.alice.slash("whoami")).text
    assert lab.discord.gateway.resumes == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_the_bot_comes_back_after_its_session_was_invalidated(
    lab: Lab, resumable: bool
) -> None:
    lab.discord.gateway.invalidate(resumable=resumable)
    gateway = lab.discord.gateway
    wanted = (1, 1) if resumable else (2, 0)
    await lab.discord.pulse.until(
        lambda: (gateway.identifies, gateway.resumes) == wanted or None, 10
    )
    assert (await lab.alice.slash("whoami")).text


async def test_a_new_bot_takes_over_and_the_old_one_hears_nothing_more(
    discord_sandbox: DiscordSandbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.identify()
    await client.event("GUILD_CREATE")
    async with connected(discord_sandbox, monkeypatch) as bot:
        assert (await discord_sandbox.person("Alice").slash("whoami")).text
        assert len(bot.seen) == 1
        await client.send(1, None)
        assert (await client.frame())["op"] == 11


async def test_an_interaction_fails_at_once_when_the_session_can_not_be_resumed(lab: Lab) -> None:
    await lab.discord.gateway.drop(resumable=False)
    assert (await asyncio.wait_for(lab.alice.slash("whoami"), 1)).failed
