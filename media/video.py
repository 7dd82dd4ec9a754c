"""Look at a video file: what it holds, whether it is whole, and a still from its middle."""

from __future__ import annotations

import io
import stat
from typing import TYPE_CHECKING, Final

import av
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream
from PIL import Image

from media.boxes import is_whole
from media.errors import FrameTooLarge, NotAVideo, TooLong, Truncated
from media.frames import Straightener, displayed_size, turn_of
from media.model import Container, VideoInfo, VideoLimits
from media.sniff import FileKind, sniff

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame


DEFAULT_LIMITS: Final = VideoLimits()
_HEAD: Final = 4096
_LOST_SECONDS: Final = 0.5
_LOST_PART: Final = 0.05
_THREADS: Final = 2
_POSTER_QUALITY: Final = 82  # RENDER.md 7


def probe(path: Path, limits: VideoLimits = DEFAULT_LIMITS) -> VideoInfo:
    """Return what a video file holds, once it is sure that all of it is there.

    The index is checked, every packet is read to the end, and the first picture is decoded;
    the rest is not. Raises NotAVideo (also for web pages, empty and missing files), Truncated,
    TooLong, FrameTooLarge.
    """
    size, container = _kind(path)
    try:
        with open_video(path, container) as file:
            scan = _Scan(file, size, limits)
            scan.read(file)
            return scan.info(container)
    except av.FFmpegError as error:
        raise NotAVideo(size, f"it can't be read as {container}") from error


def poster(path: Path, max_side: int = 1280) -> bytes:
    """Return the frame from the middle of a video as WebP, no side above `max_side` pixels.

    Raises what `probe` raises.
    """
    info = probe(path)
    try:
        with open_video(path, info.container) as file:
            stream, frame = _middle_frame(file, info)
            width, height = _within(displayed_size(stream, frame), max_side)
            straight = Straightener(
                width=width, height=height, turn=turn_of(frame), pixels="rgb24"
            ).straighten(frame)
    except av.FFmpegError as error:
        raise NotAVideo(info.size, "its middle can't be decoded") from error
    out = io.BytesIO()
    plane = straight.planes[0]
    still = Image.frombytes("RGB", (width, height), bytes(plane), "raw", "RGB", plane.line_size)
    still.save(out, "WEBP", quality=_POSTER_QUALITY)
    return out.getvalue()


def open_video(path: Path, container: Container) -> InputContainer:
    """Open a video with the one reader named, so that no playlist can lead to other files."""
    return av.open(str(path.absolute()), "r", format=container.value, metadata_errors="replace")


def picture_track(file: InputContainer) -> VideoStream | None:
    """Return the moving picture's track; a cover does not count, nor one in an unknown codec."""
    stream = file.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:
        return None
    if not _has_decoder(stream):
        return None
    stream.thread_count = _THREADS
    return stream


def sound_track(file: InputContainer) -> AudioStream | None:
    """Return the sound's track; None for silence, and for sound that nobody could hear."""
    stream = file.streams.best("audio")
    return stream if isinstance(stream, AudioStream) and _has_decoder(stream) else None


def _has_decoder(stream: Stream) -> bool:
    # PyAV's annotations leave out that there may be none.
    return getattr(stream, "codec_context", None) is not None


def _kind(path: Path) -> tuple[int, Container]:
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise NotAVideo(0, "it is gone") from error
    if not stat.S_ISREG(state.st_mode):
        raise NotAVideo(0, "it is no regular file")
    with path.open("rb") as file:
        kind = sniff(file.read(_HEAD))
        if kind is FileKind.MATROSKA:
            return state.st_size, Container.MATROSKA
        if kind is not FileKind.MP4:
            found = "empty" if state.st_size == 0 else kind or "of an unknown kind"
            raise NotAVideo(state.st_size, f"it is {found}, expected mp4")
        if not is_whole(file, state.st_size):
            raise Truncated(state.st_size)
    return state.st_size, Container.MP4


class _Scan:
    """What is gathered while the packets of a file go by."""

    def __init__(self, file: InputContainer, size: int, limits: VideoLimits) -> None:
        stream = picture_track(file)
        if stream is None:
            raise NotAVideo(size, "it has no picture track that can be decoded")
        self.stream = stream
        self.audio = sound_track(file)
        self.size = size
        self.limits = limits
        self.declared = (file.duration or 0) / av.time_base
        self.frame: VideoFrame | None = None
        self.pictures = 0
        self.audio_bytes = 0
        self.start: float | None = None
        self.end = 0.0
        self._check_header()

    def _check_header(self) -> None:
        if self.declared > self.limits.max_seconds:
            raise TooLong(self.declared, self.limits.max_seconds)
        width, height = self.stream.width, self.stream.height
        if max(width, height) > self.limits.max_side:
            raise FrameTooLarge(width, height, self.limits.max_side)

    def read(self, file: InputContainer) -> None:
        """Let every packet of picture and sound go by."""
        tracks: list[Stream] = [self.stream, *([self.audio] if self.audio else [])]
        for count, packet in enumerate(file.demux(tracks)):
            if count >= self.limits.max_packets or self.seconds > self.limits.max_seconds:
                raise TooLong(self.seconds, self.limits.max_seconds)
            if packet.is_corrupt:
                raise Truncated(self.size)
            if packet.stream.index == self.stream.index:
                self._picture(packet)
            else:
                self.audio_bytes += packet.size

    @property
    def seconds(self) -> float:
        """How long the pictures seen so far last."""
        return 0.0 if self.start is None else self.end - self.start

    def _picture(self, packet: Packet) -> None:
        if self.frame is None:
            # The packet that ends the track is empty and makes the decoder give what it held back.
            self.frame = next(iter(self.stream.decode(packet)), None)
        if packet.size == 0:
            return
        self.pictures += 1
        at = packet.pts if packet.pts is not None else packet.dts
        if at is not None:
            begins = float(at * packet.time_base)
            ends = begins + float((packet.duration or 0) * packet.time_base)
            self.start = begins if self.start is None else min(self.start, begins)
            self.end = max(self.end, ends)

    def info(self, container: Container) -> VideoInfo:
        """Return what was seen, once it is sure that it is all."""
        if self.frame is None:
            raise NotAVideo(self.size, "no picture in it can be decoded")
        seconds = self.seconds
        if seconds <= 0:
            raise NotAVideo(self.size, "it has no length")
        self._check_complete(seconds)
        width, height = displayed_size(self.stream, self.frame)
        return VideoInfo(
            container=container,
            width=width,
            height=height,
            seconds=seconds,
            fps=self.pictures / seconds,
            video_codec=self.stream.codec_context.codec.canonical_name,
            audio_codec=self.audio.codec_context.codec.canonical_name if self.audio else None,
            audio_bps=self.audio_bytes * 8 / seconds,
            size=self.size,
        )

    def _check_complete(self, seconds: float) -> None:
        """Compare with the promised length: of the track, or of all when an edit shortens it."""
        promised = self.declared
        if self.stream.duration and self.stream.time_base:
            promised = min(promised, float(self.stream.duration * self.stream.time_base))
        if promised - seconds > max(_LOST_SECONDS, _LOST_PART * promised):
            raise Truncated(self.size)


def _middle_frame(file: InputContainer, info: VideoInfo) -> tuple[VideoStream, VideoFrame]:
    stream = picture_track(file)
    if stream is None or stream.time_base is None:
        raise NotAVideo(info.size, "it has no picture track that can be decoded")
    middle = info.seconds / 2 + float((stream.start_time or 0) * stream.time_base)
    file.seek(int(middle / stream.time_base), stream=stream)
    last: VideoFrame | None = None
    for frame in file.decode(stream):
        last = frame
        if frame.pts is None or frame.time >= middle:
            break
    if last is None:
        raise NotAVideo(info.size, "its middle can't be decoded")
    return stream, last


def _within(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Return the size scaled down, never up, so that no side passes `max_side`."""
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
