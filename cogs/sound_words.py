"""The sentences about new sound for a finished clip; the rest is in `cogs.words`."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

SOUNDTRACK: Final = Phrase("Put new sound on one of your finished videos; it becomes a new video")
SOUNDTRACK_VIDEO: Final = Phrase(
    "Which of your videos of the last seven days, by its code or its prompt"
)
SOUNDTRACK_TRACK: Final = Phrase(
    "Your own sound: MP3, WAV, OGG or M4A, up to 20 MB; without it the video service makes some"
)
SOUND: Final = Phrase("Sound")
NEW_SOUND: Final = Phrase("new sound for #{name}")

REASON_REFUSED: Final = Phrase(
    "The video service put no sound on it{note}. Use `/soundtrack` with another video or track."
)
REASON_TRACK_GONE: Final = Phrase(
    "The audio file could no longer be handed over. Use `/soundtrack` and attach it again."
)

UNKNOWN: Final = Phrase(
    "You have no video #{typed} here. Choose one from the list that `/soundtrack` offers."
)
SEVERAL: Final = Phrase(
    "Order #{typed} has several videos. Choose one from the list that `/soundtrack` offers."
)
NOT_READY: Final = Phrase("That video is still being made. Try again when it is here.")
NOT_MADE: Final = Phrase(
    "No video came of that order, so there is nothing to put sound on. Choose another video."
)
EXPIRED: Final = Phrase(
    "The video service keeps a video for seven days, and this one is too old for new sound. Press "
    "**Again** below it to make it once more."
)
