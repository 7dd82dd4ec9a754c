"""Bring the translations up to date: what is new is added empty, what is gone is dropped."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from cogs.language import FOLDER, LOCALES, Counted
from cogs.locales import sentences, words_modules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEPT_HEADERS: Final = ("Content-Type", "Content-Transfer-Encoding", "Language:", "Plural-Forms")
"""What gettext needs; dates and names of tools would change with every run."""


def template() -> Catalog:
    """Return every sentence, untranslated, with where it stands."""
    found = Catalog()
    for module in words_modules():
        for name, one in sentences(module):
            id_ = (one.one, one.many) if isinstance(one, Counted) else one.english
            found.add(
                id_, locations=[(f"cogs/{module.__name__.rpartition('.')[2]}.py", 0)],
                auto_comments=[name],
            )  # fmt: skip
    return found


def updated(path: Path, locale: str) -> tuple[str, int]:
    """Return a language's file as it should be, and how many sentences it lacks."""
    known = Catalog(locale=locale.replace("-", "_"))
    if path.is_file():
        with path.open("rb") as file:
            known = read_po(file, locale=locale.replace("-", "_"), abort_invalid=True)
    known.update(template(), no_fuzzy_matching=True)
    known.obsolete.clear()
    written = io.BytesIO()
    write_po(written, known, width=100, include_lineno=False, ignore_obsolete=True)
    missing = sum(not all(_strings(one.string)) for one in known if one.id)
    return _settled(written.getvalue().decode(), locale), missing


def _strings(translated: str | Sequence[str] | None) -> tuple[str, ...]:
    if translated is None or isinstance(translated, str):
        return (translated or "",)
    return tuple(translated)


def _settled(text: str, locale: str) -> str:
    """Drop from the head of a file what differs from run to run."""
    _, _, rest = text.partition('msgid ""\nmsgstr ""\n')
    head, _, body = rest.partition("\n\n")
    kept = [line for line in head.splitlines() if line.lstrip('"').startswith(_KEPT_HEADERS)]
    first = f"# What people read of Muybridge, in {locale}. New sentences: `make words`."
    return "\n".join((first, 'msgid ""', 'msgstr ""', *kept, "", body.strip(), ""))


def main() -> None:
    """Rewrite every file, and say what is left to translate."""
    for locale in LOCALES:
        path = FOLDER / f"{locale}.po"
        text, missing = updated(path, locale)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}: {missing} to translate\n")


if __name__ == "__main__":
    main()
