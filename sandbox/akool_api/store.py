"""The emulated vendor's memory: clips, the account's credit, and the bill of all charges."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.akool_api.orders import RefusedError
from sandbox.akool_api.settings import Status

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from sandbox.akool_api.orders import VideoOrder
    from sandbox.akool_api.settings import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """Credits taken for one clip, or given back (negative). Lines of one request share `request`.

    `fingerprint` is equal for requests with equal bodies; `webhook_token` is the last part of the
    webhook's path, "" without one. `at` is epoch milliseconds.
    """

    request: int
    vendor_id: str
    credits: int
    fingerprint: str
    webhook_token: str = field(repr=False)
    endpoint: Endpoint
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the lines of one accepted request have in common."""

    request: int
    fingerprint: str
    webhook_token: str = field(repr=False)
    endpoint: Endpoint


@dataclass(slots=True, kw_only=True)
class Clip:
    """One video at the vendor. `note` says why it failed; the vendor itself never does.

    `source` is the finished clip that a soundtrack job started from. `origin` is the base of
    links to the emulator itself, as the caller reached it.
    """

    id: str
    receipt: Receipt
    order: VideoOrder = field(repr=False)
    origin: str
    create_time: int
    update_time: int
    credits: int
    batch_id: str = ""
    source: Clip | None = field(default=None, repr=False)
    status: Status = Status.QUEUED
    seconds: float | None = None
    video: bytes | None = field(default=None, repr=False)
    finished_at: int | None = None
    plan: str = ""
    note: str = ""

    @property
    def running(self) -> bool:
        """Whether it can still change."""
        return self.status in (Status.QUEUED, Status.PROCESSING)

    def expired(self, now: int, link_seconds: int) -> bool:
        """Tell whether the link to the finished video no longer works."""
        return self.finished_at is not None and now >= self.finished_at + link_seconds * 1000


class Store:
    """Clips by id, and money."""

    def __init__(self, balance: int, rng: random.Random) -> None:
        self.balance = balance
        self.clips: dict[str, Clip] = {}
        self.bill: list[BillLine] = []
        self._requests = 0
        self._made = 0
        self._machine = f"{rng.getrandbits(40):010x}"

    def accept(
        self, endpoint: Endpoint, body: Mapping[str, object], webhook_url: str = ""
    ) -> Receipt:
        """Give a number to a request that will be charged."""
        self._requests += 1
        canonical = json.dumps([endpoint, body], sort_keys=True, default=str)
        return Receipt(
            request=self._requests,
            fingerprint=hashlib.sha256(canonical.encode()).hexdigest()[:16],
            webhook_token=webhook_url.rstrip("/").rpartition("/")[2],
            endpoint=endpoint,
        )

    def new_id(self, now: int) -> str:
        """Return an id made like the vendor's: 8 hex digits of the second, then 16 more."""
        self._made += 1
        return f"{now // 1000:08x}{self._machine}{self._made:06x}"

    def require(self, credits_: int, no_credit_code: int) -> None:
        """Raise `RefusedError` when the balance does not cover that much."""
        if credits_ > self.balance:
            raise RefusedError(no_credit_code, "quota not enough")

    def add(self, clip: Clip) -> None:
        """Keep a new clip and charge it."""
        self.clips[clip.id] = clip
        self._book(clip, clip.credits, clip.create_time)

    def charge_more(self, clip: Clip, credits_: int, now: int) -> None:
        """Raise a clip's charge after the fact."""
        clip.credits += credits_
        self._book(clip, credits_, now)

    def refund(self, clip: Clip, now: int) -> None:
        """Give back what a failed clip cost."""
        self._book(clip, -clip.credits, now)
        clip.credits = 0

    def charged(self) -> dict[str, int]:
        """Return the net credits of each clip, refunded ones included as 0."""
        totals: dict[str, int] = {}
        for line in self.bill:
            totals[line.vendor_id] = totals.get(line.vendor_id, 0) + line.credits
        return totals

    def _book(self, clip: Clip, credits_: int, now: int) -> None:
        self.balance -= credits_
        receipt = clip.receipt
        self.bill.append(
            BillLine(
                request=receipt.request,
                vendor_id=clip.id,
                credits=credits_,
                fingerprint=receipt.fingerprint,
                webhook_token=receipt.webhook_token,
                endpoint=receipt.endpoint,
                at=now,
            )
        )
