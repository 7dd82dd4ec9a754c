"""Text from outside can't ping, link, format or hide anything, however it is made."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.escape import JOINER, escaped, length, link, one_line

NASTY = [
    "@everyone and @here",
    "<@42> <@!42> <@&42> <#42> </animate:42> <id:guide>",
    "<a:wave:42> <:wave:42> <t:1700000000:R>",
    "**bold** __under__ *it* _it_ ~~gone~~ ||hidden||",
    "```py\nprint(1)\n``` and `code`",
    "# heading\n-# small\n> quote\n>>> quotes\n- list\n* list\n1. list",
    "[click](https://evil.example) https://evil.example discord.gg/evil http://a.b",
    "nul \x00 bell \x07 escape \x1b[31m",
    "\u202eright to left\u202c \u200fmark\u200e \u2067isolate\u2069 \u061c",
    "zero\u200bwidth\u2060joiner\ufeff \U000e0041tag",
    "\\@everyone \\\\*stars\\*",
    "\u2028line\u2029paragraph\x85next",
    "😀👨‍👩‍👧🏳️‍🌈" * 20,
    "שלום العربية",
    "x" * 2000,
    "*" * 2000,
    "😀" * 2000,
    "\ud800 lone surrogate",
]

MENTION = re.compile(
    r"@everyone|@here|<@[!&]?\d+>|<#\d+>|</[^>]*:\d+>|<a?:\w+:\d+>|<t:\d+(:\w)?>|<id:\w+>"
)
ADDRESS = re.compile(r"https?://|discord(app)?\.(gg|com)/")
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<>\[\]#]")
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def assert_harmless(text: str, limit: int) -> None:
    shown = escaped(text, limit)
    assert length(shown) <= limit
    assert not MENTION.search(shown), shown
    assert not ADDRESS.search(shown), shown
    assert not UNESCAPED.search(shown), shown
    assert not HIDDEN.search(shown), shown
    assert not re.match(r"[-+] |\d+[.)] ", shown), shown
    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", shown), shown
    shown.encode("utf-8")


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("limit", [2000, 300, 7, 1, 0])
def test_nasty_text_is_harmless(text: str, limit: int) -> None:
    assert_harmless(text, limit)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(
        alphabet=st.one_of(st.sampled_from("@<>#&!:/\\*_~|`[]()-+.1\n eh"), st.characters()),
        max_size=60,
    ),
    limit=st.integers(min_value=0, max_value=80),
)
def test_any_text_is_harmless(text: str, limit: int) -> None:
    assert_harmless(text, limit)


def test_ordinary_words_stay_as_they_are() -> None:
    said = "A slow push-in, steam rising; 1.5x zoom (no cuts) & 20% blur? Yes!"
    assert escaped(said, 2000) == said


def test_emoji_that_are_joined_stay_whole() -> None:
    assert escaped("👨‍👩‍👧", 100) == "👨‍👩‍👧"
    assert JOINER in escaped("👨‍👩‍👧", 100)


def test_what_is_cut_off_is_told() -> None:
    assert escaped("abcdefgh", 5) == "abcd…"
    assert escaped("****", 5) == "\\*\\*…"


def test_lines_become_one() -> None:
    assert one_line("  one\n\n two\tthree\u2028four ") == "one two three four"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://cdn.example/a.mp4?x=1&y=%20", "https://cdn.example/a.mp4?x=1&y=%20"),
        ("https://cdn.example/a b).mp4", "https://cdn.example/a%20b%29.mp4"),
        ("https://cdn.example/<@42>", "https://cdn.example/%3C@42%3E"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(address: str, expected: str) -> None:
    assert link(address) == expected
