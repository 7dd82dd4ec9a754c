"""Use cases of looking back: a member's orders page by page, one of them, and its files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from jobs import soundtracks
from jobs.errors import NoSuchOrder, NotYourOrder, OrderDeleted, OrderGone
from jobs.ids import code, from_code
from jobs.links import vendor_link
from jobs.ports import VideoTooLarge, VideoUnusable
from jobs.schedule import LIFETIME_MS
from jobs.states import DELIVERED, ENDED, NOT_CHARGED, ClipState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jobs.model import Clip, Member, Order
    from jobs.ports import Clock, FittedVideo, Library

PAGE: Final = 5
"""Orders on one page: with a still and a few lines each they stay far below the forty components
and 4,000 characters of a message (Discord's reference, "Components V2")."""

SEARCHED: Final = 200
"""Newest orders in which a half-typed order is looked for."""

SNIPPET: Final = 200
"""Characters of a prompt that a glimpse holds."""


class Shelf(StrEnum):
    """What a list of orders is narrowed to; an order with mixed clips stands on several."""

    ALL = "all"
    MAKING = "making"
    READY = "ready"
    KEPT = "kept"
    FAILED = "failed"


STATES: Final[dict[Shelf, frozenset[ClipState]]] = {
    Shelf.ALL: frozenset(ClipState),
    Shelf.MAKING: frozenset(ClipState) - ENDED,
    Shelf.READY: DELIVERED,
    Shelf.KEPT: frozenset({ClipState.KEPT}),
    Shelf.FAILED: NOT_CHARGED,
}
"""An order is on a shelf when one of its clips that are not deleted is in one of these states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page starts: with the newest order, or next to the order of that id.

    `before` asks for older ones, `after` for newer ones; at most one of them is set.
    """

    before: int | None = None
    after: int | None = None


TOP: Final = Cursor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One read of the store: whose orders, on which shelf, from where, and at most how many."""

    guild_id: int
    user_id: int
    shelf: Shelf = Shelf.ALL
    cursor: Cursor = TOP
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """An order as a choice shows it: its id and the beginning of its prompt."""

    id: int
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Orders, newest first; cursors of the pages beside it, None where there is none."""

    orders: tuple[Order, ...]
    newer: Cursor | None = None
    older: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, in which guild, and whether as one of its moderators."""

    guild_id: int
    user_id: int
    moderates: bool = False


class BrowsingStore(Protocol):
    """What looking back needs from the database: reads only."""

    async def order(self, order_id: int) -> Order | None:
        """Return an order with its clips."""
        ...

    async def order_of_clip(self, clip_id: int) -> Order | None:
        """Return the order that a clip belongs to."""
        ...

    async def orders_of(self, wanted: Slice) -> tuple[Order, ...]:
        """Return a member's orders, newest first; those without any clip left are not there."""
        ...

    async def glimpses(self, wanted: Slice) -> tuple[Glimpse, ...]:
        """Return the same orders as their choices show them."""
        ...

    async def is_of(self, message_id: int, guild_id: int, user_id: int) -> bool:
        """Tell whether a message is the card or a result of one of a member's orders."""
        ...


class Browsing:
    """Everything that a member may look up of earlier orders."""

    def __init__(self, store: BrowsingStore, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._making: set[asyncio.Future[Path | None]] = set()

    def now(self) -> int:
        """Return the time (epoch ms) at which lists are drawn."""
        return self._clock.now()

    async def page(self, guild_id: int, user_id: int, shelf: Shelf, cursor: Cursor) -> Page:
        """Return a page of a member's orders; where nothing is left there, the newest ones."""
        wanted = Slice(
            guild_id=guild_id, user_id=user_id, shelf=shelf, cursor=cursor, limit=PAGE + 1
        )
        found = await self._store.orders_of(wanted)
        more = len(found) > PAGE
        if cursor.after is not None and more:
            return _page(found[-PAGE:], newer=True, older=True)
        if cursor == TOP or (found and cursor.before is not None):
            return _page(found[:PAGE], newer=cursor.before is not None, older=more)
        return await self.page(guild_id, user_id, shelf, TOP)

    async def suggest(self, guild_id: int, user_id: int, text: str, most: int) -> list[Glimpse]:
        """Return a member's newest orders whose code or prompt holds the text."""
        wanted = text.strip().lstrip("#").casefold()
        found = await self._store.glimpses(
            Slice(guild_id=guild_id, user_id=user_id, limit=SEARCHED)
        )
        fits = (one for one in found if wanted in code(one.id) or wanted in one.prompt.casefold())
        return [one for one, _ in zip(fits, range(most), strict=False)]

    async def sources(
        self, guild_id: int, user_id: int, text: str, most: int
    ) -> list[tuple[Order, Clip]]:
        """Return a member's newest clips that sound can be put on, and that the text fits."""
        wanted = text.strip().lstrip("#").casefold()
        shelf = Slice(guild_id=guild_id, user_id=user_id, shelf=Shelf.READY, limit=SEARCHED)
        found: list[tuple[Order, Clip]] = []
        for one in await self._store.glimpses(shelf):
            if wanted.partition("-")[0] not in code(one.id) and wanted not in one.prompt.casefold():
                continue
            order = await self._store.order(one.id)
            if order is None or len(found) >= most or self._is_old(order):
                break
            found += [(order, clip) for clip in order.clips if self._fits(order, clip, wanted)]
        return found[:most]

    def _is_old(self, order: Order) -> bool:
        # Nothing waits in line for a week, so the vendor has thrown all of it away.
        return order.created_at + 2 * LIFETIME_MS < self._clock.now()

    def _fits(self, order: Order, clip: Clip, wanted: str) -> bool:
        named = wanted in soundtracks.name_of(order, clip)
        if not named and wanted not in order.options.title.casefold():
            return False
        return soundtracks.has_source(clip, self._clock.now())

    async def is_of(self, message_id: int, member: Member) -> bool:
        """Tell whether a message of the bot's is the card or a result of what a member ordered."""
        return await self._store.is_of(message_id, member.guild_id, member.user_id)

    async def by_code(self, text: str, viewer: Viewer) -> Order:
        """Return the order of that code. Raises NoSuchOrder, and what `order` raises."""
        order_id = from_code(text)
        if order_id is None:
            raise NoSuchOrder(typed=text)
        return await self.order(order_id, viewer)

    async def order(self, order_id: int, viewer: Viewer) -> Order:
        """Return an order that the viewer may see.

        Raises NoSuchOrder (also for one of another guild), NotYourOrder, OrderDeleted.
        """
        order = await self._store.order(order_id)
        if order is None or order.member.guild_id != viewer.guild_id:
            raise NoSuchOrder(typed=code(order_id))
        _check(order, viewer)
        if all(clip.deleted for clip in order.clips):
            raise OrderDeleted(typed=code(order_id))
        return order

    async def clip(self, clip_id: int, viewer: Viewer) -> tuple[Order, Clip]:
        """Return a clip that the viewer may see. Raises OrderGone or NotYourOrder."""
        order = await self._store.order_of_clip(clip_id)
        if order is None or order.member.guild_id != viewer.guild_id:
            raise OrderGone
        _check(order, viewer)
        clip = next(one for one in order.clips if one.id == clip_id)
        if clip.deleted:
            raise OrderGone
        return order, clip

    async def posters(self, clips: Iterable[Clip], seconds: float) -> dict[int, Path]:
        """Return stills by clip: those that are there, or can be made in so many seconds.

        What takes longer is finished beside, and is there the next time. A clip whose file is
        gone has none.
        """
        making = {
            clip.id: asyncio.ensure_future(self._library.poster(clip.file))
            for clip in clips
            if clip.file and not clip.deleted
        }
        if making:
            await asyncio.wait(making.values(), timeout=seconds)
        found = {}
        for clip_id, task in making.items():
            if not task.done():
                self._making.add(task)
                task.add_done_callback(self._making.discard)
            elif (path := task.result()) is not None:
                found[clip_id] = path
        return found

    async def video(self, clip: Clip, limit: int | None) -> FittedVideo | None:
        """Return a clip's file under `limit` bytes, None where that can't be had."""
        if limit is None or not clip.file:
            return None
        try:
            return await self._library.fitted(clip.file, limit)
        except (VideoTooLarge, VideoUnusable):
            return None

    def link(self, clip: Clip) -> tuple[str, int] | None:
        """Return the vendor's own link while it lives, and when it ends (epoch ms)."""
        return vendor_link(clip, self._clock.now())


def _check(order: Order, viewer: Viewer) -> None:
    if order.member.user_id != viewer.user_id and not viewer.moderates:
        raise NotYourOrder


def _page(orders: tuple[Order, ...], *, newer: bool, older: bool) -> Page:
    if not orders:
        return Page(orders=())
    return Page(
        orders=orders,
        newer=Cursor(after=orders[0].id) if newer else None,
        older=Cursor(before=orders[-1].id) if older else None,
    )
