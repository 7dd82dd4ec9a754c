"""Why a call to Akool brought no value, sorted by what the caller should do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

VENDOR_MESSAGE_LIMIT: Final = 300
"""Characters of the vendor's own words that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What came back: the vendor's code, the HTTP status, the vendor's own words; None if nothing.

    The words are cut short and hold no secrets or links. They may repeat a prompt: show them to
    the asker or the operator, but do not log them.
    """

    code: int | None = None
    http_status: int | None = None
    vendor_message: str = field(default="", repr=False)


NO_ANSWER: Final = Evidence()


class AkoolError(Exception):
    """A call that brought no value; its text holds nothing that came from outside but numbers.

    `meaning` is a few words of ours; `evidence` is what came back, its parts also at hand as
    `code`, `http_status` and `vendor_message`.
    """

    def __init__(self, meaning: str, evidence: Evidence = NO_ANSWER) -> None:
        super().__init__(meaning)
        self.meaning = meaning
        self.evidence = evidence
        self.code = evidence.code
        self.http_status = evidence.http_status
        self.vendor_message = evidence.vendor_message

    def __str__(self) -> str:
        parts = [self.meaning]
        if self.code is not None:
            parts.append(f"code {self.code}")
        if self.http_status is not None:
            parts.append(f"HTTP {self.http_status}")
        return ", ".join(parts)


class NotSent(AkoolError):  # noqa: N818 - the tree is read as outcomes, not as faults
    """The request never left: no name, no connection, no TLS. Send it again later."""


class SlowDown(AkoolError):  # noqa: N818
    """Too many calls (HTTP 429, code 1005): nothing was made. Send again later.

    `retry_after` is the vendor's wish in seconds, at most `RETRY_AFTER_CAP`; None if it named none.
    """

    RETRY_AFTER_CAP: Final = 600.0

    def __init__(
        self, meaning: str, evidence: Evidence = NO_ANSWER, *, retry_after: float | None = None
    ) -> None:
        super().__init__(meaning, evidence)
        self.retry_after = retry_after


class BlockReason(StrEnum):
    """What stands in the account's way."""

    NO_CREDIT = "no_credit"
    BAD_KEY = "bad_key"
    UNPAID = "unpaid"
    BANNED = "banned"


class AccountBlocked(AkoolError):  # noqa: N818
    """The account can't pay or isn't let in: nothing was made, and nothing will be for anybody.

    Stop submitting, tell the operator, probe now and then. `reason` says what to mend.
    """

    def __init__(
        self, meaning: str, evidence: Evidence = NO_ANSWER, *, reason: BlockReason
    ) -> None:
        super().__init__(meaning, evidence)
        self.reason = reason


class Refused(AkoolError):  # noqa: N818
    """The vendor understood this very request and turned it down: sending it again is useless."""


class Doubt(StrEnum):
    """Why nobody knows what became of a request."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    SERVER = "server"
    UNREADABLE = "unreadable"
    VENDOR = "vendor"


class InDoubt(AkoolError):  # noqa: N818
    """The request may have been carried out: never repeat a paid one; a reading one can be.

    `doubt` tells a timeout, a lost connection, HTTP 5xx, an unreadable answer and the vendor's
    own doubt (1015, 1205) apart.
    """

    def __init__(self, meaning: str, evidence: Evidence = NO_ANSWER, *, doubt: Doubt) -> None:
        super().__init__(meaning, evidence)
        self.doubt = doubt


class FetchError(AkoolError):
    """A finished file that could not be brought home."""


class Gone(FetchError):  # noqa: N818
    """The link is dead (HTTP 403, 404, 410): it has expired, or the file is deleted."""


class TryLater(FetchError):  # noqa: N818
    """The file did not come this time: a timeout, a broken transfer, a server in trouble."""


class Unsafe(FetchError):  # noqa: N818
    """The link leads where we do not go: into a private network, off TLS, or in circles."""


class TooBig(FetchError):  # noqa: N818
    """The file is larger than allowed; `limit` is in bytes."""

    def __init__(self, meaning: str, evidence: Evidence = NO_ANSWER, *, limit: int) -> None:
        super().__init__(meaning, evidence)
        self.limit = limit


class NotTheFile(FetchError):  # noqa: N818
    """A web page came instead of the file."""


class NotStored(FetchError):  # noqa: N818
    """The file could not be written here: a full or failing disk. Tell the operator."""
