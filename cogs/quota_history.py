"""`/quota history`: acts and entries page by page, with buttons that go on working."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands
from discord.ui import ActionRow, Container, TextDisplay

from cogs import act_lines, quota_words, words
from cogs.dynamic import Turn
from cogs.errors import acknowledge
from cogs.lists import ACCENT, layout
from cogs.quota import QUOTA, check_own, doing_of, quotas_of
from cogs.render import entry_kind, small
from jobs.errors import OrderGone
from jobs.ids import code
from jobs.quotas import Booked, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cogs.client import Muybridge
    from jobs.quotas import HistoryLine, HistoryPage

_STATE: Final = re.compile(
    r"(?P<user>[0-9]{1,19}):(?:t|(?P<at>[0-9]{1,16}):(?:a(?P<act>[0-9]{1,19})|e(?P<key>[0-9a-z:]+)))"
)


@QUOTA.command(name="history", description=quota_words.HISTORY.english)
@app_commands.describe(member=quota_words.HISTORY_MEMBER.english)
async def history(interaction: discord.Interaction, member: discord.User | None = None) -> None:
    """Show the newest page."""
    await acknowledge(interaction)
    await _show(interaction, 0 if member is None else member.id, None)


class Leaf(Turn, name="quota-history"):
    """Goes on to older lines, or back to the newest, in the same private message."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Show that page of this server's history."""
        await check_own(interaction, "quota history")
        user_id, before = _read(self.state)
        await acknowledge(interaction, update=True)
        await _show(interaction, user_id, before)


async def _show(interaction: discord.Interaction, user_id: int, before: Place | None) -> None:
    guild_id = doing_of(interaction).guild_id
    page = await quotas_of(interaction).history(guild_id, user_id or None, before)
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(TextDisplay("\n".join(_lines(page, user_id, before))))
    buttons = []
    if before is not None:
        buttons.append(Leaf(f"{user_id}:t", quota_words.NEWEST()))
    if page.older is not None:
        buttons.append(Leaf(_state(user_id, page.older), words.OLDER()))
    view = layout(container, [ActionRow(*buttons)] if buttons else [])
    await interaction.edit_original_response(
        view=view, allowed_mentions=discord.AllowedMentions.none()
    )


def _lines(page: HistoryPage, user_id: int, before: Place | None) -> Iterator[str]:
    member = f"<@{user_id}>"
    yield quota_words.HISTORY_HEAD_OF(member=member) if user_id else quota_words.HISTORY_HEAD()
    if not page.lines:
        nothing = quota_words.HISTORY_NONE if before is None else quota_words.HISTORY_END
        yield small(nothing())
    for _, group in groupby(page.lines, _together):
        same = list(group)
        what = _told(same, named=not user_id)
        yield quota_words.HISTORY_LINE(at=words.when(same[0].at), what=what)


def _together(line: HistoryLine) -> object:
    """Put the clips of one order, booked in one moment, on one line."""
    if isinstance(line, Booked):
        return (line.at, line.kind, line.user_id, line.order_id, line.reason)
    return line.id


def _told(same: Sequence[HistoryLine], *, named: bool) -> str:
    first = same[0]
    if not isinstance(first, Booked):
        number = f" (#{code(first.id)})" if first.act.kind in ("grant", "take") else ""
        return act_lines.told(first.act) + number
    amount = words.money(sum(one.credits for one in same if isinstance(one, Booked)))
    if first.kind == "house":
        what = quota_words.BOOKED_HOUSE(credits=amount)
    else:
        what = entry_kind(first.kind, amount)
    if len(same) > 1:
        what = words.ENTRY_OF_SEVERAL(what=what, clips=words.clips(len(same)))
    if named:
        what = quota_words.BOOKED(what=what, member=f"<@{first.user_id}>")
    if first.order_id is not None:
        what = quota_words.BOOKED_ORDER(what=what, code=code(first.order_id))
    why = quota_words.BOOKED_WHY.get(first.reason)
    return what if why is None else words.ENTRY_REASON(what=what, reason=why())


# --- what a button remembers --------------------------------------------------------------------


def _state(user_id: int, place: Place) -> str:
    if place.act_id is not None:
        return f"{user_id}:{place.at}:a{place.act_id}"
    return f"{user_id}:{place.at}:e{place.key}"


def _read(state: str) -> tuple[int, Place | None]:
    """Read it back. Raises OrderGone for one that no version of ours wrote."""
    found = _STATE.fullmatch(state)
    if found is None:
        raise OrderGone
    if found["at"] is None:
        return int(found["user"]), None
    act_id = None if found["act"] is None else int(found["act"])
    return int(found["user"]), Place(at=int(found["at"]), act_id=act_id, key=found["key"])


async def setup(bot: Muybridge) -> None:
    """Make the buttons work; the command is the group's."""
    bot.add_buttons(Leaf)
