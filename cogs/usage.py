"""`/quota usage`: what a server used lately, in figures and as a chart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.app_commands import Range

from billing.prices import Endpoint
from cogs import usage_words as words
from cogs.errors import acknowledge
from cogs.language import ENGLISH, speaking
from cogs.quota import QUOTA
from cogs.where import services_of
from jobs.errors import NotServed
from jobs.usage import DEFAULT_DAYS, MOST_DAYS, series_of

if TYPE_CHECKING:
    from cogs.client import Muybridge, Services
    from jobs.usage import Report

FILE: Final = "usage.png"
UNDRAWABLE: Final = frozenset({"ja"})
"""Languages that the letters which come with the chart's library lack."""


@QUOTA.command(name="usage", description=words.USAGE.english)
@app_commands.describe(days=words.USAGE_DAYS.english, member=words.USAGE_MEMBER.english)
async def usage(
    interaction: discord.Interaction,
    days: Range[int, 1, MOST_DAYS] = DEFAULT_DAYS,
    member: discord.User | None = None,
) -> None:
    """Show figures and chart in private."""
    await acknowledge(interaction)
    if interaction.guild_id is None:
        raise NotServed
    services = services_of(interaction)
    user_id = 0 if member is None else member.id
    report = await services.usage.report(interaction.guild_id, days, user_id=user_id)
    chart = await _chart(services, report, str(interaction.locale))
    lines = figures(report)
    if chart is None and report.used.credits:
        lines.append(words.NO_CHART())
    await interaction.edit_original_response(
        content="\n".join(lines), attachments=[] if chart is None else [chart]
    )


async def _chart(services: Services, report: Report, locale: str) -> discord.File | None:
    def naming(line: str) -> str:
        names = {
            Endpoint.SINGLE.value: words.CHART_EFFECTS(),
            Endpoint.SOUNDTRACK.value: words.CHART_SOUND(),
        }
        return names.get(line) or services.naming(line)

    with speaking(ENGLISH if locale in UNDRAWABLE else locale):
        others = words.CHART_OTHERS()
        series = series_of(report.used, report.window.dates, naming, others)
        title, unit = words.CHART(), words.CHART_UNIT()
    png = await services.usage.chart(report, title, unit, series)
    if png is None:
        return None
    return discord.File(io.BytesIO(png), FILE, description=words.CHART_ALT())


def figures(report: Report) -> list[str]:
    """Word a report, a line for each figure that there is."""
    used, window = report.used, report.window
    if window.user_id:
        head = words.HEAD_OF(window.days, member=f"<@{window.user_id}>")
    else:
        head = words.HEAD(window.days)
    if not used.charged and used.success is None:
        return [head, words.NOTHING()]
    lines = [
        head,
        words.CHARGED(
            credits=words.CREDITS(used.charged), before=words.CREDITS(report.before.charged)
        ),
    ]
    if used.success is not None:
        share = f"{used.success:.0%}"
        lines.append(words.WORKED(used.finished + used.failed, share=share))
    if used.median_wait is not None:
        lines.append(words.WAIT(wait=_length(used.median_wait)))
    if used.spenders and not window.user_id:
        lines.append(words.SPENDERS(members=", ".join(_spender(*one) for one in used.spenders)))
    return lines


def _length(seconds: int) -> str:
    if seconds < 60:
        return words.SECONDS(n=seconds)
    return words.MINUTES(minutes=seconds // 60, seconds=seconds % 60)


def _spender(user_id: int, credits_: int) -> str:
    return words.SPENDER(member=f"<@{user_id}>", credits=words.CREDITS(credits_))


async def setup(bot: Muybridge) -> None:
    """Check that `/quota`, which this is a part of, was added before. Raises RuntimeError."""
    if bot.tree.get_command(QUOTA.name) is not QUOTA:
        raise RuntimeError(f"/{QUOTA.name} is not there yet, expected it before its usage")
