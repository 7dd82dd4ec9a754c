"""Commands that a process acknowledged before it died are answered by the one after it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from cogs.client import Muybridge
from jobs.catalogue import Effect
from jobs.clock import SystemClock
from sandbox.discord_api.faults import Fault, FaultKind
from sandbox.discord_api.server import DiscordSandbox
from tests.cogs.scenes import PICTURE
from tests.fakes import START, FakeClock, FakeLibrary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cogs.client import Services
    from jobs.model import Order
    from jobs.ordering import Ordering
    from jobs.ports import KeptPicture
    from sandbox.discord_api.answers import Answer
    from sandbox.people import Person
    from tests.cogs.scenes import FaultyStore

PATIENCE_S = 60


class StuckLibrary(FakeLibrary):
    """A media store that is slow to keep the first picture, so that its process can be killed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reached = asyncio.Event()
        self.stuck: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()

    async def keep_picture(self, data: bytes) -> KeptPicture:
        stuck, self.stuck = self.stuck, None
        if stuck is not None:
            self.held = stuck
            self.reached.set()
            await stuck
        return await super().keep_picture(data)

    def kill(self) -> None:
        """End whoever waits, as the end of the process would."""
        self.held.cancel()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that agrees with the sandbox's."""
    return FakeClock(SystemClock().now())


@pytest.fixture
async def library(tmp_path: Path) -> StuckLibrary:
    """Make a media store in a folder, stuck at first."""
    folder = tmp_path / "media"
    folder.mkdir()
    return StuckLibrary(folder)


@dataclass
class Stage:
    """A sandbox with Alice, and processes that come and go."""

    discord: DiscordSandbox
    services: Services
    library: StuckLibrary
    store: FaultyStore
    ordering: Ordering
    clock: FakeClock
    answers: list[Answer] = field(default_factory=list)

    @property
    def alice(self) -> Person:
        return self.discord.person("Alice")

    @asynccontextmanager
    async def process(self, *, heir: bool = True) -> AsyncIterator[Muybridge]:
        """Run the bot for a while: in the place of the one before it, or beside that one."""
        if heir:
            await self.store.take_over()
        bot = Muybridge(self.services, sync=True)
        running = asyncio.create_task(bot.start("any-token"))
        try:
            await self.discord.ready(PATIENCE_S)
            yield bot
        finally:
            await bot.close()
            await running
            await self.discord.gone(PATIENCE_S)

    async def killed(self, command: str = "animate", **options: Any) -> Answer:  # noqa: ANN401
        """Let Alice's command be acknowledged by a process that dies over it."""
        async with self.process():
            words = {"prompt": "steam rises"} if command == "animate" else {}
            filled = {"image": PICTURE, **words, **options}
            answer = await self.alice.slash(command, **filled)
            await asyncio.wait_for(self.library.reached.wait(), PATIENCE_S)
            self.library.kill()
        assert answer.message is not None
        assert answer.message.thinking
        return answer

    async def orders(self) -> tuple[Order, ...]:
        return await self.store.claim_cards(self.clock.now() + 1, 0, 10)


@pytest.fixture
async def stage(
    services: Services,
    library: StuckLibrary,
    store: FaultyStore,
    ordering: Ordering,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Stage]:
    """Open a sandbox, and put discord.py's addresses back afterwards."""
    async with DiscordSandbox() as sandbox:
        monkeypatch.setattr(Route, "BASE", sandbox.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        yield Stage(sandbox, services, library, store, ordering, clock)


async def test_the_next_process_orders_once_and_shows_the_receipt(stage: Stage) -> None:
    answer = await stage.killed()
    assert await stage.orders() == ()
    async with stage.process():
        seen = await stage.alice.answered(answer, lambda one: "you keep 90" in one.text)
        assert seen.private_to == "Alice"
        async with asyncio.timeout(PATIENCE_S):
            while await stage.store.open_asks(0):
                continue
    assert len(await stage.orders()) == 1
    async with stage.process():
        pass
    assert len(await stage.orders()) == 1


async def test_an_acknowledgement_whose_reply_is_lost_three_times_counts_all_the_same(
    stage: Stage,
) -> None:
    """With two of them lost the member saw the bot think for good."""
    stage.library.stuck = None
    lost = Fault(kind=FaultKind.LOST_REPLY, path="/interactions/*/callback", times=3)
    async with stage.process():
        stage.discord.faults.add(lost)
        answer = await stage.alice.slash("animate", image=PICTURE, prompt="steam rises")
        await stage.alice.answered(answer, lambda one: "you keep 90" in one.text)
    assert len(stage.discord.faults.struck) == 3
    assert len(await stage.orders()) == 1


async def test_one_that_runs_beside_it_answers_only_once_it_is_known_to_be_dead(
    stage: Stage,
) -> None:
    answer = await stage.killed()
    async with stage.process(heir=False) as neighbour:
        neighbour.take_up()
        await asyncio.gather(*neighbour._resuming)
        assert answer.message is not None
        assert answer.message.thinking
        assert await stage.store.take_over() == 1
        neighbour.take_up()
        await stage.alice.answered(answer, lambda one: "you keep 90" in one.text)
    assert len(await stage.orders()) == 1


async def test_it_is_answered_in_its_askers_language(stage: Stage) -> None:
    stage.alice.speaks("de")
    answer = await stage.killed()
    async with stage.process():
        await stage.alice.answered(answer, lambda one: "dir bleiben 90" in one.text)


async def test_an_effect_with_its_track_is_taken_up_as_well(stage: Stage) -> None:
    stage.services.catalogue.replace_effects((Effect(code="squish_1", name="Squish"),), START)
    answer = await stage.killed("effect", effect="Squish", track=("song.mp3", b"ID3 a song"))
    assert await stage.orders() == ()
    async with stage.process():
        await stage.alice.answered(answer, lambda one: "you keep 80" in one.text)
    (order,) = await stage.orders()
    assert order.options.effect == "squish_1"
    assert order.options.track is not None


async def test_above_the_confirm_price_the_next_process_only_offers(stage: Stage) -> None:
    answer = await stage.killed(variations=6)
    async with stage.process():
        offer = await stage.alice.answered(answer, lambda one: one.buttons)
        assert "Nothing is spent until you press **Confirm**." in offer.text
        assert await stage.orders() == ()
        await stage.alice.press(answer, "Confirm")
        await stage.alice.answered(answer, lambda one: "you keep 40" in one.text)
    assert len(await stage.orders()) == 1


async def test_what_nobody_can_answer_any_more_is_let_go(stage: Stage) -> None:
    await stage.killed()
    stage.clock.advance(20 * 60)
    async with stage.process():
        pass
    assert await stage.orders() == ()


async def test_an_answer_that_can_not_be_given_any_more_stops_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.killed()
    over = Fault(kind=FaultKind.ERROR, path="/webhooks/*", status=401, code=50027, times=None)
    stage.discord.faults.add(over)
    async with stage.process():
        await stage.discord.pulse.until(
            # once when it is looked for, once when it should be replaced
            lambda: True if len(stage.discord.faults.struck) > 1 else None,
            PATIENCE_S,
        )
    assert await stage.orders() == ()
    assert "failed, code" not in caplog.text


async def test_who_read_that_nothing_was_ordered_is_only_offered_it(stage: Stage) -> None:
    """A full disk refused the order and its note; the next start ordered what was refused."""
    stage.library.stuck, stage.store.full = None, True
    async with stage.process():
        answer = await stage.alice.slash("animate", image=PICTURE, prompt="steam rises")
        told = await stage.alice.answered(answer)
        assert told.text.startswith("Nothing was ordered, because my records can't be reached.")
    stage.store.full = False
    async with stage.process():
        offer = await stage.alice.answered(answer, lambda one: "would keep 90" in one.text)
        assert "Nothing is spent until you press **Confirm**." in offer.text
        assert await stage.orders() == ()
        async with asyncio.timeout(PATIENCE_S):
            while await stage.store.open_asks(0):
                continue
    async with stage.process():
        await stage.alice.press(answer, "Confirm")
        await stage.alice.answered(answer, lambda one: "you keep 90" in one.text)
    assert len(await stage.orders()) == 1
