"""The step that posts moderators' acts to the log channel, and never stands in their way."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jobs import schedule
from jobs.ports import CannotLook, PostFailed, PostFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from jobs.acts import Written
    from jobs.ports import Clock

logger = logging.getLogger(__name__)

LEASE_MS: Final = 5 * 60 * 1000
TRIES: Final = 20
"""With the longest wait between them, more than an hour; then only the history has the act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An act that is to be posted, as this process has claimed it.

    `channel_id` is the log channel that the guild had when it was done, `present_id` that of now;
    None where there is none. `language` is what the guild has chosen for public messages, empty
    where it left that to Discord. Times are epoch ms.
    """

    written: Written
    channel_id: int | None
    first_try_at: int | None
    fence: int
    attempts: int
    language: str = ""
    present_id: int | None = None

    @property
    def id(self) -> int:
        """The act's id."""
        return self.written.id


class ReportStore(Protocol):
    """The acts of which the log channel does not know yet."""

    async def claim_reports(self, now: int, lease_until: int, limit: int) -> tuple[Report, ...]:
        """Claim acts that are due, oldest first; one guild's never at the same time."""
        ...

    async def begin_report(self, report: Report, now: int) -> bool:
        """Commit that the act is about to be posted; False when the claim is lost."""
        ...

    async def end_report(self, report: Report, posted_at: int | None) -> None:
        """Record that an act is posted, or, with None, that it will not be."""
        ...

    async def move_report(self, report: Report, channel_id: int, now: int) -> None:
        """Have an act told in another log channel than its own."""
        ...

    async def put_off_report(self, report: Report, due_at: int) -> None:
        """Try again at that time (epoch ms)."""
        ...


class LogChannel(Protocol):
    """A channel of a guild, to which acts are posted with the bot's own token."""

    async def post(self, channel_id: int, written: Written, language: str) -> None:
        """Post an act with a nonce made from its id, in that language; empty is Discord's choice.

        Raises PostFailed.
        """
        ...

    async def is_up(self, channel_id: int, written: Written, since: int) -> bool:
        """Tell whether an act was posted since then (epoch ms). Raises CannotLook, PostFailed."""
        ...


class PostActs:
    """Claims acts and posts them; one that can't be posted stays in the history."""

    name = "acts"
    slots = 2
    idle_s = 5.0

    def __init__(
        self, store: ReportStore, channel: LogChannel, clock: Clock, random: Random
    ) -> None:
        self._store = store
        self._channel = channel
        self._clock = clock
        self._random = random

    async def claim(self, limit: int) -> Sequence[Report]:
        """Claim acts that the log channel lacks."""
        now = self._clock.now()
        return await self._store.claim_reports(now, now + LEASE_MS, limit)

    async def perform(self, work: Report) -> None:
        """Post one act; a second try first looks whether the first one got through."""
        if work.channel_id is None:
            await self._store.end_report(work, None)
            return
        try:
            if not await self._posted_before(work, work.channel_id):
                if not await self._store.begin_report(work, self._clock.now()):
                    return
                await self._channel.post(work.channel_id, work.written, work.language)
        except CannotLook:
            await self._give_up(work, "nobody can see whether it is posted")
        except PostFailed as error:
            await self._try_later(work, error)
        else:
            await self._store.end_report(work, self._clock.now())

    async def _posted_before(self, work: Report, channel_id: int) -> bool:
        since = work.first_try_at
        if since is None or self._clock.now() - since < schedule.NONCE_MS:
            return False  # the nonce guards it
        return await self._channel.is_up(channel_id, work.written, since)

    async def _try_later(self, work: Report, error: PostFailed) -> None:
        if error.fault is not PostFault.LATER:
            await self._move(work)
        elif work.attempts >= TRIES:
            await self._give_up(work, "Discord did not take it")
        else:
            at_least = int((error.retry_after or 0) * 1000)
            wait = schedule.backoff(work.attempts, self._random, at_least)
            await self._store.put_off_report(work, self._clock.now() + wait)

    async def _move(self, work: Report) -> None:
        """Tell it in the log channel of now, where that is another than the one that is closed."""
        if work.present_id is None or work.present_id == work.channel_id:
            await self._give_up(work, "the log channel does not take it")
        else:
            await self._store.move_report(work, work.present_id, self._clock.now())

    async def _give_up(self, work: Report, why: str) -> None:
        logger.warning("act %s is not posted to the log channel: %s", work.id, why)
        await self._store.end_report(work, None)
