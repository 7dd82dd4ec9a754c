"""What the outcome of a paid request means for its clips (DESIGN: the outcome table), pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from jobs.ports import AccountBlocked, InDoubt, Made, NothingMade, RequestRefused
from jobs.stores import SendResult

if TYPE_CHECKING:
    from jobs.model import Send
    from jobs.ports import MadeClip, SubmitOutcome

DOUBT_MS: Final = 3600 * 1000
"""With a public address a webhook can bring a doubtful clip back; after an hour none will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """Nothing was made: the send returns to the line, no sooner than the vendor wishes."""

    note: str
    at_least_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Nothing was made and nothing will be: the send returns, and submitting stops for all."""

    note: str


def judge(
    send: Send, outcome: SubmitOutcome, *, look_at: int, doubt_until: int | None
) -> SendResult | PutBack | Pause:
    """Turn an outcome into what to record; times are epoch ms."""
    match outcome:
        case NothingMade():
            return PutBack(note=outcome.note, at_least_ms=int((outcome.retry_after or 0) * 1000))
        case AccountBlocked():
            return Pause(note=outcome.note)
        case RequestRefused():
            refused = tuple((clip_id, outcome.note) for clip_id in send.clip_ids)
            return SendResult(send_id=send.id, refused=refused)
        case InDoubt():
            return doubtful(send, doubt_until)
        case Made():
            return _deal(send, outcome, look_at, doubt_until)
        case _:
            assert_never(outcome)


def doubtful(send: Send, doubt_until: int | None) -> SendResult:
    """Say that nobody knows what became of any clip of a send."""
    return SendResult(send_id=send.id, doubtful=send.clip_ids, doubt_until=doubt_until)


def _deal(send: Send, made: Made, look_at: int, doubt_until: int | None) -> SendResult:
    """Give each clip its id or its refusal; those the answer does not cover are in doubt.

    The clips of a send are alike, so any id fits any of them; one that is named twice is one.
    """
    clips = distinct(made)
    ids = len(clips)
    covered = ids + len(made.refused)
    return SendResult(
        send_id=send.id,
        made=tuple(zip(send.clip_ids, clips, strict=False)),
        refused=tuple(zip(send.clip_ids[ids:], made.refused, strict=False)),
        doubtful=send.clip_ids[covered:],
        doubt_until=doubt_until,
        look_at=look_at,
    )


def distinct(made: Made) -> tuple[MadeClip, ...]:
    """Return the clips of an answer, each once."""
    return tuple({clip.vendor_id: clip for clip in made.clips}.values())
