"""What a gateway that hangs up means: to try again later, or a fault to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord.shard
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

if TYPE_CHECKING:
    from typing import Self

TOKEN_REFUSED: Final = 4004
"""Close code (Discord's reference, "Gateway Close Event Codes"): the token was changed."""


class PatientSocket(DiscordWebSocket):
    """A connection that fails like any other when it is closed, or silent, before its HELLO.

    discord.py 2.7 asks to reconnect then: `Shard.reconnect` takes that for the end of the bot, and
    `Shard.reidentify` connects again without a pause, for as long as the gateway hangs up.
    """

    @classmethod
    async def from_client(cls, *args: Any, **options: Any) -> Self:  # noqa: ANN401
        """Connect; raises ConnectionError, which discord.py meets with growing pauses."""
        try:
            return await super().from_client(*args, **options)
        except ReconnectWebSocket:
            raise ConnectionError("the gateway hung up before it said hello") from None


def be_patient() -> None:
    """Have every shard connect like this; discord.py has no setting for it."""
    discord.shard.DiscordWebSocket = PatientSocket  # type: ignore[misc]  # the seam there is


def reason_of(closed: discord.ConnectionClosed) -> Exception:
    """Return what a close for good is about, as the error that the command line has words for."""
    if closed.code == TOKEN_REFUSED:
        return discord.LoginFailure("the token was changed")
    return ConnectionError(f"Discord's gateway closed for good, with code {closed.code}")
