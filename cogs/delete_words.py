"""The sentences about deleting clips, besides those in `cogs.words`."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

KEEP_MESSAGE: Final = Phrase("Delete, keep the message")
DELETED_FILE: Final = Phrase(
    "Deleted. The message stays; the file and the video service's copy are gone in a moment."
)
ASK_DELETE_THEIRS: Final = Phrase(
    "Delete this clip of {member} for everybody? The message and the file go for good, and what it "
    "cost ({price}) stays spent. Your reason stands in the history."
)
