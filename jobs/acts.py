"""What moderators and the operator do: each act is told with who, to whom, what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OPERATOR: Final = 0
"""The actor of what is done at the operator's command line."""


NO_ROOM: Final = "order"


class ActKind(StrEnum):
    """What was done."""

    GRANT = "grant"
    TAKE = "take"
    UNDO = "undo"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    ALLOWANCE = "allowance"
    SETTING = "setting"
    PAUSE = "pause"
    RESUME = "resume"
    BLOCK = "block"
    UNBLOCK = "unblock"
    APPROVE = "approve"
    REJECT = "reject"
    REPORT = "report"
    DELETE = "delete"
    RELEASE = "release"
    RESUBMIT = "resubmit"
    CANCEL = "cancel"
    REFUSE = "refuse"
    KEEP = "keep"
    POOL = "pool"
    """Nobody's act: the guild's pool is used up to the share (percent) that `about` names, or had
    no room for an order, and then `about` is `NO_ROOM` and the price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, as it is written down in the transaction of the change itself.

    `subject_id` is the member, role, channel, clip or order that it was done to; `about` names the
    setting or list that changed; `before` and `after` are its values as short texts. The change
    of credits of a wallet is the difference of the two.
    """

    guild_id: int
    actor_id: int
    kind: ActKind
    subject_id: int | None = None
    about: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """An act that is to be written down under an id, once."""

    id: int
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An act in the books; `at` is epoch ms, `posted_at` when the log channel got it."""

    id: int
    act: Act
    at: int
    posted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActSlice:
    """Which of a guild's acts to read, newest first: those to a subject, those before another."""

    guild_id: int
    limit: int
    subject_id: int | None = None
    before: Written | None = None
