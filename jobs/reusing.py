"""Who may order again what somebody ordered: its owner, and where the guild lets them, others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.errors import NoReuse, NothingFailed, NotYours, OrderGone
from jobs.states import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.model import Clip, Member, Options, Order
    from jobs.rules import GuildRules


def check_use(order: Order, clips: Iterable[Clip], member: Member, rules: GuildRules) -> None:
    """Look whether a member may use an order, of which these clips are meant; whoever uses it pays.

    A private one is its owner's, until it is shared. Raises OrderGone in another guild, NotYours,
    or NoReuse.
    """
    if order.member.guild_id != member.guild_id:
        raise OrderGone
    if order.member.user_id == member.user_id:
        return
    if order.options.private and not any(clip.is_shared for clip in clips):
        raise NotYours
    if not rules.reuse:
        raise NoReuse


def options_for(order: Order, member: Member, *, openly: bool) -> Options:
    """Return the options of an order for whoever uses it.

    Only its owner's own stays private, and not where it is asked for below a shared message.
    """
    own = order.member.user_id == member.user_id
    return replace(order.options, private=order.options.private and own and not openly)


def only_failed(order: Order) -> Options:
    """Return the options of an order narrowed to the clips that failed. Raises NothingFailed."""
    options = order.options
    lost = [clip.number for clip in order.clips if clip.state in FAILED]
    if not lost:
        raise NothingFailed
    if len(options.pictures) == 1:
        return replace(options, variations=len(lost))
    numbers = dict.fromkeys(number // options.variations for number in lost)
    return replace(options, pictures=tuple(options.pictures[number] for number in numbers))
