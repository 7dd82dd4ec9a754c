"""Why an order, a click or a picture is turned down, with what the sentence about it needs."""

from __future__ import annotations

from enum import StrEnum


class Declined(Exception):  # noqa: N818 - not a fault: an answer, worded in cogs/errors.py
    """Something a member asked for can't be done; nothing was spent."""


class NotEnoughCredits(Declined):
    """The price is above what the member can spend (credits).

    `renews_at` is when the allowance renews (epoch ms), None where that would not be enough.
    """

    def __init__(self, *, price: int, spendable: int, renews_at: int | None) -> None:
        super().__init__(f"{price} credits asked, {spendable} spendable")
        self.price = price
        self.spendable = spendable
        self.renews_at = renews_at


class PriceRose(Declined):
    """The price is higher than the draft's quote; the draft now carries the new one (credits)."""

    def __init__(self, *, draft_id: int, before: int, now: int) -> None:
        super().__init__(f"draft {draft_id}: quoted {before} credits, now {now}")
        self.draft_id = draft_id
        self.before = before
        self.now = now


class AboveClipLimit(Declined):
    """One clip would cost more than the operator allows (credits)."""

    def __init__(self, *, price: int, limit: int) -> None:
        super().__init__(f"a clip costs {price} credits, the operator's limit is {limit}")
        self.price = price
        self.limit = limit


class CeilingReached(Declined):
    """The operator's daily ceiling leaves too little for this order; opens again at `opens_at`."""

    def __init__(self, *, opens_at: int) -> None:
        super().__init__("the operator's daily ceiling is reached")
        self.opens_at = opens_at


class TooManyAtOnce(Declined):
    """The member has too many clips in flight."""

    def __init__(self, *, running: int, asked: int, limit: int) -> None:
        super().__init__(f"{running} clips running and {asked} asked, the limit is {limit}")
        self.running = running
        self.asked = asked
        self.limit = limit


class WalletFrozen(Declined):
    """A moderator has frozen this wallet."""


class OptionKind(StrEnum):
    """Which option of a command was given a value that is not offered."""

    MODEL = "model"
    RESOLUTION = "resolution"
    SECONDS = "seconds"
    VARIATIONS = "variations"
    LAST_FRAME = "last_frame"
    SOUND = "sound"
    PROMPT = "prompt"
    AVOID = "avoid"
    EFFECT = "effect"
    EFFECT_RESOLUTION = "effect_resolution"
    EFFECT_SECONDS = "effect_seconds"
    TRACK = "track"


class BadOption(Declined):
    """An option's value is not on offer; `offered` lists the good ones."""

    def __init__(self, *, option: OptionKind, value: str, offered: tuple[str, ...] = ()) -> None:
        super().__init__(f"{option}: {value!r:.100} is not one of {offered}")
        self.option = option
        self.value = value
        self.offered = offered


class PictureFault(StrEnum):
    """What is wrong with a picture."""

    NOT_A_PICTURE = "not_a_picture"
    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    UNSUPPORTED = "unsupported"
    DAMAGED = "damaged"
    LINK_EXPIRED = "link_expired"
    GONE = "gone"
    NEEDS_CARD = "needs_card"
    TOO_HEAVY_FOR_CARD = "too_heavy_for_card"


class BadPicture(Declined):
    """A picture can't be used; `found` names its real format, `limit` the bound it broke."""

    def __init__(self, *, fault: PictureFault, found: str = "", limit: int = 0) -> None:
        super().__init__(f"picture: {fault} (found {found!r:.40}, limit {limit})")
        self.fault = fault
        self.found = found
        self.limit = limit


class TrackFault(StrEnum):
    """What is wrong with an own audio file."""

    NOT_SOUND = "not_sound"
    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_LONG = "too_long"
    DAMAGED = "damaged"
    LINK_EXPIRED = "link_expired"
    GONE = "gone"


class BadTrack(Declined):
    """An audio file can't be used; `limit` is the bound it broke, in bytes or seconds."""

    def __init__(self, *, fault: TrackFault, limit: int = 0) -> None:
        super().__init__(f"track: {fault} (limit {limit})")
        self.fault = fault
        self.limit = limit


class SourceFault(StrEnum):
    """Why sound can't be put on a clip."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    NOT_READY = "not_ready"
    NOT_MADE = "not_made"
    EXPIRED = "expired"


class BadSource(Declined):
    """Sound can't be put on a clip; `typed` is what named it, where it was typed."""

    def __init__(self, *, fault: SourceFault, typed: str = "") -> None:
        super().__init__(f"source: {fault} ({typed!r:.40})")
        self.fault = fault
        self.typed = typed


class NoCatalogue(Declined):
    """The vendor's model list has never been read yet."""


class NoEffects(Declined):
    """The vendor's list of effects has never been read yet."""


class NotOffered(Declined):
    """A button or form is about a model or an effect that is not on offer any more."""


class CannotPostThere(Declined):
    """The bot lacks permissions in a channel; `missing` are Discord's names of them.

    It is the channel where it was asked, unless `channel_id` names another.
    """

    def __init__(self, *, missing: tuple[str, ...], channel_id: int | None = None) -> None:
        super().__init__(f"missing permissions: {', '.join(missing)}")
        self.missing = missing
        self.channel_id = channel_id


class NotYours(Declined):
    """A private button or an order belongs to somebody else."""


class DraftGone(Declined):
    """The draft is cancelled, or nothing is known of it."""


class OrderGone(Declined):
    """Nothing is known of that order or clip, or it was deleted."""


class NoSuchOrder(Declined):
    """No order of this guild has the code that was typed."""

    def __init__(self, *, typed: str) -> None:
        super().__init__(f"no order {typed!r:.40}")
        self.typed = typed


class OrderDeleted(Declined):
    """Every clip of that order was deleted; `typed` is its code."""

    def __init__(self, *, typed: str) -> None:
        super().__init__(f"order {typed!r:.40} is deleted")
        self.typed = typed


class NotYourOrder(Declined):
    """The order is somebody else's, and the asker moderates nothing here."""


class NotModerator(Declined):
    """Only a moderator of this guild may look at somebody else's orders."""


class NotServed(Declined):
    """The guild is not one that the operator serves."""


class StorageDown(Declined):
    """The database can't answer, so nothing was ordered."""


class FormGone(Declined):
    """A form is older than a day, or not known."""


class RecordsSlow(Declined):
    """A form could not be opened, because the records took too long."""


class NoPictures(Declined):
    """A message has no picture in it."""


class NoReuse(Declined):
    """A picture or result is somebody else's, and this server does not let members use those."""


class NothingFailed(Declined):
    """Every clip of the order came, or was cancelled by its owner."""


class NoPrompt(Declined):
    """An order of sound has nothing to change."""


class BlockedText(Declined):
    """What was typed for an option breaks a rule of this server; which one is not said."""

    def __init__(self, *, option: OptionKind) -> None:
        super().__init__(f"{option}: breaks a rule of the server")
        self.option = option


class MemberBlocked(Declined):
    """A moderator has blocked this member from the bot in this server."""


class ReviewClosed(Declined):
    """A moderator has to look at the order first, and there is no channel to show it in."""


class TooManyRules(Declined):
    """A server can't have that many blocked words and patterns."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"more than {limit} rules")
        self.limit = limit


class BadExpiry(Declined):
    """The time that a grant should last is not one."""

    def __init__(self, *, typed: str) -> None:
        super().__init__(f"no length of time: {typed!r:.60}")
        self.typed = typed


class NothingGranted(Declined):
    """A wallet has no granted credits that could be taken."""


class NoSuchEntry(Declined):
    """No grant or take of this guild has that code."""

    def __init__(self, *, typed: str) -> None:
        super().__init__(f"no entry {typed!r:.60}")
        self.typed = typed


class UndoneBefore(Declined):
    """The grant or take was undone already."""


class NothingLeft(Declined):
    """Nothing is left of a grant, or of the grants that a take took from: it can't be undone."""


class ModeratorsOnly(Declined):
    """Somebody who does not moderate the guild asked for what only moderators do."""


class BadAmount(Declined):
    """What was typed into a form is no number of credits; `most` is the highest."""

    def __init__(self, *, typed: str, most: int) -> None:
        super().__init__(f"no number of credits: {typed!r:.60}")
        self.typed = typed
        self.most = most


class ReportFault(StrEnum):
    """Why a result can't be reported."""

    OWN = "own"
    BEFORE = "before"
    KEPT = "kept"
    TOO_MANY = "too_many"


class ReportRefused(Declined):
    """A member can't report a result, or not any more."""

    def __init__(self, *, fault: ReportFault) -> None:
        super().__init__(f"report: {fault}")
        self.fault = fault
