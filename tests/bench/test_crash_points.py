"""Where the crash runner kills: every named point in turn, and exactly at the moment it named."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from bench.crash.doomed import Executioner
from bench.crash.points import (
    KILLING,
    REQUESTS,
    AtRandom,
    AtTransaction,
    Moment,
    deaths,
    named_points,
)

if TYPE_CHECKING:
    from pathlib import Path

CHANCE = "a story, no secret"


def chance(seed: int) -> Random:
    return Random(f"{CHANCE} {seed}")  # noqa: S311 - it is what it says


def test_every_named_point_comes_before_any_comes_again() -> None:
    names = {"intend", "finish_send", "_migration"}
    points = named_points(names)
    assert len(points) == 2 * len(Moment) + len(REQUESTS) * len(KILLING)
    chosen = [
        death
        for death in deaths(lambda: names, 2 * len(points), chance(1))
        if not isinstance(death, AtRandom)
    ]
    first = {(death.row, str(death.when)) for death in chosen[: len(points)]}
    assert first == {(point.row, str(point.when)) for point in points}


def test_a_seed_names_the_same_deaths_again() -> None:
    told = [list(deaths(lambda: {"intend"}, 50, chance(3))) for _ in range(2)]
    assert told[0] == told[1]


def test_a_transaction_that_is_seen_later_gets_its_turn() -> None:
    seen = {"intend"}
    coming = deaths(lambda: set(seen), 400, chance(1))
    first = next(coming)
    seen.add("record_kept")
    rows = {first.row, *(death.row for death in coming)}
    assert "transaction record_kept" in rows


def test_a_sentence_is_due_once_at_its_moment_and_a_new_one_counts_anew(tmp_path: Path) -> None:
    sentence, seen = tmp_path / "sentence", tmp_path / "seen"
    executioner = Executioner(sentence, seen)
    assert not executioner.is_due(Moment.BEFORE, "intend")
    for _ in range(2):
        sentence.write_text(str(AtTransaction(Moment.AFTER, "intend", 2)))
        asked = [
            executioner.is_due(when, name)
            for name in ("intend", "finish_send", "intend", "intend")
            for when in Moment
        ]
        assert asked.index(True) == 8
        assert asked.count(True) == 1
        sentence.unlink()
        assert not executioner.is_due(Moment.AFTER, "intend")


def test_the_names_of_transactions_are_noted_once(tmp_path: Path) -> None:
    executioner = Executioner(tmp_path / "sentence", tmp_path / "seen")
    for name in ("intend", "place_order", "intend"):
        executioner.note(name)
    assert (tmp_path / "seen").read_text().split() == ["intend", "place_order"]
