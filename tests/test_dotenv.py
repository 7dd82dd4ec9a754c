"""The .env file: it adds to the environment, overrides nothing, and is read literally."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from settings import SettingsError, load_environment, variables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def _bare_environment() -> Iterator[None]:
    kept = dict(os.environ)
    for each in variables():
        os.environ.pop(each.name, None)
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.mark.usefixtures("_bare_environment")
def test_a_file_adds_and_overrides_nothing(tmp_path: Path) -> None:
    os.environ["HTTP_PORT"] = "9000"
    os.environ["LOG_LEVEL"] = ""
    file = tmp_path / ".env"
    file.write_text("HTTP_PORT=9001\nLOG_LEVEL=DEBUG\nDISCORD_TOKEN='abc'\n# a comment\nROLE\n")
    environment = load_environment(file)
    assert (environment["HTTP_PORT"], environment["DISCORD_TOKEN"]) == ("9000", "abc")
    assert environment["LOG_LEVEL"] == ""
    assert "ROLE" not in environment
    assert "DISCORD_TOKEN" not in os.environ


@pytest.mark.usefixtures("_bare_environment")
def test_a_dollar_in_a_secret_stays_a_dollar(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("AKOOL_API_KEY=a${HOME}b$c\n")
    assert load_environment(file)["AKOOL_API_KEY"] == "a${HOME}b$c"


def test_a_missing_file_adds_nothing(tmp_path: Path) -> None:
    assert load_environment(tmp_path / ".env") == dict(os.environ)


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    with pytest.raises(SettingsError, match="can't be read") as caught:
        load_environment(file)
    assert caught.value.faults[0].startswith(str(file))
