"""Fakes of the engine's ports that obey the test: here the vendor and the media store."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jobs.errors import BadPicture, BadTrack, PictureFault, TrackFault
from jobs.ports import (
    FetchGone,
    FetchLater,
    FittedVideo,
    KeptPicture,
    KeptTrack,
    KeptVideo,
    LookFailed,
    Made,
    MadeClip,
    Seen,
    SeenStatus,
    SubmitOutcome,
    VideoTooLarge,
    VideoUnusable,
)
from tests.fake_clock import START, FakeClock, Hooks
from tests.fake_courier import FakeCourier, Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from jobs.catalogue import Effect, Model
    from jobs.ports import RenderRequest

__all__ = [
    "NOT_A_PICTURE",
    "NOT_A_TRACK",
    "NOT_A_VIDEO",
    "START",
    "STILL",
    "Accept",
    "FakeClock",
    "FakeCourier",
    "FakeLibrary",
    "FakeRenderer",
    "Hooks",
    "Message",
]

NOT_A_VIDEO: Final = b"not a video"
NOT_A_PICTURE: Final = b"not a picture"
NOT_A_TRACK: Final = b"not a track"
STILL: Final = b"RIFF\x04\x00\x00\x00WEBP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """A create that the vendor takes, at `cost` credits a clip.

    `refused` notes stand for the clips it does not make, `fewer` for those it says nothing of;
    `reply` is what our side hears instead of the truth.
    """

    cost: int | None = None
    refused: tuple[str, ...] = ()
    fewer: int = 0
    reply: SubmitOutcome | None = None


class FakeRenderer:
    """A vendor that bills what it makes; each queue is taken from the left, one item a call."""

    def __init__(self, cost: int = 10) -> None:
        self.cost = cost
        self.hooks = Hooks()
        self.requests: list[RenderRequest] = []
        self.answers: deque[Accept | SubmitOutcome] = deque()
        self.bill: dict[str, int] = {}
        self.seen: dict[str, Seen] = {}
        self.hidden: set[str] = set()
        self.looks: list[tuple[str, ...]] = []
        self.look_faults: deque[LookFailed] = deque()
        self.most_ids = 1000
        self.fetched: list[str] = []
        self.fetch_faults: deque[FetchGone | FetchLater] = deque()
        self.videos: dict[str, bytes] = {}
        self.deleted: list[str] = []
        self.delete_faults: deque[LookFailed] = deque()
        self.offered: tuple[Model, ...] = ()
        self.effects_offered: tuple[Effect, ...] = ()

    async def submit(self, request: RenderRequest) -> SubmitOutcome:
        await self.hooks.pass_by("submit:before")
        self.requests.append(request)
        answer = self.answers.popleft() if self.answers else Accept()
        outcome = self._accept(request, answer) if isinstance(answer, Accept) else answer
        await self.hooks.pass_by("submit:after")
        return outcome

    def _accept(self, request: RenderRequest, answer: Accept) -> SubmitOutcome:
        cost = self.cost if answer.cost is None else answer.cost
        count = request.count - len(answer.refused) - answer.fewer
        made = tuple(self.make(cost) for _ in range(count))
        return answer.reply or Made(clips=made, refused=answer.refused)

    def make(self, cost: int) -> MadeClip:
        """Make and bill a clip of which our side has not heard yet."""
        vendor_id = f"{len(self.bill) + 1:024x}"
        self.bill[vendor_id] = cost
        self.seen[vendor_id] = Seen(vendor_id=vendor_id, status=SeenStatus.WAITING)
        return MadeClip(vendor_id=vendor_id, cost=cost)

    def finish(self, vendor_id: str, *, cost: int | None = None) -> None:
        """Let a clip be done, its charge being what was billed unless another is named."""
        self.bill[vendor_id] = self.bill[vendor_id] if cost is None else cost
        link = f"https://vendor.invalid/{vendor_id}.mp4"
        self.videos.setdefault(link, f"the video {vendor_id}".encode())
        self.seen[vendor_id] = Seen(
            vendor_id=vendor_id, status=SeenStatus.DONE, link=link, cost=self.bill[vendor_id]
        )

    def finish_all(self) -> None:
        """Let everything that still renders be done."""
        for vendor_id, seen in self.seen.items():
            if seen.status is SeenStatus.WAITING:
                self.finish(vendor_id)

    def fail(self, vendor_id: str, *, cost: int = 0, note: str = "moderation") -> None:
        """Let a clip fail, charged all the same when `cost` is not zero."""
        self.bill[vendor_id] = cost
        self.seen[vendor_id] = Seen(
            vendor_id=vendor_id, status=SeenStatus.FAILED, cost=cost, note=note
        )

    async def look(self, vendor_ids: Sequence[str]) -> tuple[Seen, ...]:
        await self.hooks.pass_by("look:before")
        self.looks.append(tuple(vendor_ids))
        if self.look_faults:
            raise self.look_faults.popleft()
        if len(vendor_ids) > self.most_ids:
            raise LookFailed(f"more than {self.most_ids} ids", refused=True)
        known = [one for one in vendor_ids if one in self.seen and one not in self.hidden]
        await self.hooks.pass_by("look:after")
        return tuple(self.seen[one] for one in known)

    async def fetch(self, link: str, target: Path) -> None:
        await self.hooks.pass_by("fetch:before")
        self.fetched.append(link)
        if self.fetch_faults:
            raise self.fetch_faults.popleft()
        if link not in self.videos:
            raise FetchGone(link)
        await asyncio.to_thread(target.write_bytes, self.videos[link])
        await self.hooks.pass_by("fetch:after")

    async def delete(self, vendor_ids: Sequence[str]) -> tuple[str, ...]:
        await self.hooks.pass_by("delete:before")
        if self.delete_faults:
            raise self.delete_faults.popleft()
        self.deleted += vendor_ids
        for vendor_id in vendor_ids:
            self.seen.pop(vendor_id, None)
        await self.hooks.pass_by("delete:after")
        return tuple(vendor_ids)

    async def models(self) -> tuple[Model, ...]:
        await self.hooks.pass_by("models:before")
        if not self.offered:
            raise LookFailed("no list today", refused=False)
        return self.offered

    async def effects(self) -> tuple[Effect, ...]:
        await self.hooks.pass_by("effects:before")
        if not self.effects_offered:
            raise LookFailed("no list today", refused=False)
        return self.effects_offered


class FakeLibrary:
    """Keeps pictures and videos as plain files in a folder; a size is a number of bytes."""

    def __init__(self, folder: Path, *, shrinks: bool = True) -> None:
        self.folder = folder
        self.shrinks = shrinks
        self.stills_vanish = False
        self.hooks = Hooks()

    async def keep_picture(self, data: bytes) -> KeptPicture:
        if data == NOT_A_PICTURE:
            raise BadPicture(fault=PictureFault.NOT_A_PICTURE, found="text")
        key = f"{hashlib.sha256(data).hexdigest()[:16]}.png"
        (self.folder / key).write_bytes(data)
        return KeptPicture(key=key, width=640, height=480, bytes=len(data), converted=False)

    async def keep_track(self, data: bytes) -> KeptTrack:
        if data == NOT_A_TRACK:
            raise BadTrack(fault=TrackFault.NOT_SOUND)
        key = f"{hashlib.sha256(data).hexdigest()[:16]}.mp3"
        (self.folder / key).write_bytes(data)
        return KeptTrack(key=key, bytes=len(data), seconds=3.0)

    def picture_path(self, key: str) -> Path | None:
        path = self.folder / key
        return path if path.exists() else None

    async def keep_video(self, clip_id: int, fetch: Callable[[Path], Awaitable[None]]) -> KeptVideo:
        path = self.folder / f"{clip_id}.mp4"
        if not path.exists():
            part = self.folder / f"{clip_id}.part"
            await fetch(part)
            if part.read_bytes() == NOT_A_VIDEO:
                raise VideoUnusable(path.name)
            await self.hooks.pass_by("keep:before")
            part.rename(path)
        await self.hooks.pass_by("keep:after")
        size = path.stat().st_size
        return KeptVideo(file=path.name, bytes=size, seconds=5.0, width=1280, height=720)

    async def fitted(self, file: str, limit: int) -> FittedVideo:
        path = self.folder / file
        if not path.exists():
            raise VideoUnusable(file)
        size = path.stat().st_size
        if size <= limit:
            return FittedVideo(path=path, bytes=size, shrunk=False, height=720)
        if not self.shrinks:
            raise VideoTooLarge(file)
        small = path.with_suffix(".small.mp4")
        small.write_bytes(path.read_bytes()[:limit])
        return FittedVideo(path=small, bytes=limit, shrunk=True, height=360)

    async def poster(self, file: str) -> Path | None:
        if not (self.folder / file).exists():
            return None
        still = self.folder / f"{file}.webp"
        still.write_bytes(STILL)
        if self.stills_vanish:
            still.unlink()
        return still

    async def drop_video(self, file: str) -> None:
        (self.folder / file).unlink(missing_ok=True)

    async def sweep(self, before: int) -> int:
        old = [path for path in self.folder.iterdir() if path.stat().st_mtime * 1000 < before]
        for path in old:
            path.unlink()
        return len(old)
