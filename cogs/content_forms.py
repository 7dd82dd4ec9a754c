"""The forms of the page Content: rules typed or imported, and why a member is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from cogs import content_view, content_words, form_words
from cogs.dynamic import Press, custom_id, row
from cogs.errors import NETWORK, acknowledge
from cogs.forms import REMEMBERED_S, in_time, typed_into
from cogs.panel_items import check_panel
from cogs.reviewing import reason_field, reason_of
from cogs.where import client_of, member_of, services_of
from jobs.content import MOST_FILE_BYTES, BadFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from cogs.client import Muybridge
    from jobs.moderation import RulesChanged

RULES: Final = "content-rules-form"
IMPORT: Final = "content-import-form"
BLOCK: Final = "content-block-form"
UNBLOCK: Final = "content-unblock-form"

_ADD, _REMOVE, _FILE, _HOW = "add", "remove", "file", "how"
_AFRESH: Final = "afresh"
_MOST_TYPED: Final = 4000
"""Characters of a text field (Discord's reference, "Text Input")."""


def _modal(name: str, title: str, *fields: ui.Label[Any], about: int = 0) -> ui.Modal:
    modal = ui.Modal(title=title, custom_id=custom_id(name, about), timeout=REMEMBERED_S)
    for field in fields:
        modal.add_item(field)
    return modal


def _lines(name: str, label: str, hint: str, text: str) -> ui.Label[Any]:
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        required=False,
        default=text or None,
        max_length=_MOST_TYPED,
    )
    return ui.Label(text=label, description=hint, component=field)


def rules_form(add: str = "", remove: str = "") -> ui.Modal:
    """Return the form that adds and removes rules, with what was typed into it before."""
    hints = content_words.RULES_ADD_HINT(), content_words.RULES_REMOVE_HINT()
    return _modal(
        RULES,
        content_words.RULES_FORM(),
        _lines(_ADD, content_words.RULES_ADD(), hints[0], add),
        _lines(_REMOVE, content_words.RULES_REMOVE(), hints[1], remove),
    )


def import_form() -> ui.Modal:
    """Return the form that takes a file of rules, and asks what becomes of those there are."""
    how: ui.Select[Any] = ui.Select(
        custom_id=_HOW,
        options=[
            discord.SelectOption(label=content_words.IMPORT_KEEP(), value="add", default=True),
            discord.SelectOption(label=content_words.IMPORT_AFRESH(), value=_AFRESH),
        ],
    )
    return _modal(
        IMPORT,
        content_words.IMPORT_FORM(),
        ui.Label(
            text=content_words.IMPORT_FILE(),
            description=content_words.IMPORT_FILE_HINT(),
            component=ui.FileUpload(custom_id=_FILE, min_values=1, max_values=1),
        ),
        ui.Label(text=content_words.IMPORT_HOW(), component=how),
    )


def block_form(user_id: int, *, known: bool) -> ui.Modal:
    """Return the form that asks why a member is blocked, or is not any more."""
    if known:
        field = reason_field(content_words.UNBLOCK_HINT(), required=False)
        return _modal(UNBLOCK, content_words.UNBLOCK_TITLE(), field, about=user_id)
    field = reason_field(content_words.BLOCK_HINT())
    return _modal(BLOCK, content_words.BLOCK_TITLE(), field, about=user_id)


FORMS: Final[dict[str, Callable[[], ui.Modal]]] = {"rules": rules_form, "import": import_form}


# --- what comes back ----------------------------------------------------------------------------


async def rules_sent(interaction: discord.Interaction, _: int) -> None:
    """Add and remove what was typed."""
    await check_panel(interaction)
    await acknowledge(interaction)
    typed = typed_into(interaction)
    add, remove = str(typed.get(_ADD) or ""), str(typed.get(_REMOVE) or "")
    await _tell(interaction, add, remove, afresh=False, typed={_ADD: add, _REMOVE: remove})


async def import_sent(interaction: discord.Interaction, _: int) -> None:
    """Take the rules of a file."""
    await check_panel(interaction)
    await acknowledge(interaction)
    text = await _text_of(interaction)
    if text is not None:
        afresh = _AFRESH in (typed_into(interaction).get(_HOW) or ())
        await _tell(interaction, text, "", afresh=afresh)


async def _text_of(interaction: discord.Interaction) -> str | None:
    """Return the text of the file that came with a form; None when something else was told."""
    data = cast("dict[str, Any]", interaction.data)
    files = data.get("resolved", {}).get("attachments", {})
    file = next(iter(files.values()), None)
    if file is None or file["size"] > MOST_FILE_BYTES:
        said = content_words.FILE_NOT_THERE if file is None else content_words.FILE_TOO_LARGE
        await interaction.edit_original_response(content=said())
        return None
    try:
        return (await client_of(interaction).http.get_from_cdn(file["url"])).decode("utf-8")
    except UnicodeDecodeError:
        said = content_words.FILE_NOT_TEXT
    except NETWORK:
        said = content_words.FILE_NOT_THERE
    await interaction.edit_original_response(content=said())
    return None


async def _tell(
    interaction: discord.Interaction,
    add: str,
    remove: str,
    *,
    afresh: bool,
    typed: dict[str, str] | None = None,
) -> None:
    """Change the rules; what was `typed` can be reopened when a line of it can't be used."""
    services = services_of(interaction)
    actor = await member_of(interaction)
    try:
        changed = await services.moderation.change(actor, add=add, remove=remove, afresh=afresh)
    except BadFile as bad:
        text, view = content_view.bad_lines(bad), None
        if typed is not None:
            sheet = await services.forms.open_sheet(RULES, actor, 0, typed)
            text, view = f"{text}\n{form_words.REOPENING()}", row(ReopenRules(sheet.id))
        await interaction.edit_original_response(content=text, view=view)
        return
    await interaction.edit_original_response(content=_said(changed))


class ReopenRules(Press, name="content-reopen", label=form_words.REOPEN):
    """Brings the refused form of rules back as it was."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once, or say that it is over."""
        async with in_time():
            await check_panel(interaction)
            actor = await member_of(interaction)
            sheet = await services_of(interaction).forms.find_sheet(self.about, actor)
        form = rules_form(sheet.typed.get(_ADD, ""), sheet.typed.get(_REMOVE, ""))
        await interaction.response.send_modal(form)


def _said(changed: RulesChanged) -> str:
    if not changed.added and not changed.removed:
        return content_words.RULES_SAME()
    return content_words.RULES_CHANGED(changed.total, added=changed.added, removed=changed.removed)


async def block_sent(interaction: discord.Interaction, user_id: int) -> None:
    """Block a member, for the reason that was typed."""
    await check_panel(interaction)
    await acknowledge(interaction)
    actor = await member_of(interaction)
    new = await services_of(interaction).moderation.block(actor, user_id, reason_of(interaction))
    said = content_words.JUST_BLOCKED if new else content_words.BLOCKED_BEFORE
    await interaction.edit_original_response(content=said(member=f"<@{user_id}>"))


async def unblock_sent(interaction: discord.Interaction, user_id: int) -> None:
    """Let a member order again."""
    await check_panel(interaction)
    await acknowledge(interaction)
    actor = await member_of(interaction)
    done = await services_of(interaction).moderation.unblock(actor, user_id, reason_of(interaction))
    said = content_words.JUST_UNBLOCKED if done else content_words.NOT_BLOCKED
    await interaction.edit_original_response(content=said(member=f"<@{user_id}>"))


def route(bot: Muybridge) -> None:
    """Have the forms routed, and the button work, also after a restart."""
    bot.add_buttons(ReopenRules)
    bot.add_form(RULES, rules_sent)
    bot.add_form(IMPORT, import_sent)
    bot.add_form(BLOCK, block_sent)
    bot.add_form(UNBLOCK, unblock_sent)
