"""`python bot.py check` against both emulators: a line for each thing, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import open_studio

if TYPE_CHECKING:
    from pathlib import Path


async def test_check_finds_everything_well(tmp_path: Path) -> None:
    async with open_studio(tmp_path, bot_starts=False) as studio:
        finished = await studio.bot.command("check")
    lines = finished.output.splitlines()
    assert finished.code == 0, finished.output
    assert len(lines) >= 5
    assert [line for line in lines if not line.startswith("ok ")] == []


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({"AKOOL_API_KEY": "not-the-key"}, "Akool"),
        ({"DEFAULT_MODEL": "nope"}, "DEFAULT_MODEL: nope"),
        ({"AKOOL_BASE_URL": "http://127.0.0.1:9"}, "Akool"),
        ({"DISCORD_API_BASE": "http://127.0.0.1:9/api/v10"}, "Discord can't be reached"),
    ],
    ids=["key", "model", "vendor down", "Discord down"],
)
async def test_check_says_what_is_wrong_and_ends_with_1(
    variables: dict[str, str], wrong: str, tmp_path: Path
) -> None:
    async with open_studio(tmp_path, bot_starts=False) as studio:
        studio.bot.settings.update(variables)
        finished = await studio.bot.command("check")
    lines = finished.output.splitlines()
    assert finished.code == 1, finished.output
    (line,) = [line for line in lines if not line.startswith("ok ")]
    assert line.startswith("WRONG")
    assert wrong in line
    assert "not-the-key" not in finished.output
