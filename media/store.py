"""The folder where pictures and videos are kept, and what each file in it is called."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from media.disk import PART_SUFFIX, new_part, settle, stamp, write_whole
from media.errors import BadName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobs.ports import Clock
    from media.model import Picture, Sound

_PICTURE_NAME: Final = re.compile(r"[0-9a-f]{64}\.(?:png|jpeg)")
_SOUND_NAME: Final = re.compile(r"[0-9a-f]{64}\.(?:mp3|wav|ogg|m4a)")
_VIDEO_NAME: Final = re.compile(r"([1-9][0-9]{0,18})\.mp4")
_SPREAD: Final = 100  # folders with some thousand files each stay quick to list
_DAY: Final = 24 * 60 * 60 * 1000


class Shelf(StrEnum):
    """The folders inside the store."""

    PICTURES = "pictures"
    SOUNDS = "sounds"
    CLIPS = "clips"
    POSTERS = "posters"
    FITTED = "fitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file of the store: its shelf and path, bytes, and last use (epoch ms)."""

    shelf: Shelf
    path: Path
    size: int
    used_at: int


class MediaStore:
    """Pictures and sounds by their content, videos by their clip; each is there whole or not.

    `pictures/<first two>/<sha256>.<png or jpeg>`, `sounds` alike; `clips/<id % 100>/<id>.mp4`,
    with `posters` and `fitted` alike. Names are checked, so none can lead out of the folder. A
    file's time is its last use by the given clock. Every write is on the disk when it returns, and
    raises StoreFull when there is no room; doing one twice does nothing more.
    """

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    # --- pictures and sounds ---

    async def put_picture(self, picture: Picture) -> str:
        """Keep a checked picture; return its key."""
        key = f"{picture.sha256}.{picture.format.value}"
        path = self._picture(key)
        if not await self.touch(path):
            await asyncio.to_thread(write_whole, path, picture.data, self._clock.now())
        return key

    async def put_sound(self, sound: Sound) -> str:
        """Keep a checked audio file; return its key."""
        key = f"{sound.sha256}.{sound.format.value}"
        path = self._picture(key)
        if not await self.touch(path):
            await asyncio.to_thread(write_whole, path, sound.data, self._clock.now())
        return key

    def picture_path(self, key: str) -> Path | None:
        """Return where a picture or sound lies, None when it is gone; a use. Raises BadName."""
        path = self._picture(key)
        try:
            stamp(path, self._clock.now())
        except FileNotFoundError:
            return None
        return path

    async def drop_picture(self, key: str) -> None:
        """Delete a picture; nothing happens when it is gone. Raises BadName."""
        await asyncio.to_thread(self._picture(key).unlink, missing_ok=True)

    # --- videos ---

    def clip_path(self, clip_id: int) -> Path:
        """Return where a clip's video lies, or will lie."""
        return self._of_clip(Shelf.CLIPS, clip_id, ".mp4")

    def poster_path(self, clip_id: int) -> Path:
        """Return where a clip's still picture lies, or will lie."""
        return self._of_clip(Shelf.POSTERS, clip_id, ".webp")

    def fitted_path(self, clip_id: int, limit: int) -> Path:
        """Return where a clip's copy for a limit of so many bytes lies, or will lie."""
        return self._of_clip(Shelf.FITTED, clip_id, f"-{limit:d}.mp4")

    def clip_of(self, file: str) -> int:
        """Return the clip that a video's name belongs to. Raises BadName."""
        match = _VIDEO_NAME.fullmatch(file)
        if match is None:
            raise BadName(file)
        return int(match[1])

    async def new_part(self, target: Path) -> Path:
        """Make an empty file on the way to `target`, a path that this store gave out."""
        return await asyncio.to_thread(new_part, target)

    async def settle(self, part: Path, target: Path) -> None:
        """Make a filled part the file itself."""
        await asyncio.to_thread(settle, part, target, self._clock.now())

    async def discard(self, part: Path) -> None:
        """Delete a part that came to nothing; nothing happens when it was settled."""
        await asyncio.to_thread(part.unlink, missing_ok=True)

    async def put_poster(self, clip_id: int, data: bytes) -> Path:
        """Keep a clip's still picture (WebP)."""
        path = self.poster_path(clip_id)
        await asyncio.to_thread(write_whole, path, data, self._clock.now())
        return path

    async def drop_clip(self, clip_id: int) -> None:
        """Delete a clip's video and all that was made of it."""
        await asyncio.to_thread(self._drop_clip, clip_id)

    # --- keeping house ---

    async def touch(self, path: Path) -> bool:
        """Note a file's use; False when it is gone."""
        try:
            await asyncio.to_thread(stamp, path, self._clock.now())
        except FileNotFoundError:
            return False
        return True

    async def unused_since(self, before: int) -> tuple[Stored, ...]:
        """Return the files whose last use was before then (epoch ms), unfinished ones not."""
        return await asyncio.to_thread(lambda: tuple(self._older(before, parts=False)))

    async def drop_parts(self) -> int:
        """Delete unfinished files of a day ago, left by a process that died; return how many."""
        return await asyncio.to_thread(self._drop_parts, self._clock.now() - _DAY)

    async def drop(self, stored: Stored) -> bool:
        """Delete a listed file, unless it is gone or was used since; return whether it was."""
        return await asyncio.to_thread(_drop, stored)

    def _picture(self, key: str) -> Path:
        if _PICTURE_NAME.fullmatch(key) is not None:
            return self._root / Shelf.PICTURES / key[:2] / key
        if _SOUND_NAME.fullmatch(key) is not None:
            return self._root / Shelf.SOUNDS / key[:2] / key
        raise BadName(key)

    def _of_clip(self, shelf: Shelf, clip_id: int, end: str) -> Path:
        if clip_id < 1:
            raise BadName(str(clip_id))
        return self._root / shelf / f"{clip_id % _SPREAD:02d}" / f"{clip_id:d}{end}"

    def _drop_clip(self, clip_id: int) -> None:
        # The video goes last: if the process dies on the way, its name still leads back here.
        for copy in self.fitted_path(clip_id, 0).parent.glob(f"{clip_id:d}-*.mp4"):
            copy.unlink(missing_ok=True)
        self.poster_path(clip_id).unlink(missing_ok=True)
        self.clip_path(clip_id).unlink(missing_ok=True)

    def _older(self, before: int, *, parts: bool) -> Iterator[Stored]:
        for shelf in Shelf:
            for path in (self._root / shelf).glob("*/*"):
                if (path.suffix == PART_SUFFIX) is parts:
                    state = path.stat()
                    used_at = state.st_mtime_ns // 1_000_000
                    if used_at < before:
                        yield Stored(shelf=shelf, path=path, size=state.st_size, used_at=used_at)

    def _drop_parts(self, before: int) -> int:
        stale = list(self._older(before, parts=True))
        for stored in stale:
            stored.path.unlink(missing_ok=True)
        return len(stale)


def _drop(stored: Stored) -> bool:
    try:
        if stored.path.stat().st_mtime_ns // 1_000_000 != stored.used_at:
            return False
        stored.path.unlink()
    except FileNotFoundError:
        return False
    return True
