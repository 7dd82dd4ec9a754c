"""What goes wrong beside the kills: replies, webhooks, uploads and connections, at random."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import aiohttp

from sandbox.akool_api.faults import Fault as VendorFault
from sandbox.akool_api.settings import Endpoint
from sandbox.discord_api.faults import (
    Fault,
    FaultKind,
    lost_upload_reply,
    rate_limit,
    server_errors,
)

if TYPE_CHECKING:
    from random import Random

    from sandbox.studio import Studio

EVERY_S: Final = 0.7
MOST_SET: Final = 6
"""Faults that wait for their victim; beyond this the oldest ones are forgotten."""

_V = VendorFault

AT_THE_VENDOR: Final[tuple[tuple[VendorFault, Endpoint, int | None], ...]] = (
    *((kind, Endpoint.BATCH, None) for kind in (
        _V.DROP_AFTER, _V.ERROR_AFTER, _V.CODE_AFTER, _V.HTML, _V.CUT_JSON, _V.SHORT_LIST,
        _V.SILENCE, _V.STALL, _V.EMPTY_SUCCESS, _V.ERROR_ITEMS, _V.ERROR_TEXTS, _V.REFUSE,
        _V.HTTP_ERROR, _V.DROP_BEFORE, _V.FAILS, _V.FAILS_CHARGED, _V.COSTS_MORE,
        _V.COSTS_MORE_LATER,
    )),
    *((_V.SLOW, Endpoint.BATCH, seconds) for seconds in (2, 5, 10)),
    *((kind, Endpoint.RESULTS, None) for kind in (
        _V.DROP_AFTER, _V.ERROR_AFTER, _V.HTML, _V.CUT_JSON, _V.MISSING_RESULT, _V.EMPTY_RESULT,
        _V.SHUFFLED, _V.ODD_TYPES, _V.EXTRA_FIELDS, _V.ODD_STATUS, _V.UPDATED_BEFORE_CREATED,
    )),
    *((kind, Endpoint.FILE, None) for kind in (_V.VIDEO_CUT, _V.VIDEO_DROPPED, _V.VIDEO_HTML)),
    *((_V.VIDEO_STATUS, Endpoint.FILE, status) for status in (404, 503)),
    *((kind, Endpoint.WEBHOOK, None) for kind in (
        _V.WEBHOOK_TWICE, _V.WEBHOOK_REVERSED, _V.WEBHOOK_EARLY, _V.WEBHOOK_LOST,
        _V.WEBHOOK_FORGED,
    ) * 3),
)  # fmt: skip

_POSTS, _EDITS, _ANSWERS = "/channels/*/messages", "/channels/*/messages/*", "/webhooks/*"

AT_DISCORD: Final[tuple[Fault, ...]] = (
    *(lost_upload_reply() for _ in range(4)),
    Fault(kind=FaultKind.NO_REPLY, method="POST", path=_POSTS),
    Fault(kind=FaultKind.SLOW, method="POST", path=_POSTS, seconds=1.5),
    Fault(kind=FaultKind.LOST_REPLY, method="PATCH", path=_EDITS),
    Fault(kind=FaultKind.LOST_REPLY, path=_ANSWERS),
    Fault(kind=FaultKind.LOST_REPLY, path="/interactions/*/callback"),
    Fault(kind=FaultKind.INTERACTION_TWICE),
    Fault(kind=FaultKind.INTERACTION_TWICE),
    Fault(kind=FaultKind.INTERACTION_LOST),
    rate_limit(_POSTS),
    rate_limit(_EDITS),
    server_errors(2, path=_POSTS),
    server_errors(1, path=_ANSWERS),
)


@dataclass(slots=True)
class Mischief:
    """Sets faults at both emulators and cuts the gateway, until it is cancelled."""

    studio: Studio
    chance: Random
    cuts: int = 0

    async def run(self) -> None:
        """Do one thing after another."""
        while True:
            await asyncio.sleep(self.chance.uniform(0, 2 * EVERY_S))
            await self._once()

    async def _once(self) -> None:
        match self.chance.randrange(20):
            case 0:
                await self._cut()
            case number if number < 12:
                kind, endpoint, value = self.chance.choice(AT_THE_VENDOR)
                faults = self.studio.akool.faults
                faults.add(kind, endpoint, value=value)
                faults.rules[:] = [rule for rule in faults.rules if rule.times != 0][-MOST_SET:]
            case _:
                faults_there = self.studio.discord.faults
                if len(faults_there.listed()) >= MOST_SET:
                    faults_there.clear()
                faults_there.add(self.chance.choice(AT_DISCORD))

    async def _cut(self) -> None:
        self.cuts += 1
        gateway = self.studio.discord.gateway
        match self.chance.randrange(4):
            case 0:
                gateway.ask_to_reconnect()
            case 1:
                gateway.invalidate(resumable=self.chance.random() < 0.5)
            case _:
                await gateway.drop(resumable=self.chance.random() < 0.7)

    @property
    def struck(self) -> int:
        """How many faults have struck."""
        return len(self.studio.akool.faults.struck) + len(self.studio.discord.faults.struck)


async def make_peace(studio: Studio) -> None:
    """Let everything work again, and let go of the calls that a silent vendor keeps waiting."""
    studio.discord.faults.clear()
    base = studio.bot.settings["AKOOL_BASE_URL"]
    async with aiohttp.ClientSession() as session, session.delete(f"{base}/sandbox/faults"):
        pass
