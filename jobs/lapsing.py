"""The step that ends grants in the books when their time is over, whatever their member does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.model import Member
    from jobs.ports import Clock

EVERY_MS: Final = 60_000

PORTION: Final = 100
"""Wallets that are looked up at once; each is a commit of its own."""


class LapseStore(Protocol):
    """What ending grants needs from the database."""

    async def lapsed_wallets(
        self, now: int, after: Member | None, limit: int
    ) -> tuple[Member, ...]:
        """Return wallets with grants that are over (epoch ms), beyond that one, by their ids."""
        ...

    async def lapse_wallet(self, member: Member, now: int) -> None:
        """Write off what is left of such grants; a second time there is nothing to do."""
        ...


class Lapse:
    """Looks once a minute; processes that look at the same time end each grant once."""

    name = "lapse"
    slots = 1
    idle_s = EVERY_MS / 1000

    def __init__(self, store: LapseStore, clock: Clock, portion: int = PORTION) -> None:
        self._store = store
        self._clock = clock
        self._portion = portion
        self._due = clock.now()

    async def claim(self, limit: int) -> Sequence[int]:
        """Say whether it is time to look."""
        now = self._clock.now()
        self._due = min(self._due, now + EVERY_MS)  # the clock may have been set back
        if limit < 1 or now < self._due:
            return ()
        self._due = now + EVERY_MS
        return (now,)

    async def perform(self, work: int) -> None:
        """End every grant that is over at that time (epoch ms)."""
        after: Member | None = None
        while found := await self._store.lapsed_wallets(work, after, self._portion):
            for member in found:
                await self._store.lapse_wallet(member, work)
            after = found[-1]
