"""`/quota allowance`: what members may spend in a period, by default and by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands
from discord.ui import ActionRow, Container, TextDisplay

from billing.periods import Period
from billing.wallets import Allowance
from cogs import act_lines, content_words, quota_words
from cogs.dynamic import Pick, Turn
from cogs.errors import acknowledge
from cogs.escape import one_line
from cogs.lists import ACCENT, clipped, layout
from cogs.offers import MOST
from cogs.quota import QUOTA, check_own, doing_of, quotas_of
from cogs.render import small
from cogs.where import services_of
from jobs.quotas import MOST_CREDITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cogs.client import Muybridge
    from jobs.model import GuildRules
    from jobs.quotas import RoleAllowance

Limit = app_commands.Range[int, 0, MOST_CREDITS]

PERIODS: Final = [
    app_commands.Choice(name=quota_words.DAY.english, value=Period.DAY.value),
    app_commands.Choice(name=quota_words.WEEK.english, value=Period.WEEK.value),
    app_commands.Choice(name=quota_words.MONTH.english, value=Period.MONTH.value),
]


@QUOTA.command(name="allowance", description=quota_words.ALLOWANCE.english)
@app_commands.rename(credits_="credits")
@app_commands.describe(
    credits_=quota_words.ALLOWANCE_CREDITS.english,
    period=quota_words.ALLOWANCE_PERIOD.english,
    role=quota_words.ALLOWANCE_ROLE.english,
)
@app_commands.choices(period=PERIODS)
async def allowance(
    interaction: discord.Interaction,
    credits_: Limit | None = None,
    period: str | None = None,
    role: discord.Role | None = None,
) -> None:
    """Set one and list them all; only list them when nothing is given."""
    await acknowledge(interaction)
    if credits_ is None and period is None and role is None:
        await _show(interaction, "")
    elif credits_ is None or period is None:
        await _show(interaction, quota_words.ALLOWANCE_INCOMPLETE())
    else:
        wanted = Allowance(credits=credits_, period=Period(period))
        await _show(interaction, await _set(interaction, role, wanted))


async def _set(
    interaction: discord.Interaction, role: discord.Role | None, wanted: Allowance
) -> str:
    # @everyone is a role of its own, whose id is the server's.
    role_id = 0 if role is None or role.id == interaction.guild_id else role.id
    before = await quotas_of(interaction).set_allowance(doing_of(interaction), role_id, wanted)
    if before == wanted:
        return quota_words.ALLOWANCE_KEPT(who=act_lines.role(role_id), allowance=_worded(wanted))
    return quota_words.ALLOWANCE_SET(who=_name(role_id), allowance=_worded(wanted))


class Remove(Pick, name="quota-allowance"):
    """Removes the chosen role's allowance, or the server's default."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Remove it in this server, and list what is left."""
        await check_own(interaction, "quota allowance")
        await acknowledge(interaction, update=True)
        role_id = int(value)
        doing = doing_of(interaction)
        before = await quotas_of(interaction).set_allowance(doing, role_id, None)
        gone = before is None
        said = quota_words.ALLOWANCE_GONE if gone else quota_words.ALLOWANCE_REMOVED
        await _show(interaction, said(who=act_lines.role(role_id)), _page(self.state))


class Leaf(Turn, name="quota-allowance-page"):
    """Shows another page; its state is the page's number, from 0."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """List what is set now."""
        await check_own(interaction, "quota allowance")
        await acknowledge(interaction, update=True)
        await _show(interaction, "", _page(self.state))


def _page(state: str) -> int:
    return int(state) if state.isdecimal() else 0


async def _show(interaction: discord.Interaction, first: str, page: int = 0) -> None:
    guild_id = doing_of(interaction).guild_id
    found = await quotas_of(interaction).allowances(guild_id)
    rules = await services_of(interaction).ordering.rules(guild_id)
    container: Container[Any] = Container(accent_colour=ACCENT)
    page = min(page, _last(found))
    text = "\n".join(line for line in _lines(found, rules, first, page) if line)
    container.add_item(TextDisplay(text))
    rows: list[ActionRow[Any]] = []
    if found:
        options = [_option(interaction, one) for one in _on(found, page)]
        rows.append(ActionRow(Remove(str(page), quota_words.REMOVE_ALLOWANCE(), options)))
    leaves = [
        Leaf(str(one), label)
        for one, label in ((page - 1, "\N{BLACK LEFT-POINTING TRIANGLE}"),
                           (page + 1, "\N{BLACK RIGHT-POINTING TRIANGLE}"))
        if 0 <= one <= _last(found)
    ]  # fmt: skip
    if leaves:
        rows.append(ActionRow(*leaves))
    await interaction.edit_original_response(
        view=layout(container, rows), allowed_mentions=discord.AllowedMentions.none()
    )


def _on(found: Sequence[RoleAllowance], page: int) -> Sequence[RoleAllowance]:
    return found[page * MOST : (page + 1) * MOST]


def _last(found: Sequence[RoleAllowance]) -> int:
    """Return the number of the last page, from 0."""
    return max(0, len(found) - 1) // MOST


def _lines(
    found: Sequence[RoleAllowance], rules: GuildRules, first: str, page: int
) -> Iterator[str]:
    yield quota_words.ALLOWANCES()
    yield first
    if not any(one.role_id == 0 for one in found):
        own = act_lines.allowance(rules.allowance_credits, rules.allowance_period)
        yield quota_words.ALLOWANCE_OWN(who=_name(0), allowance=own)
    for one in _on(found, page):
        yield quota_words.ALLOWANCE_LINE(who=_name(one.role_id), allowance=_worded(one.allowance))
    if _last(found):
        yield small(content_words.RULES_PAGE(page=page + 1, pages=_last(found) + 1))
    yield small(quota_words.ALLOWANCES_HINT())


def _name(role_id: int) -> str:
    said = act_lines.role(role_id)
    return said[:1].upper() + said[1:]


def _worded(one: Allowance) -> str:
    return act_lines.allowance(one.credits, one.period)


def _option(interaction: discord.Interaction, one: RoleAllowance) -> discord.SelectOption:
    """Offer an allowance for removal: in a select a mention would stand as it is written."""
    role = None if interaction.guild is None else interaction.guild.get_role(one.role_id)
    if one.role_id == 0:
        name = _name(0)
    else:
        name = str(one.role_id) if role is None else one_line(role.name)
    label = quota_words.REMOVABLE(who=name, allowance=_worded(one.allowance))
    return discord.SelectOption(label=clipped(label), value=str(one.role_id))


async def setup(bot: Muybridge) -> None:
    """Make the select and the buttons work; the command is the group's."""
    bot.add_buttons(Remove, Leaf)
