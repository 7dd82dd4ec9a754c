"""`/soundtrack` and Sound from the click to the posted video, with the new sound in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.akool_api.settings import VendorSettings
from tests.e2e.stage import animate, books, ended, open_studio, photo, spendable
from tests.e2e.test_effect import PITCH, pitch_of
from tests.media.sounds import tone

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.people import Person


async def first_clip(person: Person) -> str:
    """Return what the command offers first."""
    (choice, *_) = await person.autocomplete("soundtrack", "video", "")
    return str(choice.value)


async def test_an_own_track_and_the_vendor_s_sound_become_clips_of_their_own(
    tmp_path: Path,
) -> None:
    async with open_studio(tmp_path, vendor=VendorSettings()) as studio:
        alice = studio.discord.person("Alice")
        await animate(alice)
        (source,) = (await ended(studio, alice)).videos
        before = await spendable(alice)
        name = await first_clip(alice)
        track = ("song.mp3", tone("mp3", 6.0))
        receipt = await alice.answered(await alice.slash("soundtrack", video=name, track=track))
        assert "**5 credits**" in receipt.text
        assert f"new sound for #{name}" in receipt.text
        _, sounding = (await ended(studio, alice, videos=2)).videos
        assert pitch_of(sounding.files[0].data) == pytest.approx(PITCH, abs=3)
        assert await spendable(alice) == before - 5

        offer = await alice.press(source, "Sound")
        assert "**5 credits**" in (await alice.answered(offer)).text
        assert await spendable(alice) == before - 5
        await alice.press(offer, "Confirm")
        *_, third = (await ended(studio, alice, videos=3)).videos
        assert pitch_of(third.files[0].data) > 0
        assert await spendable(alice) == before - 10
        original, *made = studio.akool.store.clips.values()
        assert [one.source for one in made] == [original, original]
        found = await books(studio)
        assert (found.clips, found.held, found.house) == (("posted",) * 3, 0, 0)
        assert found.wrong == ()


async def test_bad_input_is_answered_and_never_reaches_the_vendor(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        alice, bob = studio.discord.person("Alice"), studio.discord.person("Bob")
        await animate(alice)
        await ended(studio, alice)
        before, bill = await spendable(alice), len(studio.akool.bill)
        name = await first_clip(alice)
        asked: list[tuple[Person, dict[str, Any], str]] = [
            (alice, {"video": "nothing"}, "You have no video #nothing here."),
            (alice, {"video": f"{name}-7"}, "You have no video"),
            (alice, {"video": name, "track": photo()}, "That file is not sound."),
            (bob, {"video": name}, "Only the member who asked for it"),
        ]
        for person, options, expected in asked:
            seen = await person.answered(await person.slash("soundtrack", **options))
            assert expected in seen.text
        assert (await spendable(alice), len(studio.akool.bill)) == (before, bill)
