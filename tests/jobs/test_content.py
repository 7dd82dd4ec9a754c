"""Blocked words are found under every disguise, patterns in linear time, and files come back."""

from __future__ import annotations

import re
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.content import (
    LONGEST_RULE,
    MOST_RULES,
    BadFile,
    BadRule,
    Matcher,
    Rule,
    RuleFault,
    RuleKind,
    matcher,
    parse,
    read,
    write,
)
from jobs.lookalikes import _DRAWN_LIKE, STAND_FOR, fold, plain

if TYPE_CHECKING:
    from collections.abc import Callable

texts = st.text(st.characters(codec=None), max_size=60)
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e\u2067\ufe0f\u3164\u034f"
ACCENTS = "\u0301\u0308\u0327\u0336\u20dd"


def found(rules: str, text: str) -> str | None:
    rule = Matcher(read(rules)).find(text)
    return None if rule is None else rule.written


@given(texts)
@example("\u1e9e\u0130\u01c5\ufb03")
def test_what_is_folded_stays_as_it_is_when_it_is_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts, texts)
def test_no_text_is_too_strange_to_be_looked_through(rule: str, text: str) -> None:
    try:
        rules = [parse(rule)]
    except BadRule:
        rules = []
    Matcher((*rules, Rule("word"), Rule("*part*"), Rule("/a+b/"))).find(text)


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word, and how somebody hides it: each letter its own way, with marks between."""
    word = draw(words)
    ways: list[Callable[[str], str]] = [
        lambda letter: letter,
        str.upper,
        lambda letter: letter + draw(st.sampled_from(ACCENTS)),
        lambda letter: letter + draw(st.sampled_from(INVISIBLE)),
        lambda letter: draw(st.sampled_from(_DRAWN_LIKE[letter])),
        lambda letter: draw(st.sampled_from(STAND_FOR.get(letter, letter))),
        lambda letter: chr(ord("\uff41") + ord(letter) - ord("a")),
        lambda letter: chr(ord("\U0001d4d0") + ord(letter) - ord("a")),
        lambda letter: chr(ord("\u24d0") + ord(letter) - ord("a")),
        lambda letter: chr(ord("\U0001f1e6") + ord(letter) - ord("a")),
        lambda letter: draw(st.sampled_from("I\u0399\u0406|1" if letter in "il" else letter)),
    ]
    return word, "".join(draw(st.sampled_from(ways))(letter) for letter in word)


@given(disguised(), st.sampled_from(["{}", "a {} b", "so, {}!", "\n{}\u3000"]))
def test_a_word_is_found_under_every_disguise(case: tuple[str, str], around: str) -> None:
    word, hidden = case
    assert found(word, around.format(hidden)) == word
    assert found(f"*{word}*", f"xx{hidden}xx") == f"*{word}*"


@given(words, words)
def test_a_whole_word_is_not_found_inside_of_another(word: str, other: str) -> None:
    assert found(word, f"{other}{word}{other} {word}s") is None


def test_a_rule_may_be_written_in_disguise_itself() -> None:
    assert found("a$$", "what an ass") == "a$$"
    assert found("Größe", "GROSSE GRÖẞE, groesse") == "Größe"
    assert found("\u0445\u0440\u0435\u043d", "xpe\u043d") is not None


def test_digits_alone_are_digits() -> None:
    assert found("88", "88!") == "88"
    assert found("88", "bb") is None


def test_words_may_be_several() -> None:
    assert found("two  words", "here are Two\n words.") == "two words"
    assert found("two words", "twowords") is None


@pytest.mark.parametrize(
    ("word", "hidden"),
    [
        ("hello", "heIIo"),
        ("cool", "cooI"),
        ("kill", "kIlI K|1L KILL kl\u0406\u0399"),
        ("milk", "mlIk"),
        ("isis", "lSlS"),
        ("fail", "fa\uff29\u04c0"),
        ("heIIo", "hello"),
    ],
)
def test_letters_that_are_drawn_as_one_stroke_stand_for_one_another(word: str, hidden: str) -> None:
    for one in hidden.split():
        assert found(word, f"so {one}!") == word
        assert found(f"*{word}*", f"xx{one}xx") == f"*{word}*"


def test_words_that_differ_by_a_small_i_are_different_words() -> None:
    assert found("fall", "a fail") is None
    assert found("ball", "bail") is None
    assert found("cool", "Icool cooII") is None
    assert found("/^cool$/", "COOI") is not None


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("\u65e5\u672c", "\u65e5\u672c\u8a9e"),
        ("\u6bba\u3059", "\u4eba\u3092\u6bba\u3059\u8a71"),
        ("\u0e06\u0e48\u0e32", "\u0e40\u0e02\u0e32\u0e06\u0e48\u0e32\u0e04\u0e19"),
        ("AV\u5973\u512a", "\u3053\u306eav\u5973\u512a\u306f"),
        ("kill", "\u4eba\u3092kill\u3059\u308b"),
        ("\u30ad\u30eb", "\u4eba\u3092\uff77\uff99\u3059\u308b"),
    ],
)
def test_a_word_of_a_language_without_spaces_is_found_among_its_letters(
    word: str, text: str
) -> None:
    assert found(word, text) == word
    assert found(f"never\n{word}", text) == word


def test_edges_stay_where_there_are_words() -> None:
    assert found("\u30ad\u30eb", "\u30b9\u30ad\u30eb\u304c\u3042\u308b") is None
    assert found("\u30ad\u30eb", "\u30ad\u30eb\u30fc") is None
    assert found("AV\u5973", "xav\u5973\u512a") is None
    assert found("*\u30ad\u30eb*", "\u30b9\u30ad\u30eb") is not None


def test_a_pattern_is_looked_for_in_what_was_typed_and_in_what_it_looks_like() -> None:
    assert found(r"/\d{3}-\d{4}/", "call 555-1234") is not None
    assert found(r"/b[ao]d\w+/", "a b4DD\u0456e") is not None
    assert found("/caf\u00e9/", "Caf\u00e9") is not None
    assert found(r"/\bbad\b/", "badge") is None


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", RuleFault.EMPTY),
        ("**", RuleFault.EMPTY),
        ("//", RuleFault.EMPTY),
        ("* *", RuleFault.EMPTY),
        ("\u200b\u200d", RuleFault.NOT_SEEN),
        ("x" * (LONGEST_RULE + 1), RuleFault.TOO_LONG),
        ("/(/", RuleFault.PATTERN),
        (r"/(a)\1/", RuleFault.PATTERN),
        ("/(?=a)/", RuleFault.PATTERN),
        (r"/\pL{100}/", RuleFault.PATTERN),
        ("/\ud800/", RuleFault.PATTERN),
    ],
)
def test_what_can_not_be_a_rule_is_refused_with_its_reason(written: str, fault: RuleFault) -> None:
    with pytest.raises(BadRule) as caught:
        parse(written)
    assert caught.value.fault is fault
    assert bool(caught.value.why) == (fault is RuleFault.PATTERN)


def test_a_file_is_read_rule_by_rule_without_remarks() -> None:
    rules = read("\ufeff# ours\n\n  word \r\n*part*\n/pat tern/\nword\n")
    assert [(rule.kind, rule.text) for rule in rules] == [
        (RuleKind.WORD, "word"),
        (RuleKind.PART, "part"),
        (RuleKind.PATTERN, "pat tern"),
    ]


def test_every_bad_line_of_a_file_is_named() -> None:
    with pytest.raises(BadFile) as caught:
        read("# fine\n/(/\nword\n**\n")
    assert [(line, bad.fault) for line, bad in caught.value.lines] == [
        (2, RuleFault.PATTERN),
        (4, RuleFault.EMPTY),
    ]


def test_a_file_of_too_many_rules_is_refused() -> None:
    assert len(read("\n".join(f"w{n}" for n in range(MOST_RULES)))) == MOST_RULES
    with pytest.raises(BadFile) as caught:
        read("\n".join(f"w{n}" for n in range(MOST_RULES + 5)))
    assert [(line, bad.fault) for line, bad in caught.value.lines] == [
        (MOST_RULES + 1, RuleFault.TOO_MANY)
    ]


@given(st.lists(st.one_of(words, words.map("*{}*".format), words.map("/{}+/".format)), unique=True))
def test_what_is_written_reads_as_the_same_rules(written: list[str]) -> None:
    rules = tuple(map(parse, written))
    assert read(write(rules, "One rule a line.\nAnother remark.")) == rules


def test_the_same_rules_are_made_ready_once() -> None:
    assert matcher(("one", "two")) is matcher(("one", "two"))


def seconds(rules: Matcher, text: str) -> float:
    """Return the best of a few runs, in seconds of the processor."""
    best = 60.0
    for _ in range(5):
        begun = time.process_time()  # of this process alone: others may be busy
        assert rules.find(text) is None
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*x", "(a+a+)+b"])
def test_the_time_of_a_catastrophic_pattern_grows_no_faster_than_the_text(pattern: str) -> None:
    text = "a" * 4000 + "!"
    assert re.search(r"(a|a)$", "b") is None  # Python's own engine would not come back from these
    rules = Matcher((parse(f"/{pattern}/"),))
    short, long = seconds(rules, text), seconds(rules, text * 8)
    assert long < max(short, 0.0005) * 8 * 4


def test_five_hundred_words_take_about_as_long_as_one() -> None:
    text = "a slow push-in, steam rising from the cup " * 40
    one = seconds(Matcher((Rule("nothing"),)), text)
    many = seconds(Matcher(tuple(Rule(f"nothing{n}x") for n in range(MOST_RULES))), text)
    assert many < max(one, 0.001) * 20


def test_plain_text_keeps_its_accents_and_digits() -> None:
    assert plain("CAF\u00c9\u200b \uff11") == "caf\u00e9 1"
    assert unicodedata.is_normalized("NFKC", plain("\u212b"))
