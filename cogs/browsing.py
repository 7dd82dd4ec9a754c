"""Lists that are leafed through, orders that are opened, and clips that are brought back."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.ui import ActionRow

from cogs import list_words, lists, words
from cogs.dynamic import Pick, Press, Turn, read_id
from cogs.errors import acknowledge
from cogs.moderators import viewer_of
from cogs.results import AgainOrder, CancelOrder, clip_buttons
from cogs.where import services_of, upload_limit
from jobs.browsing import TOP, Cursor, Shelf
from jobs.errors import NotModerator, OrderGone
from jobs.ids import code
from jobs.model import Member
from jobs.posting import limits
from jobs.progress import Phase, progress_of
from jobs.states import DELIVERED, ENDED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from discord.ui import LayoutView, View

    from cogs.client import Muybridge
    from jobs.browsing import Page, Viewer
    from jobs.model import Clip, Order
    from jobs.ports import FittedVideo

    Put = Callable[[str, Sequence[discord.File], View], Awaitable[object]]

POSTER_PATIENCE_S: Final = 4.0
"""A list does not wait longer for its stills; the next look at it has them."""

TOO_LARGE: Final = 40005
"""Request entity too large (Discord's reference, "JSON Error Codes")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which list is looked at, and where: what its buttons and selects remember."""

    owner: int
    shelf: Shelf = Shelf.ALL
    cursor: Cursor = TOP

    @property
    def state(self) -> str:
        """Return what goes into a custom_id; at most 50 characters."""
        if self.cursor.after is not None:
            return f"{self.owner}:{self.shelf}:a{self.cursor.after}"
        if self.cursor.before is not None:
            return f"{self.owner}:{self.shelf}:b{self.cursor.before}"
        return f"{self.owner}:{self.shelf}:t"

    @classmethod
    def of(cls, state: str) -> Look:
        """Read it back. Raises OrderGone for one that no version of ours wrote."""
        found = _STATE.fullmatch(state)
        if found is None:
            raise OrderGone
        at = int(found["at"] or 0)
        way = found["way"]
        return cls(
            owner=read_id(found["owner"]),
            shelf=Shelf(found["shelf"]),
            cursor=Cursor(before=at if way == "b" else None, after=at if way == "a" else None),
        )


_STATE: Final = re.compile(
    rf"(?P<owner>[0-9]{{1,19}}):(?P<shelf>{'|'.join(Shelf)}):(?P<way>[abt])(?P<at>[0-9]{{0,18}})"
)


# --- buttons and selects ------------------------------------------------------------------------


class Leaf(Turn, name="videos"):
    """Newer, Older, and back from an order to its list."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Show that page in the same message."""
        await acknowledge(interaction, update=True)
        await show_list(interaction, Look.of(self.state))


class Narrow(Pick, name="videos-shelf"):
    """Chooses which orders are listed."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Show the newest of them."""
        await acknowledge(interaction, update=True)
        if value not in {shelf.value for shelf in Shelf}:
            raise OrderGone
        await show_list(interaction, Look(owner=Look.of(self.state).owner, shelf=Shelf(value)))


class Open(Pick, name="videos-order"):
    """Opens one of the listed orders."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Show it in place of the list."""
        await acknowledge(interaction, update=True)
        browsing = services_of(interaction).browsing
        order = await browsing.order(read_id(value), await viewer_of(interaction))
        await show_order(interaction, order, Look.of(self.state))
        await bring_kept(interaction, order)


class ChooseClip(Pick, name="videos-clip"):
    """Chooses one clip of an order."""

    async def picked(self, interaction: discord.Interaction, value: str) -> None:
        """Show it alone, with its buttons."""
        await acknowledge(interaction, update=True)
        browsing = services_of(interaction).browsing
        order, clip = await browsing.clip(read_id(value), await viewer_of(interaction))
        await show_order(interaction, order, Look.of(self.state), clip)


class Bring(Press, name="bring", label=words.BRING):
    """Brings a clip's file, for the presser's eyes only."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Send the file at a size that fits, or the link."""
        await acknowledge(interaction)
        viewer = await viewer_of(interaction)
        order, clip = await services_of(interaction).browsing.clip(self.about, viewer)

        async def put(text: str, files: Sequence[discord.File], view: View) -> None:
            await interaction.edit_original_response(content=text, attachments=files, view=view)

        await bring(interaction, order, clip, put)


# --- showing ------------------------------------------------------------------------------------


def check_may_look(viewer: Viewer, owner: int) -> None:
    """Let members look at their own orders, moderators at anybody's. Raises NotModerator."""
    if owner != viewer.user_id and not viewer.moderates:
        raise NotModerator


async def show_list(interaction: discord.Interaction, look: Look) -> None:
    """Draw a page of orders into the private answer. Raises NotModerator."""
    services, viewer = services_of(interaction), await viewer_of(interaction)
    check_may_look(viewer, look.owner)
    browsing = services.browsing
    page = await browsing.page(viewer.guild_id, look.owner, look.shelf, look.cursor)
    stills = await browsing.posters(filter(None, map(_shown, page.orders)), POSTER_PATIENCE_S)
    owner = Member(guild_id=viewer.guild_id, user_id=look.owner)
    heading = lists.heading(owner, viewer, look.shelf, empty=not page.orders)
    with _opened(stills) as files:
        names = {clip_id: file.filename for clip_id, file in files.items()}
        container = lists.listed(page.orders, names, heading, services.naming, browsing.now())
        view = lists.layout(container, tuple(_list_rows(page, look)))
        await _draw(interaction, view, files)


def _shown(order: Order) -> Clip | None:
    """Return the clip whose still stands for an order."""
    return next((clip for clip in order.clips if clip.file and not clip.deleted), None)


@contextmanager
def _opened(stills: dict[int, Path]) -> Iterator[dict[int, discord.File]]:
    """Open stills for a message; without those whose clip is deleted at this very moment."""
    with ExitStack() as opened:
        files = {}
        for clip_id, path in stills.items():
            with suppress(FileNotFoundError):
                files[clip_id] = discord.File(path, filename=f"still-{clip_id}.webp")
                opened.callback(files[clip_id].close)
        yield files


def _list_rows(page: Page, look: Look) -> Iterator[ActionRow[Any]]:
    if page.orders:
        options = [
            discord.SelectOption(label=lists.choice(one.id, one.options.title), value=str(one.id))
            for one in page.orders
        ]
        yield ActionRow(Open(look.state, list_words.CHOOSE_ORDER(), options))
    shelves = [
        discord.SelectOption(
            label=list_words.SHELVES[shelf](), value=shelf.value, default=shelf is look.shelf
        )
        for shelf in Shelf
    ]
    yield ActionRow(Narrow(look.state, list_words.CHOOSE_SHELF(), shelves))
    beside = [
        Leaf(Look(owner=look.owner, shelf=look.shelf, cursor=cursor).state, label())
        for cursor, label in ((page.newer, words.NEWER), (page.older, words.OLDER))
        if cursor is not None
    ]
    if beside:
        yield ActionRow(*beside)


async def show_order(
    interaction: discord.Interaction, order: Order, look: Look, clip: Clip | None = None
) -> None:
    """Draw one order, or one clip of it, with live buttons into the private answer."""
    services, viewer = services_of(interaction), await viewer_of(interaction)
    shown = order.clips if clip is None else (clip,)
    if len(shown) == 1:
        clip = shown[0]
    stills = await services.browsing.posters(shown, POSTER_PATIENCE_S)
    now = services.browsing.now()
    rows = [] if len(order.clips) == 1 else [_clip_choices(order, look, clip)]
    rows += _order_rows(order, clip, Leaf(look.state, words.BACK()), now)
    with _opened(stills) as files:
        names = {clip_id: file.filename for clip_id, file in files.items()}
        container = lists.single(order, shown, names, viewer, services.naming, now)
        await _draw(interaction, lists.layout(container, rows), files)


def _clip_choices(order: Order, look: Look, chosen: Clip | None) -> ActionRow[Any]:
    options = [
        discord.SelectOption(
            label=list_words.CLIP_CHOICE(number=clip.number + 1, total=len(order.clips)),
            value=str(clip.id),
            default=chosen is not None and clip.id == chosen.id,
        )
        for clip in order.clips
        if not clip.deleted
    ]
    return ActionRow(ChooseClip(look.state, list_words.CHOOSE_CLIP(), options))


def _order_rows(order: Order, clip: Clip | None, back: Leaf, now: int) -> list[ActionRow[Any]]:
    """Give an order the buttons that its card or its results have."""
    if progress_of(order, now).phase is Phase.QUEUED:
        return [ActionRow(CancelOrder(order.id), back)]
    if clip is not None and clip.state in DELIVERED and not clip.deleted:
        return [ActionRow(*clip_buttons(order, clip).children), ActionRow(Bring(clip.id), back)]
    return [ActionRow(AgainOrder(order.id), back)]


async def _draw(
    interaction: discord.Interaction, view: LayoutView, files: dict[int, discord.File]
) -> None:
    """Replace the private answer, its stills included.

    Each page has stills of its own; a private message has no other home for them.
    """
    await interaction.edit_original_response(
        view=view,
        attachments=list(files.values()),
        allowed_mentions=discord.AllowedMentions.none(),
    )


# --- bringing back ------------------------------------------------------------------------------


async def bring_kept(interaction: discord.Interaction, order: Order) -> None:
    """Send the clip of an order that was posted nowhere below it, for the asker's eyes only."""
    clip = _kept_alone(order)
    if clip is None:
        return

    async def put(text: str, files: Sequence[discord.File], view: View) -> None:
        await interaction.followup.send(text, files=files, view=view, ephemeral=True)

    await bring(interaction, order, clip, put)


def _kept_alone(order: Order) -> Clip | None:
    """Return the clip of an order that was never posted, if it is the only one there is."""
    kept = [clip for clip in order.clips if clip.state in DELIVERED and not clip.deleted]
    over = all(clip.state in ENDED for clip in order.clips)
    if not over or len(kept) != 1 or kept[0].message_id is not None:
        return None
    return kept[0]


async def bring(interaction: discord.Interaction, order: Order, clip: Clip, put: Put) -> None:
    """Send a clip's file as large as it may be here; else the vendor's link while it lives."""
    services = services_of(interaction)
    for limit in limits(upload_limit(interaction), direct=False):
        video = await services.browsing.video(clip, limit)
        if video is None and limit is not None:
            continue
        link = None if video is not None else services.browsing.link(clip)
        text = lists.brought(order, clip, video, link, services.naming)
        try:
            await _put(put, text, order, clip, video)
        except discord.HTTPException as error:
            if video is None or error.code != TOO_LARGE:
                raise
        else:
            return


async def _put(put: Put, text: str, order: Order, clip: Clip, video: FittedVideo | None) -> None:
    with ExitStack() as opened:
        files = []
        if video is not None:
            name = f"muybridge-{code(order.id)}-{clip.number + 1}.mp4"
            files.append(discord.File(video.path, filename=name))
            opened.callback(files[-1].close)
        await put(text, files, clip_buttons(order, clip))


async def setup(bot: Muybridge) -> None:
    """Make the buttons and selects work."""
    bot.add_buttons(Leaf, Narrow, Open, ChooseClip, Bring)
