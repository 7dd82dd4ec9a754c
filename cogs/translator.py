"""Show the descriptions of commands, options and choices in the language of each member's Discord.

Names stay English everywhere: members tell each other "/animate".
"""

from __future__ import annotations

from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation

from cogs.language import catalogue

_NAMES: Final = frozenset(
    {
        TranslationContextLocation.command_name,
        TranslationContextLocation.group_name,
        TranslationContextLocation.parameter_name,
    }
)


class CatalogueTranslator(app_commands.Translator):
    """Translates what the commands are registered with, from the same files as all sentences."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """Return the words in that language; None where they stay as they are."""
        if context.location in _NAMES:
            return None
        said = catalogue(str(locale)).gettext(string.message)
        return None if said == string.message else said
