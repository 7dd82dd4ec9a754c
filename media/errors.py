"""Why a picture or a video can't be used, or a media job or file came to nothing."""

from __future__ import annotations

# Every class passes its data on as positional arguments, because an exception crosses from the
# worker process by pickle, which calls the class again with `args`.
# ruff: noqa: N818 - the tree is read as outcomes, and so named


class MediaError(Exception):
    """Anything that `media` raises."""


# --- pictures -------------------------------------------------------------------------------


class PictureError(MediaError):
    """An uploaded picture can't be used."""


class EmptyPicture(PictureError):
    """The upload has no bytes at all."""

    def __str__(self) -> str:
        return "the file is empty, expected a picture"


class TooManyBytes(PictureError):
    """The file is above the limit; both in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"the picture has {self.size} bytes, at most {self.limit} are taken"


class NotAPicture(PictureError):
    """The content begins like no file that we know; `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return f"the file ({self.size} bytes) is not a picture in any format we know"


class UnsupportedFormat(PictureError):
    """The content is of a known kind that can't be read here; `format` names it, like "heic"."""

    def __init__(self, format: str) -> None:  # noqa: A002 - the word for it
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"the file is {self.format.upper()}, expected PNG or JPEG"


class DamagedPicture(PictureError):
    """The content begins like its `format`, but is cut short or broken."""

    def __init__(self, format: str) -> None:  # noqa: A002
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"the {self.format.upper()} file is cut short or damaged"


class TooManyPixels(PictureError):
    """More pixels than are decoded; the size is None where the decoder would not even say it."""

    def __init__(self, width: int | None, height: int | None, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width = width
        self.height = height
        self.limit = limit

    def __str__(self) -> str:
        size = f"{self.width}x{self.height} pixels" if self.width else "too many pixels"
        return f"the picture has {size}, at most {self.limit} in all are taken"


class SideTooLong(PictureError):
    """One side is above the limit; all in pixels."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width = width
        self.height = height
        self.limit = limit

    def __str__(self) -> str:
        return f"the picture is {self.width}x{self.height}, no side may exceed {self.limit} pixels"


class SideTooShort(PictureError):
    """One side is below the limit; all in pixels."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width = width
        self.height = height
        self.limit = limit

    def __str__(self) -> str:
        return f"the picture is {self.width}x{self.height}, each side needs {self.limit} pixels"


# --- sound ----------------------------------------------------------------------------------


class SoundError(MediaError):
    """An uploaded audio file can't be used."""


class EmptySound(SoundError):
    """The upload has no bytes at all."""

    def __str__(self) -> str:
        return "the file is empty, expected sound"


class SoundTooLarge(SoundError):
    """The audio file is above the limit; both in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"the audio file has {self.size} bytes, at most {self.limit} are taken"


class NotSound(SoundError):
    """The content is no sound in a format that we take, or a film; `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return f"the file ({self.size} bytes) is not MP3, WAV, OGG or M4A sound"


class DamagedSound(SoundError):
    """The content begins like its `format`, but can't be decoded, or holds no sound."""

    def __init__(self, format: str) -> None:  # noqa: A002
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"the {self.format.upper()} file is cut short, damaged or silent"


class SoundTooLong(SoundError):
    """The sound runs longer than is taken; both in seconds."""

    def __init__(self, seconds: float, limit: float) -> None:
        super().__init__(seconds, limit)
        self.seconds = seconds
        self.limit = limit

    def __str__(self) -> str:
        return f"the sound runs {self.seconds:.0f} s, at most {self.limit:.0f} s are taken"


# --- videos ---------------------------------------------------------------------------------


class VideoError(MediaError):
    """A video can't be used."""


class NotAVideo(VideoError):
    """The file has no picture track that can be decoded; `size` in bytes, `reason` in words."""

    def __init__(self, size: int, reason: str) -> None:
        super().__init__(size, reason)
        self.size = size
        self.reason = reason

    def __str__(self) -> str:
        return f"the file ({self.size} bytes) is not a video: {self.reason}"


class Truncated(VideoError):
    """The video ends before its own header says it does; `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return f"the video is cut short after {self.size} bytes"


class TooLong(VideoError):
    """The video runs longer than we handle; both in seconds."""

    def __init__(self, seconds: float, limit: float) -> None:
        super().__init__(seconds, limit)
        self.seconds = seconds
        self.limit = limit

    def __str__(self) -> str:
        return f"the video runs {self.seconds:.0f} s, at most {self.limit:.0f} s are handled"


class FrameTooLarge(VideoError):
    """The video's frames are larger than we decode; all in pixels."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width = width
        self.height = height
        self.limit = limit

    def __str__(self) -> str:
        return f"the video is {self.width}x{self.height}, no side may exceed {self.limit} pixels"


class CannotFit(VideoError):
    """Even the smallest picture that is worth showing stays above the limit; both in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"the video ({self.size} bytes) can't be made to fit {self.limit} bytes"


# --- the worker process ---------------------------------------------------------------------


class WorkerError(MediaError):
    """A job of the worker process came to nothing; its input may be fine."""


class WorkerCrashed(WorkerError):
    """The process died under a job, or the job failed for no reason that we know."""

    def __init__(self, job: str, reason: str) -> None:
        super().__init__(job, reason)
        self.job = job
        self.reason = reason

    def __str__(self) -> str:
        return f"the media job {self.job} broke its process: {self.reason}"


class JobTimedOut(WorkerError):
    """A job took longer than it may and its process was killed; in seconds."""

    def __init__(self, job: str, seconds: float) -> None:
        super().__init__(job, seconds)
        self.job = job
        self.seconds = seconds

    def __str__(self) -> str:
        return f"the media job {self.job} was stopped after {self.seconds:g} s"


class WorkerNotStarted(WorkerError):
    """The machine gave no process: out of file descriptors, memory or process numbers."""

    def __init__(self, job: str, reason: str) -> None:
        super().__init__(job, reason)
        self.job = job
        self.reason = reason

    def __str__(self) -> str:
        return f"no process could be started for {self.job}: {self.reason}"


class WorkerClosed(WorkerError):
    """The worker was closed before a job was done."""

    def __init__(self, job: str) -> None:
        super().__init__(job)
        self.job = job

    def __str__(self) -> str:
        return f"the media worker was closed, {self.job} is not done"


# --- the store ------------------------------------------------------------------------------


class StoreError(MediaError):
    """The folder on disk can't take or give a file."""


class StoreFull(StoreError):
    """No room is left on the disk, or the quota is used up; `name` is the file's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"no room left on the disk for {self.name}"


class BadName(StoreError):
    """A name that this store never gave out; it may try to leave the folder."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"{self.name!r:.80} is not a name of the media store"
