"""A sentence is said in the language that is spoken, and in English where there is no other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import simcord

from cogs.client import Muybridge
from cogs.language import (
    LOCALES,
    Counted,
    Phrase,
    catalogue,
    listed,
    load,
    number,
    speak,
    speaking,
)

if TYPE_CHECKING:
    from cogs.client import Services

UNTRANSLATED = Phrase("a sentence that {who} did not translate")
COUNTED = Counted("{n} unheard-of thing", "{n} unheard-of things")


def test_a_phrase_nobody_translated_is_said_in_english_with_its_places_filled() -> None:
    with speaking("de"):
        assert UNTRANSLATED(who="nobody") == "a sentence that nobody did not translate"


def test_an_unknown_language_is_english() -> None:
    with speaking("tlh"):
        assert UNTRANSLATED(who="nobody") == "a sentence that nobody did not translate"


def test_a_counted_phrase_takes_the_form_of_its_number() -> None:
    said = [COUNTED(n) for n in (1, 2, 1200)]
    assert said == [
        "1 unheard-of thing",
        "2 unheard-of things",
        "1,200 unheard-of things",
    ]


async def test_what_one_task_speaks_another_does_not() -> None:
    async def spoken(locale: str) -> str:
        speak(locale)
        await asyncio.sleep(0)
        return UNTRANSLATED(who=locale)

    said = await asyncio.gather(spoken("de"), spoken("fr"))
    assert list(said) == [
        "a sentence that de did not translate",
        "a sentence that fr did not translate",
    ]


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-US", "1,234,567"),
        ("en-GB", "1,234,567"),
        ("de", "1.234.567"),
        ("es-ES", "1.234.567"),
        ("es-419", "1,234,567"),
        ("fr", "1\u202f234\u202f567"),
        ("pt-BR", "1.234.567"),
        ("ja", "1,234,567"),
        ("tlh", "1,234,567"),
    ],
)
def test_a_number_is_written_as_its_readers_write_it(locale: str, written: str) -> None:
    with speaking(locale):
        assert number(1234567) == written
        assert [number(n) for n in (0, -7, 999)] == ["0", "-7", "999"]


def test_things_are_listed_as_the_language_does_it() -> None:
    said = []
    for locale in ("en-US", "de", "ja"):
        with speaking(locale):
            said.append(listed(("5", "10")))
    assert said == ["5, 10", "5, 10", "5、10"]


def test_what_is_said_inside_does_not_change_what_is_spoken_outside() -> None:
    with speaking("de"):
        with speaking("ja"):
            pass
        assert Counted("{n} credit", "{n} credits")(2) == "2 Credits"
    assert Counted("{n} credit", "{n} credits")(2) == "2 credits"


async def test_the_translations_are_read_at_the_start_and_not_in_a_command(
    services: Services,
) -> None:
    catalogue.cache_clear()
    worker = Muybridge(services, sync=False, shard_count=1)
    env = simcord.Env(worker, check_errors=False)
    await env.start()
    try:
        assert catalogue.cache_info().currsize >= len(LOCALES)
        read = catalogue.cache_info().misses
        load()
        assert catalogue.cache_info().misses == read
    finally:
        await env.shutdown()
