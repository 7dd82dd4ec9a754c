"""Every sentence is there in every language, with the same places, and fits where it is shown."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from cogs.language import FOLDER, LOCALES, Counted, Phrase, catalogue, speaking
from cogs.locales import sentences, words_modules
from cogs.locales.__main__ import updated

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from cogs.locales import Sentence

WHAT_TO_DO = "run `make words`, and translate what it adds to cogs/locales/*.po"


@cache
def everything() -> dict[str, Sentence]:
    """Return every sentence under the module and name that it has."""
    return {
        f"{module.__name__}.{name}": one
        for module in words_modules()
        for name, one in sentences(module)
    }


@cache
def translations(locale: str) -> Catalog:
    with (FOLDER / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale.replace("-", "_"), abort_invalid=True)


def message(locale: str, one: Sentence) -> Message | None:
    return translations(locale).get(one.one if isinstance(one, Counted) else one.english)


def forms(found: Message | None) -> list[str]:
    """Return the translated forms: several of a counted sentence, one of any other."""
    if found is None or found.fuzzy:
        return []
    strings = found.string if isinstance(found.string, list | tuple) else [found.string]
    return [each or "" for each in strings]


def english(one: Sentence) -> list[str]:
    return [one.one, one.many] if isinstance(one, Counted) else [one.english]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def marks(text: str) -> list[str]:
    """Return what has to be the same in every language: code, links, headings, small print."""
    return sorted(re.findall(r"`[^`]*`|\]\([^)]*\)|^-# |^## |^> |\*\*", text))


# --- completeness -------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_missing_empty_or_fuzzy(locale: str) -> None:
    found = {name: forms(message(locale, one)) for name, one in everything().items()}
    missing = [name for name, each in found.items() if not each or not all(each)]
    assert missing == [], f"{locale}: {WHAT_TO_DO}"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_counted_sentence_has_as_many_forms_as_the_language(locale: str) -> None:
    for name, one in everything().items():
        expected = translations(locale).num_plurals if isinstance(one, Counted) else 1
        assert len(forms(message(locale, one))) == expected, f"{locale}: {name}"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_places_and_the_marks_of_the_original(locale: str) -> None:
    for name, one in everything().items():
        for form in forms(message(locale, one)):
            assert places(form) in [places(each) for each in english(one)], f"{locale}: {name}"
            assert marks(form) in [marks(each) for each in english(one)], f"{locale}: {name}"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_left_over_in_a_file_and_it_is_as_make_words_writes_it(locale: str) -> None:
    path = FOLDER / f"{locale}.po"
    text, _ = updated(path, locale)
    assert text == path.read_text(encoding="utf-8"), WHAT_TO_DO


def test_no_sentence_is_counted_in_one_place_and_not_in_another() -> None:
    plain = {one.english for one in everything().values() if isinstance(one, Phrase)}
    counted = {one.one for one in everything().values() if isinstance(one, Counted)}
    assert plain & counted == set()


def test_every_file_belongs_to_a_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.po")} == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_names_a_button_as_it_is_labelled_in_that_language(locale: str) -> None:
    plain = {one.english for one in everything().values() if isinstance(one, Phrase)}
    for name, one in everything().items():
        for form, original in zip(forms(message(locale, one)), english(one), strict=False):
            named = set(re.findall(r"\*\*([^*{}]+)\*\*", original)) & plain
            with speaking(locale):
                labels = {f"**{Phrase(each)()}**" for each in named}
            assert {each for each in labels if each not in form} == set(), f"{locale}: {name}"


# --- how plural forms and fallbacks work ----------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "n", "said"),
    [
        ("de", 1, "1 Credit"),
        ("de", 1234567, "1.234.567 Credits"),
        ("fr", 0, "0 crédit"),
        ("fr", 12345, "12\u202f345 crédits"),
        ("pt-BR", 0, "0 crédito"),
        ("pt-BR", 2000, "2.000 créditos"),
        ("es-419", 2, "2 créditos"),
        ("ja", 1, "1クレジット"),
        ("ja", 1200, "1,200クレジット"),
        ("sv-SE", 1200, "1,200 credits"),
    ],
)
def test_an_amount_is_said_as_the_language_counts(locale: str, n: int, said: str) -> None:
    with speaking(locale):
        assert Counted("{n} credit", "{n} credits")(n) == said


def test_spanish_of_spain_and_of_america_differ_where_their_words_do() -> None:
    both = [catalogue(locale).gettext("Get the video") for locale in ("es-ES", "es-419")]
    assert both == ["Traer el vídeo", "Traer el video"]
