"""What the bot sends is held against Discord's description, the check against mistakes."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord
import pytest

from tests.openapi import findings, needs_description

if TYPE_CHECKING:
    from tests.sandbox.discord.conftest import Lab

pytestmark = needs_description

CHANNEL = "/channels/1459223344556677889/messages"
BUTTON = {"type": 2, "style": 1, "label": "Again", "custom_id": "again:1"}


@dataclass(slots=True)
class Asked:
    """A request as a test wants it."""

    method: str
    path: str
    payload: Any = None
    query: dict[str, str] = field(default_factory=dict)


async def test_all_that_a_discord_py_bot_sends_is_as_described(
    lab: Lab, photo: tuple[str, bytes]
) -> None:
    await lab.alice.slash("make", image=photo, prompt="wind", count=2)
    posted = await lab.bob.sees(lambda seen: seen.buttons)
    await lab.alice.autocomplete("make", "model", "k")
    await lab.alice.slash("ask")
    await lab.alice.slash("panel")
    await lab.alice.slash("board")
    await lab.alice.menu("About", posted)
    channel = lab.bot.get_channel(lab.studio)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("card", nonce="n", file=discord.File(io.BytesIO(b"1"), "a.png"))
    await message.edit(content="card, edited", attachments=message.attachments)
    assert [each async for each in channel.history(limit=5)]
    await message.delete()
    assert len(lab.discord.requests) > 12
    assert findings(lab.discord.requests) == []


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (Asked("POST", CHANNEL, {"content": "x" * 4001}), "content"),
        (Asked("POST", CHANNEL, {"contents": "typo"}), "contents"),
        (Asked("POST", CHANNEL, {"nonce": "n" * 26}), "nonce"),
        (Asked("POST", CHANNEL, {"embeds": [{}] * 11}), "embeds"),
        (
            Asked(
                "POST",
                CHANNEL,
                {"components": [{"type": 1, "components": [BUTTON | {"style": 9}]}]},
            ),
            "components",
        ),
        (
            Asked(
                "POST",
                CHANNEL,
                {"components": [{"type": 1, "components": [BUTTON | {"lable": 1}]}]},
            ),
            "components",
        ),
        (Asked("GET", "/channels/1/massages"), "no such route"),
        (Asked("GET", CHANNEL, None, {"limits": "5"}), "limits"),
        (Asked("DELETE", CHANNEL + "/1", {"why": 1}), "expects none"),
        (Asked("PUT", "/applications/1/commands", [{"description": "no name"}]), "name"),
        (Asked("POST", "/interactions/1/token/callback", {"type": 99}), "type"),
    ],
)
def test_a_mistake_is_found(asked: Asked, complaint: str) -> None:
    found = findings([asked])
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    "asked",
    [
        Asked("POST", CHANNEL, {"content": "x", "message_reference": {"message_id": 1459223344}}),
        Asked("POST", CHANNEL, {"content": "x", "flags": "64"}),
        Asked(
            "PUT", "/applications/1/commands", [{"name": "a", "description": "b", "nsfw": False}]
        ),
        Asked("PATCH", CHANNEL + "/1", {"content": "x", "tts": False}),
        Asked("PUT", "/guilds/1/bans/2"),
    ],
)
def test_what_discord_tolerates_is_let_pass(asked: Asked) -> None:
    assert findings([asked]) == []
