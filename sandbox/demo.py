"""The demo: one member, one photograph, one sentence, and the video that comes back."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simcord import SetupError

from media.errors import MediaError
from media.video import probe
from sandbox.bot_process import ROOT
from sandbox.discord_api.transcript import plain
from sandbox.studio import BotDiedError, Studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from sandbox.people import Person
    from sandbox.studio import StudioSettings

PHOTOGRAPH: Final = ROOT / "sandbox" / "samples" / "coffee.png"
PROMPT: Final = "A slow push in on the cup, steam rising, warm morning light"
OUTPUT: Final = ROOT / "demo-out" / "animate.mp4"
PATIENCE_S: Final = 90.0
TICK_S: Final = 1.5

FAILURES: Final = (BotDiedError, SetupError, TimeoutError, OSError)
"""What can end the demo beside its own findings."""


class DemoFailedError(Exception):
    """Something that the demo promises is missing or wrong; the message says what."""


class Narrator:
    """Tells a person at the terminal what happens, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._told: set[str] = set()

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"[{time.monotonic() - self._start:5.1f} s] {text}", flush=True)

    def once(self, text: str) -> None:
        """Print a line that was not printed before."""
        if text not in self._told:
            self._told.add(text)
            self.say(text)

    @contextlib.asynccontextmanager
    async def busy(self, text: str) -> AsyncIterator[None]:
        """Print that something goes on, again and again while it does."""
        ticking = asyncio.create_task(self._tick(text))
        try:
            yield
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def _tick(self, text: str) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.say(f"  … {text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What came of it. Credits, but `lines`, the conversation, and `video`, the posted file."""

    lines: tuple[str, ...]
    quote: int
    charge: int
    before: int
    after: int
    video: bytes


async def demo(settings: StudioSettings | None = None, output: Path = OUTPUT) -> int:
    """Play the demo and write its video; return the exit code."""
    narrator = Narrator()
    try:
        with tempfile.TemporaryDirectory(prefix="muybridge-demo-") as folder:
            story = await _open_and_play(narrator, Studio(Path(folder), settings))
        described = keep(story.video, output)
    except DemoFailedError as error:
        print(f"The demo failed: {error}", file=sys.stderr)
        return 1
    except FAILURES as error:
        print(f"The demo failed: {str(error) or 'nothing came for too long'}", file=sys.stderr)
        return 1
    _tell(story, described)
    narrator.say("Done.")
    return 0


async def _open_and_play(narrator: Narrator, opening: Studio) -> Story:
    narrator.say("Starting a Discord and an Akool on this machine, and the bot between them …")
    async with contextlib.AsyncExitStack() as stack:
        async with narrator.busy("the bot is starting"):
            studio = await stack.enter_async_context(opening)
        narrator.say("The bot is connected.")
        return await play(studio, narrator)


async def play(studio: Studio, narrator: Narrator) -> Story:
    """Let Alice look at her wallet, animate the photograph, and look again.

    Raises DemoFailedError for what is missing or wrong, BotDiedError and TimeoutError.
    """
    alice = studio.discord.person("Alice")
    before = await studio.while_alive(_wallet(studio, alice))
    narrator.say(f"Alice: {_typed()}")
    receipt, result = await studio.while_alive(_animate(studio, narrator, alice))
    after = await studio.while_alive(_wallet(studio, alice))
    story = Story(
        lines=_conversation(studio),
        quote=_number(_line(studio, receipt)),
        charge=before - after,
        before=before,
        after=after,
        video=result.files[0].data,
    )
    check_money(studio, story)
    return story


async def _animate(studio: Studio, narrator: Narrator, alice: Person) -> tuple[Seen, Seen]:
    """Order, and wait for the video; return the receipt and the message with the video."""
    picture = (PHOTOGRAPH.name, PHOTOGRAPH.read_bytes())
    answer = await alice.slash("animate", image=picture, prompt=PROMPT)
    _require_answer(answer, "/animate")
    receipt = await alice.answered(answer, seconds=PATIENCE_S)
    narrator.say(f"Muybridge, to Alice alone: {_line(studio, receipt)}")
    if "Order #" not in receipt.text:
        raise DemoFailedError(f"the bot took no order; it said: {_line(studio, receipt)}")
    async with narrator.busy("still rendering"):
        result = await alice.sees(partial(_shows_end, studio, narrator), seconds=PATIENCE_S)
    if not result.files:
        raise DemoFailedError(f"no video came; the bot said: {_line(studio, result)}")
    narrator.say(f"Muybridge: {_line(studio, result)} [{result.files[0].name}]")
    card = await alice.sees(_is_finished_card, seconds=PATIENCE_S)
    narrator.say(f"The card: {_line(studio, card)}")
    return receipt, result


def _typed() -> str:
    return f"/animate image:{PHOTOGRAPH.name} prompt:{PROMPT}"


def _conversation(studio: Studio) -> tuple[str, ...]:
    """Return what Alice read, with what she typed in full."""
    read = studio.discord.transcript(viewer="Alice")
    typed = f"Alice used {_typed()}"
    return tuple(typed if line == "Alice used /animate" else line for line in read)


async def _wallet(studio: Studio, person: Person) -> int:
    """Ask for the wallet; return what can be spent, the first number that it tells."""
    answer = await person.slash("credits")
    _require_answer(answer, "/credits")
    return _number(_line(studio, await person.answered(answer)))


def _require_answer(answer: Answer, command: str) -> None:
    if answer.failed:
        raise DemoFailedError(f"the bot did not answer {command} within three seconds")


def _is_card(seen: Seen) -> bool:
    return seen.by_bot and not seen.private_to and "for <@" in seen.text


def _is_finished_card(seen: Seen) -> bool:
    """Tell whether a card has shrunk to its one line."""
    return _is_card(seen) and "\n" not in seen.text.strip()


def _shows_end(studio: Studio, narrator: Narrator, seen: Seen) -> bool:
    """Find the video or the notice that none came, and tell of the card's changes on the way."""
    if _is_card(seen) and not _is_finished_card(seen):
        narrator.once(f"The card: {_line(studio, seen)}")
    return seen.by_bot and not seen.private_to and bool(seen.files or seen.mentions)


def _line(studio: Studio, seen: Seen) -> str:
    """Return the first line of a message as it looks on the screen."""
    return plain(studio.discord.world, seen.text).partition("\n")[0].strip()


def _number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    if found is None:
        raise DemoFailedError(f"expected an amount of credits, and read {text!r}")
    return int(found[0].replace(",", ""))


def check_money(studio: Studio, story: Story) -> None:
    """Hold what Alice paid to the quote and to the vendor's bill. Raises DemoFailedError."""
    requests = {line.request for line in studio.akool.bill}
    if len(requests) != 1 or story.charge != studio.paid or story.charge <= 0:
        raise DemoFailedError(
            f"Akool took {studio.paid} credits for {len(requests)} paid requests, and Alice paid "
            f"{story.charge}; expected one request, and that she pays what it cost"
        )
    if story.charge > story.quote:
        raise DemoFailedError(f"Alice paid {story.charge} credits, and was quoted {story.quote}")
    if studio.akool.complaints:
        raise DemoFailedError(f"Akool would complain: {'; '.join(studio.akool.complaints)}")


def describe(video: bytes) -> str:
    """Probe a posted file and describe it. Raises DemoFailedError unless it is H.264 of 4 s."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posted.mp4"
        path.write_bytes(video)
        try:
            info = probe(path)
        except MediaError as error:
            raise DemoFailedError(f"the posted file is no video: {error}") from error
    if info.video_codec != "h264" or info.seconds < 4:
        raise DemoFailedError(
            f"the video is {info.video_codec} of {info.seconds:.1f} s, expected h264 of 5 s"
        )
    size = f"{info.width}x{info.height}"
    return f"{size}, {info.seconds:.1f} s, H.264, {len(video) / 1e6:.1f} MB"


def keep(video: bytes, output: Path) -> str:
    """Write a posted file where a person finds it; say where, and what is in it.

    Raises DemoFailedError when it is not the video it should be, OSError when it can't be written.
    """
    described = describe(video)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(video)
    return f"{output} ({described})"


def _tell(story: Story, video: str) -> None:
    print("\nWhat Alice has read in #studio:\n")
    print("\n".join(f"  {line}" for line in story.lines))
    print(f"\nQuote:          {story.quote} credits at most")
    print(f"Charge:         {story.charge} credits, what Akool took for the clip")
    print(f"Wallet before:  {story.before} credits to spend")
    print(f"Wallet after:   {story.after} credits to spend")
    print(f"Video:          {video}\n", flush=True)
