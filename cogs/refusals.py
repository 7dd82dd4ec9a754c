"""Say why something is declined: one sentence for each kind, which ends in what to do next."""

from __future__ import annotations

from functools import singledispatch
from typing import Final

from cogs import (
    card_words,
    content_words,
    form_words,
    guard_refusals,
    list_words,
    quota_words,
    share_words,
    sound_words,
    words,
)
from cogs.escape import escaped
from cogs.language import Phrase, listed, number
from jobs.errors import (
    AboveClipLimit,
    BadAmount,
    BadExpiry,
    BadOption,
    BadPicture,
    BadSource,
    BadTrack,
    BlockedText,
    CannotPostThere,
    CeilingReached,
    Declined,
    DraftGone,
    FormGone,
    MemberBlocked,
    ModeratorsOnly,
    NoCatalogue,
    NoEffects,
    NoPictures,
    NoPrompt,
    NoReuse,
    NoSuchEntry,
    NoSuchOrder,
    NotEnoughCredits,
    NothingFailed,
    NothingGranted,
    NothingLeft,
    NotModerator,
    NotOffered,
    NotServed,
    NotYourOrder,
    NotYours,
    OptionKind,
    OrderDeleted,
    OrderGone,
    PictureFault,
    PriceRose,
    RecordsSlow,
    ReportFault,
    ReportRefused,
    ReviewClosed,
    SourceFault,
    StorageDown,
    TooManyAtOnce,
    TooManyRules,
    TrackFault,
    UndoneBefore,
    WalletFrozen,
)
from jobs.room_errors import (
    CannotShare,
    ChannelGone,
    GuildGone,
    LeftGuild,
    NotWelcome,
    NowhereToPost,
    ShareFault,
)

_MOST_OFFERED: Final = 25
_MEGABYTE: Final = 1024 * 1024


@singledispatch
def sentence(declined: Declined) -> str:
    """Word a refusal; a kind that has no words of its own gets the general ones."""
    return _PLAIN.get(type(declined), words.DECLINED)()


_PLAIN: Final[dict[type[Declined], Phrase]] = {
    DraftGone: words.DRAFT_GONE,
    FormGone: form_words.FORM_GONE,
    NoCatalogue: words.NO_CATALOGUE,
    NoEffects: words.NO_EFFECTS,
    NotOffered: words.NOT_OFFERED,
    NoPictures: form_words.NO_PICTURES,
    NoPrompt: form_words.NO_PROMPT_TO_EDIT,
    NoReuse: form_words.NO_REUSE,
    NotModerator: list_words.NOT_MODERATOR,
    NotServed: words.NOT_SERVED,
    NotYourOrder: list_words.NOT_YOUR_ORDER,
    NotYours: words.NOT_YOURS,
    NothingFailed: form_words.NOTHING_FAILED,
    OrderGone: words.ORDER_GONE,
    RecordsSlow: form_words.RECORDS_SLOW,
    StorageDown: words.STORAGE_DOWN,
    WalletFrozen: words.FROZEN,
    ModeratorsOnly: quota_words.MODERATORS_ONLY,
    NothingGranted: quota_words.NOTHING_GRANTED,
    NothingLeft: quota_words.NOTHING_LEFT,
    UndoneBefore: quota_words.UNDONE_BEFORE,
    LeftGuild: share_words.LEFT_SERVER,
    GuildGone: share_words.SERVER_GONE,
}


@sentence.register
def _(declined: NotEnoughCredits) -> str:
    price, spendable = words.money(declined.price), words.money(declined.spendable)
    if declined.renews_at is None:
        return words.NEVER_ENOUGH(price=price, spendable=spendable)
    renews = words.when(declined.renews_at)
    return words.NOT_ENOUGH(price=price, spendable=spendable, renews=renews)


@sentence.register
def _(declined: PriceRose) -> str:
    before, now = words.money(declined.before), words.money(declined.now)
    return f"{words.PRICE_ROSE(before=before, now=now)} {words.OFFER_CONFIRM()}"


@sentence.register
def _(declined: AboveClipLimit) -> str:
    return words.ABOVE_CLIP_LIMIT(
        price=words.money(declined.price), limit=words.money(declined.limit)
    )


@sentence.register
def _(declined: CeilingReached) -> str:
    return words.CEILING(opens=words.when(declined.opens_at))


@sentence.register
def _(declined: TooManyAtOnce) -> str:
    room = declined.limit - declined.running
    return (words.TOO_MANY if room > 0 else words.TOO_MANY_FULL)(
        running=words.clips(declined.running),
        limit=declined.limit,
        room=words.clips(room),
    )


@sentence.register
def _(declined: NoSuchOrder | OrderDeleted) -> str:
    known = isinstance(declined, OrderDeleted)
    template = list_words.ORDER_DELETED if known else list_words.NO_SUCH_ORDER
    return template(code=escaped(declined.typed.strip().lstrip("#"), 40))


@sentence.register
def _(declined: NoSuchEntry) -> str:
    return quota_words.NO_SUCH_ENTRY(code=escaped(declined.typed.strip().lstrip("#"), 40))


@sentence.register
def _(declined: BadAmount) -> str:
    return quota_words.BAD_AMOUNT(typed=escaped(declined.typed, 40), most=number(declined.most))


@sentence.register
def _(declined: BadExpiry) -> str:
    return quota_words.BAD_EXPIRY(typed=escaped(declined.typed, 40))


@sentence.register
def _(declined: CannotPostThere) -> str:
    missing = listed(map(permission, declined.missing))
    if declined.channel_id is None:
        return words.CANNOT_POST(missing=missing)
    return share_words.CANNOT_POST_IN(channel=f"<#{declined.channel_id}>", missing=missing)


def permission(name: str) -> str:
    """Say a permission's name as Discord shows it."""
    known = words.PERMISSIONS.get(name) or _OBSTACLES.get(name)
    return escaped(name, 40) if known is None else known()


_OBSTACLES: Final = {
    "connect": share_words.CONNECT,
    "manage_threads": share_words.MANAGE_THREADS,
    "private_thread": share_words.PRIVATE_THREAD,
}


@sentence.register
def _(declined: CannotShare) -> str:
    return _SHARING[declined.fault](channel=f"<#{declined.channel_id}>")


_SHARING: Final = {
    ShareFault.PUBLIC: share_words.PUBLIC,
    ShareFault.CHANGED: share_words.CHANGED,
    ShareFault.FILE_GONE: share_words.FILE_GONE,
    ShareFault.NO_ROOM: share_words.NO_ROOM,
    ShareFault.LATER: share_words.LATER,
    ShareFault.UNSEEN: share_words.UNSEEN,
    ShareFault.NOT_HERE: share_words.NOT_HERE,
    ShareFault.AGE_ONLY: share_words.AGE_ONLY,
    ShareFault.WORDS: share_words.BLOCKED_WORDS,
}


@sentence.register
def _(declined: ChannelGone | NotWelcome) -> str:
    template = _CHANNELS[type(declined)]
    return template(channel=f"<#{declined.channel_id}>")


_CHANNELS: Final[dict[type[Declined], Phrase]] = {
    ChannelGone: share_words.CHANNEL_GONE,
    NowhereToPost: share_words.NOWHERE_TO_POST,
    NotWelcome: share_words.NOT_WELCOME,
}


@sentence.register
def _(declined: BadOption) -> str:
    template = _OPTIONS[declined.option]
    if declined.option is OptionKind.PROMPT and not declined.value:
        template = words.NO_PROMPT
    offered = [escaped(one, 60) for one in declined.offered[:_MOST_OFFERED]]
    return template(
        option=declined.option.value,
        value=escaped(declined.value, 80),
        offered=listed(offered),
        instead=words.INSTEAD(offered=listed(offered)) if offered else "",
        low=offered[0] if offered else "",
        high=offered[-1] if offered else "",
    )


_OPTIONS: Final = {
    OptionKind.MODEL: words.BAD_MODEL,
    OptionKind.RESOLUTION: words.BAD_RESOLUTION,
    OptionKind.SECONDS: words.BAD_SECONDS,
    OptionKind.VARIATIONS: words.BAD_VARIATIONS,
    OptionKind.LAST_FRAME: words.BAD_LAST_FRAME,
    OptionKind.SOUND: words.BAD_SOUND,
    OptionKind.PROMPT: words.LONG_TEXT,
    OptionKind.AVOID: words.LONG_TEXT,
    OptionKind.EFFECT: words.BAD_EFFECT,
    OptionKind.EFFECT_RESOLUTION: words.BAD_EFFECT_RESOLUTION,
    OptionKind.EFFECT_SECONDS: words.BAD_EFFECT_SECONDS,
    OptionKind.TRACK: words.SOUND_AND_TRACK,
}


@sentence.register
def _(declined: BadPicture) -> str:
    limit = number(declined.limit)
    if declined.fault in _BYTES:
        limit = words.MEGABYTES(n=declined.limit // _MEGABYTE)
    found = escaped(declined.found.upper(), 20)
    return _PICTURES[declined.fault](found=found, limit=limit)


_BYTES: Final = frozenset(
    {
        PictureFault.TOO_MANY_BYTES,
        PictureFault.TOO_HEAVY_FOR_CARD,
    }
)
"""Faults whose limit is a number of bytes."""

_PICTURES: Final = {
    PictureFault.NOT_A_PICTURE: words.NOT_A_PICTURE,
    PictureFault.EMPTY: words.EMPTY_PICTURE,
    PictureFault.TOO_MANY_BYTES: words.HEAVY_PICTURE,
    PictureFault.TOO_LARGE: words.LARGE_PICTURE,
    PictureFault.TOO_SMALL: words.SMALL_PICTURE,
    PictureFault.UNSUPPORTED: words.UNSUPPORTED_PICTURE,
    PictureFault.DAMAGED: words.DAMAGED_PICTURE,
    PictureFault.LINK_EXPIRED: words.PICTURE_LINK_DEAD,
    PictureFault.GONE: words.PICTURE_GONE,
    PictureFault.NEEDS_CARD: words.PICTURE_NEEDS_CARD,
    PictureFault.TOO_HEAVY_FOR_CARD: card_words.HEAVY_FOR_CARD,
}


@sentence.register
def _(declined: BadTrack) -> str:
    limit = str(declined.limit // 60)
    if declined.fault is TrackFault.TOO_MANY_BYTES:
        limit = words.MEGABYTES(n=declined.limit // _MEGABYTE)
    return _TRACKS[declined.fault](limit=limit)


_TRACKS: Final = {
    TrackFault.NOT_SOUND: words.NOT_SOUND,
    TrackFault.EMPTY: words.EMPTY_TRACK,
    TrackFault.TOO_MANY_BYTES: words.HEAVY_TRACK,
    TrackFault.TOO_LONG: words.LONG_TRACK,
    TrackFault.DAMAGED: words.DAMAGED_TRACK,
    TrackFault.LINK_EXPIRED: words.TRACK_LINK_DEAD,
    TrackFault.GONE: words.TRACK_GONE,
}


@sentence.register
def _(declined: BadSource) -> str:
    return _SOURCES[declined.fault](typed=escaped(declined.typed.strip().lstrip("#"), 40))


_SOURCES: Final = {
    SourceFault.UNKNOWN: sound_words.UNKNOWN,
    SourceFault.SEVERAL: sound_words.SEVERAL,
    SourceFault.NOT_READY: sound_words.NOT_READY,
    SourceFault.NOT_MADE: sound_words.NOT_MADE,
    SourceFault.EXPIRED: sound_words.EXPIRED,
}


@sentence.register
def _(declined: BlockedText) -> str:
    said = content_words.BLOCKED_TEXT
    return (content_words.BLOCKED_AVOID if declined.option is OptionKind.AVOID else said)()


@sentence.register
def _(declined: MemberBlocked) -> str:
    return content_words.MEMBER_BLOCKED()


@sentence.register
def _(declined: ReviewClosed) -> str:
    return content_words.REVIEW_CLOSED()


@sentence.register
def _(declined: TooManyRules) -> str:
    return content_words.TOO_MANY_RULES(limit=declined.limit)


@sentence.register
def _(declined: ReportRefused) -> str:
    return _REPORTS[declined.fault]()


_REPORTS: Final = {
    ReportFault.OWN: content_words.REPORT_OWN,
    ReportFault.BEFORE: content_words.REPORT_BEFORE,
    ReportFault.KEPT: content_words.REPORT_KEPT,
    ReportFault.TOO_MANY: content_words.REPORT_TOO_MANY,
}


for _kind, _worded in guard_refusals.WORDED.items():
    sentence.register(_kind)(_worded)
