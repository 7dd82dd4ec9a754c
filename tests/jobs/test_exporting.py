"""Files are packed into messages that Discord takes, and nothing in them acts as a formula."""

from __future__ import annotations

import random
import zipfile
from typing import TYPE_CHECKING

import pytest

from jobs.exporting import MOST_FILES, cell, packed

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 200_000


def written(path: Path, lines: int) -> Path:
    """Write lines that can hardly be compressed."""
    dice = random.Random(1)  # noqa: S311 - no secrets here
    body = "".join(f"{dice.getrandbits(1600):x}\n" for _ in range(lines))
    path.write_text(f"head\n{body}")
    return path


def test_what_fits_goes_as_it_is(tmp_path: Path) -> None:
    files = [written(tmp_path / "a.csv", 3), written(tmp_path / "b.csv", 3)]
    assert packed(files, LIMIT) == [files]


@pytest.mark.parametrize(("lines", "least"), [(600, 1), (8000, 8)])
def test_each_message_stays_within_the_limit_and_nothing_is_lost(
    tmp_path: Path, lines: int, least: int
) -> None:
    small, large = written(tmp_path / "a.csv", 3), written(tmp_path / "b.csv", lines)
    before = large.read_text().splitlines()[1:]
    messages = packed([small, large], LIMIT)
    assert len(messages) >= least
    after: list[str] = []
    for message in messages:
        assert 0 < len(message) <= MOST_FILES
        assert sum(path.stat().st_size for path in message) <= LIMIT
        for path in message:
            with zipfile.ZipFile(path) as archive:
                (name,) = archive.namelist()
                head, *rest = archive.read(name).decode().splitlines()
            assert head == "head"
            after += rest if name.startswith("b") else []
    assert after == before


def test_what_compresses_well_shares_messages_of_at_most_ten_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("head\n" + "the same line again\n" * 100_000)
    messages = packed([path], LIMIT)
    assert len(messages[0]) == MOST_FILES
    assert len(messages) > 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [cell(one) for one in (-5, 0, "thanks", "a=b", "")] == [-5, 0, "thanks", "a=b", ""]
