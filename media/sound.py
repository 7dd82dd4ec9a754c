"""Check an uploaded audio file by decoding it to its end; its bytes stay as they are."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

import av
from av.stream import Disposition

from media.errors import DamagedSound, EmptySound, NotSound, SoundTooLarge, SoundTooLong
from media.model import Sound, SoundFormat, SoundLimits

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

DEFAULT_LIMITS: Final = SoundLimits()
_READERS: Final = {
    SoundFormat.MP3: "mp3",
    SoundFormat.WAV: "wav",
    SoundFormat.OGG: "ogg",
    SoundFormat.M4A: "mp4",
}
_BAD_PART: Final = 0.05  # an odd packet at either end of an MP3 is common, and nobody hears it
_SHORTEST_SECONDS: Final = 0.1


def check_sound(data: bytes, limits: SoundLimits = DEFAULT_LIMITS) -> Sound:
    """Decode an upload to its end and say what it is.

    MP3, WAV, OGG and M4A are taken; the real format counts, never the name. Raises SoundError.
    """
    kind = _kind(data, limits)
    try:
        with _open(data, kind) as file:
            seconds = _decoded_seconds(file, len(data), limits)
    except av.FFmpegError as error:
        raise DamagedSound(kind) from error
    if seconds < _SHORTEST_SECONDS:
        raise DamagedSound(kind)
    return Sound(data=data, format=kind, seconds=seconds, sha256=hashlib.sha256(data).hexdigest())


def _open(data: bytes, kind: SoundFormat) -> InputContainer:
    """Open it with the one reader named, so that no playlist can lead to other files."""
    return av.open(io.BytesIO(data), "r", format=_READERS[kind], metadata_errors="replace")


def _kind(data: bytes, limits: SoundLimits) -> SoundFormat:
    if not data:
        raise EmptySound
    if len(data) > limits.max_bytes:
        raise SoundTooLarge(len(data), limits.max_bytes)
    kind = sniff_sound(data)
    if kind is None:
        raise NotSound(len(data))
    return kind


def sniff_sound(data: bytes) -> SoundFormat | None:
    """Return the audio format that the content begins like, or None."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return SoundFormat.WAV
    if data.startswith(b"OggS"):
        return SoundFormat.OGG
    if data[4:8] == b"ftyp":
        return SoundFormat.M4A
    return SoundFormat.MP3 if data.startswith(b"ID3") or _is_mpeg_frame(data) else None


def _is_mpeg_frame(data: bytes) -> bool:
    """Tell whether an MPEG audio frame of layer III begins here (ISO/IEC 11172-3, 2.4.2.3)."""
    return len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] & 0xF0 != 0xF0


def _decoded_seconds(file: InputContainer, size: int, limits: SoundLimits) -> float:
    stream = _track(file, size)
    declared = (file.duration or 0) / av.time_base
    if declared > limits.max_seconds:
        raise SoundTooLong(declared, limits.max_seconds)
    seconds, packets, bad = 0.0, 0, 0
    for packet in file.demux(stream):
        packets += 1
        try:
            frames = stream.decode(packet)
        except av.FFmpegError:
            bad += 1
            continue
        seconds += sum(frame.samples / frame.sample_rate for frame in frames)
        if seconds > limits.max_seconds:
            raise SoundTooLong(seconds, limits.max_seconds)
    if bad > 1 + packets * _BAD_PART:
        raise av.InvalidDataError(0, f"{bad} of {packets} packets can't be decoded")
    return seconds


def _track(file: InputContainer, size: int) -> AudioStream:
    """Return the sound; a cover picture may stand beside it, a film may not."""
    films = [one for one in file.streams.video if not one.disposition & Disposition.attached_pic]
    stream = next(iter(file.streams.audio), None)
    # PyAV's annotations leave out that there may be no decoder.
    if films or stream is None or getattr(stream, "codec_context", None) is None:
        raise NotSound(size)
    return stream
