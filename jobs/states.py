"""The states of a clip and the moves between them, as data (DESIGN: the life of a clip)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ClipState(StrEnum):
    """Where a clip stands."""

    REVIEW = "review"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RENDERING = "rendering"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    READY = "ready"
    POSTING = "posting"
    POSTED = "posted"
    KEPT = "kept"
    FAILED = "failed"
    RELEASED = "released"
    CANCELLED = "cancelled"


_S = ClipState

MOVES: Final[dict[ClipState, frozenset[ClipState]]] = {
    _S.REVIEW: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.QUEUED: frozenset({_S.SUBMITTING, _S.CANCELLED, _S.FAILED, _S.RELEASED, _S.RENDERING}),
    # Cancelled by way of the queue, in one commit: nothing was made, and its member wished it.
    _S.SUBMITTING: frozenset({_S.QUEUED, _S.RENDERING, _S.FAILED, _S.UNKNOWN, _S.RELEASED}),
    _S.UNKNOWN: frozenset({_S.RENDERING, _S.FAILED, _S.RELEASED}),
    # A clip that its owner deleted meanwhile is kept, never posted.
    _S.RENDERING: frozenset({_S.OVERDUE, _S.READY, _S.KEPT, _S.FAILED}),
    _S.OVERDUE: frozenset({_S.READY, _S.KEPT, _S.FAILED}),
    # After a restored backup its message may be up already: what is up is a fact.
    _S.READY: frozenset({_S.POSTING, _S.KEPT, _S.POSTED}),
    _S.POSTING: frozenset({_S.POSTED, _S.KEPT, _S.READY}),
    _S.POSTED: frozenset(),
    # The process that posted it may come back late: what is up is a fact.
    _S.KEPT: frozenset({_S.POSTED}),
    # A vendor's id that turns up is always recorded: the clip is then free, if it had ended.
    _S.FAILED: frozenset({_S.RENDERING}),
    _S.RELEASED: frozenset({_S.RENDERING}),
    _S.CANCELLED: frozenset({_S.RENDERING}),
}
"""Every allowed move; storage guards each update with the state it leaves."""

DELIVERED: Final = frozenset({_S.POSTED, _S.KEPT})
"""The member has the video: in its message, or in `/videos`."""

AWAITED: Final = frozenset({_S.SUBMITTING, _S.UNKNOWN, _S.RENDERING, _S.OVERDUE})
"""The vendor has been asked, and the video is not here yet."""

ENDED: Final = frozenset({_S.POSTED, _S.KEPT, _S.FAILED, _S.RELEASED, _S.CANCELLED})
"""Nothing more happens to the clip by itself."""

NOT_CHARGED: Final = frozenset({_S.FAILED, _S.RELEASED, _S.CANCELLED})
"""Ended without a video and without a charge."""

FAILED: Final = frozenset({_S.FAILED, _S.RELEASED})
"""Ended without a video, other than by its owner's own cancelling."""


class SendState(StrEnum):
    """Where a paid request stands; its clips share the first states."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    SENT = "sent"
    ENDED = "ended"


class FailReason(StrEnum):
    """Why a clip ended without a video, for the sentence that the member reads."""

    REFUSED = "refused"
    RENDER_FAILED = "render_failed"
    NOT_FETCHED = "not_fetched"
    NEVER_FINISHED = "never_finished"
    IN_DOUBT = "in_doubt"
    PICTURE_GONE = "picture_gone"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    REJECTED = "rejected"
    REVIEW_EXPIRED = "review_expired"
    REVIEW_CLOSED = "review_closed"
    BY_OPERATOR = "by_operator"


BY_MODERATORS: Final = frozenset(
    {FailReason.REJECTED, FailReason.REVIEW_EXPIRED, FailReason.REVIEW_CLOSED}
)
"""Cancelled, and not by its owner: the review turned it down, or came to no end."""

NOT_BY_OWNER: Final = BY_MODERATORS | {FailReason.BY_OPERATOR}
"""Cancelled by somebody else, so that its owner has to be told."""


def allowed(current: ClipState, following: ClipState) -> bool:
    """Tell whether a clip may move from one state to another."""
    return following in MOVES[current]


def sources(following: ClipState) -> tuple[ClipState, ...]:
    """Return the states from which a clip may enter that state, in a stable order."""
    return tuple(state for state in ClipState if following in MOVES[state])
