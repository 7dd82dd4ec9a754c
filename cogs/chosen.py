"""Which channels and roles of a server a menu's choice names, and which of them there still are.

The gateway tells of no archived threads, so a channel that is not remembered may well be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord

from cogs.errors import NETWORK
from jobs.guard_errors import ChoiceGone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FOUND: Final = "channels"
"""Where an interaction keeps what Discord told of channels: by id, whether we may see each."""


def channels(interaction: discord.Interaction, values: Iterable[str]) -> frozenset[int]:
    """Return the channels that were chosen in a menu.

    Discord sends them along ("resolved"), from the server of the menu only. Raises ChoiceGone
    where all are gone, so that it is not taken for the choice of none.
    """
    told = _resolved(interaction, "channels")
    return _there(values, lambda one: one in told or is_known(interaction, one))


def roles(interaction: discord.Interaction, values: Iterable[str]) -> frozenset[int]:
    """Return the roles that were chosen in a menu. Raises as `channels`."""
    guild = interaction.guild
    return _there(values, lambda one: guild is not None and guild.get_role(one) is not None)


def _there(values: Iterable[str], is_there: Callable[[int], bool]) -> frozenset[int]:
    ids = {int(one) for one in values if one.isascii() and one.isdecimal() and len(one) < 20}
    there = frozenset(filter(is_there, ids))
    if ids and not there:
        raise ChoiceGone
    return there


def _resolved(interaction: discord.Interaction, kind: str) -> frozenset[int]:
    data = cast("dict[str, Any]", interaction.data or {})
    return frozenset(map(int, data.get("resolved", {}).get(kind, {})))


async def look_up(interaction: discord.Interaction, channel_ids: Iterable[int]) -> None:
    """Ask Discord for channels of the server that are not remembered, before they are shown.

    What nobody can tell just now counts as there.
    """
    guild, found = interaction.guild, _found(interaction)
    for one in sorted(channel_ids):
        if guild is None or guild.get_channel_or_thread(one) is not None:
            continue
        try:
            await guild.fetch_channel(one)
        except (discord.NotFound, discord.InvalidData):
            continue
        except discord.Forbidden:
            found[one] = False
        except NETWORK:
            found[one] = True
        else:
            found[one] = True


def is_known(interaction: discord.Interaction, channel_id: int) -> bool:
    """Tell whether a channel is in the server, as far as it is remembered or was looked up."""
    guild = interaction.guild
    remembered = guild is not None and guild.get_channel_or_thread(channel_id) is not None
    return remembered or channel_id in _found(interaction)


def asleep(interaction: discord.Interaction) -> frozenset[int]:
    """Return the channels that were looked up and can be seen, such as archived threads."""
    return frozenset(one for one, seen in _found(interaction).items() if seen)


def _found(interaction: discord.Interaction) -> dict[int, bool]:
    found: dict[int, bool] = interaction.extras.setdefault(_FOUND, {})
    return found
