"""Word what stands in the channel for all to see: cards, results, and notices of failure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from cogs import (
    card_words,
    content_words,
    form_words,
    guard_words,
    hint_words,
    share_words,
    sound_words,
    words,
)
from cogs.escape import escaped, length, link
from cogs.language import ENGLISH, LOCALES, number, speaking
from cogs.render import quoted, settings, small
from jobs.ids import code
from jobs.progress import Phase, failed_in_part, lost
from jobs.schedule import LIFETIME_MS
from jobs.states import BY_MODERATORS, DELIVERED, FAILED, NOT_CHARGED, ClipState, FailReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cogs.render import Naming
    from jobs.model import Clip, Options, Order
    from jobs.parcels import Parcel
    from jobs.ports import FittedVideo
    from jobs.progress import Progress

LIMIT: Final = 2000
"""Characters of a message (Discord's reference, "Create Message")."""

_CARD_PROMPT: Final = 300
_AVOID: Final = 200
_NOTE: Final = 200
_PICTURE_NOTE: Final = 100
"""Nine pictures of ten may fail, and their notes have to fit one message."""

_LINK: Final = 1000


def card(order: Order, progress: Progress, naming: Naming) -> str:
    """Word an order's card; a finished order is one line."""
    first = words.CARD(head=card_head(order), asker=_asker(order), state=state(order, progress))
    if progress.phase is Phase.DONE:
        return "\n".join((first, *_lost_pictures(order, progress)))
    options, quote = order.options, order.quote
    what = (settings(options, naming), words.clips(progress.total), words.money(quote.total))
    # What a moderator has not looked at yet is not for everybody to read.
    prompt = "" if progress.phase is Phase.REVIEW else options.prompt
    each = _pictures(order) if progress.phase in {Phase.RENDERING, Phase.LONGER} else ()
    lines = (first, quoted(prompt, _CARD_PROMPT), *each, small(*what))
    return "\n".join(line for line in lines if line)


def _pictures(order: Order) -> Iterator[str]:
    """Say of each of several pictures where its clip stands.

    A line changes only with the counts of the progress, so that it makes no edit of its own.
    """
    if len(order.options.pictures) < 2:
        return
    for clip in order.clips:
        number = clip.number // order.options.variations + 1
        if clip.state in NOT_CHARGED:
            yield small(form_words.DONE_PICTURE(number=number, note=""))
        else:
            ready = clip.state in DELIVERED
            line = form_words.READY_PICTURE if ready else form_words.GOING_PICTURE
            yield small(line(number=number))


def _lost_pictures(order: Order, progress: Progress) -> Iterator[str]:
    """Say of each picture that brought no video why, where others did."""
    if len(order.options.pictures) < 2 or not progress.ready:
        return
    for clip in order.clips:
        if clip.state in FAILED:
            number = clip.number // order.options.variations + 1
            note = _noted(clip.note, _PICTURE_NOTE)
            yield small(form_words.DONE_PICTURE(number=number, note=note))


def card_head(order: Order) -> str:
    """Return the first words of an order's card.

    What members wrote never stands so far in front.
    """
    return words.CARD_HEAD(code=code(order.id))


def parcel(about: Parcel) -> str:
    """Say which files of an order a message carries that goes ahead of its card."""
    worded = card_words.PARCEL if about.first == about.last else card_words.PARCEL_OF_SEVERAL
    numbers = {"first": about.first, "last": about.last, "total": about.total}
    return small(worded(code=code(about.order_id), **numbers))


def parcel_heads(about: Parcel) -> tuple[str, ...]:
    """Return by what a parcel is found again, whatever language it speaks."""
    return in_every_language(lambda: parcel(about))


def in_every_language(say: Callable[[], str]) -> tuple[str, ...]:
    """Say something in each of the languages there are."""
    found = []
    for locale in (ENGLISH, *LOCALES):
        with speaking(locale):
            found.append(say())
    return tuple(found)


def card_heads(order: Order) -> tuple[str, ...]:
    """Return by what an order's card is found again, whatever language it speaks."""
    return in_every_language(lambda: card_head(order))


def _asker(order: Order) -> str:
    return f"<@{order.member.user_id}>"


def state(order: Order, progress: Progress) -> str:
    """Say in a few words where an order stands."""
    if progress.phase is Phase.DONE:
        return _done(order, progress)
    if progress.phase is Phase.REVIEW:
        return content_words.IN_REVIEW()
    if progress.phase is Phase.QUEUED and progress.paused:
        return guard_words.QUEUED_PAUSED()
    if progress.phase is Phase.QUEUED:
        queued = words.QUEUED if progress.ahead else words.QUEUED_NEXT
        return queued(ahead=progress.ahead)
    promise = (words.PROMISE(),) if progress.phase is Phase.LONGER else ()
    rest = (guard_words.REST_PAUSED(),) if progress.paused else ()
    return "; ".join((_going(order, progress), *_so_far(progress), *rest, *promise))


def _going(order: Order, progress: Progress) -> str:
    since = words.when(progress.started_at or order.created_at)
    if progress.phase is Phase.LONGER:
        return words.LONGER(since=since)
    if progress.ready_to is not None:
        return words.RENDERING_USUAL(ready=words.when(progress.ready_to))
    return words.RENDERING(since=since)


def _so_far(progress: Progress) -> Iterator[str]:
    if progress.ready:
        yield words.SO_FAR(ready=progress.ready, total=progress.total)
    if progress.failed:
        yield words.SO_FAR_FAILED(failed=progress.failed)


def _done(order: Order, progress: Progress) -> str:
    if not progress.ready:
        if all(clip.reason in BY_MODERATORS for clip in order.clips):
            return content_words.NOT_APPROVED()
        cancelled = all(clip.state is ClipState.CANCELLED for clip in order.clips)
        return words.DONE_CANCELLED() if cancelled else words.DONE_NOTHING()
    charged = words.money(sum(clip.charged or 0 for clip in order.clips))
    done = words.DONE_PARTLY if progress.failed else words.DONE
    parts = [done(ready=progress.ready, clips=words.clips(progress.total), price=charged)]
    if progress.failed:
        parts.append(words.DONE_FAILED(progress.failed))
    if progress.kept:
        parts.append(words.DONE_KEPT(progress.kept))
    return "; ".join(parts)


def result(
    order: Order, clip: Clip, video: FittedVideo | None, naming: Naming, *, direct: bool
) -> str:
    """Word a finished clip's message."""
    return _worded(_greeting(order, clip, direct=direct), order, clip, video, naming)


def shared(order: Order, clip: Clip, video: FittedVideo | None, naming: Naming) -> str:
    """Word a private clip's message that its owner shows to everybody."""
    several = len(order.clips) > 1
    template = share_words.RESULT_SHARED_OF_SEVERAL if several else share_words.RESULT_SHARED
    first = template(asker=_asker(order), number=clip.number + 1, total=len(order.clips))
    return _worded(first, order, clip, video, naming)


def _worded(first: str, order: Order, clip: Clip, video: FittedVideo | None, naming: Naming) -> str:
    """Word what stands below a clip's first line; the prompt gets the room that is left."""
    options = order.options
    last = [
        small(
            settings(options, naming),
            words.NOT_CHARGED() if clip.charged == 0 else words.money(_cost(clip)),
            f"#{code(order.id)}",
        ),
        _file_note(clip, video),
    ]
    if options.avoid:
        last.insert(0, small(words.AVOIDING(avoid=escaped(options.avoid, _AVOID))))
    if clip.newcomer:
        last.append(small(_first_hint(options)))
    last = [line for line in last if line]
    room = LIMIT - sum(length(line) + 1 for line in (first, *last)) - len("> ")
    return "\n".join(line for line in (first, quoted(options.prompt, room), *last) if line)


def _first_hint(options: Options) -> str:
    """Tell a newcomer how to go on, by the buttons that such a result has."""
    if options.source is not None:
        return hint_words.FIRST_SOUND()
    return hint_words.FIRST_EFFECT() if options.effect else hint_words.FIRST_RESULT()


def _cost(clip: Clip) -> int:
    return clip.quote if clip.charged is None else clip.charged


def _greeting(order: Order, clip: Clip, *, direct: bool) -> str:
    several = len(order.clips) > 1
    if not direct:
        template = words.RESULT_OF_SEVERAL if several else words.RESULT
    elif order.options.private:
        template = words.RESULT_PRIVATE_OF_SEVERAL if several else words.RESULT_PRIVATE
    else:
        template = words.RESULT_ELSEWHERE_OF_SEVERAL if several else words.RESULT_ELSEWHERE
    return template(
        asker=_asker(order),
        channel=f"<#{order.place.channel_id}>",
        number=clip.number + 1,
        total=len(order.clips),
    )


def _file_note(clip: Clip, video: FittedVideo | None) -> str:
    if video is not None:
        shrunk = words.SHRUNK_TO if video.height else words.SHRUNK
        return small(shrunk(height=video.height)) if video.shrunk else ""
    address = link(clip.video_link)
    made_at = clip.submitted_at or clip.ready_at
    if not address or len(address) > _LINK or made_at is None:
        return words.NO_LINK()
    # From the submit on, not from the finish: the link is never promised for too long.
    end = made_at + LIFETIME_MS
    address = f"||{address}||" if clip.spoiler else address
    return words.LINKED(link=address, end=words.date(end), left=words.when(end))


def notice(order: Order, *, direct: bool) -> str:
    """Tell the asker that nothing, or not all, came of an order, why, and what to do."""
    template = words.NOTICE_ELSEWHERE if direct else words.NOTICE
    if failed_in_part(order):
        template = words.NOTICE_PARTLY
    first = template(
        asker=_asker(order),
        code=code(order.id),
        channel=f"<#{order.place.channel_id}>",
        lost=number(len(lost(order))),
        total=number(len(order.clips)),
    )
    return f"{first}\n{reason(order)}"


def waiting(order: Order) -> str:
    """Tell the asker that a private order waits for moderators, and what can be done."""
    channel = f"<#{order.place.channel_id}>"
    return guard_words.WAITS(code=code(order.id), channel=channel)


def reason(order: Order) -> str:
    """Say why, in the words of what most of its clips ended with."""
    clips = lost(order) or [clip for clip in order.clips if clip.state in NOT_CHARGED]
    counted = Counter(clip.reason or FailReason.RENDER_FAILED for clip in clips)
    why = counted.most_common(1)[0][0] if counted else FailReason.RENDER_FAILED
    note = next((clip.note for clip in clips if clip.reason is why and clip.note), "")
    reasons = _REASONS if order.options.source is None else _REASONS | _SOUND_REASONS
    return reasons[why](note=_noted(note))


def _noted(note: str, most: int = _NOTE) -> str:
    return words.NOTE(note=escaped(note, most)) if note else ""


_REASONS: Final = {
    FailReason.REFUSED: words.REASON_REFUSED,
    FailReason.RENDER_FAILED: words.REASON_RENDER_FAILED,
    FailReason.NOT_FETCHED: words.REASON_NOT_FETCHED,
    FailReason.NEVER_FINISHED: words.REASON_NEVER_FINISHED,
    FailReason.IN_DOUBT: words.REASON_IN_DOUBT,
    FailReason.PICTURE_GONE: words.REASON_PICTURE_GONE,
    FailReason.CANCELLED: words.REASON_CANCELLED,
    FailReason.RESTORED: words.REASON_RESTORED,
    FailReason.REJECTED: content_words.REASON_REJECTED,
    FailReason.REVIEW_EXPIRED: content_words.REASON_REVIEW_EXPIRED,
    FailReason.REVIEW_CLOSED: content_words.REASON_REVIEW_CLOSED,
    FailReason.BY_OPERATOR: words.REASON_BY_OPERATOR,
}

_SOUND_REASONS: Final = {
    FailReason.REFUSED: sound_words.REASON_REFUSED,
    FailReason.PICTURE_GONE: sound_words.REASON_TRACK_GONE,
}
