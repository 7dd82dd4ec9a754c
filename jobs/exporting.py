"""A guild's wallets and entries as CSV files, of whatever size, split to what Discord takes."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from jobs.ids import code

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from jobs.ports import Clock

PAGE: Final = 1000
"""Rows that are read and written at once."""

DAY_MS: Final = 24 * 3600 * 1000
MOST_DAYS: Final = 400

MOST_FILES: Final = 10
"""Files of one message (Discord's reference, "Create Message")."""

_ZIP_MARGIN: Final = 64 * 1024
"""What an archive adds to a file that can't be compressed, and more."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by (OWASP, "CSV Injection")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRow:
    """One wallet as it is now, in credits; the fields are the columns."""

    member: int
    granted: int
    held: int
    charged: int
    frozen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One ledger line; the fields are the columns, times (epoch ms) and `order_id` are worded.

    `expires_at` is when what was granted ends.
    """

    at: int
    member: int
    kind: str
    granted: int
    held: int
    charged: int
    allowance: int
    order_id: int | None
    actor: int | None
    reason: str
    key: str
    expires_at: int | None


class ExportStore(Protocol):
    """A guild's books, page by page."""

    async def wallet_page(self, guild_id: int, after: int, limit: int) -> tuple[WalletRow, ...]:
        """Return wallets of members with a greater id, in the order of their ids."""
        ...

    async def entry_page(
        self, guild_id: int, since: int, until: int, after: tuple[int, str], limit: int
    ) -> tuple[EntryRow, ...]:
        """Return entries of that time (epoch ms) after that time and key, oldest first."""
        ...


class Exporting:
    """Writes a guild's books into files; no more than a page of them is ever in memory."""

    def __init__(self, store: ExportStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def write(self, guild_id: int, days: int, folder: Path) -> tuple[Path, Path]:
        """Write the wallets of now and the entries of so many days; return both files."""
        until = self._clock.now() + 1
        wallets, entries = folder / "wallets.csv", folder / "entries.csv"
        await _written(wallets, _heads(WalletRow), self._wallets(guild_id))
        since = until - days * DAY_MS
        await _written(entries, _heads(EntryRow), self._entries(guild_id, since, until))
        return wallets, entries

    async def _wallets(self, guild_id: int) -> AsyncIterator[list[tuple[Any, ...]]]:
        after = -1
        while page := await self._store.wallet_page(guild_id, after, PAGE):
            yield [astuple(row) for row in page]
            after = page[-1].member

    async def _entries(
        self, guild_id: int, since: int, until: int
    ) -> AsyncIterator[list[tuple[Any, ...]]]:
        after = (since - 1, "")
        while page := await self._store.entry_page(guild_id, since, until, after, PAGE):
            yield [_worded(row) for row in page]
            after = (page[-1].at, page[-1].key)


def _heads(kind: type[WalletRow | EntryRow]) -> tuple[str, ...]:
    names = {"at": "time", "order_id": "order", "expires_at": "expires"}
    return tuple(names.get(one.name, one.name) for one in fields(kind))


def _worded(row: EntryRow) -> tuple[Any, ...]:
    order = "" if row.order_id is None else code(row.order_id)
    actor = "" if row.actor is None else row.actor
    expires = "" if row.expires_at is None else _time(row.expires_at)
    return (
        _time(row.at), row.member, row.kind, row.granted, row.held, row.charged, row.allowance,
        order, actor, row.reason, row.key, expires,
    )  # fmt: skip


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


async def _written(
    path: Path, heads: tuple[str, ...], pages: AsyncIterator[list[tuple[Any, ...]]]
) -> None:
    # With a mark at the start: without it spreadsheets take UTF-8 for something else.
    await asyncio.to_thread(path.write_bytes, _lines([heads]).encode("utf-8-sig"))
    async for page in pages:
        await asyncio.to_thread(_append, path, page)


def _append(path: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    with path.open("ab") as file:
        file.write(_lines(rows).encode())


def _lines(rows: Sequence[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[cell(value) for value in row] for row in rows])
    return text.getvalue()


# --- packing ------------------------------------------------------------------------------------


def packed(paths: Sequence[Path], limit: int) -> list[list[Path]]:
    """Return messages of files, each message within the limit (bytes).

    What fits goes as it is; what does not is cut between lines, and each part is zipped. Blocks.
    """
    sizes = sum(path.stat().st_size for path in paths)
    if sizes <= limit:
        return [list(paths)]
    parts = [_zipped(part) for path in paths for part in _parts(path, limit - _ZIP_MARGIN)]
    messages: list[list[Path]] = []
    room = 0
    for part in parts:
        size = part.stat().st_size
        if not messages or size > room or len(messages[-1]) == MOST_FILES:
            messages.append([])
            room = limit
        messages[-1].append(part)
        room -= size
    return messages


def _parts(path: Path, limit: int) -> Iterator[Path]:
    """Cut a file between lines into parts below the limit, each with the first line of it."""
    if path.stat().st_size <= limit:
        yield path
        return
    with path.open("rb") as file:
        head = file.readline()
        number = 0
        while body := _lines_of(file, limit - len(head)):
            number += 1
            part = path.with_stem(f"{path.stem}-{number}")
            part.write_bytes(head + body)
            yield part


def _lines_of(file: io.BufferedReader, limit: int) -> bytes:
    """Read whole lines of at most that many bytes; a line never holds a break of its own."""
    body = file.read(limit)
    if len(body) < limit:
        return body
    end = body.rfind(b"\n") + 1
    file.seek(end - len(body), io.SEEK_CUR)
    return body[:end]


def _zipped(path: Path) -> Path:
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.write(path, path.name)
    return archive
