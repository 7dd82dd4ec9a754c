"""Report: any member hides a result until moderators have looked, who keep or delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord import ButtonStyle, ui

from cogs import content_words, report_posts
from cogs.dynamic import Press, custom_id, row
from cogs.errors import acknowledge
from cogs.forms import REMEMBERED_S, in_time
from cogs.moderators import check_decides
from cogs.reviewing import reason_field, reason_of
from cogs.where import member_of, services_of

if TYPE_CHECKING:
    from discord.ui import View

    from cogs.client import Muybridge

BLOCK_FORM: Final = "case-block-form"


class Report(Press, name="report", label=content_words.REPORT):
    """Asks whether to report a result; for everybody but its asker."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Ask, in private, saying what happens then."""
        await acknowledge(interaction)
        member = await member_of(interaction)
        await services_of(interaction).reports.check(self.about, member)
        await interaction.edit_original_response(
            content=content_words.ASK_REPORT(), view=row(ReportNow(self.about))
        )


class ReportNow(Press, name="report-now", label=content_words.REPORT_NOW, style=ButtonStyle.danger):
    """Reports a result: once a member, and some a day."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Write it down; the engine hides the result and asks moderators."""
        await acknowledge(interaction, update=True)
        member = await member_of(interaction)
        await services_of(interaction).reports.report(self.about, member)
        await interaction.edit_original_response(content=content_words.REPORTED(), view=None)


class Keep(Press, name="case-keep", label=content_words.KEEP, style=ButtonStyle.success):
    """Brings a reported result back, for good."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Decide, once."""
        await _judge(interaction, self.about, kept=True)


class Remove(Press, name="case-delete", label=content_words.REMOVE, style=ButtonStyle.danger):
    """Deletes a reported result for everybody."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Decide, once."""
        await _judge(interaction, self.about, kept=False)


class BlockAsker(Press, name="case-block", label=content_words.BLOCK_ASKER):
    """Asks for a reason to block whoever ordered a reported result."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open the form, for moderators of the server in which it was reported."""
        async with in_time():
            await check_decides(interaction)
            actor = await member_of(interaction)
            await services_of(interaction).reports.asker(self.about, actor)
        form = ui.Modal(
            title=content_words.BLOCK_TITLE(),
            custom_id=custom_id(BLOCK_FORM, self.about),
            timeout=REMEMBERED_S,
        )
        form.add_item(reason_field(content_words.BLOCK_HINT()))
        await interaction.response.send_modal(form)


async def _judge(interaction: discord.Interaction, clip_id: int, *, kept: bool) -> None:
    await acknowledge(interaction)
    await check_decides(interaction)
    actor = await member_of(interaction)
    judged = await services_of(interaction).reports.judge(clip_id, actor, kept=kept)
    if judged.mine:
        said = content_words.JUST_KEPT() if kept else content_words.JUST_DELETED()
    else:
        said = content_words.JUDGED_BEFORE(outcome=report_posts.outcome(judged.case))
    await interaction.edit_original_response(content=said)


async def blocked(interaction: discord.Interaction, clip_id: int) -> None:
    """Block whoever ordered a reported result, for the reason that was typed."""
    await acknowledge(interaction)
    await check_decides(interaction)
    actor = await member_of(interaction)
    services = services_of(interaction)
    user_id = await services.reports.asker(clip_id, actor)
    new = await services.moderation.block(actor, user_id, reason_of(interaction))
    said = content_words.JUST_BLOCKED if new else content_words.BLOCKED_BEFORE
    await interaction.edit_original_response(content=said(member=f"<@{user_id}>"))


def case_buttons(clip_id: int) -> View:
    """Return the buttons under a reported result that moderators decide about."""
    return row(Keep(clip_id), Remove(clip_id), BlockAsker(clip_id))


async def setup(bot: Muybridge) -> None:
    """Make the buttons work, and have the form routed."""
    bot.add_buttons(Report, ReportNow, Keep, Remove, BlockAsker)
    bot.add_form(BLOCK_FORM, blocked)
