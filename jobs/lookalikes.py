"""Letters that are drawn like others: what a disguised word is made of, and how it is undone."""

# ruff: noqa: RUF001 - look-alikes are what it is about

from __future__ import annotations

import unicodedata
from typing import Final

# Small letters: capitals are folded to these. Unicode's own compatibility forms (full-width,
# circled, mathematical letters) need no list. Chosen from Unicode's table:
# https://www.unicode.org/Public/security/latest/confusables.txt
_DRAWN_LIKE: Final = {
    "a": "аαɑᴀ∂ꭺꓮ",
    "b": "ЬьвʙƄɓβᏏƀꓐ",
    "c": "сϲᴄⅽƈꮯꓚ",
    "d": "ԁɗᴅđⅾꓒ",
    "e": "еєҽɛεᴇℯǝəꓰ",
    "f": "ƒғꜰϝꓝ",
    "g": "ɡցɢǥɠꓖ",
    "h": "һհнʜħɦꓧ",
    "i": "іıιɩɪⅰꓲ",
    "j": "јϳᴊɉꓙ",
    "k": "кκᴋƙқꓗ",
    "l": "ⅼʟłƚɭӏꓡ",
    "m": "мᴍⅿɱꓟ",
    "n": "ոηɴпռŋɲꓠ",
    "o": "оοօσᴏøɵөꓳ◯○●",
    "p": "рρᴘƥþꓑ",
    "q": "ԛգɋ",
    "r": "гʀᴦɍɾяꓣ",
    "s": "ѕꜱʂƨꓢ",
    "t": "тτᴛŧƭꓔ",
    "u": "սυᴜʋцꓴ",
    "v": "ѵνᴠⅴ∨ꓦ",
    "w": "ԝωᴡɯшѡꓪ",
    "x": "хχⅹ×ҳꓫ",
    "y": "уүγʏƴყꓬ",
    "z": "ᴢʐƶʑꓜ",
    "ae": "æ",
    "oe": "œ",
    "ss": "ß",
}

_CAPITALS: Final = {"h": "Η", "m": "Μ", "n": "Ν", "y": "Υ", "z": "Ζ"}
"""Greek capitals that look like another letter than their small ones do."""

_INVISIBLE: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks of no width that Unicode does not count among its formatting marks."""

_TABLE: Final[dict[int, str]] = {
    **{
        ord(folded): plain
        for plain, letters in _DRAWN_LIKE.items()
        for letter in letters
        for folded in {letter, letter.casefold()}
        if len(folded) == 1
    },
    **{ord(letter): plain for plain, letter in _CAPITALS.items()},
    **{0x1F1E6 + number: chr(ord("a") + number) for number in range(26)},  # flags' letters
    **{0x1F150 + number: chr(ord("a") + number) for number in range(26)},  # white on black discs
    **{0x1F170 + number: chr(ord("a") + number) for number in range(26)},  # white on black squares
    **dict.fromkeys(map(ord, _INVISIBLE), ""),
}

STAND_FOR: Final = {
    "a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!|", "l": "1|", "o": "0", "s": "5$", "t": "7+",
    "z": "2",
}  # fmt: skip
"""Digits and signs that stand for a letter, as in `h3ll0`; some for more than one."""

STROKE: Final = "ǀ"
"""A capital I, or what is drawn like one: an i or an l. A letter, so that it ends no word."""

_STROKES: Final = dict.fromkeys(map(ord, "IΙІӀꓲ"), STROKE)

ALSO: Final = {"i": f"{STROKE}l", "l": STROKE}
"""Letters that stand for a letter: an l for an i, as `lSlS` does, but no i for an l: who blocks
`fall` does not mean `fail`."""

UNSIGNED: Final = str.maketrans(
    {sign: letter for letter, signs in reversed(STAND_FOR.items()) for sign in signs}
)
"""Each such sign as one letter, the first in the alphabet where it stands for several."""

_UNSEEN: Final = frozenset({"Cf", "Cc", "Cs", "Mn", "Me"})
"""Formatting and control marks, half characters, and accents."""

_MOST_ROUNDS: Final = 8


def plain(text: str) -> str:
    """Return a text in small letters of the usual widths, without marks that are not seen."""
    kept = "".join(letter for letter in unicodedata.normalize("NFKC", text) if _is_seen(letter))
    return unicodedata.normalize("NFKC", kept.casefold())


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) not in ("Cf", "Cc", "Cs")


def fold(text: str) -> str:
    """Return a text as the letters that it looks like; to do it again changes nothing.

    Accents, widths, case, look-alikes of other alphabets and marks of no width are gone. Digits
    stay: whether `1` is an i or an l is for whoever compares.
    """
    return seen(text).replace(STROKE, "i")


def seen(text: str) -> str:
    """Return it with a STROKE for each capital I: whether it is one is for whoever compares."""
    for _ in range(_MOST_ROUNDS):
        before, text = text, _folded(text)
        if text == before:
            break
    return text


def _upright(text: str) -> str:
    return text.translate(_STROKES)


def _folded(text: str) -> str:
    spaced = "".join(
        " " if letter.isspace() else letter for letter in _upright(text).translate(_TABLE)
    )
    apart = unicodedata.normalize(
        "NFKD", _upright(unicodedata.normalize("NFKD", spaced)).casefold()
    )
    bare = (letter for letter in apart if unicodedata.category(letter) not in _UNSEEN)
    return "".join(bare).translate(_TABLE)
