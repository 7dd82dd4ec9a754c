"""A sentence is said in the language that is spoken, and in English where there is no other."""

from __future__ import annotations

import asyncio

from cogs.language import Counted, Phrase, speak, speaking

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
