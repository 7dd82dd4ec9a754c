"""Make a video small enough for an upload limit, with as little loss as it takes."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import av

from media.disk import PART_SUFFIX, is_full
from media.errors import CannotFit, NotAVideo, StoreFull
from media.ladder import FITS, climb_down, keeps_audio, rungs
from media.model import Container, Fitted
from media.tracks import CopiedSound, NewSound, PictureTrack
from media.video import open_video, picture_track, probe, sound_track

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer, OutputContainer

    from media.ladder import Rung
    from media.model import VideoInfo
    from media.tracks import Track


def fit(source: Path, target: Path, limit_bytes: int) -> Fitted:
    """Return the video in a file that Discord takes, under `limit_bytes`.

    A fitting MP4 is left as it is and `target` is not made. Else it is encoded into `target`, in
    H.264 at one constant quality under a bit-rate cap, at the largest size that the limit can
    pay for; when that comes out above the limit, one size smaller (RENDER.md 6). `target`
    appears whole or not at all.

    Raises CannotFit when even the smallest size stays above, or the video can't be decoded to its
    end; StoreFull when `target` has no room; and what `probe` raises.
    """
    info = probe(source)
    if info.size <= FITS * limit_bytes and info.container is Container.MP4:
        return Fitted(
            path=source, size=info.size, width=info.width, height=info.height, shrunk=False
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}{PART_SUFFIX}")

    def encode(rung: Rung) -> int:
        _encode(source, part, info, rung)
        return part.stat().st_size

    try:
        found = climb_down(rungs(info, limit_bytes), limit_bytes, encode)
        if found is not None:
            part.replace(target)
    except (av.FFmpegError, OSError) as error:
        if is_full(error.errno):
            raise StoreFull(target.name) from error
        if _is_the_sources(error):
            raise CannotFit(info.size, limit_bytes) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    if found is None:
        raise CannotFit(info.size, limit_bytes)
    rung, size = found
    return Fitted(path=target, size=size, width=rung.width, height=rung.height, shrunk=True)


def _is_the_sources(error: Exception) -> bool:
    """Return whether the video is to blame: bad frames, or times that run backwards (EINVAL)."""
    return isinstance(error, av.error.InvalidDataError) or (
        isinstance(error, av.FFmpegError) and error.errno == errno.EINVAL
    )


def _encode(source: Path, target: Path, info: VideoInfo, rung: Rung) -> None:
    """Write the whole video into a new file at one size."""
    with (
        open_video(source, info.container) as old,
        # The index goes first, so that players start before all is loaded.
        av.open(
            str(target), "w", format="mp4", container_options={"movflags": "+faststart"}
        ) as new,
    ):
        tracks = _tracks(old, new, info, rung)
        for packet in old.demux([old.streams[index] for index in tracks]):
            for carried in tracks[packet.stream.index].carry(packet):
                new.mux(carried)


def _tracks(
    old: InputContainer, new: OutputContainer, info: VideoInfo, rung: Rung
) -> dict[int, Track]:
    """Return picture and sound by their number in the old file."""
    picture = picture_track(old)
    if picture is None:
        raise NotAVideo(info.size, "it has no picture track that can be decoded")
    tracks: dict[int, Track] = {picture.index: PictureTrack(picture, new, rung, info.fps)}
    sound = sound_track(old)
    if sound is not None:
        tracks[sound.index] = (CopiedSound if keeps_audio(info) else NewSound)(sound, new)
    return tracks
