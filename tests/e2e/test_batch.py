"""`/batch`, the menu Animate and Edit, from the form to the posted videos."""

from __future__ import annotations

import functools
import io
from random import Random
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint
from sandbox.watch import CARD, Watch, When
from tests.e2e.stage import (
    PATIENCE_S,
    PROMPT,
    books,
    ended,
    is_card,
    is_video,
    open_studio,
    picture,
)

if TYPE_CHECKING:
    from pathlib import Path

THREE = [(f"{number}.png", picture("PNG", size=(640, 360 + 2 * number))) for number in range(3)]


async def test_of_three_pictures_one_fails_and_only_that_one_is_tried_again(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        studio.akool.faults.add(Fault.FAILS, Endpoint.BATCH)
        opened = await alice.slash("batch")
        sent = await alice.submit(opened, {"Pictures": THREE, "Prompt": PROMPT})
        offer = await alice.answered(sent)
        assert "**60 credits** (3 × 20)" in offer.text  # noqa: RUF001
        await alice.press(offer, "Confirm")
        card = await alice.sees(
            lambda seen: is_card(seen) and "2 of 3 clips ready" in seen.text, seconds=PATIENCE_S
        )
        assert "did not work out" in card.text
        assert sum(map(is_video, alice.read())) == 2
        offer = await alice.answered(
            await alice.press(card, "Try the failed ones again"), lambda seen: seen.buttons
        )
        await alice.press(offer, "Confirm")
        await studio.discord.pulse.until(
            lambda: True if sum(map(is_video, alice.read())) == 3 else None, PATIENCE_S
        )
        assert len({line.request for line in studio.akool.bill}) == 4
        found = await books(studio)
        assert found.orders == 2
        assert sorted(found.clips) == ["failed", "posted", "posted", "posted"]
        assert (found.held, found.house, found.wrong) == (0, 0, ())
        assert found.charged == sum(line.credits for line in studio.akool.bill)


@functools.cache
def heavy() -> tuple[tuple[str, bytes], ...]:
    """Make pictures that are converted on arrival, and then too much for one request together."""
    noise = Image.frombytes("RGB", (1600, 1600), Random(1).randbytes(1600 * 1600 * 3))  # noqa: S311
    found = []
    for number in range(4):
        noise.putpixel((0, 0), (number, 0, 0))
        written = io.BytesIO()
        noise.save(written, "WEBP", lossless=True, quality=0, method=0)
        found.append((f"{number}.webp", written.getvalue()))
    return tuple(found)


@pytest.mark.parametrize("when", [None, When.ARRIVES, When.CARRIED_OUT, When.ANSWERED])
async def test_pictures_above_the_size_of_a_request_are_split_and_each_is_up_once(
    when: When | None, tmp_path: Path
) -> None:
    watch = Watch()
    async with open_studio(tmp_path, watch.middleware) as studio:
        alice = studio.discord.person("Alice")
        opened = await alice.slash("batch")
        sent = await alice.submit(opened, {"Pictures": list(heavy()), "Prompt": PROMPT})
        offer = await alice.answered(sent, seconds=PATIENCE_S)
        if when is not None:
            watch.at(CARD, when, studio.bot.kill)
        await alice.press(offer, "Confirm")
        if when is not None:
            await watch.sprung()
            await studio.bot.ended()
            await studio.start_bot()
        ending = await ended(studio, alice, videos=4)
        ahead = [seen for seen in alice.read() if seen.text.startswith("-# Files ")]
        assert [len(seen.files) for seen in (*ahead, *ending.cards)] == [3, 1]
        assert len(ending.videos) == 4
        assert len({line.request for line in studio.akool.bill}) == 4
        found = await books(studio)
        assert (found.orders, found.clips, found.wrong) == (1, ("posted",) * 4, ())


async def test_the_pictures_of_a_message_are_animated_and_a_result_is_edited(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path) as studio:
        alice, bob = studio.discord.person("Alice"), studio.discord.person("Bob")
        message = bob.say(
            "look", *THREE[:1], picture=("https://elsewhere.invalid/cat.png", THREE[1][1])
        )
        opened = await alice.menu("Animate", message)
        assert opened.form is not None
        assert opened.form.title == "Animate 2 pictures"
        await alice.submit(opened, {"Prompt": PROMPT})
        ending = await ended(studio, alice, videos=2)
        edit = await alice.press(ending.videos[0], "Edit")
        offer = await alice.answered(await alice.submit(edit, {"Prompt": "smoke drifts"}))
        await alice.press(offer, "Confirm")
        ending = await ended(studio, alice, videos=3)
        assert "smoke drifts" in ending.videos[-1].text
        found = await books(studio)
        assert (found.orders, found.clips, found.wrong) == (2, ("posted",) * 3, ())
