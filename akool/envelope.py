"""What an answer's HTTP status and envelope code mean: a value inside, or which error."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, assert_never

from akool import fields
from akool.errors import (
    AccountBlocked,
    AkoolError,
    BlockReason,
    Doubt,
    Evidence,
    InDoubt,
    Refused,
    SlowDown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SUCCESS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer as it came; `secrets` are blanked out of every word taken from it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def header(self, name: str) -> str | None:
        """Return a header by its name in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)


class Meaning(Enum):
    """What a code asks of the caller, where it does not block the account."""

    SLOW_DOWN = auto()
    REFUSED = auto()
    IN_DOUBT = auto()


CODES: Final[Mapping[int, tuple[Meaning | BlockReason, str]]] = {
    # https://docs.akool.com/ai-tools-suite/error-code, AKOOL.md 7
    1003: (Meaning.REFUSED, "a parameter is wrong or empty"),
    1004: (Meaning.REFUSED, "verification is required"),
    1005: (Meaning.SLOW_DOWN, "too many calls"),
    1006: (BlockReason.NO_CREDIT, "the account's quota is used up"),
    1007: (Meaning.REFUSED, "too many faces"),
    1008: (Meaning.REFUSED, "the content does not exist"),
    1009: (Meaning.REFUSED, "no permission"),
    1010: (Meaning.REFUSED, "the content can't be operated on"),
    1011: (Meaning.REFUSED, "the content was operated on already"),
    1013: (Meaning.REFUSED, "the sound is in use in a video"),
    1014: (Meaning.REFUSED, "the resource does not exist"),
    # 1015 and 1205: "create video error", which may come after the video was made and charged.
    1015: (Meaning.IN_DOUBT, "the vendor failed while making the video"),
    1016: (Meaning.REFUSED, "face swap failed"),
    1017: (Meaning.REFUSED, "the sound was not created"),
    1101: (BlockReason.BAD_KEY, "the key or token is not valid"),
    1102: (BlockReason.BAD_KEY, "the key or token is missing"),
    1103: (BlockReason.UNPAID, "the account is not paid for"),
    1104: (BlockReason.NO_CREDIT, "the account has too few credits"),
    1105: (Meaning.REFUSED, "avatar processing failed"),
    1108: (Meaning.REFUSED, "image processing failed"),
    1109: (BlockReason.BAD_KEY, "the account does not exist"),
    1110: (Meaning.REFUSED, "sound processing failed"),
    1111: (Meaning.REFUSED, "the avatar callback failed"),
    1112: (Meaning.REFUSED, "voice processing failed"),
    1200: (BlockReason.BANNED, "the account is banned"),
    1201: (Meaning.REFUSED, "creating the sound failed"),
    1202: (Meaning.REFUSED, "lip-sync into the same language"),
    1203: (Meaning.REFUSED, "video and sound are in use"),
    1204: (Meaning.REFUSED, "the video is too long"),
    1205: (Meaning.IN_DOUBT, "the vendor failed while creating the video"),
    1206: (Meaning.REFUSED, "changing the background failed"),
}
"""Every documented code but 1000. The list continues past 1206, unseen: those are refusals."""

_MESSAGE_KEYS: Final = ("msg", "message", "error_msg", "error_message", "error", "reason", "detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An answer's body, opened: code and vendor's words where there were any."""

    answer: Answer
    content: fields.JsonObject
    code: int | None
    message: str

    @property
    def data(self) -> object:
        """What the envelope carries."""
        return self.content.get("data")

    @property
    def evidence(self) -> Evidence:
        """What an error keeps of this answer."""
        return Evidence(code=self.code, http_status=self.answer.status, vendor_message=self.message)


def open_envelope(answer: Answer) -> Envelope:
    """Read `{"code", "msg", "data"}` (AKOOL.md 1); a body that isn't one gives an empty envelope.

    A redirect gives one, too: it is no answer of the vendor's. Never raises: what is missing from
    the envelope is for `complaint` to judge.
    """
    content = fields.EMPTY
    if not 300 <= answer.status <= 399:
        with suppress(ValueError):
            content = fields.mapping(fields.parse(answer.body))
    return Envelope(
        answer=answer,
        content=content,
        code=fields.whole(content.get("code")),
        message=find_message(content, answer.secrets),
    )


def find_message(content: fields.JsonObject, secrets: tuple[str, ...]) -> str:
    """Return the first words found under the names that such a field goes by."""
    for key in _MESSAGE_KEYS:
        found = fields.message(content.get(key), secrets)
        if found:
            return found
    return ""


def open_success(answer: Answer) -> Envelope:
    """Open an answer that carries a value. Raises AkoolError for everything else."""
    envelope = open_envelope(answer)
    if envelope.code != SUCCESS:
        raise complaint(envelope)
    return envelope


def complaint(envelope: Envelope) -> AkoolError:
    """Return the error that an answer without a value amounts to."""
    if envelope.code == SUCCESS:
        return unreadable(envelope)
    return _by_status(envelope) or _by_code(envelope) or unreadable(envelope)


def unreadable(envelope: Envelope) -> InDoubt:
    """Return the error for an answer that makes no sense."""
    return InDoubt("the answer can't be read", envelope.evidence, doubt=Doubt.UNREADABLE)


def _by_status(envelope: Envelope) -> AkoolError | None:
    """Judge by the HTTP status where it outweighs the body.

    Business errors are said to come with HTTP 200 (AKOOL.md 7), so a failing gateway or server is
    the likelier reading of 5xx, whatever stands in the body. HTTP 401 needs no readable body:
    whoever answered has let nothing through.
    """
    status = envelope.answer.status
    if status >= 500 or status == 408:
        return InDoubt("the vendor's server failed", envelope.evidence, doubt=Doubt.SERVER)
    if status == 429:
        return _error(envelope, Meaning.SLOW_DOWN, "too many calls")
    if status == 401 and envelope.code not in CODES:
        return _error(envelope, BlockReason.BAD_KEY, "the key or token is not valid")
    return None


def _by_code(envelope: Envelope) -> AkoolError | None:
    code = envelope.code
    if code is None:
        return _by_words(envelope)
    # HTTP statuses are not documented as codes, but frameworks like to put them there.
    if 500 <= code <= 599:
        return InDoubt("the vendor's server failed", envelope.evidence, doubt=Doubt.SERVER)
    if code == 429:
        return _error(envelope, Meaning.SLOW_DOWN, "too many calls")
    return _error(envelope, *CODES.get(code, (Meaning.REFUSED, "the vendor refused")))


def _by_words(envelope: Envelope) -> AkoolError | None:
    """Take HTTP 4xx with words in JSON as a refusal; the official demo reads them so."""
    if 400 <= envelope.answer.status <= 499 and envelope.message:
        return Refused("the vendor refused", envelope.evidence)
    return None


def _error(envelope: Envelope, meaning: Meaning | BlockReason, words: str) -> AkoolError:
    evidence = envelope.evidence
    if isinstance(meaning, BlockReason):
        return AccountBlocked(words, evidence, reason=meaning)
    match meaning:
        case Meaning.SLOW_DOWN:
            return SlowDown(words, evidence, retry_after=_retry_after(envelope.answer))
        case Meaning.REFUSED:
            return Refused(words, evidence)
        case Meaning.IN_DOUBT:
            return InDoubt(words, evidence, doubt=Doubt.VENDOR)
        case _:  # pragma: no cover - mypy proves that nothing comes here
            assert_never(meaning)


def _retry_after(answer: Answer) -> float | None:
    """Read Retry-After, in seconds or as a date measured against the answer's own Date.

    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    wish = answer.header("Retry-After")
    if wish is None:
        return None
    seconds = fields.decimal(wish)
    wait = float(seconds) if seconds is not None else _until(wish, answer.header("Date"))
    return None if wait is None or wait < 0 else min(wait, SlowDown.RETRY_AFTER_CAP)


def _until(then: str, now: str | None) -> float | None:
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now or "")).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
