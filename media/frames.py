"""Decoded frames as a viewer sees them: turned upright, square pixels, known colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from av.filter import Graph
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

BT709: Final = 1  # ITU-T H.273: the number of BT.709 as matrix, primaries and transfer
UNSPECIFIED: Final = 2
_BT601: Final = 5
_HD_WIDTH: Final = 1024
_HD_HEIGHT: Final = 576
_FILTERS: Final[dict[int, tuple[tuple[str, str | None], ...]]] = {
    90: (("transpose", "clock"),),
    180: (("hflip", None), ("vflip", None)),
    270: (("transpose", "cclock"),),
}


def turn_of(frame: VideoFrame) -> int:
    """Return how far a player turns the frame clockwise: 0, 90, 180 or 270 degrees."""
    # FFmpeg counts counter-clockwise and cuts to whole degrees, so 90 may come as 89.
    return round(-frame.rotation / 90) % 4 * 90


def displayed_size(stream: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """Return the width and height that a player shows: square pixels, turned upright."""
    aspect = stream.sample_aspect_ratio or 1
    width = max(1, round(frame.width * aspect))
    return (width, frame.height) if turn_of(frame) % 180 == 0 else (frame.height, width)


def matrix_of(frame: VideoFrame) -> int:
    """Return the frame's colour matrix; where it names none, the one that players assume by size.

    swscale would take BT.601 for every untagged frame, which is wrong by up to 41 of 255 for HD
    (RENDER.md 9.1).
    """
    if frame.colorspace != UNSPECIFIED:
        return frame.colorspace
    hd = frame.width > _HD_WIDTH or frame.height > _HD_HEIGHT
    return BT709 if hd else _BT601


class Straightener:
    """Makes upright frames of one size out of the frames of one video.

    `pixels` is "yuv420p" for frames to encode (BT.709, limited range) or "rgb24" for a still.
    """

    def __init__(self, *, width: int, height: int, turn: int, pixels: str) -> None:
        self._stored = (width, height) if turn % 180 == 0 else (height, width)
        self._turn = turn
        self._pixels = pixels
        self._scaler = VideoReformatter()
        self._graph: Graph | None = None

    def straighten(self, frame: VideoFrame) -> VideoFrame:
        """Return the frame scaled, in known colours and upright; its time is kept."""
        rgb = self._pixels == "rgb24"
        straight = self._scaler.reformat(
            frame,
            *self._stored,
            format=self._pixels,
            src_colorspace=matrix_of(frame),
            # For RGB any matrix but the source's own will do: PyAV sets up none for equal ones.
            dst_colorspace=_BT601 if rgb else BT709,
            interpolation=Interpolation.BICUBIC,
            src_color_range=_range_of(frame),
            dst_color_range=ColorRange.MPEG,
        )
        if not rgb:
            straight.colorspace = BT709
            straight.color_range = ColorRange.MPEG.value
        return straight if self._turn == 0 else self._turned(straight)

    def _turned(self, frame: VideoFrame) -> VideoFrame:
        if self._graph is None:
            self._graph = _turning(frame, self._turn)
        self._graph.vpush(frame)
        return self._graph.vpull()


def _range_of(frame: VideoFrame) -> ColorRange:
    full = frame.color_range == ColorRange.JPEG.value or frame.format.name.startswith("yuvj")
    return ColorRange.JPEG if full else ColorRange.MPEG


def _turning(frame: VideoFrame, turn: int) -> Graph:
    graph = Graph()
    chain = [
        graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=frame.time_base,
        )
    ]
    chain += [graph.add(name, arguments) for name, arguments in _FILTERS[turn]]
    chain.append(graph.add("buffersink"))
    graph.link_nodes(*chain).configure()
    return graph
