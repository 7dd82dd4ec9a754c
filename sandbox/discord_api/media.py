"""Shows posted files without delay: an MP4 as it is with a poster frame, and pictures at once."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Final

import av
from PIL import Image
from simcord.preview import _media
from simcord.preview._media import MediaError, MediaInfo, MediaWorker

if TYPE_CHECKING:
    from collections.abc import Callable

    from av.container import InputContainer

_RGBA_BYTES: Final = 4


class PromptWorker(MediaWorker):
    """Looks at files in threads, as many at once as a page shows.

    simcord's own starts a process for each picture, one after another, and refuses a ninth while
    eight wait or when it has taken half a minute; the page shows that picture as broken and never
    asks again. And it turns every MP4 into VP9, which takes far longer than the clip itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, MediaInfo] = {}

    async def validate(
        self, key: str, blob: bytes, *, media_time: float | None = None
    ) -> MediaInfo:
        """Return what the page shows for a file.

        Raises:
            MediaError: it can't be shown.

        """
        describe = _describer(blob)
        if describe is None:
            return await super().validate(key, blob, media_time=media_time)
        if key not in self._seen:
            self._seen[key] = await asyncio.to_thread(describe, blob)
        return self._seen[key]

    def release(self, key: str) -> None:
        """Forget a file that no page shows any more."""
        super().release(key)
        self._seen.pop(key, None)


def _describer(blob: bytes) -> Callable[[bytes], MediaInfo] | None:
    """Return what looks at such a file; None for sound, and for pictures that may move."""
    if blob[4:8] == b"ftyp":
        return describe_video
    still = blob.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    return describe_picture if still or blob[8:12] == b"WEBP" else None


def describe_picture(blob: bytes) -> MediaInfo:
    """Decode a PNG, JPEG or WebP, within simcord's limits.

    Raises:
        MediaError: it can't be decoded, or is too large.

    """
    return _media._inspect_raster(blob, None)  # noqa: SLF001 - else it takes a process of its own


def describe_video(blob: bytes) -> MediaInfo:
    """Probe an MP4 and take its first frame.

    Raises:
        MediaError: it holds no video that can be decoded.

    """
    try:
        with av.open(io.BytesIO(blob), mode="r") as container:
            return _describe(container, blob)
    except (av.FFmpegError, IndexError, StopIteration) as error:
        raise MediaError(f"not a playable MP4: {error}") from error


def _describe(container: InputContainer, blob: bytes) -> MediaInfo:
    video = container.streams.video[0]
    frame = next(container.decode(video))
    codecs = {"video": video.codec_context.name}
    if container.streams.audio:
        codecs["audio"] = container.streams.audio[0].codec_context.name
    picture = io.BytesIO()
    Image.fromarray(frame.to_ndarray(format="rgb24")).save(picture, format="PNG")
    return MediaInfo(
        format="mp4",
        width=frame.width,
        height=frame.height,
        frames=max(1, video.frames),
        decoded_bytes=frame.width * frame.height * _RGBA_BYTES,
        normalized=blob,
        content_type="video/mp4",
        kind="video",
        duration=(container.duration or 0) / av.time_base,
        capture=picture.getvalue(),
        poster=picture.getvalue(),
        source_codecs=codecs,
        display_codecs=codecs,
        transformation="preserved",
        memory_limited=True,  # else the page warns of a missing limit; nothing is decoded there
    )
