"""Why an order in a member's name is declined, for the operator who can mend it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import singledispatch
from typing import TYPE_CHECKING

from jobs.errors import (
    AboveClipLimit,
    BadOption,
    BadPicture,
    BadSource,
    BadTrack,
    CeilingReached,
    Declined,
    NoCatalogue,
    NoEffects,
    NotEnoughCredits,
    PictureFault,
)
from jobs.guard_errors import PoolReached
from jobs.ids import code
from jobs.states import NOT_CHARGED, ClipState

if TYPE_CHECKING:
    from jobs.model import Clip, Order


def moment(at: int) -> str:
    """Write a time (epoch ms) in UTC, to the second."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def not_released(order: Order, clip: Clip) -> str:
    """Say why a clip has no credits that could be given back by hand, and what else there is."""
    if clip.state in (ClipState.QUEUED, ClipState.REVIEW):
        return (
            "nothing was sent yet, so nothing is lost: "
            f"`orders cancel {code(order.id)}` ends its order and gives all back."
        )
    if clip.state is ClipState.SUBMITTING:
        return "its request is on its way to Akool. Try again in a minute or two."
    if clip.state in NOT_CHARGED:
        return "its member has the credits back already."
    return (
        "its video is here and charged, so there is nothing held to give back. A moderator can "
        "grant credits instead."
    )


@singledispatch
def worded(refusal: Declined) -> str:
    """Say what stands in the way, and what the operator can do about it."""
    return f"It can't be ordered again: {refusal}."


@worded.register
def _(refusal: NotEnoughCredits) -> str:
    said = f"It costs {refusal.price} credits, and the member can spend {refusal.spendable}."
    if refusal.renews_at is None:
        return f"{said} A moderator can grant more; the allowance alone will never be enough."
    return (
        f"{said} A moderator can grant more, and the allowance renews at "
        f"{moment(refusal.renews_at)} UTC."
    )


@worded.register
def _(refusal: PoolReached) -> str:
    return (
        f"It costs {refusal.price} credits, and the server's pool has {refusal.left} left. A "
        f"moderator can raise it in /settings, and it renews at {moment(refusal.opens_at)} UTC."
    )


@worded.register
def _(refusal: CeilingReached) -> str:
    return (
        "DAILY_CREDIT_CEILING has no room for it. Raise that, or try again after "
        f"{moment(refusal.opens_at)} UTC."
    )


@worded.register
def _(refusal: AboveClipLimit) -> str:
    return f"It would cost {refusal.price} credits; MAX_CREDITS_PER_CLIP is {refusal.limit}."


@worded.register
def _(refusal: BadPicture) -> str:
    if refusal.fault is PictureFault.GONE:
        return "Its picture is not kept any more (MEDIA_DAYS): only its member can order it anew."
    return (
        "Akool could not fetch its picture any more: the link is dead, and there is no PUBLIC_URL. "
        "Only its member can order it anew."
    )


@worded.register
def _(refusal: BadTrack) -> str:
    return f"Its audio file can't be used any more ({refusal}): only its member can order it anew."


@worded.register
def _(refusal: BadSource) -> str:
    return f"The clip that the sound was for can't be used any more ({refusal})."


@worded.register(NoCatalogue)
@worded.register(NoEffects)
def _(_: Declined) -> str:
    return "Akool's lists were never read here, so there is no price: let the bot run first."


@worded.register
def _(refusal: BadOption) -> str:
    return f"Akool does not offer that any more ({refusal})."
