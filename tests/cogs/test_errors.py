"""What goes wrong unexpectedly is told without its insides, and logged under the code shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
import pytest
from discord import app_commands

from cogs.dynamic import Press, row
from cogs.language import Phrase
from jobs.ids import from_code
from tests.cogs.scenes import Scene, labels, last, reply, said

if TYPE_CHECKING:
    from simcord import InteractionResult


class Breaks(Press, name="breaks", label=Phrase("Break")):
    """A button with a bug."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        raise RuntimeError("the secret is 1234")


async def break_something(scene: Scene) -> InteractionResult:
    scene.bot.add_buttons(Breaks)
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("a trap", view=row(Breaks(1)))
    return await scene.alice.click(last(scene.studio), label="Break")


async def test_a_bug_is_told_with_a_code_and_logged_under_it(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    result = await break_something(scene)
    told = re.fullmatch(
        r"Something went wrong on my side\. Try again in a minute; if it happens again, tell a "
        r"moderator the code `(\w+)`\.",
        said(result),
    )
    assert told is not None
    assert from_code(told[1]) is not None
    assert f"code {told[1]}" in caplog.text
    assert "the secret is 1234" in caplog.text


@pytest.mark.parametrize("code", [10062, 40060, 50027, 10015, 10008])
async def test_an_interaction_that_is_over_is_let_go(
    scene: Scene, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    scene.env.inject_error("PATCH", "/webhooks/*", status=404, code=code, times=None)
    scene.foreseen.append(discord.NotFound)
    await scene.alice.slash(scene.studio, "credits")
    assert "ERROR" not in [record.levelname for record in caplog.records]


async def test_when_discord_is_down_the_failure_is_logged_and_raises_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.foreseen.append(discord.HTTPException)
    scene.env.inject_error("PATCH", "/webhooks/*", status=503, times=None)
    await scene.alice.slash(scene.studio, "credits")
    assert "could not be told" in caplog.text


async def test_a_command_that_discord_still_shows_and_we_no_longer_have_is_explained(
    scene: Scene,
) -> None:
    scene.foreseen.append(app_commands.CommandNotFound)
    scene.bot.tree.remove_command("credits")
    result = await scene.alice.slash(scene.studio, "credits")
    assert said(result) == ("That command has changed. Reload Discord (Ctrl+R), then use it again.")


async def test_a_refusal_takes_the_place_of_thinking(scene: Scene) -> None:
    result = await scene.animate(model="nope")
    assert labels(reply(result)) == []
    assert result.followups == []
