"""Sign, encrypt and send the vendor's webhooks (AKOOL.md 6), with retries and with mischief."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Final

import aiohttp
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.akool_api.background import Background
from sandbox.akool_api.faults import Fault
from sandbox.akool_api.settings import Endpoint, Status

if TYPE_CHECKING:
    from sandbox.akool_api.store import Clip
    from sandbox.akool_api.vendor import Vendor

logger = logging.getLogger(__name__)

_WAITS: Final = (1, 2, 4, 8, 16)
"""Seconds before each further try; the vendor's own are unknown."""
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


def encrypt(text: str, client_id: str, client_secret: str) -> str:
    """Return base64 of AES-CBC, PKCS#7; key = the secret, IV = 16 bytes of the id, NUL padded."""
    key = client_secret.encode()
    vector = client_id.encode()[:16].ljust(16, b"\0")
    padder = padding.PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def sign(client_id: str, timestamp: int, nonce: str, encrypted: str) -> str:
    """Return the lower-case SHA-1 of the four strings, sorted and joined."""
    joined = "".join(sorted([client_id, str(timestamp), nonce, encrypted]))
    return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - the vendor's choice


class Webhooks:
    """Tells the caller's webhook what becomes of clips."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._background = Background()
        self._held_back: set[str] = set()
        self.delivered: list[tuple[str, int]] = []
        """(vendor id, status) of each message that was answered 200."""

    async def idle(self) -> None:
        """Wait until nothing is being retried."""
        await self._background.idle()

    async def close(self) -> None:
        """Give up what is still being retried."""
        await self._background.close()

    async def early(self, session: aiohttp.ClientSession, clip: Clip) -> None:
        """Report processing before the create is answered, when that fault strikes."""
        if clip.order.webhook_url and self._strikes(Fault.WEBHOOK_EARLY):
            await self._send(session, clip, Status.PROCESSING)

    async def processing(self, session: aiohttp.ClientSession, clip: Clip) -> None:
        """Report that rendering began."""
        if not (clip.order.webhook_url and self._vendor.settings.processing_webhook):
            return
        if self._strikes(Fault.WEBHOOK_REVERSED):
            self._held_back.add(clip.id)
        else:
            await self._send(session, clip, Status.PROCESSING)

    async def ended(self, session: aiohttp.ClientSession, clip: Clip) -> None:
        """Report the end, good or bad."""
        if not clip.order.webhook_url:
            return
        await self._send(session, clip, clip.status)
        if clip.id in self._held_back:
            self._held_back.remove(clip.id)
            await self._send(session, clip, Status.PROCESSING)

    async def _send(self, session: aiohttp.ClientSession, clip: Clip, status: Status) -> None:
        if self._strikes(Fault.WEBHOOK_LOST):
            return
        for _ in range(2 if self._strikes(Fault.WEBHOOK_TWICE) else 1):
            if not await self._try(session, clip, status):
                self._background.start(self._retry(session, clip, status))

    async def _try(self, session: aiohttp.ClientSession, clip: Clip, status: Status) -> bool:
        accepted = await self._post(session, clip.order.webhook_url, self._message(clip, status))
        if accepted:
            self.delivered.append((clip.id, int(status)))
        return accepted

    async def _retry(self, session: aiohttp.ClientSession, clip: Clip, status: Status) -> None:
        for wait in _WAITS:
            await self._vendor.clock.sleep(wait)
            if await self._try(session, clip, status):
                return
        logger.warning("webhook of clip %s given up", clip.id)

    @staticmethod
    async def _post(session: aiohttp.ClientSession, url: str, message: dict[str, object]) -> bool:
        try:
            async with session.post(
                url, json=message, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            logger.info("webhook not delivered: %s", type(error).__name__)
            return False

    def _message(self, clip: Clip, status: Status) -> dict[str, object]:
        inner: dict[str, object] = {"_id": clip.id, "status": int(status), "type": "image2video"}
        if status is Status.DONE:
            inner["url"] = f"{clip.origin}/files/{clip.id}.mp4"
        keys = self._vendor.settings
        encrypted = encrypt(json.dumps(inner), keys.client_id, keys.client_secret)
        timestamp, nonce = self._vendor.clock.now(), f"{self._vendor.rng.randrange(10_000):04d}"
        signature = sign(keys.client_id, timestamp, nonce, encrypted)
        if self._strikes(Fault.WEBHOOK_FORGED):
            signature = signature[::-1]
        return {
            "signature": signature,
            "dataEncrypt": encrypted,
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def _strikes(self, kind: Fault) -> bool:
        return self._vendor.faults.take(kind, Endpoint.WEBHOOK) is not None
