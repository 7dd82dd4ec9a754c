"""The private answer to an acknowledged interaction, also by a process that came later."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, cast

import aiohttp
import discord

from cogs.errors import GONE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord.ui import View

    from jobs.asking import Ask

logger = logging.getLogger(__name__)

TRIES: Final = 3

ORIGINAL: Final = cast("int", "@original")
"""The id of an interaction's first answer is literally this (Discord's reference, "Edit Original
Interaction Response")."""


class Answerable(Protocol):
    """What a reply needs from Discord."""

    async def edit(self, text: str, view: View | None) -> None:
        """Replace the answer's text and buttons."""
        ...

    async def add(self, text: str) -> None:
        """Send one more private message."""
        ...


@dataclass(slots=True)
class Reply:
    """One private answer. `id` is the interaction's.

    `retry` holds the buttons that let the member try the same thing again, once there are any;
    `reopen` the one that brings the form back that is being answered.
    """

    id: int
    to: Answerable
    retry: View | None = None
    reopen: View | None = None

    async def show(self, text: str, view: View | None = None) -> None:
        """Replace what the answer says; without a view it has no buttons."""
        await self.to.edit(text, view)

    async def add(self, text: str) -> None:
        """Say one more thing in private."""
        await self.to.add(text)


async def surely(edit: Callable[[], Awaitable[object]]) -> None:
    """Edit; where the reply is lost, edit again: doing it twice shows the same.

    Else a member whose order is placed would read that something went wrong.
    """
    for left in reversed(range(TRIES)):
        try:
            await edit()
        except (aiohttp.ClientError, ConnectionError):
            if not left:
                raise
            logger.info("the reply to an edited answer was lost; it is edited again")
        else:
            return


class LiveInteraction:
    """Answers an interaction that this process has acknowledged."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction

    async def edit(self, text: str, view: View | None) -> None:
        """Replace the original response."""
        await surely(lambda: self._interaction.edit_original_response(content=text, view=view))

    async def add(self, text: str) -> None:
        """Follow up in private."""
        await self._interaction.followup.send(text, ephemeral=True)


class LeftInteraction:
    """Answers an interaction by its token, as whoever holds it may for fifteen minutes."""

    def __init__(self, client: discord.Client, ask: Ask) -> None:
        self._webhook = _webhook(client, ask)

    async def edit(self, text: str, view: View | None) -> None:
        """Replace the original response, which is a message of the interaction's webhook."""
        await surely(lambda: self._webhook.edit_message(ORIGINAL, content=text, view=view))

    async def add(self, text: str) -> None:
        """Follow up in private."""
        await self._webhook.send(text, ephemeral=True)


def reply_to(interaction: discord.Interaction) -> Reply:
    """Return the answer to an interaction at hand."""
    return Reply(id=interaction.id, to=LiveInteraction(interaction))


def reply_by_token(client: discord.Client, ask: Ask) -> Reply:
    """Return the answer to a command that another process had acknowledged."""
    return Reply(id=ask.interaction_id, to=LeftInteraction(client, ask))


class Standing(StrEnum):
    """How far the process that wrote a command down got with its answer."""

    UNSEEN = "unseen"
    THINKING = "thinking"
    TOLD = "told"


async def standing(client: discord.Client, ask: Ask) -> Standing:
    """Tell how far a command got: not acknowledged, still thinking, or told something.

    An answer that nobody can look at any more counts as told. Raises what discord.py raises when
    Discord is down.
    """
    try:
        seen = await _webhook(client, ask).fetch_message(ORIGINAL)
    except discord.NotFound:
        return Standing.UNSEEN
    except discord.HTTPException as error:
        if error.code not in GONE:
            raise
        return Standing.TOLD
    return Standing.THINKING if seen.flags.loading else Standing.TOLD


def _webhook(client: discord.Client, ask: Ask) -> discord.Webhook:
    return discord.Webhook.partial(ask.application_id, ask.token, client=client)
