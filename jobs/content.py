"""A server's blocked words and patterns: read, written, and found in what a member typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jobs.lookalikes import ALSO, STAND_FOR, STROKE, UNSIGNED, fold, plain, seen
from jobs.patterns import OWN_MEMORY, PatternRefused, compiled, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobs.patterns import Pattern

LONGEST_RULE: Final = 200
"""Characters of a rule as it is written."""

MOST_RULES: Final = 500
"""Rules of a server."""

MOST_FILE_BYTES: Final = 256 * 1024
"""Far above what so many rules of that length take."""

_COMMENT: Final = "#"


class RuleKind(StrEnum):
    """Where a rule is found: as a whole word, in any part of one, or by its pattern."""

    WORD = "word"
    PART = "part"
    PATTERN = "pattern"


class RuleFault(StrEnum):
    """Why a rule can't be one."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_SEEN = "not_seen"
    PATTERN = "pattern"
    TOO_MANY = "too_many"


class BadRule(Exception):  # noqa: N818 - an answer, not a fault
    """A rule can't be read; `why` is RE2's reason where a pattern is at fault."""

    def __init__(self, fault: RuleFault, why: str = "") -> None:
        super().__init__(f"{fault}: {why}")
        self.fault = fault
        self.why = why


class BadFile(Exception):  # noqa: N818 - an answer, not a fault
    """Lines of a file that are no rules, by their numbers from 1."""

    def __init__(self, lines: tuple[tuple[int, BadRule], ...]) -> None:
        super().__init__(f"{len(lines)} lines can't be read")
        self.lines = lines


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule: `word`, `*part*` or `/pattern/`, as it is written and stored."""

    written: str

    @property
    def kind(self) -> RuleKind:
        """Say where it is found."""
        if len(self.written) > 2 and self.written[0] == self.written[-1] == "/":
            return RuleKind.PATTERN
        starred = self.written.startswith("*") and self.written.endswith("*")
        return RuleKind.PART if starred else RuleKind.WORD

    @property
    def text(self) -> str:
        """Return what is looked for, without stars and slashes."""
        if self.kind is RuleKind.PATTERN:
            return self.written[1:-1]
        return self.written.strip("*").strip() if self.kind is RuleKind.PART else self.written


def parse(written: str) -> Rule:
    """Read a rule that somebody wrote. Raises BadRule."""
    rule = Rule(" ".join(written.split()))
    if not rule.written.strip("*/ "):
        raise BadRule(RuleFault.EMPTY)
    if len(rule.written) > LONGEST_RULE:
        raise BadRule(RuleFault.TOO_LONG)
    if rule.kind is RuleKind.PATTERN:
        try:
            compiled(rule.text)
        except PatternRefused as refused:
            raise BadRule(RuleFault.PATTERN, refused.why) from refused
    elif not fold(rule.text).strip():
        raise BadRule(RuleFault.NOT_SEEN)
    return rule


def read(text: str) -> tuple[Rule, ...]:
    """Read a file, one rule a line, `#` before a remark. Raises BadFile with every bad line."""
    rules: dict[Rule, None] = {}
    bad: list[tuple[int, BadRule]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(_COMMENT):
            continue
        try:
            rules[parse(line)] = None
        except BadRule as error:
            bad.append((number, error))
        if len(rules) > MOST_RULES:
            bad.append((number, BadRule(RuleFault.TOO_MANY)))
            break
    if bad:
        raise BadFile(tuple(bad))
    return tuple(rules)


def write(rules: Iterable[Rule], head: str) -> str:
    """Return the file that reads as these rules; `head` are remarks, a line each."""
    remarks = (f"{_COMMENT} {line}" for line in head.splitlines())
    return "\n".join((*remarks, *(rule.written for rule in rules), ""))


class Matcher:
    """Finds the first of a server's rules that a text breaks, in time linear in the text."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        words = [rule for rule in rules if rule.kind is not RuleKind.PATTERN]
        self._patterns = [(one, compiled(one.text)) for one in rules if one not in words]
        self._words = [(one, compiled(_looking(one))) for one in words]
        # One look for all words: only a text that breaks one is looked through for which.
        every = _every(words)
        self._any_word = compiled(every, OWN_MEMORY) if every else None

    def find(self, text: str) -> Rule | None:
        """Return a rule that the text breaks, None when it breaks none."""
        looks = seen(text)
        if self._any_word is not None and self._any_word.search(looks) is not None:
            return _first(self._words, (looks,))
        if not self._patterns:
            return None
        return _first(self._patterns, dict.fromkeys(_readings(text, looks)))


@lru_cache(maxsize=64)
def matcher(rules: tuple[str, ...]) -> Matcher:
    """Return what finds these rules, made once for as long as they stay the same."""
    return Matcher(tuple(map(Rule, rules)))


def _readings(text: str, looks: str) -> Iterator[str]:
    """Yield what a pattern is looked for in: as typed, as it looks, and with its signs read."""
    folded = looks.replace(STROKE, "i")
    yield plain(text)
    yield folded
    yield folded.translate(UNSIGNED)
    yield looks.replace(STROKE, "l")


def _first(rules: list[tuple[Rule, Pattern]], texts: Iterable[str]) -> Rule | None:
    texts = tuple(texts)
    for rule, pattern in rules:
        if any(pattern.search(text) is not None for text in texts):
            return rule
    return None


_NO_SPACES: Final = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no space between words: a word of theirs has no edges to be told by."""

_KATAKANA: Final = r"\p{Katakana}ー"
"""A word of these ends where other letters begin: キル is no word in スキル."""

_EDGE: Final = rf"(?:[^\pL\pN]|[{_NO_SPACES}{_KATAKANA}])"
_RUNS_ON: Final = compiled(f"^[{_NO_SPACES}]")
_IS_KATAKANA: Final = compiled(f"^[{_KATAKANA}]")


def _looking(rule: Rule) -> str:
    return _bounded(_spelled(rule), _edges(rule))


def _edges(rule: Rule) -> tuple[str, str]:
    """Return what has to stand before a rule's text and after it; nothing, where all may."""
    word = fold(rule.text).strip()
    if rule.kind is RuleKind.PART:
        return "", ""
    return _edge(word[:1]), _edge(word[-1:])


def _edge(letter: str) -> str:
    if _RUNS_ON.search(letter) is not None:
        return ""
    return f"[^{_KATAKANA}]" if _IS_KATAKANA.search(letter) is not None else _EDGE


def _bounded(pattern: str, edges: tuple[str, str]) -> str:
    before, after = edges
    begin = f"(?:^|{before})" if before else ""
    end = f"(?:$|{after})" if after else ""
    return f"{begin}(?:{pattern}){end}"


def _spelled(rule: Rule) -> str:
    """Return the pattern of a word, each letter also as the signs that stand for it."""
    word = fold(rule.text).strip()
    if any(letter.isalpha() for letter in word):
        word = word.translate(UNSIGNED)
    return "".join(map(_letter, word))


def _every(rules: list[Rule]) -> str:
    """Return the pattern that finds any of the words; edges stand in it once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for rule in rules:
        alike.setdefault(_edges(rule), []).append(_spelled(rule))
    return "|".join(_bounded("|".join(words), edges) for edges, words in alike.items())


def _letter(letter: str) -> str:
    if letter.isspace():
        return r"\s+"
    signs = STAND_FOR.get(letter, "") + ALSO.get(letter, "")
    return f"[{letter}{escaped(signs)}]" if signs else escaped(letter)
