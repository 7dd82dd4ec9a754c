"""Opening the vendor's webhook: who signed it, how old it is, what it says (AKOOL.md 6).

A message is a hint, no more: its signature hashes nothing secret but the client's id, and its
encryption does not notice changes. Look the clip up with `results` before acting on one.

https://docs.akool.com/ai-tools-suite/webhook
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from akool import fields
from akool.models import VendorStatus

_BLOCK: Final = 16
_KEY_LENGTHS: Final = (16, 24, 32)
_TEXT_LIMIT: Final = 100_000
"""Characters of a field; a real message has some 150."""


class WebhookError(Exception):
    """A webhook call that is not acted on."""


class Malformed(WebhookError):  # noqa: N818
    """The call is not a message of the documented shape."""


class WrongSignature(WebhookError):  # noqa: N818
    """The message is not signed with our client id."""


class OutOfWindow(WebhookError):  # noqa: N818
    """The message is too old, or from the future; `age` is in milliseconds."""

    def __init__(self, age: int) -> None:
        super().__init__(f"the message is {age} ms old")
        self.age = age


class Undecryptable(WebhookError):  # noqa: N818
    """The message's content does not open with our client secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookKeys:
    """The client's id and secret. Raises ValueError for a secret that is no AES key.

    Documented are 24 characters for the secret and 16 for the id; 16, 24 and 32 bytes, and ids of
    other lengths, are seen in the field.
    """

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        length = len(self.client_secret.encode())
        if length not in _KEY_LENGTHS:
            raise ValueError(f"the client secret has {length} bytes, expected 16, 24 or 32")
        if not self.client_id:
            raise ValueError("the client id is empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """What the vendor says of a clip; `sent_at` is epoch ms."""

    id: str
    status: VendorStatus
    url: str | None = field(default=None, repr=False)
    sent_at: int


def open_message(body: bytes, keys: WebhookKeys, *, now: int, window: int) -> WebhookMessage:
    """Verify, date and decrypt a webhook call; `now` is epoch ms, `window` ms to either side.

    The vendor repeats a call until it gets HTTP 200, so a message may be old for good reasons.
    Raises Malformed, WrongSignature, OutOfWindow or Undecryptable.
    """
    outer = _parse(body)
    sealed = _text(outer, "dataEncrypt")
    timestamp = _text(outer, "timestamp")
    parts = (keys.client_id, timestamp, _text(outer, "nonce"), sealed)
    if not hmac.compare_digest(sign(*parts).encode(), _text(outer, "signature").encode()):
        raise WrongSignature("the signature is not ours")
    sent_at = fields.whole(timestamp)
    if sent_at is None:
        raise Malformed("the timestamp is not a number")
    if abs(now - sent_at) > window:
        raise OutOfWindow(now - sent_at)
    return _message(decrypt(sealed, keys), sent_at)


def sign(*parts: str) -> str:
    """Return the signature of four texts: sorted, joined, SHA-1 in lower-case hex.

    Sorted as JavaScript does, by UTF-16 code units.
    """
    joined = "".join(sorted(parts, key=lambda part: part.encode("utf-16-be", "surrogatepass")))
    # SHA-1 is the vendor's choice; a message is confirmed elsewhere before it counts.
    return hashlib.sha1(joined.encode(errors="replace"), usedforsecurity=False).hexdigest()


def decrypt(sealed: str, keys: WebhookKeys) -> bytes:
    """Return the content: AES-CBC, PKCS#7, the id's first 16 bytes as IV, padded with NUL.

    Raises Undecryptable.
    """
    iv = keys.client_id.encode()[:_BLOCK].ljust(_BLOCK, b"\0")
    try:
        content = base64.b64decode(sealed, validate=True)
        opener = Cipher(algorithms.AES(keys.client_secret.encode()), modes.CBC(iv)).decryptor()
        unpadder = padding.PKCS7(_BLOCK * 8).unpadder()
        padded = opener.update(content) + opener.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except (binascii.Error, ValueError) as error:
        raise Undecryptable("the content does not open with our secret") from error


def _message(content: bytes, sent_at: int) -> WebhookMessage:
    try:
        inner = fields.mapping(fields.parse(content))
    except ValueError as error:
        raise Undecryptable("the opened content is not JSON") from error
    clip_id = fields.identifier(inner.get("_id"))
    if clip_id is None:
        raise Malformed("the message names no clip")
    return WebhookMessage(
        id=clip_id,
        status=VendorStatus.of(fields.whole(inner.get("status"))),
        url=fields.link(inner.get("url")),
        sent_at=sent_at,
    )


def _parse(body: bytes) -> fields.JsonObject:
    try:
        return fields.mapping(fields.parse(body))
    except ValueError as error:
        raise Malformed("the call is not JSON") from error


def _text(outer: fields.JsonObject, name: str) -> str:
    """Return a field as JavaScript's String() spells it. Raises Malformed for odd ones."""
    value = outer.get(name)
    if isinstance(value, str) and value and len(value) <= _TEXT_LIMIT:
        return value
    number = fields.whole(value)
    if number is None:
        raise Malformed(f"{name} is missing or odd")
    return str(number)
