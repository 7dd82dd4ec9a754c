"""The menu **Credits** on a member: their wallet, with Grant, Take and Freeze.

Discord shows it to everybody and does not gate its buttons, so each click asks who moderates.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import discord
from discord import ButtonStyle, app_commands, ui

from cogs import form_words, quota, quota_words
from cogs.client import Muybridge
from cogs.dynamic import Press, custom_id, row
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S, in_time, typed_into
from cogs.language import Phrase
from cogs.moderators import FOR_MODERATORS, is_moderator
from cogs.refusals import sentence
from cogs.render import wallet_of
from cogs.where import member_of, services_of
from jobs.errors import Declined, ModeratorsOnly
from jobs.model import Member
from jobs.quotas import LONGEST_REASON, amount
from jobs.sheets import Sheet

NAME: Final = "wallet-form"

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
        await _open(interaction, self)


class Take(Press, name="wallet-take", label=quota_words.PRESS_TAKE):
    """Opens the form for taking credits back."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self)


class Freeze(Press, name="wallet-freeze", label=quota_words.PRESS_FREEZE, style=ButtonStyle.danger):
    """Opens the form for stopping a member's orders."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self)


class Unfreeze(Press, name="wallet-unfreeze", label=quota_words.PRESS_UNFREEZE):
    """Opens the form for letting a member order again."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        await _open(interaction, self)


class ReopenWallet(Press, name="wallet-reopen", label=form_words.REOPEN):
    """Brings a refused form back as it was."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once, or say that it is over."""
        forms = services_of(interaction).forms
        async with in_time():
            await check(interaction)
            sheet = await forms.find_sheet(self.about, await member_of(interaction))
            sheet = await forms.renew_sheet(sheet)
        await interaction.response.send_modal(_modal(sheet))


async def _open(interaction: discord.Interaction, button: Press) -> None:
    forms = services_of(interaction).forms
    async with in_time():
        await check(interaction)
        sheet = await forms.open_sheet(button.name, await member_of(interaction), button.about)
    await interaction.response.send_modal(_modal(sheet))


def _modal(sheet: Sheet) -> ui.Modal:
    kind = _KINDS[sheet.kind]
    form = ui.Modal(title=kind.title(), custom_id=custom_id(NAME, sheet.id), timeout=REMEMBERED_S)
    for name in kind.fields:
        form.add_item(_field(name, sheet.typed.get(name, "")))
    return form


def _field(name: str, text: str) -> ui.Label[Any]:
    label, hint, most = _FIELDS[name]
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, required=name == CREDITS, max_length=most, default=text or None
    )
    return ui.Label(text=label(), description=None if hint is None else hint(), component=typed)


# --- what comes back ----------------------------------------------------------------------------

Act = Callable[[discord.Interaction, Sheet], Awaitable[str]]


async def _granted(interaction: discord.Interaction, sheet: Sheet) -> str:
    typed = sheet.typed
    credits_, expires = amount(typed.get(CREDITS, "")), typed.get(EXPIRES, "").strip()
    reason = typed.get(REASON)
    return await quota.granted(interaction, sheet.about, credits_, reason, expires, sheet.id)


async def _taken(interaction: discord.Interaction, sheet: Sheet) -> str:
    credits_, reason = amount(sheet.typed.get(CREDITS, "")), sheet.typed.get(REASON)
    return await quota.taken(interaction, sheet.about, credits_, reason, sheet.id)


async def _frozen(interaction: discord.Interaction, sheet: Sheet) -> str:
    return await quota.frozen(interaction, sheet.about, sheet.typed.get(REASON), sheet.id)


async def _thawed(interaction: discord.Interaction, sheet: Sheet) -> str:
    return await quota.thawed(interaction, sheet.about, sheet.typed.get(REASON), sheet.id)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a form asks for, and what is done with it."""

    title: Phrase
    fields: tuple[str, ...]
    act: Act


_FIELDS: Final[dict[str, tuple[Phrase, Phrase | None, int]]] = {
    CREDITS: (quota_words.FIELD_CREDITS, None, 9),
    REASON: (quota_words.FIELD_REASON, quota_words.REASON, LONGEST_REASON),
    EXPIRES: (quota_words.FIELD_EXPIRES, quota_words.GRANT_EXPIRES, 20),
}
"""Label, hint, and the most characters of each field."""

_KINDS: Final = {
    Grant.name: Kind(quota_words.FORM_GRANT, (CREDITS, REASON, EXPIRES), _granted),
    Take.name: Kind(quota_words.FORM_TAKE, (CREDITS, REASON), _taken),
    Freeze.name: Kind(quota_words.FORM_FREEZE, (REASON,), _frozen),
    Unfreeze.name: Kind(quota_words.FORM_UNFREEZE, (REASON,), _thawed),
}


async def sent(interaction: discord.Interaction, sheet_id: int) -> None:
    """Do what a form asks for, once; draw the wallet anew, and say what was done."""
    await acknowledge(interaction, update=True)
    await check(interaction)
    forms = services_of(interaction).forms
    sheet = await forms.find_sheet(sheet_id, await member_of(interaction))
    sheet = replace(sheet, typed=_typed(interaction))
    try:
        said = await _KINDS[sheet.kind].act(interaction, sheet)
    except Declined as declined:
        await _refuse(interaction, sheet, declined)
        return
    await _show(interaction, await _present(interaction, sheet.about))
    await interaction.followup.send(said, ephemeral=True)


async def _refuse(interaction: discord.Interaction, sheet: Sheet, declined: Declined) -> None:
    """Say why, and keep what was typed."""
    await services_of(interaction).forms.keep_sheet(sheet)
    text = f"{sentence(declined)} {form_words.REOPENING()}"
    await interaction.followup.send(text, view=row(ReopenWallet(sheet.id)), ephemeral=True)


def _typed(interaction: discord.Interaction) -> dict[str, str]:
    return {name: str(value or "") for name, value in typed_into(interaction).items()}


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
    bot.add_buttons(Grant, Take, Freeze, Unfreeze, ReopenWallet)
    bot.add_form(NAME, sent)
