"""Carry one track of a video into a new file: encode its pictures, copy or encode its sound."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

from av.codec.context import ThreadType
from av.video.reformatter import ColorRange

from media.frames import BT709, UNSPECIFIED, Straightener, turn_of
from media.ladder import AUDIO_BPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from media.ladder import Rung

_CRF: Final = "19"  # RENDER.md 6
_LARGE: Final = 1080
_AAC_RATE: Final = 48_000
_THREADS: Final = 2  # more would cost memory and the bot's share of the CPU
_RATE_DENOMINATOR: Final = 1001  # that of 24000/1001, the finest rate in use


class Track(Protocol):
    """One track on its way; must be made before the first packet is written."""

    def carry(self, packet: Packet) -> Iterator[Packet]:
        """Take one packet of the source, yield those to write; the empty last one ends it."""
        ...


class PictureTrack:
    """Pictures, decoded and encoded anew with H.264 at one size."""

    def __init__(
        self, source: VideoStream, target: OutputContainer, rung: Rung, fps: float
    ) -> None:
        self._source = source
        self._rung = rung
        self._straightener: Straightener | None = None
        source.thread_type = ThreadType.AUTO
        self._target = target.add_stream(
            "libx264",
            rate=Fraction(fps).limit_denominator(_RATE_DENOMINATOR),
            options=_options(rung),
        )
        self._target.width = rung.width
        self._target.height = rung.height
        self._target.pix_fmt = "yuv420p"
        self._target.thread_count = _THREADS
        self._keep_time()
        self._tag_colours()

    def carry(self, packet: Packet) -> Iterator[Packet]:
        """Decode, straighten and encode what a packet brings."""
        for frame in self._source.decode(packet):
            yield from self._target.encode(self._straight(frame))
        if packet.size == 0:
            yield from self._target.encode(None)

    def _straight(self, frame: VideoFrame) -> VideoFrame:
        if self._straightener is None:
            self._straightener = Straightener(
                width=self._rung.width,
                height=self._rung.height,
                turn=turn_of(frame),
                pixels="yuv420p",
            )
        straight = self._straightener.straighten(frame)
        straight.pict_type = 0  # else x264 repeats the source's choice of key frames
        return straight

    def _keep_time(self) -> None:
        """Count in the source's ticks, so that frames of uneven length keep their times."""
        if self._source.time_base is not None:
            self._target.codec_context.time_base = self._source.time_base

    def _tag_colours(self) -> None:
        context, source = self._target.codec_context, self._source.codec_context
        context.colorspace = BT709
        context.color_range = ColorRange.MPEG.value
        # Straightening changes the matrix and the range, never these two.
        context.color_primaries = _named(source.color_primaries)
        context.color_trc = _named(source.color_trc)


class CopiedSound:
    """Sound, taken over packet by packet."""

    def __init__(self, source: AudioStream, target: OutputContainer) -> None:
        self._target = target.add_stream_from_template(source)

    def carry(self, packet: Packet) -> Iterator[Packet]:
        """Hand the packet on."""
        if packet.size:
            packet.stream = self._target
            yield packet


class NewSound:
    """Sound, decoded and encoded anew with AAC, in mono or stereo."""

    def __init__(self, source: AudioStream, target: OutputContainer) -> None:
        self._source = source
        self._target = target.add_stream("aac", rate=_AAC_RATE)
        self._target.bit_rate = AUDIO_BPS
        self._target.layout = "mono" if source.channels == 1 else "stereo"

    def carry(self, packet: Packet) -> Iterator[Packet]:
        """Decode and encode what a packet brings."""
        for frame in self._source.decode(packet):
            yield from self._target.encode(frame)
        if packet.size == 0:
            yield from self._target.encode(None)


def _options(rung: Rung) -> dict[str, str]:
    """Return x264's options: one quality, and a cap that the whole clip can't pass."""
    large = min(rung.width, rung.height) > _LARGE
    return {
        "crf": _CRF,
        "preset": "superfast" if large else "veryfast",
        "maxrate": str(rung.bits_per_second),
        "bufsize": str(rung.buffer_bits),
    }


def _named(colour: int) -> int:
    return BT709 if colour in {0, UNSPECIFIED} else colour
