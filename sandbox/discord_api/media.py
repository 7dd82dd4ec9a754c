"""Shows posted MP4 files as they are: the original H.264, with a poster frame."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Final

import av
from PIL import Image
from simcord.preview._media import MediaError, MediaInfo, MediaWorker

if TYPE_CHECKING:
    from av.container import InputContainer

_RGBA_BYTES: Final = 4


class PlainVideoWorker(MediaWorker):
    """simcord's page turns every MP4 into VP9, which takes far longer than the clip itself."""

    def __init__(self) -> None:
        super().__init__()
        self._videos: dict[str, MediaInfo] = {}

    async def validate(
        self, key: str, blob: bytes, *, media_time: float | None = None
    ) -> MediaInfo:
        """Return what the page shows for a file.

        Raises:
            MediaError: it can't be shown.

        """
        if blob[4:8] != b"ftyp":
            return await super().validate(key, blob, media_time=media_time)
        if key not in self._videos:
            self._videos[key] = await asyncio.to_thread(describe_video, blob)
        return self._videos[key]


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
