"""Every sentence that there is to translate, and one `.po` file a language that does it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cogs.language import Counted, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    Sentence = Phrase | Counted


def words_modules() -> list[ModuleType]:
    """Return `cogs.words` and its satellites, in alphabetical order."""
    cogs = Path(__file__).parent.parent
    return [import_module(f"cogs.{path.stem}") for path in sorted(cogs.glob("*words.py"))]


def sentences(module: ModuleType) -> Iterator[tuple[str, Sentence]]:
    """Yield the sentences of a module with their names; those in a table as `TABLE.key`."""
    for name, value in vars(module).items():
        if isinstance(value, Phrase | Counted):
            yield name, value
        elif isinstance(value, Mapping) and not name.startswith("__"):
            for key, one in value.items():
                if isinstance(one, Phrase | Counted):
                    yield f"{name}.{key}", one
