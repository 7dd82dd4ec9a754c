"""Every sentence that a member reads, as templates with named places, so they can be translated."""

from __future__ import annotations

from typing import Final

# --- counting and times ---------------------------------------------------------------------

CREDITS: Final = ("{n} credit", "{n} credits")
CLIPS: Final = ("{n} clip", "{n} clips")
SECONDS: Final = "{low}–{high} s"  # noqa: RUF001 - the dash of a range
MINUTES: Final = "{low}–{high} min"  # noqa: RUF001 - the dash of a range
ABOUT_MINUTES: Final = "about {n} min"
ABOUT_SECONDS: Final = "about {n} s"
PERIODS: Final = {"day": "today", "week": "this week", "month": "this month"}
MEGABYTES: Final = "{n} MB"


def counted(n: int, forms: tuple[str, str]) -> str:
    """Put a number before its noun, in the right form."""
    return forms[n != 1].format(n=f"{n:,}")


def money(n: int) -> str:
    """Say an amount of credits."""
    return counted(n, CREDITS)


def clips(n: int) -> str:
    """Say a number of clips."""
    return counted(n, CLIPS)


def when(at: int) -> str:
    """Say how far a moment (epoch ms) is; Discord keeps it up to date by itself."""
    return f"<t:{at // 1000}:R>"


def date(at: int) -> str:
    """Say a moment (epoch ms) in the reader's own time zone."""
    return f"<t:{at // 1000}:f>"


# --- commands -------------------------------------------------------------------------------

ANIMATE: Final = "Turn a picture and a sentence into a short video"
ANIMATE_IMAGE: Final = "The picture to start from: PNG, JPEG, WebP and others, up to 20 MB"
ANIMATE_PROMPT: Final = "What should move, and how: a slow push-in, steam rising"
ANIMATE_MODEL: Final = "Which model renders it"
ANIMATE_RESOLUTION: Final = "How large the video is"
ANIMATE_SECONDS: Final = "How long the video is"
ANIMATE_VARIATIONS: Final = "How many different clips of the same picture: 1 to 10"
ANIMATE_AVOID: Final = "What should not be in the video"
ANIMATE_LAST_FRAME: Final = "A picture to end on; not every model can"
ANIMATE_SOUND: Final = "Let the model make sound, too; not every model can"
ANIMATE_PRIVATE: Final = "Send it to you alone, by direct message; moderators can still look at it"
CREDITS_COMMAND: Final = "What you can spend, what is left of your allowance, and what you spent"

VIDEOS: Final = "Your orders in this server, and what became of them"
VIDEOS_ORDER: Final = "One order, by its code or a word of its prompt: brings its videos back"
VIDEOS_MEMBER: Final = "For moderators: whose orders to look at"

EFFECT: Final = "Turn a picture into a short video with a ready-made effect"
EFFECT_EFFECT: Final = "Which effect; /effects shows them all"
EFFECT_SOUND: Final = "Let the video service make sound, too"
EFFECT_TRACK: Final = "Your own sound: MP3, WAV, OGG or M4A, up to 10 minutes and 20 MB"
EFFECT_FAST: Final = "Render it faster; it may cost more"

MODELS: Final = "Which models there are: sizes, lengths, prices, sound, last frame"
EFFECTS: Final = "Which effects there are, with pictures and previews"

# --- choices while typing -------------------------------------------------------------------

CHOICE: Final = "{name} · about {price} a clip"
CHOICE_SOUND: Final = "{name}, with sound"
CHOICE_SECONDS: Final = "{n} s"

# --- buttons --------------------------------------------------------------------------------

CONFIRM: Final = "Confirm"
CANCEL: Final = "Cancel"
AGAIN: Final = "Again"
DELETE: Final = "Delete"
DELETE_FOR_GOOD: Final = "Delete for good"
NEWER: Final = "Newer"
OLDER: Final = "Older"
BACK: Final = "All orders"
BRING: Final = "Get the video"

# --- offers and receipts --------------------------------------------------------------------

PRICE: Final = "**{price}**"
PRICE_AT_MOST: Final = "At most **{price}**"
PRICE_OF_SEVERAL: Final = "{price} ({n} × {each})"  # noqa: RUF001 - it is a product
OFFER: Final = "{price}; you can spend {spendable} and would keep {left}{wait}."
OFFER_CONFIRM: Final = "Nothing is spent until you press **Confirm**."
RECEIPT: Final = "{price}, you keep {left}{wait}."
WAIT: Final = "; usually ready in {wait}"
ORDER: Final = "Order #{code}"
PRIVATE: Final = "It comes to you by direct message. Members don't see it; moderators can."
FIRST_FRAME: Final = "Your picture moves: only its first frame is used."
CONVERTED: Final = "Your picture was converted, because not every format can be sent on."
ASKS_FIRST: Final = (
    "-# Such a clip lately cost more than was quoted, so this asks first. You never pay more than "
    "the price above."
)
ALREADY: Final = "That is ordered already, as #{code}: nothing is spent twice."
DISMISSED: Final = "Cancelled. Nothing was spent."
TOO_LATE: Final = (
    "That was ordered already. While it is queued, **Cancel** on its card gives everything back."
)
RETRY: Final = "**Confirm** tries again, and orders once at most."

# --- the card -------------------------------------------------------------------------------

CARD_HEAD: Final = "**Order #{code}**"
CARD: Final = "{head} for {asker}: {state}"
QUEUED: Final = "queued, {ahead} ahead"
QUEUED_NEXT: Final = "queued, next in line"
RENDERING: Final = "rendering, started {since}"
RENDERING_USUAL: Final = "rendering, usually ready {ready}"
LONGER: Final = "taking longer than usual, started {since}"
PROMISE: Final = "nothing is charged without a video"
SO_FAR: Final = "{ready} of {total} ready"
SO_FAR_FAILED: Final = "{failed} not charged"
DONE: Final = "{clips} ready, {price}"
DONE_PARTLY: Final = "{ready} of {clips} ready, {price}"
DONE_FAILED: Final = (
    "{n} did not work out and was not charged",
    "{n} did not work out and were not charged",
)
DONE_KEPT: Final = (
    "{n} could not be posted here: `/videos` has it",
    "{n} could not be posted here: `/videos` has them",
)
DONE_NOTHING: Final = "no video came of it, and nothing was charged"
DONE_CANCELLED: Final = "cancelled, and nothing was charged"

# --- results and notices --------------------------------------------------------------------

RESULT: Final = "{asker}, here is your clip."
RESULT_OF_SEVERAL: Final = "{asker}, here is clip {number} of {total}."
RESULT_PRIVATE: Final = "Here is your private clip from {channel}."
RESULT_PRIVATE_OF_SEVERAL: Final = "Here is your private clip {number} of {total} from {channel}."
RESULT_ELSEWHERE: Final = "I could not post in {channel}, so here is your clip."
RESULT_ELSEWHERE_OF_SEVERAL: Final = (
    "I could not post in {channel}, so here is your clip {number} of {total}."
)
NOT_CHARGED: Final = "not charged"
LENGTH: Final = "{n} s"
WITH_SOUND: Final = "with sound"
WITH_TRACK: Final = "with your own sound"
FASTER: Final = "faster"
WITH_LAST_FRAME: Final = "with last frame"
AVOIDING: Final = "avoiding: {avoid}"
SHRUNK: Final = "Made smaller to fit the upload limit here."
SHRUNK_TO: Final = "Made smaller ({height}p) to fit the upload limit here."
LINKED: Final = "It is too large to upload here. [Watch or save it]({link}) until {end} ({left})."
NO_LINK: Final = "It is too large to upload here, and is kept."
NOTICE: Final = "{asker}, no video came of order #{code}, and nothing was charged."
NOTICE_ELSEWHERE: Final = "No video came of order #{code} in {channel}, and nothing was charged."
REASON_REFUSED: Final = (
    "The video service turned it down{note}. Use `/animate` with another prompt or picture."
)
REASON_RENDER_FAILED: Final = (
    "The video service could not render it{note}. Press **Again**, or change prompt or picture."
)
REASON_NOT_FETCHED: Final = "The video was made and could not be fetched. Press **Again**."
REASON_NEVER_FINISHED: Final = "The video service never finished it. Press **Again**."
REASON_IN_DOUBT: Final = (
    "The video service never said whether it took the order. Press **Again** to try once more."
)
REASON_PICTURE_GONE: Final = (
    "The picture could no longer be handed over. Use `/animate` and attach it again."
)
REASON_RESTORED: Final = (
    "The bot was set back to a backup, and nobody can tell whether this was sent before. "
    "Press **Again**."
)
REASON_CANCELLED: Final = "It was cancelled. Press **Again** if you want it after all."
NOTE: Final = " (“{note}”)"

# --- buttons on cards and results -----------------------------------------------------------

ASK_DELETE: Final = (
    "Delete this clip for everybody? The message and the file go for good, and what it cost "
    "({price}) stays spent."
)
DELETED: Final = "Deleted. The message goes in a moment."
DELETED_BEFORE: Final = "It was deleted already."
CANCELLED: Final = "Cancelled: {clips}. The credits are yours again."
CANCELLED_PARTLY: Final = (
    "Cancelled: {clips}, and those credits are yours again. The rest is being made and will come."
)
NOT_CANCELLED: Final = "It is too late to cancel: the video service has it. It will come."

# --- looking back ---------------------------------------------------------------------------

VIDEOS_HEAD: Final = "## Your orders"
VIDEOS_HEAD_OF: Final = "## Orders of {member}"
VIDEOS_HINT: Final = "Newest first. Choose one to see its videos."
VIDEOS_NONE: Final = "Nothing here yet: `/animate` makes your first clip."
VIDEOS_NONE_OF: Final = "{member} has ordered nothing here yet."
VIDEOS_NONE_ON_SHELF: Final = "There are no such orders. Choose **All orders** below."
SHELVES: Final = {
    "all": "All orders",
    "making": "In the making",
    "ready": "With videos",
    "kept": "Kept: could not be posted",
    "failed": "Failed or cancelled",
}
STILL: Final = "A still of the video"
CHOOSE_SHELF: Final = "Which orders"
CHOOSE_ORDER: Final = "Open an order"
CHOOSE_CLIP: Final = "Choose a clip"
LISTED: Final = "**#{code}** · {when}"
ORDERED_BY: Final = "by {member}"
PRIVATE_ORDER: Final = "private"
GLIMPSE: Final = "#{code} · {prompt}"
CLIP_CHOICE: Final = "Clip {number} of {total}"
CLIP_LINE: Final = "**Clip {number}** · {state}"
CLIP_POSTED: Final = "posted · {price}"
CLIP_LINK: Final = "[to its message]({link})"
CLIP_KEPT: Final = "kept for you, because it could not be posted · {price}"
CLIP_MAKING: Final = "in the making"
CLIP_FAILED: Final = "not made, not charged"
CLIP_DELETED: Final = "deleted"
CLIP_FILE_GONE: Final = "file no longer kept"
STANDING_READY: Final = "{ready} of {clips} ready · {price}"
STANDING_ALL_READY: Final = "{clips} ready · {price}"
STANDING_KEPT: Final = "{n} kept for you"
STANDING_FAILED: Final = "{n} not made, not charged"
STANDING_DELETED: Final = "{n} deleted"
BROUGHT: Final = "Clip {number} of {total} of order #{code}."
BROUGHT_ONLY: Final = "The clip of order #{code}."
BROUGHT_LINK: Final = (
    "Its file can't be sent here. [Watch or save it at the video service]({link}) until {end} "
    "({left})."
)
BROUGHT_NOTHING: Final = "Its file is no longer kept. Press **Again** to make it once more."
NO_SUCH_ORDER: Final = "There is no order #{code} here. Choose one from the list of `/videos`."
ORDER_DELETED: Final = "Order #{code} was deleted. Use `/videos` to see the others."
NOT_YOUR_ORDER: Final = (
    "That order is somebody else's. Use `/videos` to see your own; only moderators see others'."
)
NOT_MODERATOR: Final = (
    "Only moderators (Manage Server) can look at somebody else's orders. Leave `member` out to "
    "see yours."
)

# --- the wallet -----------------------------------------------------------------------------

SPENDABLE: Final = "**You can spend {spendable} now.**"
ALLOWANCE: Final = "Allowance: {left} of {size} left {period}, renews {renews}"
NO_ALLOWANCE: Final = "Allowance: none"
GRANTS: Final = "Granted: {grants}"
GRANTS_EXPIRING: Final = "{part} of it until {end}"
HELD: Final = "Held for clips in the making: {held}"
ENTRIES: Final = "**Lately**"
NO_ENTRIES: Final = "Nothing spent yet: `/animate` makes your first clip."
ENTRY: Final = "{at} {what}"
ENTRY_OF_SEVERAL: Final = "{what} ({clips})"
ENTRY_REASON: Final = "{what}: {reason}"
ENTRY_KINDS: Final = {
    "grant": "{credits} granted",
    "take": "{credits} taken back",
    "expire": "{credits} expired",
    "hold": "{credits} held",
    "settle": "{credits} spent",
    "release": "{credits} given back",
    "undo": "{credits} undone",
}

# --- models and effects ---------------------------------------------------------------------

MODELS_HEAD: Final = "## Models"
EFFECTS_HEAD: Final = "## Effects"
OLDER_LIST: Final = "-# The video service does not answer now. This is an older list, of {at}."
PRICE_RANGE: Final = "about {low} to {high} a clip"
PRICE_ABOUT: Final = "about {high} a clip"
MODEL_SOUND: Final = "can make sound"
MODEL_SILENT: Final = "no sound"
MODEL_ALWAYS_SOUND: Final = "always with sound"
MODEL_LAST_FRAME: Final = "can end on a picture of yours"
MODEL_NO_LAST_FRAME: Final = "no last frame"
MODEL_MOST: Final = ("one clip at a time", "up to {n} variations")
EFFECTS_SOUND: Final = "with sound of its own or yours"
PREVIEW: Final = "[Preview]({link})"
USE: Final = "Use it"
PAGE_BEFORE: Final = "Back"
PAGE_AFTER: Final = "More"
FIELD_IMAGE: Final = "Picture"
FIELD_PROMPT: Final = "Prompt"
FIELD_AVOID: Final = "Avoid"
FIELD_FORMAT: Final = "Size and length"
FIELD_FORMAT_HINT: Final = "With about what a clip costs; you see the exact price before it counts"
FIELD_SOUND: Final = "Sound"
FIELD_TRACK: Final = "Your own sound instead"
FORMAT: Final = "{size} · {n} s · about {price}"

# --- refusals: what is the matter, and what to do next --------------------------------------

NOT_ENOUGH: Final = (
    "This costs {price}, and you can spend {spendable}. Choose fewer or shorter clips, wait for "
    "your allowance ({renews}), or ask a moderator for credits."
)
PRICE_ROSE: Final = "The price rose from {before} to {now} meanwhile."
ABOVE_CLIP_LIMIT: Final = (
    "One such clip would cost {price}, and {limit} is the most here. Choose a lower resolution or "
    "fewer seconds."
)
CEILING: Final = (
    "This bot has spent what it may spend in a day, so nothing was ordered. Try again {opens}."
)
TOO_MANY: Final = (
    "You have {running} in the making, and {limit} at once is the most. Ask for {room} now, or "
    "wait until some are ready."
)
TOO_MANY_FULL: Final = (
    "You have {running} in the making, and {limit} at once is the most. Try again when some are "
    "ready."
)
FROZEN: Final = "A moderator has frozen your wallet. Ask the moderators of this server about it."
BAD_MODEL: Final = "There is no model called {value}. Choose one of: {offered}."
BAD_RESOLUTION: Final = "This model does not offer {value}. Choose one of: {offered}."
BAD_SECONDS: Final = "This model makes no clips of {value} s. Choose one of: {offered}."
BAD_VARIATIONS: Final = "{value} variations are not on offer. Ask for {low} to {high}."
BAD_LAST_FRAME: Final = "{value} can't end on a picture. Leave `last_frame` out{instead}."
BAD_SOUND: Final = "{value} makes no sound. Leave `sound` out{instead}."
BAD_EFFECT: Final = "There is no effect called {value}. Choose one of: {offered}."
BAD_EFFECT_RESOLUTION: Final = "Effects come in {offered}, not in {value}. Choose one of those."
BAD_EFFECT_SECONDS: Final = "Effects are {offered} s long, not {value} s. Choose one of those."
SOUND_AND_TRACK: Final = (
    "A clip has one sound: leave `sound` out to use your file, or leave `track` out."
)
INSTEAD: Final = ", or choose one of: {offered}"
NO_PROMPT: Final = "The prompt is empty. Say in `prompt` what should move."
LONG_TEXT: Final = "`{option}` has {value} characters, and {offered} is the most. Shorten it."
NOT_A_PICTURE: Final = "That file is not a picture. Attach a PNG or JPEG."
EMPTY_PICTURE: Final = "That file is empty. Attach the picture again."
HEAVY_PICTURE: Final = "That picture has more than {limit}. Save it smaller, or as JPEG."
LARGE_PICTURE: Final = "That picture has too many pixels. Scale it down and attach it again."
SMALL_PICTURE: Final = "That picture is too small. Attach one with at least {limit} pixels a side."
UNSUPPORTED_PICTURE: Final = "That file ({found}) can't be read. Save it as PNG or JPEG."
DAMAGED_PICTURE: Final = "That picture is cut short or damaged. Save it anew and attach it again."
PICTURE_LINK_DEAD: Final = "Discord did not hand the picture over. Attach it again."
PICTURE_GONE: Final = (
    "The picture is not kept any more. Use `/animate` and attach it again; the prompt above can "
    "be copied."
)
PICTURE_NEEDS_CARD: Final = (
    "This picture can only be sent on from a public message. Save it as PNG or JPEG and attach "
    "that, or leave `private` out."
)
NOT_SOUND: Final = "That file is not sound. Attach an MP3, WAV, OGG or M4A as `track`."
EMPTY_TRACK: Final = "That audio file is empty. Attach it again."
HEAVY_TRACK: Final = "That audio file has more than {limit}. Save it as MP3, or cut it shorter."
LONG_TRACK: Final = "That sound is longer than {limit} minutes. Save a shorter part of it."
DAMAGED_TRACK: Final = (
    "That audio file is cut short, damaged or silent. Save it anew as MP3 and attach it again."
)
TRACK_LINK_DEAD: Final = "Discord did not hand the audio file over. Attach it again."
TRACK_GONE: Final = "The audio file is not kept any more. Use `/effect` and attach it again."
NOT_OFFERED: Final = "That is no longer on offer. Use `/models` or `/effects` to see what there is."
NO_EFFECTS: Final = "The list of effects has not arrived yet. Try again in a minute."
NO_CATALOGUE: Final = "The list of models has not arrived yet. Try again in a minute."
CANNOT_POST: Final = (
    "I can't post in this channel, because I lack: {missing}. Ask a moderator for it, or use "
    "another channel."
)
NOT_YOURS: Final = (
    "Only the member who asked for it can do that. Use `/animate` to make one of your own."
)
DRAFT_GONE: Final = "That offer is gone. Use `/animate` to start again."
ORDER_GONE: Final = "That clip is gone. Use `/animate` to make a new one."
NOT_SERVED: Final = (
    "This bot does not work in this server. Ask the person who runs it to add the server."
)
STORAGE_DOWN: Final = "Nothing was ordered, because my records can't be reached. Try again soon."
DECLINED: Final = "That can't be done, and nothing was spent. Try it in another way."
COMMAND_CHANGED: Final = "That command has changed. Reload Discord (Ctrl+R), then use it again."
OUT_OF_DATE: Final = "That button is from an older version. Use the command again."
FORM_OUT_OF_DATE: Final = "That form is from an older version. Use the command again."
UNEXPECTED: Final = (
    "Something went wrong on my side. Try again in a minute; if it happens again, tell a "
    "moderator the code `{code}`."
)

# --- permissions, by the names that Discord's settings show ---------------------------------

PERMISSIONS: Final = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
