"""Find one of our own messages in a channel's history, or prove that it is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import discord

from cogs.dynamic import custom_id
from cogs.faults import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, fault_of
from cogs.posts import card_heads
from cogs.results import Again, AgainOrder, CancelOrder
from jobs.ports import CannotLook, MessageKind, MessageRef, PostFault

if TYPE_CHECKING:
    from discord.abc import Messageable

    from jobs.model import Order

SKEW_MS: Final = 10 * 60 * 1000
"""How far our clock may be ahead of Discord's, whose clock makes the messages' ids."""

PAGE: Final = 100
PAGES: Final = 50
"""In a channel with more messages since then, nobody knows: a search has to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the message is known by: a button's custom_id, or all ways in which a card may begin."""

    button: str = ""
    heads: tuple[str, ...] = ()

    @classmethod
    def of(cls, order: Order, kind: MessageKind, clip_id: int | None) -> Wanted:
        """Say how the message of an order is recognised."""
        if kind is MessageKind.CARD:
            return cls(heads=card_heads(order))
        if kind is MessageKind.PAUSE:
            return cls(button=custom_id(CancelOrder.name, order.id))
        if kind is MessageKind.NOTICE or clip_id is None:
            return cls(button=custom_id(AgainOrder.name, order.id))
        return cls(button=custom_id(Again.name, clip_id))

    def fits(self, message: discord.Message) -> bool:
        """Tell whether a message of ours is the one."""
        if self.heads:
            return message.content.startswith(self.heads)
        return any(
            getattr(button, "custom_id", None) == self.button
            for part in message.components
            for button in getattr(part, "children", ())
        )


async def search(
    client: discord.Client, channel: Messageable, wanted: Wanted, since: int, pages: int = PAGES
) -> MessageRef | None:
    """Look through a channel's messages since a time (epoch ms); None when it is not there.

    A channel that is gone holds nothing. Raises CannotLook where the history can't be read to
    its end, and what discord.py raises when Discord is down.
    """
    try:
        return await _search(client, channel, wanted, since, pages)
    except discord.HTTPException as error:
        if error.code == UNKNOWN_CHANNEL:
            return None
        if fault_of(error.status, error.code) is PostFault.LATER:
            raise
        raise CannotLook(f"status {error.status}, code {error.code}") from error


async def _search(
    client: discord.Client, channel: Messageable, wanted: Wanted, since: int, pages: int
) -> MessageRef | None:
    oldest = max(0, since - SKEW_MS - discord.utils.DISCORD_EPOCH) << 22
    before: discord.Object | None = None
    for _ in range(pages):
        page = [one async for one in channel.history(limit=PAGE, before=before)]
        for message in page:
            if message.id >= oldest and _ours(client, message) and wanted.fits(message):
                return MessageRef(channel_id=message.channel.id, message_id=message.id)
        if page and page[-1].id < oldest:
            return None
        if len(page) < PAGE:
            if not page and before is None:
                await _prove_readable(channel, oldest)
            return None
        before = discord.Object(page[-1].id)
    raise CannotLook(f"more than {pages * PAGE} messages since then")


def _ours(client: discord.Client, message: discord.Message) -> bool:
    return client.user is not None and message.author.id == client.user.id


async def _prove_readable(channel: Messageable, missing_id: int) -> None:
    """Tell an empty channel from one whose history is closed to us: both list nothing.

    Without Read Message History Discord lists no messages, and refuses to show a single one
    (Discord's reference, "Get Channel Messages" and "Get Channel Message").
    """
    try:
        await channel.fetch_message(missing_id)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
