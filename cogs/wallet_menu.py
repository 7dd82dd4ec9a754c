"""The menu **Credits** on a member: their wallet, with Grant, Take and Freeze.

Discord shows it to everybody and does not gate its buttons, so each click asks who moderates.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, cast

import discord
from discord import ButtonStyle, app_commands, ui

from cogs import quota, quota_words
from cogs.client import Muybridge
from cogs.dynamic import Press, custom_id, row
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S, in_time
from cogs.language import Phrase
from cogs.moderators import FOR_MODERATORS, is_moderator
from cogs.render import wallet_of
from jobs.errors import ModeratorsOnly
from jobs.model import Member
from jobs.quotas import LONGEST_REASON, amount

CREDITS, REASON, EXPIRES = "credits", "reason", "expires"
"""What the fields of the forms are called, for Discord."""


async def check(interaction: discord.Interaction) -> None:
    """Turn away who does not moderate this server. Raises ModeratorsOnly."""
    if not await is_moderator(interaction):
        raise ModeratorsOnly


async def menu(interaction: discord.Interaction, user: discord.User) -> None:
    """Show a member's wallet."""
    await acknowledge(interaction)
    await check(interaction)
    await _show(interaction, quota.member_named(interaction, user))


async def _show(interaction: discord.Interaction, member: Member) -> None:
    view = await quota.quotas_of(interaction).wallet(member)
    freezing: Press = Unfreeze(member.user_id) if view.frozen else Freeze(member.user_id)
    buttons = row(Grant(member.user_id), Take(member.user_id), freezing)
    await interaction.edit_original_response(content=wallet_of(member.user_id, view), view=buttons)


# --- buttons and their forms --------------------------------------------------------------------


class Grant(Press, name="wallet-grant", label=quota_words.PRESS_GRANT, style=ButtonStyle.primary):
    """Opens the form for giving credits."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        fields = (_credits(), _reason(), _expires())
        await _open(interaction, self, quota_words.FORM_GRANT, *fields)


class Take(Press, name="wallet-take", label=quota_words.PRESS_TAKE):
    """Opens the form for taking credits back."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self, quota_words.FORM_TAKE, _credits(), _reason())


class Freeze(Press, name="wallet-freeze", label=quota_words.PRESS_FREEZE, style=ButtonStyle.danger):
    """Opens the form for stopping a member's orders."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self, quota_words.FORM_FREEZE, _reason())


class Unfreeze(Press, name="wallet-unfreeze", label=quota_words.PRESS_UNFREEZE):
    """Opens the form for letting a member order again."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self, quota_words.FORM_UNFREEZE, _reason())


async def _open(
    interaction: discord.Interaction, button: Press, title: Phrase, *fields: ui.Label[Any]
) -> None:
    async with in_time():
        await check(interaction)
    form = ui.Modal(
        title=title(), custom_id=custom_id(button.name, button.about), timeout=REMEMBERED_S
    )
    for field in fields:
        form.add_item(field)
    await interaction.response.send_modal(form)


def _credits() -> ui.Label[Any]:
    return _field(quota_words.FIELD_CREDITS, "", CREDITS, 9, required=True)


def _reason() -> ui.Label[Any]:
    return _field(quota_words.FIELD_REASON, quota_words.REASON(), REASON, LONGEST_REASON)


def _expires() -> ui.Label[Any]:
    return _field(quota_words.FIELD_EXPIRES, quota_words.GRANT_EXPIRES(), EXPIRES, 20)


def _field(
    label: Phrase, hint: str, name: str, most: int, *, required: bool = False
) -> ui.Label[Any]:
    typed: ui.TextInput[Any] = ui.TextInput(custom_id=name, required=required, max_length=most)
    return ui.Label(text=label(), description=hint or None, component=typed)


# --- what comes back ----------------------------------------------------------------------------

Act = Callable[[discord.Interaction, int, dict[str, str]], Awaitable[str]]


async def _granted(interaction: discord.Interaction, user_id: int, typed: dict[str, str]) -> str:
    credits_, expires = amount(typed.get(CREDITS, "")), typed.get(EXPIRES, "").strip()
    return await quota.granted(interaction, user_id, credits_, typed.get(REASON), expires)


async def _taken(interaction: discord.Interaction, user_id: int, typed: dict[str, str]) -> str:
    credits_ = amount(typed.get(CREDITS, ""))
    return await quota.taken(interaction, user_id, credits_, typed.get(REASON))


async def _frozen(interaction: discord.Interaction, user_id: int, typed: dict[str, str]) -> str:
    return await quota.frozen(interaction, user_id, typed.get(REASON))


async def _thawed(interaction: discord.Interaction, user_id: int, typed: dict[str, str]) -> str:
    return await quota.thawed(interaction, user_id, typed.get(REASON))


FORMS: Final[dict[type[Press], Act]] = {
    Grant: _granted,
    Take: _taken,
    Freeze: _frozen,
    Unfreeze: _thawed,
}


async def _sent(act: Act, interaction: discord.Interaction, user_id: int) -> None:
    """Do what a form asks for, draw the wallet anew, and say what was done."""
    await acknowledge(interaction, update=True)
    await check(interaction)
    said = await act(interaction, user_id, _typed(interaction))
    await _show(interaction, await _present(interaction, user_id))
    await interaction.followup.send(said, ephemeral=True)


def _typed(interaction: discord.Interaction) -> dict[str, str]:
    """Read the fields from Discord's own JSON: the form itself may be another process's."""
    data = cast("dict[str, Any]", interaction.data)
    inner = (one.get("component") for one in data.get("components", ()))
    return {one["custom_id"]: str(one.get("value") or "") for one in inner if one}


async def _present(interaction: discord.Interaction, user_id: int) -> Member:
    """Return a member with the roles they have now; who has left has none."""
    member = Member(guild_id=quota.doing_of(interaction).guild_id, user_id=user_id)
    if interaction.guild is None:
        return member
    try:
        found = await interaction.guild.fetch_member(user_id)
    except discord.HTTPException:
        return member
    return quota.member_named(interaction, found)


async def setup(bot: Muybridge) -> None:
    """Add the menu, and make buttons and forms work."""
    bot.tree.add_command(
        app_commands.ContextMenu(
            name=quota_words.MENU_CREDITS.english, callback=menu, extras={FOR_MODERATORS: True}
        )
    )
    bot.add_buttons(*FORMS)
    for button, act in FORMS.items():
        bot.add_form(button.name, partial(_sent, act))
