"""Draw lists of orders and single orders as containers with stills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord.ui import Container, LayoutView, Section, Separator, TextDisplay, Thumbnail

from cogs import list_words, posts, share_words, words
from cogs.escape import escaped, one_line
from cogs.escape import link as safe_link
from cogs.render import dotted, quoted, settings, small
from cogs.sharing import address
from jobs.browsing import Shelf
from jobs.ids import code
from jobs.progress import Phase, progress_of
from jobs.sharing import shared_message
from jobs.states import DELIVERED, ENDED, NOT_CHARGED, ClipState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from discord.ui import ActionRow

    from cogs.render import Naming
    from jobs.browsing import Viewer
    from jobs.model import Clip, Member, Order
    from jobs.ports import FittedVideo

ACCENT: Final = 0xB5651D
"""The sepia of an old print."""

_LISTED_PROMPT: Final = 140
_PROMPT: Final = 600
_AVOID: Final = 200
_CHOICE: Final = 100
_LINK: Final = 1000


def layout(container: Container[Any], rows: Sequence[ActionRow[Any]]) -> LayoutView:
    """Put rows of buttons and selects below a container; without a timeout, as `dynamic.row`."""
    view = LayoutView(timeout=None)
    view.add_item(container)
    for row in rows:
        view.add_item(row)
    return view


# --- the list ---------------------------------------------------------------------------------


def listed(
    orders: Sequence[Order],
    stills: Mapping[int, str],
    heading: str,
    naming: Naming,
    now: int,
) -> Container[Any]:
    """Draw a page of orders, each with the still of its first video that has one.

    `stills` are, by clip, the names under which they are attached.
    """
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(TextDisplay(heading))
    for order in orders:
        container.add_item(Separator(visible=True))
        still = next((stills[clip.id] for clip in order.clips if clip.id in stills), None)
        container.add_item(_with_still(entry(order, naming, now), still))
    return container


def heading(owner: Member, viewer: Viewer, shelf: Shelf, *, empty: bool) -> str:
    """Word the head of a list, and what to do where it is empty."""
    own = owner.user_id == viewer.user_id
    member = f"<@{owner.user_id}>"
    head = list_words.VIDEOS_HEAD() if own else list_words.VIDEOS_HEAD_OF(member=member)
    if not empty:
        return f"{head}\n{small(list_words.VIDEOS_HINT())}"
    if shelf is not Shelf.ALL:
        return f"{head}\n{list_words.VIDEOS_NONE_ON_SHELF()}"
    return (
        f"{head}\n{list_words.VIDEOS_NONE() if own else list_words.VIDEOS_NONE_OF(member=member)}"
    )


def entry(order: Order, naming: Naming, now: int) -> str:
    """Word an order in a list: code, when, prompt, settings, and where it stands."""
    lines = (
        _head(order),
        quoted(order.options.prompt, _LISTED_PROMPT),
        small(settings(order.options, naming), words.clips(len(order.clips))),
        standing(order, now),
    )
    return "\n".join(line for line in lines if line)


def _head(order: Order, *others: str) -> str:
    private = list_words.PRIVATE_ORDER() if order.options.private else ""
    head = list_words.LISTED(code=code(order.id), when=words.when(order.created_at))
    return dotted(head, private, *others)


def standing(order: Order, now: int) -> str:
    """Say where an order stands, as one reads it later: what there is, and what there is not."""
    said = _standing(order, now)
    return said[:1].upper() + said[1:]


def _standing(order: Order, now: int) -> str:
    progress = progress_of(order, now)
    left = [clip for clip in order.clips if not clip.deleted]
    ready = [clip for clip in left if clip.state in DELIVERED]
    if progress.phase is not Phase.DONE or (not ready and len(left) == len(order.clips)):
        return posts.state(order, progress)
    return "; ".join(_counted(order, left, ready))


def _counted(order: Order, left: Sequence[Clip], ready: Sequence[Clip]) -> Iterator[str]:
    total, price = len(order.clips), words.money(sum(clip.charged or 0 for clip in order.clips))
    whole = list_words.STANDING_ALL_READY if len(ready) == total else list_words.STANDING_READY
    yield whole(ready=len(ready), clips=words.clips(total), price=price)
    kept = sum(clip.state is ClipState.KEPT for clip in left)
    failed = sum(clip.state in NOT_CHARGED for clip in left)
    for count, template in (
        (kept, list_words.STANDING_KEPT),
        (failed, list_words.STANDING_FAILED),
        (total - len(left), list_words.STANDING_DELETED),
    ):
        if count:
            yield template(n=count)


def choice(order_id: int, prompt: str) -> str:
    """Word an order as a choice: plain text, in which nothing is escaped."""
    return named_choice(code(order_id), prompt)


def named_choice(name: str, prompt: str) -> str:
    """Word what has that name and prompt as a choice, in the same way."""
    return clipped(list_words.GLIMPSE(code=name, prompt=one_line(prompt)))


def clipped(choice: str) -> str:
    """Return a choice at the length that Discord allows."""
    return choice if len(choice) <= _CHOICE else f"{choice[: _CHOICE - 1]}…"


# --- one order --------------------------------------------------------------------------------


def single(
    order: Order,
    clips: Sequence[Clip],
    stills: Mapping[int, str],
    viewer: Viewer,
    naming: Naming,
    now: int,
) -> Container[Any]:
    """Draw one order with some of its clips: all of them, or the one that was chosen.

    Where none of them came to anything, the order alone says it all.
    """
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(TextDisplay("\n".join(_about(order, viewer, naming, now))))
    if not any(clip.state in DELIVERED for clip in clips):
        return container
    container.add_item(Separator(visible=True))
    for clip in clips:
        line = clip_line(order, clip, own=order.member.user_id == viewer.user_id)
        container.add_item(_with_still(line, stills.get(clip.id)))
    return container


def _about(order: Order, viewer: Viewer, naming: Naming, now: int) -> Iterator[str]:
    options = order.options
    own = order.member.user_id == viewer.user_id
    yield _head(order, "" if own else list_words.ORDERED_BY(member=f"<@{order.member.user_id}>"))
    if options.prompt:
        yield quoted(options.prompt, _PROMPT)
    yield small(settings(options, naming), words.clips(len(order.clips)))
    if options.avoid:
        yield small(words.AVOIDING(avoid=escaped(options.avoid, _AVOID)))
    yield standing(order, now)
    if any(clip.state in NOT_CHARGED for clip in order.clips) and _over(order):
        yield small(posts.reason(order))


def _over(order: Order) -> bool:
    return all(clip.state in ENDED for clip in order.clips)


def clip_line(order: Order, clip: Clip, *, own: bool) -> str:
    """Say what became of a clip, with the way to its message if the reader can go there."""
    parts = [_clip_state(clip)]
    if clip.state is ClipState.POSTED and not clip.deleted:
        parts.append(_way(order, clip, own=own))
    shared = None if clip.deleted else shared_message(clip)
    if shared is not None:
        parts.append(share_words.CLIP_SHARED(link=address(order, shared)))
    if clip.state in DELIVERED and not clip.deleted and not clip.file:
        parts.append(list_words.CLIP_FILE_GONE())
    return list_words.CLIP_LINE(number=clip.number + 1, state=dotted(*parts))


def _clip_state(clip: Clip) -> str:
    if clip.deleted:
        return list_words.CLIP_DELETED()
    price = _price(clip)
    if clip.state is ClipState.POSTED:
        return list_words.CLIP_POSTED(price=price)
    if clip.state is ClipState.KEPT:
        return list_words.CLIP_KEPT(price=price)
    return list_words.CLIP_FAILED() if clip.state in NOT_CHARGED else list_words.CLIP_MAKING()


def _price(clip: Clip) -> str:
    return words.money(clip.charged) if clip.charged else words.NOT_CHARGED()


def _way(order: Order, clip: Clip, *, own: bool) -> str:
    """Link to a clip's message; one in direct messages is of no use to anybody but its owner."""
    if clip.channel_id is None or clip.message_id is None:
        return ""
    direct = clip.channel_id != order.place.channel_id
    if direct and not own:
        return ""
    where = "@me" if direct else order.member.guild_id
    address = f"https://discord.com/channels/{where}/{clip.channel_id}/{clip.message_id}"
    return list_words.CLIP_LINK(link=address)


def _with_still(text: str, still: str | None) -> Section[Any] | TextDisplay[Any]:
    if still is None:
        return TextDisplay(text)
    return Section(TextDisplay(text), accessory=_thumbnail(still))


def _thumbnail(still: str) -> Thumbnail[Any]:
    return Thumbnail(f"attachment://{still}", description=list_words.STILL())


# --- a clip that is brought back --------------------------------------------------------------


def brought(
    order: Order,
    clip: Clip,
    video: FittedVideo | None,
    link: tuple[str, int] | None,
    naming: Naming,
) -> str:
    """Word the private message that brings a clip's file, or its link at the vendor."""
    total = len(order.clips)
    first = (list_words.BROUGHT if total > 1 else list_words.BROUGHT_ONLY)(
        number=clip.number + 1, total=total, code=code(order.id)
    )
    what = small(settings(order.options, naming), _price(clip))
    lines = (first, quoted(order.options.prompt, _PROMPT), what, _file(video, link))
    return "\n".join(line for line in lines if line)


def _file(video: FittedVideo | None, link: tuple[str, int] | None) -> str:
    if video is not None:
        shrunk = words.SHRUNK_TO if video.height else words.SHRUNK
        return small(shrunk(height=video.height)) if video.shrunk else ""
    address = "" if link is None else safe_link(link[0])
    if link is None or not address or len(address) > _LINK:
        return list_words.BROUGHT_NOTHING()
    return list_words.BROUGHT_LINK(link=address, end=words.date(link[1]), left=words.when(link[1]))
