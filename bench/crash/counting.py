"""How many clips there are in each state, as the bot's own metrics tell it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from typing import Final

import aiohttp

EVERY_S: Final = 0.3
ENDED: Final = frozenset({"posted", "kept", "failed", "released", "cancelled"})
RESTING: Final = ENDED | {"unknown"}
"""Clips that nothing happens to for now: one in doubt waits an hour for its webhook."""

_STATE: Final = re.compile(r'muybridge_clips\{state="(\w+)"\} (\d+)')
_PATIENCE: Final = aiohttp.ClientTimeout(total=5)


class Counts:
    """The newest count, by state."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.clips: Counter[str] = Counter()

    def __str__(self) -> str:
        told = ", ".join(f"{count} {state}" for state, count in sorted(self.clips.items()))
        return told or "none"

    @property
    def moving(self) -> int:
        """Clips that something is about to happen to."""
        return sum(count for state, count in self.clips.items() if state not in RESTING)

    @property
    def ended(self) -> bool:
        """Whether nothing will ever happen to any of them by itself."""
        return set(self.clips) <= ENDED

    async def run(self) -> None:
        """Ask again and again."""
        while True:
            await self.ask()
            await asyncio.sleep(EVERY_S)

    async def ask(self) -> bool:
        """Ask the bot; False when it does not answer, because it is dead or not yet alive."""
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE) as session,
                session.get(f"{self._address}/metrics") as answer,
            ):
                found = _STATE.findall(await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            return False
        self.clips = Counter({state: int(count) for state, count in found})
        return True
