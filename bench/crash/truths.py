"""The three truths about a run: the vendor's bill, the ledger, and what stands in the channels."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.crash.asking import number_in
from jobs.ids import from_code
from jobs.model import Options
from sandbox.akool_api.settings import Status
from storage.audit import audit
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord.backend.models import Message

    from sandbox.studio import Studio
    from storage.database import Database, Transaction


# --- the vendor's bill ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A clip at the vendor; `take` is the number in its prompt, `paid` what it cost in the end."""

    vendor_id: str
    take: int | None
    request: int
    paid: int
    done: bool
    at: int


def bill_of(studio: Studio) -> list[Rendered]:
    """Read what the vendor made and took."""
    store = studio.akool.store
    paid = store.charged()
    return [
        Rendered(
            vendor_id=clip.id,
            take=number_in(clip.order.prompt),
            request=clip.receipt.request,
            paid=paid[clip.id],
            done=clip.status is Status.DONE,
            at=clip.create_time,
        )
        for clip in store.clips.values()
    ]


# --- the ledger -------------------------------------------------------------------------------


async def open_books(url: str, usual: Path) -> Database:
    """Open the bot's database: by its URL, or else the SQLite file that is the usual one."""
    if url.startswith("postgresql:"):
        return await PostgresDatabase.open(url)
    return await SqliteDatabase.open(Path(url.removeprefix("sqlite:///")) if url else usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A clip in the database; credits. `entries` are its lines of the ledger, (time, kind, …)."""

    id: int
    order_id: int
    number: int
    state: str
    note: str
    quote: int
    vendor_id: str | None
    free: bool
    file: str
    entries: tuple[tuple[int, str, int, int], ...]

    @property
    def charged(self) -> int:
        """What its member paid."""
        return sum(charged for _, _, charged, _ in self.entries)

    @property
    def house(self) -> int:
        """What the operator paid."""
        return sum(house for _, _, _, house in self.entries)

    @property
    def settled(self) -> int:
        """How often it was charged."""
        return sum(kind == "settle" for _, kind, _, _ in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order in the database; `take` is the number in its prompt."""

    id: int
    take: int | None
    user_id: int
    private: bool
    clips: tuple[Booked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All orders, and a sentence for each thing that does not add up."""

    orders: tuple[Placed, ...]
    wrong: tuple[str, ...]

    @property
    def clips(self) -> Iterator[Booked]:
        """All clips of all orders."""
        return (clip for order in self.orders for clip in order.clips)


async def ledger_of(database: Database) -> Ledger:
    """Read the database of a bot that is stopped."""
    return Ledger(orders=await database.read(_orders), wrong=tuple(await audit(database)))


def _orders() -> Transaction[tuple[Placed, ...]]:
    entries: dict[int, list[tuple[int, str, int, int]]] = defaultdict(list)
    for row in (yield ("SELECT * FROM entries WHERE clip_id IS NOT NULL ORDER BY at, key", ())):
        line = (int(row["at"]), str(row["kind"]), int(row["charged"]), int(row["house"]))
        entries[row["clip_id"]].append(line)
    clips: dict[int, list[Booked]] = defaultdict(list)
    for row in (yield ("SELECT * FROM clips ORDER BY order_id, number", ())):
        clips[row["order_id"]].append(_booked(row, tuple(entries[row["id"]])))
    orders = yield ("SELECT * FROM orders ORDER BY id", ())
    return tuple(_placed(row, tuple(clips[row["id"]])) for row in orders)


def _booked(row: Any, entries: tuple[tuple[int, str, int, int], ...]) -> Booked:  # noqa: ANN401
    return Booked(
        id=row["id"],
        order_id=row["order_id"],
        number=row["number"],
        state=row["state"],
        note=row["note"] or row["reason"] or "",
        quote=row["quote"],
        vendor_id=row["vendor_id"],
        free=bool(row["free"]),
        file=row["file"],
        entries=entries,
    )


def _placed(row: Any, clips: tuple[Booked, ...]) -> Placed:  # noqa: ANN401
    options = Options.from_json(row["options"])
    return Placed(
        id=row["id"],
        take=number_in(options.prompt),
        user_id=row["user_id"],
        private=options.private,
        clips=clips,
    )


# --- the channels -----------------------------------------------------------------------------

_VIDEO: Final = re.compile(r"muybridge-(\w+)-(\d+)\.mp4")
_CARD: Final = re.compile(r"\*\*Order #(\w+)")
_NOTICE: Final = re.compile(r"[Nn]o video came of order #(\w+)")


@dataclass(slots=True, kw_only=True)
class Channels:
    """What the bot has posted for all: times (epoch ms) of results, cards and notices."""

    results: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    cards: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def channels_of(studio: Studio) -> Channels:
    """Read every message of the bot's that is not an answer to one member."""
    found = Channels()
    backend = studio.discord.world.backend
    for messages in backend.messages.values():
        for message in messages.values():
            if message.author_id == backend.bot_user.id and not message.is_ephemeral:
                _sort_in(message, found)
    return found


def _sort_in(message: Message, found: Channels) -> None:
    at = (message.id >> 22) + 1_420_070_400_000  # Discord's epoch (docs: reference, "Snowflakes")
    for attachment in message.attachments:
        if video := _VIDEO.fullmatch(str(attachment["filename"])):
            found.results[from_code(video[1]) or 0, int(video[2]) - 1].append(at)
    if card := _CARD.match(message.content):
        found.cards[from_code(card[1]) or 0].append(at)
    if notice := _NOTICE.search(message.content):
        found.notices[from_code(notice[1]) or 0].append(at)
