"""The client simcord drives in place of the bot: it waits while the real one answers."""

from __future__ import annotations

import asyncio
from typing import Final

import discord

ANSWER_SECONDS: Final = 3.0  # docs: receiving-and-responding, "initial response"


class Acks:
    """Interactions that were sent to the bot and are not answered yet."""

    def __init__(self) -> None:
        self._open: dict[int, asyncio.Future[bool]] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def begin(self, interaction_id: int) -> None:
        """Expect an answer within three seconds from now."""
        loop = asyncio.get_running_loop()
        self._open[interaction_id] = loop.create_future()
        self._timers[interaction_id] = loop.call_later(
            ANSWER_SECONDS, self.settle, interaction_id, False
        )

    def skip(self, seconds: float) -> None:
        """Let that much time pass at once for those that wait."""
        loop = asyncio.get_running_loop()
        for interaction_id, timer in list(self._timers.items()):
            timer.cancel()
            left = max(0.0, timer.when() - loop.time() - seconds)
            self._timers[interaction_id] = loop.call_later(left, self.settle, interaction_id, False)

    def waiting(self, interaction_id: int) -> asyncio.Future[bool] | None:
        """Return what becomes True at the answer, False when there is none; None if it is over."""
        return self._open.get(interaction_id)

    def settle(self, interaction_id: int, answered: bool) -> None:
        """Say how it went; only the first word counts."""
        answer = self._open.pop(interaction_id, None)
        timer = self._timers.pop(interaction_id, None)
        if timer is not None:
            timer.cancel()
        if answer is not None and not answer.done():
            answer.set_result(answered)

    def close(self) -> None:
        """Give up on all of them."""
        for interaction_id in list(self._open):
            self.settle(interaction_id, False)


class Puppet(discord.Client):
    """simcord's page waits until "the bot" has nothing left to do, and takes this for the bot.

    So it must stay busy exactly as long as the real bot, in its own process, has not answered.
    """

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none(), max_messages=None)
        self.acks = Acks()
        self.from_page: set[int] = set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Wait for the real bot, but only for what a person did on the page."""
        if interaction.id not in self.from_page:
            return
        self.from_page.discard(interaction.id)
        waiting = self.acks.waiting(interaction.id)
        if waiting is not None:
            await waiting
