"""`/effect` from the member's click to the posted video, with the member's own sound in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint, VendorSettings
from tests.e2e.stage import books, ended, open_studio, photo, spendable
from tests.media.sounds import RATE, tone

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.discord_api.answers import Answer
    from sandbox.people import Person

PITCH = 440


async def effect(person: Person, **options: Any) -> Answer:  # noqa: ANN401 - a command's options
    """Type /effect with a photograph and Squish; other options as given."""
    return await person.slash("effect", **({"image": photo(), "effect": "Squish"} | options))


def pitch_of(video: bytes) -> float:
    """Return the strongest frequency of a video's sound, in hertz."""
    with av.open(io.BytesIO(video), "r") as file:
        heard = np.concatenate([one.to_ndarray()[0] for one in file.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(heard[: RATE * 2]))
    return float(np.argmax(spectrum) * RATE / len(heard[: RATE * 2]))


async def test_an_effect_with_an_own_track_is_posted_with_that_sound_and_charged_by_the_table(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path, vendor=VendorSettings()) as studio:
        alice = studio.discord.person("Alice")
        receipt = await alice.answered(
            await effect(alice, track=("song.mp3", tone("mp3", 6.0)), fast=True)
        )
        assert "**20 credits**" in receipt.text
        assert "Squish · 720p · 5 s · with your own sound · faster" in receipt.text
        ending = await ended(studio, alice)
        (clip,) = studio.akool.store.clips.values()
        assert clip.order.effect is not None
        assert (clip.order.effect.name, clip.order.audio_type) == ("Squish", 2)
        assert clip.order.prompt
        assert clip.order.negative_prompt
        (video,) = ending.videos
        assert pitch_of(video.files[0].data) == pytest.approx(PITCH, abs=3)
        assert await spendable(alice) == 80
        found = await books(studio)
        assert (found.clips, found.charged, found.held, found.house) == (("posted",), 20, 0, 0)
        assert found.wrong == ()


async def test_bad_input_is_answered_and_never_reaches_the_vendor(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        alice = studio.discord.person("Alice")
        renamed = ("song.mp3", b"words, and no song at all " * 40)
        asked: list[tuple[dict[str, Any], str]] = [
            ({"effect": "Melt"}, "no effect called Melt. Choose one of: Squish, Cakeify, Samurai"),
            ({"resolution": "8k"}, "Effects come in 720p, 1080p, 4k"),
            ({"seconds": 6}, "Effects are 5, 10 s long"),
            ({"sound": True, "track": ("a.mp3", tone("mp3"))}, "A clip has one sound"),
            ({"track": renamed}, "That file is not sound."),
            ({"track": photo()}, "That file is not sound."),
            ({"image": renamed}, "That file is not a picture."),
        ]
        for options, expected in asked:
            seen = await alice.answered(await effect(alice, **options))
            assert expected in seen.text
        assert studio.akool.bill == []
        assert await spendable(alice) == 100


async def test_a_charge_far_above_the_table_makes_the_next_such_order_ask_first(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path, DEFAULT_ALLOWANCE="300") as studio:
        alice = studio.discord.person("Alice")
        studio.akool.faults.add(Fault.COSTS_MORE, Endpoint.CREATE, value=20)
        await effect(alice)
        await ended(studio, alice)
        assert await spendable(alice) == 280
        seen = await alice.answered(await effect(alice))
        assert "**40 credits**; you can spend 280 credits" in seen.text
        assert "lately cost more than was quoted" in seen.text
        assert len(studio.akool.bill) == 1
        found = await books(studio)
        assert (found.charged, found.house, found.orders) == (20, 20, 1)
