"""What is looked at before anything is sold: the sentences of an order, by the server's rules."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from jobs.acts import Act, ActKind
from jobs.content import matcher
from jobs.errors import BlockedText, OptionKind, ReviewClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobs.content import Rule
    from jobs.model import GuildRules, Member, Options
    from jobs.ports import Clock
    from jobs.reviews import Rooms


class RuleStore(Protocol):
    """A server's rules, and where moderators read what broke them."""

    async def rules(self, guild_id: int) -> GuildRules:
        """Return what the guild has set, or the operator's defaults."""
        ...

    async def content_rules(self, guild_id: int) -> tuple[str, ...]:
        """Return a guild's rules as they are written, in their order."""
        ...

    async def note_refusal(self, act: Act, act_id: int, now: int) -> None:
        """Write down whom a rule has refused, once an hour for each member and rule."""
        ...


class Screening:
    """Turns away what a server's rules forbid, whichever way it was asked for."""

    def __init__(
        self, store: RuleStore, clock: Clock, ids: Callable[[], int], rooms: Rooms | None
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._rooms = rooms

    async def check(self, options: Options, member: Member) -> None:
        """Look through what a member typed, and whether a moderator could. Raises Declined.

        The refusal does not say what was found; moderators read that in the audit trail.
        """
        await self._check_room(member)
        texts = tuple(_typed(options))
        rules = await self._store.content_rules(member.guild_id) if texts else ()
        if not rules:
            return
        for option, text in texts:
            found = await first_broken(rules, text)
            if found is not None:
                await self._note(member, option, found.written)
                raise BlockedText(option=option)

    async def _check_room(self, member: Member) -> None:
        """Look, before credits are taken, whether moderators can be shown the order."""
        rules = await self._store.rules(member.guild_id)
        channel_id = rules.review.channel_id
        if not rules.reviews(member) or self._rooms is None:
            return
        if channel_id is None or not self._rooms.open(member.guild_id, channel_id):
            raise ReviewClosed

    async def _note(self, member: Member, option: OptionKind, rule: str) -> None:
        act = Act(
            guild_id=member.guild_id,
            actor_id=member.user_id,
            kind=ActKind.REFUSE,
            subject_id=member.user_id,
            about=option,
            after=rule,
        )
        await self._store.note_refusal(act, self._ids(), self._clock.now())


def _typed(options: Options) -> Iterator[tuple[OptionKind, str]]:
    """Yield what of an order was typed for it; new sound only repeats what its clip shows."""
    if options.source is None:
        for option, text in (
            (OptionKind.PROMPT, options.prompt),
            (OptionKind.AVOID, options.avoid),
        ):
            if text:
                yield option, text


async def first_broken(rules: tuple[str, ...], text: str) -> Rule | None:
    """Return a rule that a text breaks, None when it breaks none.

    Not in the event loop: many patterns in a long text take a while, linear as they are.
    """
    return await asyncio.to_thread(_find, rules, text)


def _find(rules: tuple[str, ...], text: str) -> Rule | None:
    return matcher(rules).find(text)
