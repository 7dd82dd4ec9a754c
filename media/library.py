"""The media store as the engine and the use cases know it: fits `jobs.ports.Library`."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from jobs.errors import BadPicture, BadTrack, PictureFault, StorageDown, TrackFault
from jobs.ports import (
    FetchLater,
    FittedVideo,
    KeptPicture,
    KeptTrack,
    KeptVideo,
    VideoTooLarge,
    VideoUnusable,
)
from media.disk import room_for
from media.errors import (
    BadName,
    CannotFit,
    DamagedPicture,
    DamagedSound,
    EmptyPicture,
    EmptySound,
    JobTimedOut,
    NotAPicture,
    NotSound,
    PictureError,
    SideTooLong,
    SideTooShort,
    SoundError,
    SoundTooLarge,
    SoundTooLong,
    StoreError,
    StoreFull,
    TooManyBytes,
    TooManyPixels,
    UnsupportedFormat,
    VideoError,
    WorkerClosed,
    WorkerCrashed,
    WorkerError,
    WorkerNotStarted,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from media.model import VideoInfo
    from media.store import MediaStore
    from media.worker import MediaWorker

logger = logging.getLogger(__name__)

_FAULTS: Final = {
    EmptyPicture: PictureFault.EMPTY,
    TooManyBytes: PictureFault.TOO_MANY_BYTES,
    NotAPicture: PictureFault.NOT_A_PICTURE,
    UnsupportedFormat: PictureFault.UNSUPPORTED,
    DamagedPicture: PictureFault.DAMAGED,
    TooManyPixels: PictureFault.TOO_LARGE,
    SideTooLong: PictureFault.TOO_LARGE,
    SideTooShort: PictureFault.TOO_SMALL,
}
_SOUND_FAULTS: Final = {
    EmptySound: TrackFault.EMPTY,
    SoundTooLarge: TrackFault.TOO_MANY_BYTES,
    SoundTooLong: TrackFault.TOO_LONG,
    NotSound: TrackFault.NOT_SOUND,
    DamagedSound: TrackFault.DAMAGED,
}


class MediaLibrary:
    """Checks what comes in, keeps it, and hands it out at a size that fits."""

    def __init__(self, store: MediaStore, worker: MediaWorker) -> None:
        self._store = store
        self._worker = worker

    async def keep_picture(self, data: bytes) -> KeptPicture:
        """Check and keep an uploaded picture; the same content twice is kept once.

        Raises BadPicture, also for a file that breaks or holds up the worker; StorageDown when the
        disk is full, the machine gives no process, or the bot is closing.
        """
        try:
            picture = await self._worker.check_picture(data)
            key = await self._store.put_picture(picture)
        except PictureError as error:
            raise _bad_picture(error) from error
        except (StoreError, WorkerClosed, WorkerNotStarted) as error:
            raise StorageDown(str(error)) from error
        except WorkerError as error:
            logger.warning("a picture of %d bytes: %s", len(data), error)
            raise BadPicture(fault=PictureFault.DAMAGED) from error
        return KeptPicture(
            key=key,
            width=picture.width,
            height=picture.height,
            bytes=len(picture.data),
            converted=picture.converted,
            first_frame_only=picture.first_frame_only,
        )

    async def keep_track(self, data: bytes) -> KeptTrack:
        """Check and keep an uploaded audio file; the same content twice is kept once.

        Raises BadTrack, also for a file that breaks or holds up the worker; StorageDown as
        `keep_picture` does.
        """
        try:
            sound = await self._worker.check_sound(data)
            key = await self._store.put_sound(sound)
        except SoundError as error:
            raise _bad_track(error) from error
        except (StoreError, WorkerClosed, WorkerNotStarted) as error:
            raise StorageDown(str(error)) from error
        except WorkerError as error:
            logger.warning("an audio file of %d bytes: %s", len(data), error)
            raise BadTrack(fault=TrackFault.DAMAGED) from error
        return KeptTrack(key=key, bytes=len(sound.data), seconds=sound.seconds)

    def picture_path(self, key: str) -> Path | None:
        """Return where a kept picture or audio file lies, None when it is gone or never was."""
        try:
            return self._store.picture_path(key)
        except BadName:
            return None

    async def keep_video(self, clip_id: int, fetch: Callable[[Path], Awaitable[None]]) -> KeptVideo:
        """Have a video fetched into the store and probe it; one already kept is not fetched again.

        Raises VideoUnusable; FetchLater when the worker failed or the disk takes nothing, since the
        video may be fine; and whatever else `fetch` raises.
        """
        path = self._store.clip_path(clip_id)
        try:
            if await self._store.touch(path):
                try:
                    return _kept(path, await self._worker.probe(path))
                except VideoError as error:
                    logger.warning("the kept video of clip %d is fetched again: %s", clip_id, error)
            return _kept(path, await self._fetched(path, fetch))
        except VideoError as error:
            raise VideoUnusable(f"clip {clip_id}: {error}") from error
        except (WorkerError, StoreError, OSError) as error:
            logger.warning("clip %d is not kept yet: %s", clip_id, error)
            raise FetchLater(f"clip {clip_id}: {error}") from error

    async def fitted(self, file: str, limit: int) -> FittedVideo:
        """Return the video at a size under `limit` bytes; a copy made before is used again.

        Raises VideoUnusable when it is gone or damaged, VideoTooLarge when no copy can be made,
        and media's WorkerClosed when the bot is closing: then it is not for ever.
        """
        try:
            clip_id = self._store.clip_of(file)
            source = self._store.clip_path(clip_id)
            await self._store.touch(source)
            return await self._fit(source, self._store.fitted_path(clip_id, limit), limit)
        except (CannotFit, WorkerCrashed, JobTimedOut, StoreFull) as error:
            logger.warning("video %s has no copy under %d bytes: %s", file, limit, error)
            raise VideoTooLarge(f"{file}: {error}") from error
        except (VideoError, BadName) as error:
            raise VideoUnusable(f"{file}: {error}") from error

    async def poster(self, file: str) -> Path | None:
        """Return a still of a kept video, made at the first call; None when there can be none.

        Looking at it is no use of the video, which is deleted in its time.
        """
        try:
            clip_id = self._store.clip_of(file)
            source, poster = self._store.clip_path(clip_id), self._store.poster_path(clip_id)
            if not await asyncio.to_thread(source.exists):
                return None
            if await self._store.touch(poster):
                return poster
            return await self._store.put_poster(clip_id, await self._worker.poster(source))
        except (VideoError, WorkerError, StoreError) as error:
            logger.warning("video %s has no still: %s", file, error)
            return None

    async def drop_video(self, file: str) -> None:
        """Delete a video and its copies; nothing happens when it is gone or was never one."""
        try:
            clip_id = self._store.clip_of(file)
        except BadName:
            logger.warning("asked to delete a video that has no name of ours")
            return
        await self._store.drop_clip(clip_id)

    async def sweep(self, before: int) -> int:
        """Delete what was last used before then (epoch ms), and leftovers; return how many."""
        dropped = 0
        for stored in await self._store.unused_since(before):
            dropped += await self._store.drop(stored)
        return dropped + await self._store.drop_parts()

    async def _fetched(self, path: Path, fetch: Callable[[Path], Awaitable[None]]) -> VideoInfo:
        part = await self._store.new_part(path)
        try:
            with room_for(path.name):
                await fetch(part)
            info = await self._worker.probe(part)
            await self._store.settle(part, path)
        finally:
            await self._store.discard(part)
        return info

    async def _fit(self, source: Path, target: Path, limit: int) -> FittedVideo:
        if await self._store.touch(target):
            try:
                made = await self._worker.probe(target)
            except VideoError as error:
                logger.warning("%s is made again: %s", target.name, error)
            else:
                return FittedVideo(path=target, bytes=made.size, shrunk=True, height=made.height)
        fitted = await self._worker.fit(source, target, limit)
        await self._store.touch(fitted.path)
        return FittedVideo(
            path=fitted.path, bytes=fitted.size, shrunk=fitted.shrunk, height=fitted.height
        )


def _kept(path: Path, info: VideoInfo) -> KeptVideo:
    return KeptVideo(
        file=path.name,
        bytes=info.size,
        seconds=info.seconds,
        width=info.width,
        height=info.height,
    )


def _bad_track(error: SoundError) -> BadTrack:
    """Say what is wrong with an audio file in the words of `jobs`."""
    limit = int(error.limit) if isinstance(error, SoundTooLarge | SoundTooLong) else 0
    return BadTrack(fault=_SOUND_FAULTS[type(error)], limit=limit)


def _bad_picture(error: PictureError) -> BadPicture:
    """Say what is wrong with a picture in the words of `jobs`."""
    found, limit = "", 0
    if isinstance(error, DamagedPicture | UnsupportedFormat):
        found = error.format
    elif isinstance(error, TooManyBytes | TooManyPixels | SideTooLong | SideTooShort):
        limit = error.limit
    return BadPicture(fault=_FAULTS[type(error)], found=found, limit=limit)
