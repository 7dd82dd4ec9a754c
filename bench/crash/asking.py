"""The load: many members who order at the same time, each order known by its prompt."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

from PIL import Image

from sandbox.discord_api.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from sandbox.people import File, Person
    from sandbox.studio import Studio

MEMBERS: Final = 40
CHANNELS: Final = 5
DEAF_EVERY: Final = 5
"""Every fifth member takes no direct messages: what was ordered in private is then kept."""
AT_ONCE: Final = 10
"""Members who are at the keyboard at the same time."""
MOST_OPEN: Final = 30
"""Clips in flight beyond which nobody begins another order."""
ANSWER_S: Final = 20.0
LOOK_S: Final = 0.2

_TAKE: Final = re.compile(r"Take (\d+):")


def prompt_of(number: int) -> str:
    """Word the prompt of an order."""
    return f"Take {number}: a slow push in on the cup"


def number_in(prompt: str) -> int | None:
    """Read an order's number out of its prompt."""
    found = _TAKE.match(prompt)
    return int(found[1]) if found else None


@cache
def picture(kind: str) -> File:
    """Make a small picture; only a card can bring a WEBP to a vendor that can't ask the bot."""
    written = io.BytesIO()
    Image.new("RGB", (320, 320), (60, 90, 160)).save(written, kind)
    return f"cup.{kind.lower()}", written.getvalue()


@dataclass(slots=True, kw_only=True)
class Asked:
    """One order as its member sees it; `answered` is False for "did not respond"."""

    number: int
    member: str
    answered: bool = False
    text: str = ""
    answer: Answer | None = field(default=None, repr=False)

    def read_again(self) -> None:
        """Read what the answer says by now."""
        if self.answer is not None:
            self.text = self.answer.text


@dataclass(slots=True)
class Load:
    """Orders until there are `wanted`; `may_ask(n)` tells whether the n-th may come now."""

    studio: Studio
    wanted: int
    seed: int
    may_ask: Callable[[int], bool]
    asked: list[Asked] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)
    unreachable: frozenset[int] = frozenset()

    def prepare(self) -> None:
        """Let the members join, and open the channels, before the bot connects."""
        for number in range(CHANNELS):
            self.studio.discord.world.add_channel(f"set-{number}")
        for number in range(MEMBERS):
            person = self.studio.discord.join(f"Member{number}")
            if number % DEAF_EVERY == 0:
                person.close_dms()
                self.unreachable |= {person.id}

    async def run(self) -> None:
        """Order until all orders are placed."""
        await asyncio.gather(*(self._member() for _ in range(AT_ONCE)))

    async def _member(self) -> None:
        while (number := len(self.asked)) < self.wanted:
            if not self.may_ask(number):
                await asyncio.sleep(LOOK_S)
                continue
            chance = Random(f"{self.seed}:{number}")  # noqa: S311 - a story, no secret
            asked = Asked(number=number, member=f"Member{chance.randrange(MEMBERS)}")
            self.asked.append(asked)
            self.pulse.beat()
            await self._order(asked, chance)
            await asyncio.sleep(chance.uniform(0, 1))

    async def _order(self, asked: Asked, chance: Random) -> None:
        person = self.studio.discord.person(asked.member)
        answer = await person.slash(
            "animate",
            channel=f"set-{chance.randrange(CHANNELS)}",
            image=picture(chance.choice(("JPEG", "JPEG", "JPEG", "PNG", "WEBP"))),
            prompt=prompt_of(asked.number),
            variations=chance.choice((1, 1, 1, 1, 2, 3)),
            private=chance.random() < 0.1,
        )
        asked.answered = not answer.failed
        if asked.answered:
            asked.answer = answer
            await self._confirm(person, answer, chance)

    async def _confirm(self, person: Person, answer: Answer, chance: Random) -> None:
        """Wait for the receipt; press Confirm where it is offered, one in three presses twice."""
        seen = await _receipt(person, answer)
        if seen is None or not any(button.label == "Confirm" for button in seen.buttons):
            return
        pressed = [person.press(answer, "Confirm") for _ in range(1 + (chance.random() < 0.33))]
        await asyncio.gather(*pressed, return_exceptions=True)
        await _receipt(person, answer, lambda one: not one.buttons)


async def _receipt(
    person: Person, answer: Answer, fits: Callable[[Seen], bool] | None = None
) -> Seen | None:
    """Wait until a private answer says something; None when it does not for a long time."""
    try:
        return await person.answered(answer, fits, seconds=ANSWER_S)
    except TimeoutError:
        return None
