"""The client registers what DESIGN promises, serves whom it should, and needs little of Discord."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord.http import Route

from cogs import EXTENSIONS
from cogs.client import DISCORD, Muybridge, name_of, use_api_base
from cogs.errors import answer
from jobs.catalogue import Catalogue
from tests.cogs.scenes import Scene, last, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cogs.client import Services

ATTACHMENT, STRING, INTEGER, BOOLEAN = 11, 3, 4, 5


def registered(scene: Scene) -> dict[str, dict[str, Any]]:
    """Return what was sent to Discord at login, by name."""
    (sent,) = [one for one in scene.env.http_requests if one.method == "PUT"]
    assert sent.path.endswith("/commands")
    assert isinstance(sent.json, list)
    return {command["name"]: command for command in sent.json}


async def test_animate_has_exactly_the_options_it_promises(scene: Scene) -> None:
    options = registered(scene)["animate"]["options"]
    found = [(one["name"], one["type"], bool(one.get("required"))) for one in options]
    assert found == [
        ("image", ATTACHMENT, True),
        ("prompt", STRING, True),
        ("model", STRING, False),
        ("resolution", STRING, False),
        ("seconds", INTEGER, False),
        ("variations", INTEGER, False),
        ("avoid", STRING, False),
        ("last_frame", ATTACHMENT, False),
        ("sound", BOOLEAN, False),
        ("private", BOOLEAN, False),
    ]
    typed = [one["name"] for one in options if one.get("autocomplete")]
    assert typed == ["model", "resolution", "seconds"]
    variations = options[5]
    assert (variations["min_value"], variations["max_value"]) == (1, 10)
    assert all(one["description"] not in ("", "…") for one in options)


async def test_credits_takes_no_options(scene: Scene) -> None:
    assert registered(scene)["credits"].get("options", []) == []


async def test_every_command_is_for_servers_only(scene: Scene) -> None:
    assert set(registered(scene)) >= {"animate", "credits", "videos"}
    for command in registered(scene).values():
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]


async def test_the_client_asks_for_one_intent_and_remembers_nobody(scene: Scene) -> None:
    assert scene.bot.intents == discord.Intents(guilds=True)
    guild = scene.bot.get_guild(scene.guild.id)
    assert guild is not None
    assert scene.bot.user is not None
    assert {member.id for member in guild.members} == {scene.bot.user.id}
    assert list(scene.bot.cached_messages) == []
    mentions = scene.bot.allowed_mentions
    assert mentions is not None
    assert (mentions.everyone, mentions.users, mentions.roles) == (False, False, False)


async def test_only_the_process_that_is_told_to_registers_the_commands(
    scene: Scene, services: Services
) -> None:
    before = len(scene.env.http_requests)
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    assert [one for one in scene.env.http_requests[before:] if one.method == "PUT"] == []


async def test_an_extension_that_fails_stops_the_start(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Muybridge(services, sync=False, shard_count=1)
    monkeypatch.setattr("cogs.client.EXTENSIONS", ("cogs.confirm", "cogs.words"))
    with pytest.raises(AttributeError, match="setup"):
        await bot.setup_hook()


def test_every_extension_can_be_added() -> None:
    for name in EXTENSIONS:
        assert callable(importlib.import_module(name).setup)


@pytest.mark.parametrize("guilds", [frozenset({1})])
async def test_a_server_that_is_not_served_is_told_whom_to_ask(scene: Scene) -> None:
    for result in (await scene.animate(), await scene.alice.slash(scene.studio, "credits")):
        assert said(result) == (
            "This bot does not work in this server. Ask the person who runs it to add the server."
        )
    assert list(scene.library.folder.iterdir()) == []


async def test_the_log_warns_while_anyone_could_add_the_bot(
    scene: Scene, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cogs.client")
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    assert "GUILDS is * and the application is public" in caplog.text
    assert f"logged in as {scene.bot.user}" in caplog.text


@pytest.mark.parametrize("guilds", [frozenset({1})])
async def test_the_log_does_not_warn_once_servers_are_named(
    scene: Scene, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.env.restart_bot(Muybridge(services, sync=False, shard_count=1))
    assert "application is public" not in caplog.text


async def test_what_can_not_be_taken_up_is_logged_and_stops_nothing(
    scene: Scene, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise ConnectionError("the database is gone")

    bot = Muybridge(services, sync=False, shard_count=1)
    bot.add_resumer(broken)
    await scene.env.restart_bot(bot)
    await scene.env.settle()
    assert "what was left over could not be taken up" in caplog.text
    assert said(await scene.alice.slash(scene.studio, "credits"))


def test_a_model_that_is_not_offered_any_more_keeps_its_value(catalogue: Catalogue) -> None:
    assert name_of(catalogue, "quick") == "Quick"
    assert name_of(catalogue, "retired-model") == "retired-model"
    assert name_of(Catalogue(), "quick") == "quick"


# --- forms, and what older versions left behind ---------------------------------------------


class AskForm(discord.ui.Modal, title="Ask"):
    """A form whose custom_id holds an id; discord.py is not to remember it."""

    words: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        label="Words", custom_id="words"
    )


async def show_form(scene: Scene, custom_id: str) -> Any:  # noqa: ANN401 - simcord's result
    """Let a command open a form, and forget it as a restart would."""

    @discord.app_commands.command(name="form", description="Opens a form")
    async def opens(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(AskForm(custom_id=custom_id))
        scene.bot._connection._view_store._modals.clear()

    scene.bot.tree.add_command(opens)
    await scene.bot.tree.sync()
    return await scene.alice.slash(scene.studio, "form")


async def test_a_submitted_form_reaches_its_handler_after_a_restart(scene: Scene) -> None:
    seen: list[int] = []

    async def handler(interaction: discord.Interaction, about: int) -> None:
        seen.append(about)
        await answer(interaction, "thank you")

    scene.bot.add_form("ask", handler)
    shown = await show_form(scene, "ask:77")
    result = await scene.alice.submit_modal(shown, {"words": "hello"})
    assert said(result) == "thank you"
    assert seen == [77]


async def test_a_form_whose_handler_fails_is_told_like_anything_else(scene: Scene) -> None:
    async def handler(interaction: discord.Interaction, about: int) -> None:
        raise ConnectionError(str(about))

    scene.bot.add_form("ask", handler)
    shown = await show_form(scene, "ask:77")
    result = await scene.alice.submit_modal(shown, {"words": "hello"})
    assert said(result).startswith("Something went wrong on my side.")


async def test_a_form_of_an_older_version_is_answered(scene: Scene) -> None:
    shown = await show_form(scene, "forgotten:77")
    result = await scene.alice.submit_modal(shown, {"words": "hello"})
    assert said(result) == "That form is from an older version. Use the command again."


async def test_a_button_of_an_older_version_is_answered(scene: Scene) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Old", custom_id="reroll:77"))
    await scene.bot.get_partial_messageable(scene.studio.id).send("old", view=view)
    scene.bot._connection._view_store._views.clear()
    result = await scene.alice.click(last(scene.studio), label="Old")
    assert said(result) == "That button is from an older version. Use the command again."


# --- another address ------------------------------------------------------------------------


@pytest.fixture
def discords_own_address() -> Iterator[None]:
    """Put the address back."""
    yield
    use_api_base(DISCORD)


@pytest.mark.usefixtures("discords_own_address")
def test_rest_goes_to_the_address_that_is_named() -> None:
    use_api_base("http://127.0.0.1:9/api/v10/")
    assert Route("GET", "/gateway/bot").url == "http://127.0.0.1:9/api/v10/gateway/bot"


def test_it_goes_to_discord_otherwise() -> None:
    assert Route("GET", "/users/@me").url == "https://discord.com/api/v10/users/@me"
