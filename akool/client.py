"""Carrying calls to Akool over HTTP, each paid one at most once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from akool import fields, protocol
from akool.credentials import ApiKey, ClientPair
from akool.errors import AccountBlocked, AkoolError, BlockReason, Doubt, InDoubt, NotSent, Refused
from akool.models import VendorStatus
from akool.outage import OutageLog
from akool.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiohttp

    from akool.credentials import Credentials
    from akool.models import (
        AudioUpdate,
        Balance,
        BatchAnswer,
        BatchCreate,
        DeleteAnswer,
        Effect,
        Model,
        SingleCreate,
        VendorClip,
    )

logger = logging.getLogger(__name__)

T = TypeVar("T")

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds for a whole exchange, the answer's body included."""

MOST_BODY_BYTES: Final = 4 * 1024 * 1024
"""Far above any answer of the vendor's: 50 job documents are some 150 KB."""

_TOKEN_EXPIRED: Final = 1101
_ODD_STATUS_LIMIT: Final = 40
_ODD_STATUSES_KEPT: Final = 50


class AkoolClient:
    """The Akool API over a session that the caller opens and closes.

    `base_url` is https://openapi.akool.com or a stand-in for it. `timeout` (seconds) bounds each
    whole exchange, `max_body_bytes` each answer. All methods raise AkoolError as
    `akool.errors` sorts them; those that ask repeat themselves once when the connection is lost,
    those that create never do. Cancelling a create leaves it as much in doubt as a timeout.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        credentials: Credentials,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        max_body_bytes: int = MOST_BODY_BYTES,
    ) -> None:
        self._transport = Transport(
            session, base_url, timeout=timeout, max_body_bytes=max_body_bytes
        )
        self._credentials = credentials
        self._token: str | None = None
        self._token_lock = asyncio.Lock()
        self._outage = OutageLog()
        self._odd_statuses: set[str] = set()

    def __repr__(self) -> str:
        return f"<AkoolClient of {self._transport.base_url}>"

    async def create_one(self, order: SingleCreate) -> VendorClip:
        """Create one clip by the single endpoint; costs credits."""
        return await self._call(protocol.create_one(order))

    async def create_batch(self, order: BatchCreate) -> BatchAnswer:
        """Create variations by the batch endpoint; costs credits for each created one."""
        answer = await self._call(protocol.create_batch(order))
        for item in answer.refused:
            logger.warning("Akool refused a clip of a batch, code %s", item.code)
        return answer

    async def update_audio(self, order: AudioUpdate) -> VendorClip:
        """Make a new clip from a finished one with other sound; costs credits."""
        return await self._call(protocol.update_audio(order))

    async def results(self, ids: Iterable[str]) -> tuple[VendorClip, ...]:
        """Ask how clips are doing, many in one call; some may be missing from the answer.

        Raises ValueError for no ids and for ids that can't be sent.
        """
        clips = await self._call(protocol.results(ids))
        for clip in clips:
            if clip.status is VendorStatus.UNKNOWN:
                self._log_odd_status(clip)
        return clips

    async def delete(self, ids: Iterable[str]) -> DeleteAnswer:
        """Delete clips; running ones are kept. Raises ValueError as `results` does."""
        return await self._call(protocol.delete(ids))

    async def effects(self) -> tuple[Effect, ...]:
        """List the effects of the single endpoint."""
        return await self._call(protocol.effects())

    async def models(self) -> tuple[Model, ...]:
        """List the models of the batch endpoint, the vendor's favourite first."""
        return await self._call(protocol.models())

    async def balance(self) -> Balance:
        """Ask what the account has left."""
        return await self._call(protocol.balance())

    async def _call(self, call: protocol.Call[T], *, renew: bool = True) -> T:
        """Make a call with credentials; a stale token is renewed once, though not for a create."""
        headers = await self._headers()
        try:
            return await self._carry(call, headers)
        except AccountBlocked as error:
            if not self._drop_token(error, headers) or call.paid or not renew:
                raise
        return await self._call(call, renew=False)

    async def _headers(self) -> dict[str, str]:
        # With both headers present the vendor takes Authorization (AKOOL.md 1): send one.
        if isinstance(self._credentials, ApiKey):
            return {"x-api-key": self._credentials.key}
        return {"Authorization": f"Bearer {await self._current_token(self._credentials)}"}

    async def _current_token(self, pair: ClientPair) -> str:
        """Return the token, fetched when there is none; callers wait for the same fetch.

        The call that it is for has not been sent, so no failure here leaves that one in doubt.
        """
        async with self._token_lock:
            if self._token is None:
                call = protocol.get_token(pair.client_id, pair.client_secret)
                try:
                    self._token = await self._carry(call, {})
                except InDoubt as error:
                    raise NotSent(f"no token came: {error.meaning}") from error
                except Refused as error:
                    raise AccountBlocked(
                        "the client id or secret was refused",
                        error.evidence,
                        reason=BlockReason.BAD_KEY,
                    ) from error
            return self._token

    def _drop_token(self, error: AccountBlocked, headers: dict[str, str]) -> bool:
        """Forget the token that a call was refused with; tell whether a new one may do better."""
        if not isinstance(self._credentials, ClientPair) or not _is_stale(error):
            return False
        # Another call may have fetched a new one in the meantime: that one stays.
        if headers["Authorization"] == f"Bearer {self._token}":
            self._token = None
        return True

    async def _carry(self, call: protocol.Call[T], headers: dict[str, str]) -> T:
        """Make a call and keep the log of outages."""
        try:
            value = await self._carry_patiently(call, headers)
        except AkoolError as error:
            self._outage.note(error)
            raise
        self._outage.note(None)
        return value

    async def _carry_patiently(self, call: protocol.Call[T], headers: dict[str, str]) -> T:
        """Make a call; once more if the connection failed and repeating is harmless."""
        try:
            return await self._carry_once(call, headers)
        except (NotSent, InDoubt) as error:
            if not call.repeatable or not _is_lost(error):
                raise
        return await self._carry_once(call, headers)

    async def _carry_once(self, call: protocol.Call[T], headers: dict[str, str]) -> T:
        answer = await self._transport.exchange(call.request, headers, fresh=call.paid)
        return call.read(replace(answer, secrets=self._secrets()))

    def _secrets(self) -> tuple[str, ...]:
        return (*self._credentials.secrets, self._token or "")

    def _log_odd_status(self, clip: VendorClip) -> None:
        """Log an undocumented status once, as long as the vendor does not invent too many."""
        odd = fields.message(clip.raw.get("status"))[:_ODD_STATUS_LIMIT]
        if odd not in self._odd_statuses and len(self._odd_statuses) < _ODD_STATUSES_KEPT:
            self._odd_statuses.add(odd)
            logger.warning("Akool gave clip %s the undocumented status %r", clip.id, odd)


def _is_stale(error: AccountBlocked) -> bool:
    """Tell whether a token is expired or void (AKOOL.md 2)."""
    return error.code == _TOKEN_EXPIRED or error.http_status == 401


def _is_lost(error: NotSent | InDoubt) -> bool:
    """Tell whether the connection failed, as it does now and then for no lasting reason.

    A timeout is not repeated: it has used up the caller's patience.
    """
    return isinstance(error, NotSent) or error.doubt is Doubt.CONNECTION
