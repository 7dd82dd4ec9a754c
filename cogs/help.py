"""`/help`: the commands that this member may use here, what can be spent, and a first step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord import AppCommandType, app_commands
from discord.ext import commands

from cogs import hint_words, words
from cogs.errors import acknowledge
from cogs.language import Phrase
from cogs.moderators import FOR_MODERATORS, is_moderator
from cogs.refusals import sentence
from cogs.render import dotted
from cogs.where import check_can_post, member_of
from jobs.errors import CannotPostThere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cogs.client import Muybridge
    from jobs.model import WalletView

    Offered = app_commands.Command[commands.Cog, ..., object] | app_commands.ContextMenu

LIMIT: Final = 2000
"""Characters of a message (Discord's reference, "Create Message")."""

FIRST: Final = "animate"
"""The command that a first step is made with."""


class HelpCog(commands.Cog):
    """Reads from the command tree, so it can name nothing that does not exist."""

    def __init__(self, bot: Muybridge) -> None:
        self._bot = bot

    @app_commands.command(name="help", description=hint_words.HELP.english)
    async def help_(self, interaction: discord.Interaction) -> None:
        """Tell what whoever asks may do in this channel."""
        await acknowledge(interaction)
        wallet = await self._bot.services.ordering.wallet(await member_of(interaction))
        first = (*self._money(wallet), *_lacking(interaction), hint_words.HELP_COMMANDS())
        moderates = await is_moderator(interaction)
        offered = tuple(self._offered(interaction.permissions, moderates=moderates))
        described = "\n".join((*first, *(self._described(one) for one in offered)))
        if len(described) > LIMIT:
            # Many commands for moderators: those of a group are named, and no more.
            alone = [self._described(one) for one in offered if not _is_grouped(one)]
            grouped = dotted(*(self._called(one) for one in offered if _is_grouped(one)))
            described = "\n".join((*first, *alone, grouped))
        if len(described) > LIMIT:
            described = "\n".join((*first, dotted(*(self._called(one) for one in offered))))
        await interaction.edit_original_response(content=described)

    def _money(self, wallet: WalletView) -> Iterator[str]:
        yield words.SPENDABLE(spendable=words.money(wallet.spendable))
        step = hint_words.HELP_FIRST_STEP
        if not wallet.spendable:
            step = hint_words.HELP_NO_CREDITS if wallet.allowance else hint_words.HELP_NO_ALLOWANCE
        yield step(animate=self._bot.mention(FIRST), renews=words.when(wallet.renews_at))

    def _offered(self, permissions: discord.Permissions, *, moderates: bool) -> Iterator[Offered]:
        """Yield what Discord shows to a member with these permissions, and what we let them do."""
        for kind in (AppCommandType.chat_input, AppCommandType.message, AppCommandType.user):
            for command in self._bot.tree.get_commands(type=kind):
                needed = command.default_permissions
                if needed is not None and not _may(permissions, needed):
                    continue
                if command.extras.get(FOR_MODERATORS) and not moderates:
                    continue
                if isinstance(command, app_commands.Group):
                    yield from (
                        one
                        for one in command.walk_commands()
                        if isinstance(one, app_commands.Command)
                    )
                else:
                    yield command

    def _described(self, command: Offered) -> str:
        if isinstance(command, app_commands.ContextMenu):
            return hint_words.HELP_LINE_MENU(name=self._called(command))
        about = Phrase(command.description)
        return hint_words.HELP_LINE(name=self._called(command), about=about())

    def _called(self, command: Offered) -> str:
        if isinstance(command, app_commands.ContextMenu):
            user = command.type is AppCommandType.user
            menu = hint_words.HELP_MENU_MEMBER if user else hint_words.HELP_MENU_MESSAGE
            return menu(name=command.name)
        return self._bot.mention(command.qualified_name)


def _is_grouped(command: Offered) -> bool:
    return isinstance(command, app_commands.Command) and command.parent is not None


def _may(permissions: discord.Permissions, needed: discord.Permissions) -> bool:
    return permissions.administrator or permissions >= needed


def _lacking(interaction: discord.Interaction) -> Iterator[str]:
    """Say which permission the bot lacks in this channel, if it does."""
    try:
        check_can_post(interaction)
    except CannotPostThere as error:
        yield sentence(error)


async def setup(bot: Muybridge) -> None:
    """Add the command."""
    await bot.add_cog(HelpCog(bot))
