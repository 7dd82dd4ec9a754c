"""What pip-audit said of the locked packages still holds, and silence is no answer."""

from __future__ import annotations

import json

import pytest

from tests.audit import RECORD, holes, locked, not_asked

VERSIONS = {"aiohttp": "3.14.5", "av": "16.1.0"}
FINE = [{"name": name, "version": version, "vulns": []} for name, version in VERSIONS.items()]


def test_the_recorded_answer_is_about_these_versions_and_names_no_hole() -> None:
    if not RECORD.exists():
        pytest.skip("no answer has been recorded: `make audit` needs PyPI's JSON interface")
    answer = json.loads(RECORD.read_text(encoding="utf-8"))
    assert [*not_asked(answer, locked()), *holes(answer)] == []


def test_a_package_that_was_left_out_is_not_taken_for_a_good_one() -> None:
    """Where PyPI's JSON interface can't be reached, pip-audit skips all and finds no hole."""
    skipped = {"name": "av", "skip_reason": "Dependency not found on PyPI"}
    older = {"name": "av", "version": "15.0.0", "vulns": []}
    assert list(not_asked({"dependencies": FINE}, VERSIONS)) == []
    assert list(not_asked({"dependencies": [FINE[0], skipped]}, VERSIONS)) == [
        "av 16.1.0 was not looked up: Dependency not found on PyPI"
    ]
    assert len(list(not_asked({"dependencies": [FINE[0]]}, VERSIONS))) == 1
    assert len(list(not_asked({"dependencies": [FINE[0], older]}, VERSIONS))) == 1


def test_a_known_hole_is_named_with_what_mends_it() -> None:
    hole = {"id": "PYSEC-2099-1", "fix_versions": ["17.0"], "aliases": [], "description": ""}
    answer = {"dependencies": [FINE[0], {**FINE[1], "vulns": [hole]}]}
    assert list(holes(answer)) == ["av 16.1.0: PYSEC-2099-1, mended in ['17.0']"]
    assert list(holes({"dependencies": FINE})) == []


def test_every_package_of_the_lock_is_asked_about() -> None:
    assert {"aiohttp", "discord-py", "av", "pillow"} <= set(locked())
