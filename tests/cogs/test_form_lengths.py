"""Titles and labels of forms keep to Discord's lengths in every language, else none opens."""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cogs.language import LOCALES
from tests.cogs.test_locales import english, forms, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cogs.locales import Sentence

COGS = Path(importlib.import_module("cogs").__path__[0])
LONGEST = 45
LONGEST_DESCRIPTION = 100
"""Characters of a form's title or a label, and of what stands small below a label.

Discord's reference, "Modal" and "Label".
"""

DESCRIPTIONS = {
    "words.ANIMATE_PROMPT",
    "words.ANIMATE_AVOID",
    "words.EFFECT_SOUND",
    "quota_words.REASON",
    "quota_words.GRANT_EXPIRES",
}
"""Descriptions that are not called hints: those of a command's options, used again."""

IN_TABLES = {
    "quota_words": ("PRESS_", "FORM_", "FIELD_", "REASON", "GRANT_EXPIRES"),
    "delete_words": ("DELETE_ORDER",),
}
"""Where labels and titles are kept in tables that the walk does not follow: how they begin."""


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def makers(tree: ast.Module) -> set[str]:
    """Name what makes forms and labels in a module: discord.py's classes, and what returns one."""
    own = {
        one.name
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef)
        and one.returns is not None
        and any(kind in ast.unparse(one.returns) for kind in ("ui.Label", "ui.Modal"))
    }
    return own | {"Label", "Modal"}


def phrases(node: ast.AST, known: set[str]) -> Iterator[tuple[str, str]]:
    """Find the phrases in an argument, not those of what it makes besides: menus, text fields."""
    if isinstance(node, ast.Call) and called(node) not in known and node.args + node.keywords:
        return
    if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("words"):
        yield ast.unparse(node.value), node.attr
    for inner in ast.iter_child_nodes(node):
        yield from phrases(inner, known)


@cache
def shown() -> dict[str, Sentence]:
    """Return the phrases that forms show, by module and name."""
    found: dict[str, tuple[str, str]] = {}
    for path in COGS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = makers(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and called(call) in known:
                for argument in (*call.args, *(one.value for one in call.keywords)):
                    found |= {
                        f"{where}.{name}": (where, name) for where, name in phrases(argument, known)
                    }
    for module, beginnings in IN_TABLES.items():
        for name in vars(importlib.import_module(f"cogs.{module}")):
            if name.startswith(beginnings):
                found[f"{module}.{name}"] = (module, name)
    return {name: sentence(*where) for name, where in found.items()}


def sentence(module: str, name: str) -> Sentence:
    found: Sentence = getattr(importlib.import_module(f"cogs.{module}"), name)
    return found


def is_description(name: str) -> bool:
    return name in DESCRIPTIONS or name.endswith("_HINT")


def test_the_walk_finds_what_forms_show() -> None:
    assert {"panel_words.FORM_POOL", "panel_words.FORM_POOL_CREDITS"} <= set(shown())
    assert sum(not is_description(name) for name in shown()) > 30
    assert sum(is_description(name) for name in shown()) > 10


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_in_a_form_is_longer_than_discord_takes(locale: str) -> None:
    """The form of the pool did not open for who speaks German, French or Portuguese."""
    said = {
        f"{name}: {text}": len(text) - (LONGEST_DESCRIPTION if is_description(name) else LONGEST)
        for name, one in shown().items()
        for text in (*english(one), *forms(message(locale, one)))
    }
    assert {name: over for name, over in said.items() if over > 0} == {}
