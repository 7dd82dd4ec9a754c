"""`/quota`: moderators look at members' wallets, grant, take, freeze, and undo.

Who may use it is Discord's matter: Manage Server by default, or whom the server's integration
settings let in. Nothing here overrules that. Every act is of the server in which it is typed.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from cogs import quota_words, words
from cogs.errors import acknowledge
from cogs.escape import one_line
from cogs.lists import clipped
from cogs.moderators import is_moderator
from cogs.offers import MOST
from cogs.render import small, wallet_of
from cogs.where import services_of
from jobs.acts import ActKind
from jobs.errors import ModeratorsOnly, NotServed
from jobs.guard_errors import PanelOld
from jobs.ids import code
from jobs.model import Member
from jobs.quotas import LONGEST_REASON, MOST_CREDITS, Doing, lasting

if TYPE_CHECKING:
    from cogs.client import Muybridge
    from jobs.quotas import Change, Quotas, Undoable

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 2.0
"""Discord drops an autocomplete answer after three seconds."""

OPEN_FOR: Final = timedelta(hours=1)
"""How long an answer's buttons work for somebody who may not manage the server: whether the
integration settings still let them in can't be told from a press."""

SEARCHED: Final = 100
"""Newest grants and takes in which a half-typed one is looked for."""

QUOTA: Final = app_commands.Group(
    name="quota",
    description=quota_words.QUOTA.english,
    default_permissions=discord.Permissions(manage_guild=True),
    guild_only=True,
)

Credits = app_commands.Range[int, 1, MOST_CREDITS]
Reason = app_commands.Range[str, 1, LONGEST_REASON]
Typed = app_commands.Range[str, None, 100]


def quotas_of(interaction: discord.Interaction) -> Quotas:
    """Return what moderators may do."""
    return services_of(interaction).quotas


def doing_of(
    interaction: discord.Interaction,
    user_id: int = 0,
    reason: str | None = "",
    once: int | None = None,
) -> Doing:
    """Name who acts, here and now: a second delivery of the same click is the same act.

    So is whatever else has the same `once`. Raises NotServed outside of guilds.
    """
    if interaction.guild_id is None:
        raise NotServed
    return Doing(
        id=interaction.id if once is None else once,
        guild_id=interaction.guild_id,
        actor_id=interaction.user.id,
        user_id=user_id,
        reason=one_line(reason or ""),
    )


def member_named(interaction: discord.Interaction, user: discord.User | discord.Member) -> Member:
    """Return the member that an option or a menu names, with the roles that Discord told of.

    Who has left has none. Raises NotServed outside of guilds.
    """
    if interaction.guild_id is None:
        raise NotServed
    roles = getattr(user, "roles", ())
    return Member(
        guild_id=interaction.guild_id,
        user_id=user.id,
        role_ids=frozenset(role.id for role in roles),
    )


async def check_own(interaction: discord.Interaction, command: str) -> None:
    """Look whether a button stands below a private answer: only who got it can press it there.

    So whoever was let in by the integration settings goes on without Manage Server, for a while.
    Raises ModeratorsOnly for a button anywhere else, PanelOld where `command` has to be used anew.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        raise ModeratorsOnly
    age = interaction.created_at - message.created_at
    if age > OPEN_FOR and not await is_moderator(interaction):
        raise PanelOld(command)


async def say(interaction: discord.Interaction, *lines: str) -> None:
    """Answer in private."""
    text = "\n".join(line for line in lines if line)
    await interaction.edit_original_response(content=text)


# --- commands -----------------------------------------------------------------------------------


@QUOTA.command(name="show", description=quota_words.SHOW.english)
@app_commands.describe(member=quota_words.MEMBER.english)
async def show(interaction: discord.Interaction, member: discord.User) -> None:
    """Show a member's wallet as it is now."""
    await acknowledge(interaction)
    view = await quotas_of(interaction).wallet(member_named(interaction, member))
    await say(interaction, wallet_of(member.id, view))


@QUOTA.command(name="grant", description=quota_words.GRANT.english)
@app_commands.rename(credits_="credits")
@app_commands.describe(
    member=quota_words.MEMBER.english,
    credits_=quota_words.GRANT_CREDITS.english,
    reason=quota_words.REASON.english,
    expires=quota_words.GRANT_EXPIRES.english,
)
async def grant(
    interaction: discord.Interaction,
    member: discord.User,
    credits_: Credits,
    reason: Reason | None = None,
    expires: Typed | None = None,
) -> None:
    """Give credits."""
    await acknowledge(interaction)
    await say(interaction, await granted(interaction, member.id, credits_, reason, expires))


@QUOTA.command(name="take", description=quota_words.TAKE.english)
@app_commands.rename(credits_="credits")
@app_commands.describe(
    member=quota_words.MEMBER.english,
    credits_=quota_words.TAKE_CREDITS.english,
    reason=quota_words.REASON.english,
)
async def take(
    interaction: discord.Interaction,
    member: discord.User,
    credits_: Credits,
    reason: Reason | None = None,
) -> None:
    """Take granted credits back."""
    await acknowledge(interaction)
    await say(interaction, await taken(interaction, member.id, credits_, reason))


@QUOTA.command(name="freeze", description=quota_words.FREEZE.english)
@app_commands.describe(member=quota_words.MEMBER.english, reason=quota_words.FREEZE_REASON.english)
async def freeze(
    interaction: discord.Interaction, member: discord.User, reason: Reason | None = None
) -> None:
    """Stop a member from ordering."""
    await acknowledge(interaction)
    await say(interaction, await frozen(interaction, member.id, reason))


@QUOTA.command(name="unfreeze", description=quota_words.UNFREEZE.english)
@app_commands.describe(member=quota_words.MEMBER.english, reason=quota_words.FREEZE_REASON.english)
async def unfreeze(
    interaction: discord.Interaction, member: discord.User, reason: Reason | None = None
) -> None:
    """Let a member order again."""
    await acknowledge(interaction)
    await say(interaction, await thawed(interaction, member.id, reason))


@QUOTA.command(name="undo", description=quota_words.UNDO.english)
@app_commands.describe(
    entry=quota_words.UNDO_ENTRY.english, reason=quota_words.FREEZE_REASON.english
)
async def undo(
    interaction: discord.Interaction, entry: Typed, reason: Reason | None = None
) -> None:
    """Counter a grant or a take."""
    await acknowledge(interaction)
    doing = doing_of(interaction, reason=reason)
    change = await quotas_of(interaction).undo(doing, entry)
    given = change.after > change.before
    said = quota_words.UNDONE_TAKE if given else quota_words.UNDONE_GRANT
    await say(interaction, said(**_figures(change)))


@undo.autocomplete("entry")
async def _undoable(
    interaction: discord.Interaction, current: str
) -> list[app_commands.Choice[str]]:
    if interaction.guild_id is None:
        return []
    try:
        async with asyncio.timeout(PATIENCE_S):
            found = await quotas_of(interaction).undoable(interaction.guild_id, SEARCHED)
    except TimeoutError:
        logger.warning("what can be undone could not be listed in time")
        return []
    wanted = current.strip().lstrip("#").casefold()
    choices = [(_choice(interaction, one), code(one.id)) for one in found]
    fits = [one for one in choices if wanted in one[0].casefold()]
    return [app_commands.Choice(name=name, value=value) for name, value in fits[:MOST]]


def _choice(interaction: discord.Interaction, one: Undoable) -> str:
    """Word a grant or take as a choice: plain text, in which nothing is escaped."""
    known = interaction.client.get_user(one.user_id)
    said = quota_words.UNDOABLE_GRANT if one.kind is ActKind.GRANT else quota_words.UNDOABLE_TAKE
    return clipped(
        said(
            code=code(one.id),
            credits=words.money(one.credits),
            member=one.user_id if known is None else known.name,
            reason=one_line(one.reason) or quota_words.NO_REASON(),
        )
    )


# --- what commands, buttons and forms share -----------------------------------------------------


async def granted(
    interaction: discord.Interaction,
    user_id: int,
    credits_: int,
    reason: str | None,
    expires: str | None,
    once: int | None = None,
) -> str:
    """Give credits, and say so. Raises BadExpiry."""
    quotas = quotas_of(interaction)
    lasts = lasting(expires) if expires else None
    doing = doing_of(interaction, user_id, reason, once)
    change = await quotas.grant(doing, credits_, lasts)
    until = None if lasts is None else quotas.now() + lasts
    said = quota_words.GRANTED(**_figures(change))
    end = "" if until is None else f" {quota_words.GRANTED_UNTIL(end=words.when(until))}"
    return f"{said}{end}\n{_undoing(doing)}"


async def taken(
    interaction: discord.Interaction,
    user_id: int,
    credits_: int,
    reason: str | None,
    once: int | None = None,
) -> str:
    """Take credits back, and say how many it were. Raises NothingGranted."""
    doing = doing_of(interaction, user_id, reason, once)
    change = await quotas_of(interaction).take(doing, credits_)
    if change.credits < credits_:
        said = quota_words.TOOK_LESS(asked=words.money(credits_), **_figures(change))
    else:
        said = quota_words.TOOK(**_figures(change))
    return f"{said}\n{_undoing(doing)}"


async def frozen(
    interaction: discord.Interaction, user_id: int, reason: str | None, once: int | None = None
) -> str:
    """Stop a member from ordering, and say so."""
    doing = doing_of(interaction, user_id, reason, once)
    changed = await quotas_of(interaction).freeze(doing)
    said = quota_words.FROZE if changed else quota_words.FROZE_BEFORE
    return said(member=f"<@{user_id}>")


async def thawed(
    interaction: discord.Interaction, user_id: int, reason: str | None, once: int | None = None
) -> str:
    """Let a member order again, and say so."""
    doing = doing_of(interaction, user_id, reason, once)
    changed = await quotas_of(interaction).unfreeze(doing)
    said = quota_words.THAWED if changed else quota_words.THAWED_BEFORE
    return said(member=f"<@{user_id}>")


def _figures(change: Change) -> dict[str, str]:
    return {
        "member": f"<@{change.user_id}>",
        "credits": words.money(change.credits),
        "left": words.money(change.after),
    }


def _undoing(doing: Doing) -> str:
    return small(quota_words.UNDOING(code=code(doing.id)))


async def setup(bot: Muybridge) -> None:
    """Add the commands, those of the extensions that came before included."""
    bot.tree.add_command(QUOTA)
