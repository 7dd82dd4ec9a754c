"""One run: orders, mischief and kills at the same time, then peace, and the end of every order."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from bench.crash.asking import MOST_OPEN, Load
from bench.crash.counting import Counts
from bench.crash.mischief import Mischief, make_peace
from bench.crash.points import (
    LATER,
    REQUESTS,
    SEEN,
    SENTENCE,
    AtRandom,
    AtRequest,
    AtTransaction,
    deaths,
)
from bench.crash.shown import shown
from bench.crash.truths import open_books
from jobs.clock import SystemClock
from sandbox.akool_api.settings import VendorSettings
from sandbox.studio import BotDiedError, Studio, StudioSettings
from sandbox.watch import LINKS, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.crash.points import Death

DOOMED: Final = Path(__file__).with_name("doomed.py")
SCOUTED: Final = 12
"""Orders before the first kill: they show which transactions there are."""
MOST_WAIT: Final = 0.98
"""The share of members that wait while the bot is away; the others ask nobody."""
COMES_S: Final = 5.0
"""How long a point is waited for; then the bot is killed, and the point left for its start."""
TRIES: Final = 3
QUIET_S: Final = 1.5
PATIENCE_S: Final = 90.0
HOUR_MS: Final = 3600 * 1000
OUTAGES: Final = (HOUR_MS * 13 // 12, 2 * HOUR_MS, 12 * HOUR_MS)
"""How far the clock is put forward at the end: what is in doubt ends, what backs off is due."""

_KILLED: Final = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do. `public` gives the bot an address, so that webhooks come; `database` its URL.

    `at` are the deaths, in order; without any, every named point comes in turn, and any time.
    """

    orders: int = 100
    kills: int = 10
    seed: int = 1
    minutes: float = 60.0
    database: str = ""
    public: bool = True
    at: tuple[Death, ...] = ()


@dataclass(slots=True, kw_only=True)
class Told:
    """What happened in a run: deaths with their time (epoch ms), and those that never came."""

    killed: list[tuple[int, Death]] = field(default_factory=list)
    missed: list[Death] = field(default_factory=list)
    starts: int = 0
    seconds: float = 0.0
    shown: frozenset[int] = frozenset()
    unfinished: str = ""


class BotFailedError(Exception):
    """The bot ended by itself; the message has the end of its log."""


class Run:
    """Plays a plan in a folder of its own."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.told = Told()
        self.watch = Watch()
        self._chance = Random(plan.seed)  # noqa: S311 - a story, no secret
        self._clock = SystemClock()
        self._sentence, self._seen = folder / "sentence", folder / "transactions"
        self._began = time.monotonic()
        self._armed = False
        self.studio = Studio(folder, self._settings())
        self.load = Load(self.studio, plan.orders, plan.seed, self._may_ask)
        self.mischief = Mischief(self.studio, self._chance)

    def _settings(self) -> StudioSettings:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        face = f"http://127.0.0.1:{port}"
        self.counts = Counts(face)
        variables = {
            "HTTP_PORT": str(port),
            "POLL_SECONDS": "0.2",
            "SUBMIT_PER_SECOND": "50",
            "SUBMIT_CONCURRENCY": "8",
            "DEFAULT_ALLOWANCE": "1000000",
            "DAILY_CREDIT_CEILING": "100000000",
            SENTENCE: str(self._sentence),
            SEEN: str(self._seen),
        }
        if self.plan.public:
            client = VendorSettings().client_id
            variables |= {"PUBLIC_URL": face, "AKOOL_CLIENT_ID": client}
        if self.plan.database:
            variables["DATABASE_URL"] = self.plan.database
        return StudioSettings(
            vendor=VendorSettings(drawing=False, balance=10**9, render_seconds=0.3),
            variables=variables,
            middlewares=(self.watch.middleware,),
            bot_starts=False,
            program=DOOMED,
        )

    # --- the story ------------------------------------------------------------------------------

    async def play(self) -> None:
        """Play it to its end, bot stopped. Raises BotFailedError."""
        self.load.prepare()
        await self._start()
        try:
            async with asyncio.timeout(self.plan.minutes * 60):
                await self._storm()
        except TimeoutError:
            self.told.unfinished = f"not all of it in {self.plan.minutes:g} minutes"
        await self._peace()
        self.told.seconds = time.monotonic() - self._began

    async def _storm(self) -> None:
        work = [asyncio.create_task(each) for each in (self.load.run(), self._kills())]
        beside = [
            asyncio.create_task(each)
            for each in (self.mischief.run(), self.counts.run(), self._tell())
        ]
        try:
            await _all_or_first_error(work, beside)
        finally:
            for task in (*work, *beside):
                task.cancel()
            await asyncio.gather(*work, *beside, return_exceptions=True)

    def _may_ask(self, number: int) -> bool:
        """Keep the line short, and some orders for every kill: they are asked while it is due."""
        if not self.studio.discord.gateway.connected and self._chance.random() < MOST_WAIT:
            return False
        lives = len(self.told.killed) + self._armed
        may = self._kills_over or number < SCOUTED + lives * self._share
        return may and self.counts.moving < MOST_OPEN

    @property
    def _share(self) -> float:
        """Orders for each kill."""
        return max(0.0, self.plan.orders - SCOUTED) / max(1, self.plan.kills)

    @property
    def _kills_over(self) -> bool:
        return len(self.told.killed) >= self.plan.kills

    async def _kills(self) -> None:
        await self._asked(min(SCOUTED, self.plan.orders))
        for death in self._deaths():
            await self._asked(SCOUTED + len(self.told.killed) * self._share)
            await self._die(death)
            if self._kills_over:
                return

    def _deaths(self) -> Iterator[Death]:
        if self.plan.at:
            return iter(self.plan.at)
        most = 10 * self.plan.kills + 1
        # With an address of its own the bot needs no fresh link to a card's picture.
        public = [each for each in REQUESTS if each is not LINKS]
        requests = public if self.plan.public else REQUESTS
        return deaths(self._transactions, most, self._chance, requests)

    def _transactions(self) -> set[str]:
        return set(self._seen.read_text().split())

    async def _asked(self, number: float) -> None:
        """Wait for the so many-th order."""
        wanted = min(number, self.plan.orders)
        await self.load.pulse.until(
            lambda: True if len(self.load.asked) >= wanted else None, self.plan.minutes * 60
        )

    # --- dying ----------------------------------------------------------------------------------

    async def _die(self, death: Death) -> None:
        """Have the bot die there, and start it again; a point that never comes is given up."""
        struck = asyncio.Event()
        self._armed = True
        if death.at_start:
            await self.studio.bot.kill()
            self.told.killed.append((self._clock.now(), AtRandom(0)))
        self._arm(death, struck)
        for _ in range(TRIES):
            if await self._died(struck):
                break
        else:
            self.told.missed.append(death)
            struck.clear()
        if struck.is_set():
            self.told.killed.append((self._clock.now(), death))
        self._disarm()
        self._armed = False
        if self.studio.bot.returncode is not None:
            await self._start()

    async def _died(self, struck: asyncio.Event) -> bool:
        """Wait for the death; when it does not come, kill the bot and try a start."""
        bot = self.studio.bot
        if bot.returncode is None:
            if await self._ended_by_itself():
                struck.set()
                return True
            await bot.kill()
            self.told.killed.append((self._clock.now(), AtRandom(COMES_S)))
        try:
            await self._connect()
        except BotDiedError:
            if not struck.is_set():
                self._must_be_killed()
            struck.set()
        return struck.is_set()

    async def _ended_by_itself(self) -> bool:
        try:
            async with asyncio.timeout(COMES_S):
                await self.studio.bot.ended()
        except TimeoutError:
            return False
        self._must_be_killed()
        return True

    def _must_be_killed(self) -> None:
        """Make sure that it was a kill that ended the bot. Raises BotFailedError."""
        if self.studio.bot.returncode != _KILLED:
            raise BotFailedError(
                f"exit code {self.studio.bot.returncode}:\n{self.studio.bot.last_words(40)}"
            )

    def _arm(self, death: Death, struck: asyncio.Event) -> None:
        async def kill() -> None:
            await self.studio.bot.kill()
            struck.set()

        async def kill_later(seconds: float) -> None:
            await asyncio.sleep(seconds)
            await kill()

        match death:
            case AtTransaction():
                _write(self._sentence, str(death))
            case AtRequest():
                self.watch.at(death.request, death.when, kill)
            case AtRandom():
                self._later = asyncio.create_task(kill_later(death.seconds))

    def _disarm(self) -> None:
        self._sentence.unlink(missing_ok=True)
        self.watch.forget()

    async def _start(self) -> None:
        """Start the bot and wait until it is connected; kills and mischief may need two tries."""
        for left in reversed(range(TRIES)):
            try:
                await self._connect()
            except BotDiedError as error:
                if not left:
                    raise BotFailedError(str(error)) from error
            else:
                return

    async def _connect(self) -> None:
        self.told.starts += 1
        await self.studio.start_bot()

    # --- how it goes ----------------------------------------------------------------------------

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(10)
            self.say(self.progress())

    def progress(self) -> str:
        """Say in one line how far it is."""
        return (
            f"{len(self.load.asked)} orders, {len(self.told.killed)} kills, "
            f"{self.mischief.struck} faults; clips: {self.counts}"
        )

    def say(self, text: str) -> None:
        """Print a line with the seconds since the start."""
        print(f"[{time.monotonic() - self._began:6.1f} s] {text}", flush=True)

    # --- the end --------------------------------------------------------------------------------

    async def _peace(self) -> None:
        """Let everything end: first as it is, then as if hours had passed."""
        self._disarm()
        await make_peace(self.studio)
        if self.studio.bot.returncode is not None:
            await self._start()
        await self._until_quiet()
        for later in OUTAGES:
            self.say(f"a start {later // 60_000} minutes later; {self.progress()}")
            await self._stop()
            self.studio.bot.settings[LATER] = str(later)
            await self._start()
            await self._until_quiet()
            if self.counts.ended:
                break
        await self._look_up()
        await self._stop()

    async def _look_up(self) -> None:
        """Ask for what is kept, while the bot still answers."""
        database = await open_books(self.plan.database, self.studio.database)
        try:
            self.told.shown = await shown(self.studio, database)
        finally:
            await database.close()

    async def _stop(self) -> None:
        code = await self.studio.bot.stop()
        if code != 0:
            raise BotFailedError(f"exit code {code}:\n{self.studio.bot.last_words(40)}")

    async def _until_quiet(self) -> None:
        """Wait until nothing is open and nobody has asked anything for a while."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            served = len(self.watch.served)
            await asyncio.sleep(QUIET_S)
            answered = await self.counts.ask()
            if answered and not self.counts.moving and served == len(self.watch.served):
                return


def _write(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


async def _all_or_first_error(
    work: list[asyncio.Task[None]], beside: list[asyncio.Task[None]]
) -> None:
    """Wait until all work is done; raise the first error of anybody."""
    waiting = set(work)
    while waiting:
        done, _ = await asyncio.wait({*waiting, *beside}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        waiting -= done
