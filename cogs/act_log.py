"""Posts acts to a guild's log channel, each known by its code, so that a second try finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord.http import handle_message_parameters

from cogs import act_lines
from cogs.faults import posting
from cogs.language import ENGLISH, speaking
from cogs.render import dotted
from cogs.searching import Wanted, search
from jobs.ids import code

if TYPE_CHECKING:
    from jobs.acts import Written

SEARCH_PATIENCE_S: Final = 60.0


class ActLog:
    """Fits `jobs.logbook.LogChannel`. The client has to be logged in."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, channel_id: int, written: Written, language: str) -> None:
        """Post an act in the server's language, so that it pings nobody; the nonce is its id."""
        with speaking(language or self._language(written.act.guild_id)):
            text = line(written)
        async with posting():
            with handle_message_parameters(
                content=text,
                nonce=f"a{written.id}",
                allowed_mentions=discord.AllowedMentions.none(),
            ) as params:
                await self._client.http.send_message(channel_id, params=params)

    async def is_up(self, channel_id: int, written: Written, since: int) -> bool:
        """Look through the channel for the act's code. Raises CannotLook or PostFailed."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=written.act.guild_id)
        async with posting(SEARCH_PATIENCE_S):
            wanted = Wanted(heads=(head(written),))
            return await search(self._client, channel, wanted, since) is not None

    def _language(self, guild_id: int) -> str:
        """Return what Discord says of the server; without a gateway nobody knows it."""
        guild = self._client.get_guild(guild_id)
        return ENGLISH if guild is None else str(guild.preferred_locale)


def head(written: Written) -> str:
    """Return how an act's post begins, in every language; it is known by that."""
    return f"**#{code(written.id)}**"


def line(written: Written) -> str:
    """Word an act's post."""
    return dotted(head(written), act_lines.told(written.act))
