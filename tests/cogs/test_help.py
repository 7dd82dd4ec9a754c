"""Members ask with `/help` what they may do, and are told in a few lines."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands

from cogs.client import Muybridge, Services
from jobs.model import GuildRules
from tests.cogs.scenes import Scene, said


def listed(text: str) -> list[str]:
    """Return the lines that name a command."""
    return [line for line in text.splitlines() if line.startswith("- ")]


async def test_help_opens_with_what_can_be_spent_and_a_first_step(scene: Scene) -> None:
    await scene.animate(variations=3)
    lines = said(await scene.alice.slash(scene.studio, "help")).splitlines()
    assert lines[0] == "**You can spend 70 credits now.**"
    assert lines[1].startswith(f"To start, use {scene.bot.mention('animate')}: attach a picture")
    assert lines[2] == "**What you can do here**"


async def test_help_names_every_command_of_the_tree_so_that_a_click_types_it(scene: Scene) -> None:
    synced = {one.name: one.id for one in await scene.bot.tree.fetch_commands()}
    text = said(await scene.alice.slash(scene.studio, "help"))
    commands = [
        one
        for one in scene.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
        if isinstance(one, app_commands.Command) and one.default_permissions is None
    ]
    assert {one.name for one in commands} >= {"animate", "videos", "credits", "help"}
    for one in commands:
        assert f"- </{one.name}:{synced[one.name]}> {one.description}" in text.splitlines()
    assert len(text) <= 2000


async def test_a_process_that_registers_nothing_names_commands_plainly(services: Services) -> None:
    bot = Muybridge(services, sync=False, shard_count=1)
    assert bot.mention("animate") == "`/animate`"
    assert bot.mention("quota show") == "`/quota show`"


async def test_commands_for_moderators_are_shown_to_moderators_alone(scene: Scene) -> None:
    helper = scene.guild.create_role("helper", permissions=discord.Permissions(manage_guild=True))
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[helper])
    assert "quota" not in said(await scene.alice.slash(scene.studio, "help"))
    text = said(await carol.slash(scene.studio, "help"))
    assert scene.bot.mention("quota show") in text
    settings = scene.bot.mention("settings")
    assert f"- {settings} For moderators: how this server uses the bot" in listed(text)


async def test_menus_are_named_with_the_place_where_they_are_found(scene: Scene) -> None:
    async def poster(_: discord.Interaction, message: discord.Message) -> None: ...

    async def wallet(_: discord.Interaction, member: discord.Member) -> None: ...

    for name, callback in (("Poster", poster), ("Wallet", wallet)):
        scene.bot.tree.add_command(app_commands.ContextMenu(name=name, callback=callback))
    shown = listed(said(await scene.alice.slash(scene.studio, "help")))
    assert "- **Poster**, in the menu of a message under Apps" in shown
    assert "- **Wallet**, in the menu of a member under Apps" in shown


async def test_help_names_the_permission_that_the_bot_lacks_in_this_channel(scene: Scene) -> None:
    assert "I lack" not in said(await scene.alice.slash(scene.studio, "help"))
    scene.forbid(scene.studio, attach_files=False)
    text = said(await scene.alice.slash(scene.studio, "help"))
    assert "I can't post in this channel, because I lack: Attach Files." in text


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=0)])
async def test_who_has_no_credits_is_told_how_to_get_some(scene: Scene) -> None:
    text = said(await scene.bob.slash(scene.studio, "help"))
    assert "you need credits: ask a moderator for some." in text


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=10)])
async def test_who_has_spent_the_allowance_is_told_when_it_renews(scene: Scene) -> None:
    await scene.animate(scene.bob)
    text = said(await scene.bob.slash(scene.studio, "help"))
    assert "you need credits: wait for your allowance (<t:" in text
    assert "ask a moderator" in text


@pytest.mark.parametrize("rules", [GuildRules(allowance_credits=10)])
async def test_nobody_is_sent_to_wait_for_an_allowance_that_is_too_small(scene: Scene) -> None:
    for variations in (2, 6):  # ordered at once, and above the price that asks
        refused = said(await scene.animate(scene.bob, variations=variations))
        assert refused.endswith("Choose fewer or shorter clips, or ask a moderator for credits."), (
            refused
        )


async def test_a_long_list_is_shortened_to_names(scene: Scene) -> None:
    async def nothing(_: discord.Interaction) -> None: ...

    for number in range(25):
        scene.bot.tree.add_command(
            app_commands.Command(name=f"extra{number}", description="x" * 100, callback=nothing)
        )
    text = said(await scene.alice.slash(scene.studio, "help"))
    assert len(text) <= 2000
    assert "`/extra0` · `/extra1`" in text
