"""Modules of cogs say nothing in English themselves: each sentence is in a words module."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import cogs

if TYPE_CHECKING:
    from collections.abc import Iterator

COGS = Path(cogs.__file__).parent
TALKATIVE = [
    path
    for path in sorted(COGS.rglob("*.py"))
    if not path.stem.endswith("words") and path.parent == COGS and path.name != "language.py"
]
SHOWN = {"content", "label", "description", "placeholder", "title", "text", "default"}
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")
WORDS = re.compile(r"[A-Za-z]{3,}")


def test_the_walk_finds_modules() -> None:
    assert {"help.py", "posts.py", "client.py"} <= {path.name for path in TALKATIVE}


def quiet(tree: ast.AST) -> set[ast.AST]:
    """Return the strings that no member reads: docstrings, log lines, errors of programs."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        elif isinstance(node, ast.Raise) or _logs(node) or _is_annotation(node):
            found |= set(ast.walk(node))
    return found


def _logs(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called.startswith(
        (
            "logger.",
            "re.compile",
            "cast",
            "TypeVar",
            "PostFailed",
            "operator.",
            "discord.LoginFailure",
            "ConnectionError",
            "check_own",
        )
    )


def _is_annotation(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def test_no_english_sentence_stands_in_a_module_that_is_no_words_module() -> None:
    for path in TALKATIVE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = quiet(tree)
        said = [
            node.value
            for node in strings(tree)
            if node not in skipped and SENTENCE.search(str(node.value))
        ]
        assert said == [], f"{path.name}: make it a Phrase in a words module"


def test_nothing_shown_is_a_bare_string() -> None:
    for path in TALKATIVE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in SHOWN:
                bare = [one.value for one in strings(node.value) if WORDS.search(str(one.value))]
                literal = isinstance(node.value, ast.Constant | ast.JoinedStr)
                assert not (literal and bare), f"{path.name}:{node.value.lineno}: {bare}"


def test_a_phrase_is_called_before_it_is_put_into_another_text() -> None:
    # A phrase that nobody calls would show itself as Phrase(english='...').
    for path in TALKATIVE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue):
                shown = ast.unparse(node.value)
                assert not re.fullmatch(r"\w*words\.[A-Z_]+", shown), f"{path.name}: {shown}"
