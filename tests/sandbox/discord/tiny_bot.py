"""A small bot with one of everything the sandbox must carry, for its tests only."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING, Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image

if TYPE_CHECKING:
    import re


class Again(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"again:(?P<id>\d+)"):
    """A button whose id survives a restart."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label="Again", custom_id=f"again:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Again:
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"again {self.number}", ephemeral=True)


class Letters(discord.ui.DynamicItem[discord.ui.Select[Any]], template="letters"):
    """A select that survives a restart."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label=each.upper(), value=each) for each in "abc"]
        super().__init__(discord.ui.Select(custom_id="letters", options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Letters:
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"chose {', '.join(self.item.values)}")


class AskForm(discord.ui.Modal, title="Ask"):
    """A form with text and files."""

    words: discord.ui.Label[Any] = discord.ui.Label(
        text="Words",
        component=discord.ui.TextInput(custom_id="words", style=discord.TextStyle.paragraph),
    )
    letter: discord.ui.Label[Any] = discord.ui.Label(
        text="Letter",
        component=discord.ui.Select(
            custom_id="letter",
            options=[discord.SelectOption(label=each) for each in "XY"],
            required=False,
        ),
    )
    pictures: discord.ui.Label[Any] = discord.ui.Label(
        text="Pictures", component=discord.ui.FileUpload(custom_id="pictures", max_values=10)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.pictures.component, discord.ui.FileUpload)
        assert isinstance(self.words.component, discord.ui.TextInput)
        assert isinstance(self.letter.component, discord.ui.Select)
        sizes = [len(await each.read()) for each in self.pictures.component.values]
        letter = "".join(self.letter.component.values)
        await interaction.response.send_message(f"{self.words.component.value}{letter}: {sizes}")


class TinyBot(commands.AutoShardedBot):
    """Answers what the tests ask of it, over real sockets."""

    def __init__(self) -> None:
        super().__init__(
            "!",
            intents=discord.Intents(guilds=True),
            guild_ready_timeout=0.05,
            enable_debug_events=False,
        )
        self.seen: list[discord.Interaction] = []
        self.failures: asyncio.Queue[Exception] = asyncio.Queue()
        self.thinking = asyncio.Event()
        self.think_no_more = asyncio.Event()
        self.resumed = 0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; discord.py would wait five seconds for the second time."""

    async def setup_hook(self) -> None:
        _, gateway, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        self.add_dynamic_items(Again, Letters)
        every: list[Any] = [
            make,
            slow,
            ask,
            whoami,
            moderate,
            panel,
            board,
            about,
            wave,
            fetch,
            caption,
        ]
        for command in every:
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.seen.append(interaction)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self.resumed += 1


def _bot(interaction: discord.Interaction) -> TinyBot:
    assert isinstance(interaction.client, TinyBot)
    return interaction.client


@app_commands.command(description="Make something of a picture")
async def make(
    interaction: discord.Interaction,
    image: discord.Attachment,
    prompt: str,
    model: str | None = None,
    count: app_commands.Range[int, 1, 10] = 1,
) -> None:
    """Defer in private, then post the same bytes in public with a button."""
    await interaction.response.defer(ephemeral=True)
    data = await image.read()
    await interaction.edit_original_response(content=f"{prompt} {model} {count} {len(data)}")
    assert isinstance(interaction.channel, discord.abc.Messageable)
    view = discord.ui.View(timeout=None)
    view.add_item(Again(7))
    await interaction.channel.send(
        f"for {interaction.user.mention}",
        file=discord.File(io.BytesIO(data), image.filename),
        view=view,
        nonce=f"clip-{interaction.id}",
    )


@make.autocomplete("model")
async def model_names(interaction: discord.Interaction, current: str) -> list[Any]:
    names = ["akool_v1", "kling", "seedance"]
    return [app_commands.Choice(name=n, value=n) for n in names if current in n]


@app_commands.command(description="Answer too late")
async def slow(interaction: discord.Interaction) -> None:
    bot = _bot(interaction)
    bot.thinking.set()
    await bot.think_no_more.wait()
    try:
        await interaction.response.send_message("late")
    except discord.HTTPException as error:
        bot.failures.put_nowait(error)


@app_commands.command(description="Open a form")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(AskForm())


@app_commands.command(description="What Discord told us")
async def whoami(interaction: discord.Interaction) -> None:
    permissions = interaction.app_permissions
    await interaction.response.send_message(
        f"{interaction.locale} {interaction.guild_locale} {interaction.filesize_limit} "
        f"{permissions.attach_files} {permissions.administrator}",
        ephemeral=True,
    )


@app_commands.command(description="Moderators only")
@app_commands.default_permissions(manage_guild=True)
async def moderate(interaction: discord.Interaction, member: discord.User) -> None:
    await interaction.response.send_message(f"about {member.display_name}", ephemeral=True)


@app_commands.command(description="A select")
async def panel(interaction: discord.Interaction) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(Letters())
    await interaction.response.send_message("choose", view=view)


def _dot() -> discord.File:
    written = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(written, "PNG")
    written.seek(0)
    return discord.File(written, "dot.png")


@app_commands.command(description="A board of Components V2")
async def board(interaction: discord.Interaction) -> None:
    view = discord.ui.LayoutView(timeout=None)
    row: Any = discord.ui.ActionRow()
    row.add_item(Again(3))
    thumbnail: Any = discord.ui.Thumbnail("attachment://dot.png")
    view.add_item(
        discord.ui.Container(
            discord.ui.Section(discord.ui.TextDisplay("## Models"), accessory=thumbnail),
            discord.ui.Separator(),
            discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://dot.png")),
            row,
        )
    )
    await interaction.response.send_message(view=view, file=_dot())


@app_commands.context_menu(name="About")
async def about(interaction: discord.Interaction, message: discord.Message) -> None:
    names = [each.filename for each in message.attachments]
    await interaction.response.send_message(f"{message.content} {names}", ephemeral=True)


@app_commands.context_menu(name="Fetch")
async def fetch(interaction: discord.Interaction, message: discord.Message) -> None:
    """Read the picture behind a link, as Discord's proxy has it."""
    await interaction.response.defer(ephemeral=True)
    link = message.embeds[0].thumbnail.proxy_url
    assert link is not None
    data = await _bot(interaction).http.get_from_cdn(link)
    await interaction.edit_original_response(content=f"{len(data)} bytes")


@app_commands.context_menu(name="Caption")
async def caption(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open a form from a message's menu."""
    await interaction.response.send_modal(AskForm())


@app_commands.context_menu(name="Wave")
async def wave(interaction: discord.Interaction, user: discord.User) -> None:
    await interaction.response.send_message(f"waves at {user.display_name}")


def main() -> None:
    """Run it as a process of its own, told where Discord is by the environment alone."""
    Route.BASE = os.environ["DISCORD_API_BASE"]
    TinyBot().run("any-token", log_handler=None)


if __name__ == "__main__":
    main()
