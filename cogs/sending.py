"""Post a message of ours once: with a nonce, with its files, and without pinging by accident."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.http import handle_message_parameters

from jobs.ports import MessageRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from discord.ui import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to be: its files with their names, its nonce, and whom alone it pings."""

    text: str
    nonce: str
    view: View | None = None
    files: Sequence[tuple[Path, str]] = ()
    mention: int | None = None


async def send_once(client: discord.Client, channel_id: int, message: Outgoing) -> MessageRef:
    """Post once: discord.py adds `enforce_nonce`, so a second try finds the first's message.

    A nonce counts for all that we post: a clip that is up in its channel after all is found,
    too, when it falls back to a direct message (Discord's reference, "Create Message"). So
    the answer says where it is; discord.py's own Message would not. Whatever the text says,
    nobody but `mention` is ever pinged.
    """
    users = [] if message.mention is None else [discord.Object(message.mention)]
    with ExitStack() as opened:
        attached = []
        for path, name in message.files:
            attached.append(discord.File(path, filename=name))
            opened.callback(attached[-1].close)
        with handle_message_parameters(
            content=message.text,
            files=attached,
            view=message.view,
            nonce=message.nonce,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, replied_user=False, users=users
            ),
        ) as params:
            sent = await client.http.send_message(channel_id, params=params)
    return MessageRef(channel_id=int(sent["channel_id"]), message_id=int(sent["id"]))


def card_name(number: int, path: Path) -> str:
    """Name a file for what it is; its ending tells Discord and the vendor its type."""
    kind = "picture" if path.suffix in (".png", ".jpeg") else "track"
    return f"{kind}-{number}{path.suffix}"
