"""The sentences of lists: orders one looks back at, models and effects to choose from."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

# --- looking back ---------------------------------------------------------------------------

VIDEOS_HEAD: Final = Phrase("## Your orders")
VIDEOS_HEAD_OF: Final = Phrase("## Orders of {member}")
VIDEOS_HINT: Final = Phrase("Newest first. Choose one to see its videos.")
VIDEOS_NONE: Final = Phrase("Nothing here yet: `/animate` makes your first clip.")
VIDEOS_NONE_OF: Final = Phrase("{member} has ordered nothing here yet.")
VIDEOS_NONE_ON_SHELF: Final = Phrase("There are no such orders. Choose **All orders** below.")
SHELVES: Final = {
    "all": Phrase("All orders"),
    "making": Phrase("In the making"),
    "ready": Phrase("With videos"),
    "kept": Phrase("Kept: could not be posted"),
    "failed": Phrase("Failed or cancelled"),
}
STILL: Final = Phrase("A still of the video")
CHOOSE_SHELF: Final = Phrase("Which orders")
CHOOSE_ORDER: Final = Phrase("Open an order")
CHOOSE_CLIP: Final = Phrase("Choose a clip")
LISTED: Final = Phrase("**#{code}** · {when}")
ORDERED_BY: Final = Phrase("by {member}")
PRIVATE_ORDER: Final = Phrase("private")
GLIMPSE: Final = Phrase("#{code} · {prompt}")
CLIP_CHOICE: Final = Phrase("Clip {number} of {total}")
CLIP_LINE: Final = Phrase("**Clip {number}** · {state}")
CLIP_POSTED: Final = Phrase("posted · {price}")
CLIP_LINK: Final = Phrase("[to its message]({link})")
CLIP_KEPT: Final = Phrase("kept for you, because it could not be posted · {price}")
CLIP_MAKING: Final = Phrase("in the making")
CLIP_FAILED: Final = Phrase("not made, not charged")
CLIP_DELETED: Final = Phrase("deleted")
CLIP_FILE_GONE: Final = Phrase("file no longer kept")
STANDING_READY: Final = Phrase("{ready} of {clips} ready · {price}")
STANDING_ALL_READY: Final = Phrase("{clips} ready · {price}")
STANDING_KEPT: Final = Phrase("{n} kept for you")
STANDING_FAILED: Final = Phrase("{n} not made, not charged")
STANDING_DELETED: Final = Phrase("{n} deleted")
BROUGHT: Final = Phrase("Clip {number} of {total} of order #{code}.")
BROUGHT_ONLY: Final = Phrase("The clip of order #{code}.")
BROUGHT_LINK: Final = Phrase(
    "Its file can't be sent here. [Watch or save it at the video service]({link}) until {end} "
    "({left})."
)
BROUGHT_NOTHING: Final = Phrase("Its file is no longer kept. Press **Again** to make it once more.")
NO_SUCH_ORDER: Final = Phrase(
    "There is no order #{code} here. Choose one from the list of `/videos`."
)
ORDER_DELETED: Final = Phrase("Order #{code} was deleted. Use `/videos` to see the others.")
NOT_YOUR_ORDER: Final = Phrase(
    "That order is somebody else's. Use `/videos` to see your own; only moderators see others'."
)
NOT_MODERATOR: Final = Phrase(
    "Only moderators (Manage Server) can look at somebody else's orders. Leave `member` out to "
    "see yours."
)

# --- models and effects ---------------------------------------------------------------------

MODELS_HEAD: Final = Phrase("## Models")
EFFECTS_HEAD: Final = Phrase("## Effects")
OLDER_LIST: Final = Phrase(
    "-# The video service does not answer now. This is an older list, of {at}."
)
PRICE_RANGE: Final = Phrase("about {low} to {high} a clip")
PRICE_ABOUT: Final = Phrase("about {high} a clip")
MODEL_SOUND: Final = Phrase("can make sound")
MODEL_SILENT: Final = Phrase("no sound")
MODEL_ALWAYS_SOUND: Final = Phrase("always with sound")
MODEL_LAST_FRAME: Final = Phrase("can end on a picture of yours")
MODEL_NO_LAST_FRAME: Final = Phrase("no last frame")
MODEL_MOST: Final = Counted("one clip at a time", "up to {n} variations")
EFFECTS_SOUND: Final = Phrase("with sound of its own or yours")
PREVIEW: Final = Phrase("[Preview]({link})")
USE: Final = Phrase("Use it")
PAGE_BEFORE: Final = Phrase("Back")
PAGE_AFTER: Final = Phrase("More")
FIELD_IMAGE: Final = Phrase("Picture")
FIELD_PROMPT: Final = Phrase("Prompt")
FIELD_AVOID: Final = Phrase("Avoid")
FIELD_FORMAT: Final = Phrase("Size and length")
FIELD_FORMAT_HINT: Final = Phrase(
    "With about what a clip costs; you see the exact price before it counts"
)
FIELD_SOUND: Final = Phrase("Sound")
FIELD_TRACK: Final = Phrase("Your own sound instead")
FORMAT: Final = Phrase("{size} · {n} s · about {price}")
