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

# --- the whole order ----------------------------------------------------------------------------

DELETE_ORDER: Final = Phrase("Delete the whole order")
KEEP_MESSAGES: Final = Phrase("Delete all, keep the messages")
ASK_DELETE_ORDER: Final = Phrase(
    "Or delete the whole order, {clips}: what they cost ({price}) stays spent."
)
ASK_CANCEL_REST: Final = Phrase("What is still in the line is cancelled and costs nothing.")
DELETED_ORDER: Final = Phrase("Deleted: {clips}. The messages go in a moment.")
DELETED_ORDER_FILES: Final = Phrase(
    "Deleted: {clips}. The messages stay; the files and the video service's copies are gone in a "
    "moment."
)
GIVEN_BACK: Final = Phrase("Of those still in the line, and so for free: {clips}.")
