"""Sentences for people: each is kept once in English, and said in the language now spoken."""

from __future__ import annotations

import gettext
import io
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER: Final = Path(__file__).with_name("locales")
ENGLISH: Final = "en-US"
LOCALES: Final = ("de", "es-ES", "es-419", "fr", "pt-BR", "ja")
"""Discord's names of the languages besides English that there is a `.po` file for.

https://docs.discord.com/developers/reference#locales
"""

NAMES: Final = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es-ES": "Español (España)",
    "es-419": "Español (Latinoamérica)",
    "fr": "Français",
    "pt-BR": "Português (Brasil)",
    "ja": "日本語",
}
"""What each language calls itself: who looks for one finds it, whatever is spoken now."""

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence or label, with named places in braces; calling it says it."""

    english: str

    def __call__(self, **values: object) -> str:
        """Say it in the language now spoken."""
        return catalogue(_spoken.get()).gettext(self.english).format(**values)


@dataclass(frozen=True, slots=True)
class Counted:
    """A phrase in the forms that go with a number, which stands at `{n}`."""

    one: str
    many: str

    def __call__(self, n: int, **values: object) -> str:
        """Say it of so many, in the language now spoken."""
        said = catalogue(_spoken.get()).ngettext(self.one, self.many, n)
        return said.format(n=number(n), **values)


def number(n: int) -> str:
    """Write a whole number as the language now spoken does."""
    if -1000 < n < 1000:
        return str(n)
    return format_decimal(n, locale=_culture(_spoken.get()))


def listed(parts: Iterable[str]) -> str:
    """Put things one after another as the language now spoken does."""
    return _COMMAS.get(_spoken.get(), ", ").join(parts)


_COMMAS: Final = {"ja": "、"}


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything inside in a language, by Discord's name; English where there is no other."""
    before = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(locale: str) -> None:
    """Say everything in a language for the rest of this task."""
    _spoken.set(locale)


def load() -> None:
    """Read every translation now, and not in the middle of a command."""
    for locale in LOCALES:
        catalogue(locale)
        _culture(locale)


@cache
def _culture(locale: str) -> Locale:
    """Return what is known of a language's ways; of English for those that we don't speak."""
    return Locale.parse(locale if locale in LOCALES else ENGLISH, sep="-")


@cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Return the translations into a language, by Discord's name; none for English and unknowns."""
    if locale not in LOCALES:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (FOLDER / f"{locale}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale.replace("-", "_"), abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
