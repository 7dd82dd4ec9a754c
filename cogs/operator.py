"""Tell the person who runs the bot, by direct message, what the log says as well."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import discord

from cogs.errors import NETWORK

if TYPE_CHECKING:
    from jobs.ports import Clock

logger = logging.getLogger(__name__)

SAME_AGAIN_MS: Final = 60 * 1000
PATIENCE_S: Final = 30.0
LONGEST: Final = 1900


class Operator:
    """The application's owner, or its team's."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._told: dict[str, int] = {}
        self._owner_id: int | None = None

    async def tell(self, text: str) -> None:
        """Send a text, unless the same one went within a minute. Never raises."""
        if self._said_lately(text):
            return
        try:
            async with asyncio.timeout(PATIENCE_S):
                channel = await self._client.create_dm(discord.Object(await self._owner()))
                await channel.send(text[:LONGEST], allowed_mentions=discord.AllowedMentions.none())
        except (*NETWORK, discord.RateLimited) as error:
            logger.warning("the operator could not be told: %s", type(error).__name__)

    def _said_lately(self, text: str) -> bool:
        now = self._clock.now()
        self._told = {said: at for said, at in self._told.items() if now - at < SAME_AGAIN_MS}
        if text in self._told:
            return True
        self._told[text] = now
        return False

    async def _owner(self) -> int:
        if self._owner_id is None:
            application = await self._client.application_info()
            team = application.team
            owner = None if team is None else team.owner_id
            self._owner_id = application.owner.id if owner is None else owner
        return self._owner_id
