"""A studio for all tests of a module, and a scene of its own in it for each."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from sandbox.watch import Watch
from tests.e2e.stage import account, animate, books, ended, open_studio, spendable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from sandbox.akool_api.store import BillLine
    from sandbox.akool_api.store import Clip as VendorClip
    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from sandbox.people import Person
    from sandbox.studio import Studio
    from tests.e2e.stage import Books, Ending

NAMES = itertools.count(1)


@dataclass(slots=True, kw_only=True)
class Scene:
    """A channel of its own in a studio that several tests share, with two who are new there."""

    studio: Studio
    watch: Watch
    channel: str
    alice: Person
    bob: Person
    bill_before: int
    clips_before: frozenset[str] = field(default_factory=frozenset)

    async def animate(self, by: Person | None = None, /, **options: Any) -> Answer:  # noqa: ANN401
        """Type /animate here; Alice, unless somebody else is named."""
        return await animate(by or self.alice, channel=self.channel, **options)

    async def ended(self, person: Person | None = None, *, videos: int = 1) -> Ending:
        """Wait until so many videos, or a notice, stand here and nothing more is to come."""
        return await ended(self.studio, person or self.alice, channel=self.channel, videos=videos)

    async def spendable(self, person: Person | None = None) -> int:
        """Read the wallet, Alice's unless somebody else is named."""
        return await spendable(person or self.alice, channel=self.channel)

    async def account(self) -> Books:
        """Read Alice's orders and entries."""
        return await account(self.studio, self.alice)

    def read(self, person: Person | None = None) -> list[Seen]:
        """Return what stands here."""
        return (person or self.alice).read(self.channel)

    @property
    def bill(self) -> list[BillLine]:
        """What the vendor has charged since the scene began."""
        return self.studio.akool.bill[self.bill_before :]

    @property
    def paid(self) -> int:
        """The credits of that bill."""
        return sum(line.credits for line in self.bill)

    @property
    def made(self) -> list[VendorClip]:
        """The clips that the vendor has, and had not when the scene began."""
        clips = self.studio.akool.store.clips
        return [clip for id_, clip in clips.items() if id_ not in self.clips_before]


@asynccontextmanager
async def shared_studio(folder: Path, allowance: int = 100) -> AsyncIterator[tuple[Studio, Watch]]:
    """Open a studio and its watch; at the end its books must be right."""
    watch = Watch()
    async with open_studio(folder, watch.middleware, DEFAULT_ALLOWANCE=str(allowance)) as studio:
        yield studio, watch
        assert (await books(studio)).wrong == ()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Studio, Watch]]:
    """Open one studio for all tests of a module."""
    async with shared_studio(tmp_path_factory.mktemp("studio")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def scene(shared: tuple[Studio, Watch]) -> AsyncIterator[Scene]:
    """Give a test a channel and two members of its own; faults end with it."""
    studio, watch = shared
    if studio.bot.returncode is not None:
        await studio.start_bot()  # a test before may have left it dead
    number = next(NAMES)
    channel = f"set-{number}"
    studio.discord.world.add_channel(channel)
    yield Scene(
        studio=studio,
        watch=watch,
        channel=channel,
        alice=studio.discord.join(f"Alice{number}"),
        bob=studio.discord.join(f"Bob{number}"),
        bill_before=len(studio.akool.bill),
        clips_before=frozenset(studio.akool.store.clips),
    )
    studio.discord.faults.clear()
    studio.akool.faults.clear()
