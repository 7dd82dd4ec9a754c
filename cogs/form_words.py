"""The sentences of forms, and of what stands in a form's way; the rest is in `cogs.words`."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

# --- forms ----------------------------------------------------------------------------------

FORM_BATCH: Final = Phrase("Animate pictures")
FORM_PICTURES: Final = Counted("Animate {n} picture", "Animate {n} pictures")
FORM_EDIT: Final = Phrase("Change and order again")
FORM_IMAGE: Final = Phrase("Another picture")
FORM_IMAGES: Final = Phrase("Pictures")
FORM_IMAGES_HINT: Final = Phrase("1 to {most} pictures, up to 20 MB each; each becomes one clip")
FORM_KEEP: Final = Counted(
    "Leave this empty to keep the picture.",
    "Leave this empty to keep the {n} pictures.",
)
FORM_KEEP_TRACK: Final = Phrase(
    "Leave this empty to keep your sound; tick Sound for the effect's own."
)
FORM_PROMPT: Final = Phrase("Prompt")
FORM_PROMPT_HINT: Final = Phrase("What should move, and how: a slow push-in, steam rising")
FORM_AVOID: Final = Phrase("Avoid")
FORM_AVOID_HINT: Final = Phrase("What should not be in the video")

# --- commands and buttons ---------------------------------------------------------------------

BATCH: Final = Phrase("Turn up to 10 pictures into short videos, with one sentence for all of them")
MENU_ANIMATE: Final = "Animate"
MENU_FIRST: Final = Phrase("Only the first {n} pictures of that message are taken.")
EDIT: Final = Phrase("Edit")
FAILED_AGAIN: Final = Phrase("Try the failed ones again")
REOPEN: Final = Phrase("Reopen")
REOPENING: Final = Phrase("**Reopen** brings the form back as it was.")
GOING_PICTURE: Final = Phrase("Picture {number}: in the making")
READY_PICTURE: Final = Phrase("Picture {number}: ready")
DONE_PICTURE: Final = Phrase("Picture {number} did not work out{note}")

# --- refusals -------------------------------------------------------------------------------

FORM_GONE: Final = Phrase("That form is older than a day. Use the command again.")
RECORDS_SLOW: Final = Phrase("It took too long to open the form. Nothing happened; try once more.")
NO_PICTURES: Final = Phrase(
    "There is no picture in that message. Choose one with a picture, or use `/animate`."
)
NO_REUSE: Final = Phrase(
    "This server lets nobody use other members' pictures. Use one of yours, or attach it to "
    "`/animate`."
)
NOTHING_FAILED: Final = Phrase(
    "Nothing of that order failed. Press **Again** on a clip to repeat it."
)
NO_PROMPT_TO_EDIT: Final = Phrase("This clip has no prompt to edit. Press **Again** to repeat it.")
