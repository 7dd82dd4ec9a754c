"""Every sentence that a member reads, as templates with named places, so they can be translated."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

# --- counting and times ---------------------------------------------------------------------

CREDITS: Final = Counted("{n} credit", "{n} credits")
CLIPS: Final = Counted("{n} clip", "{n} clips")
SECONDS: Final = Phrase("{low}–{high} s")  # noqa: RUF001 - the dash of a range
MINUTES: Final = Phrase("{low}–{high} min")  # noqa: RUF001 - the dash of a range
ABOUT_MINUTES: Final = Phrase("about {n} min")
ABOUT_SECONDS: Final = Phrase("about {n} s")
PERIODS: Final = {
    "day": Phrase("today"),
    "week": Phrase("this week"),
    "month": Phrase("this month"),
}
MEGABYTES: Final = Phrase("{n} MB")


def money(n: int) -> str:
    """Say an amount of credits."""
    return CREDITS(n)


def clips(n: int) -> str:
    """Say a number of clips."""
    return CLIPS(n)


def when(at: int) -> str:
    """Say how far a moment (epoch ms) is; Discord keeps it up to date by itself."""
    return f"<t:{at // 1000}:R>"


def date(at: int) -> str:
    """Say a moment (epoch ms) in the reader's own time zone."""
    return f"<t:{at // 1000}:f>"


# --- commands -------------------------------------------------------------------------------

ANIMATE: Final = Phrase("Turn a picture and a sentence into a short video")
ANIMATE_IMAGE: Final = Phrase("The picture to start from: PNG, JPEG, WebP and others, up to 20 MB")
ANIMATE_PROMPT: Final = Phrase("What should move, and how: a slow push-in, steam rising")
ANIMATE_MODEL: Final = Phrase("Which model renders it")
ANIMATE_RESOLUTION: Final = Phrase("How large the video is")
ANIMATE_SECONDS: Final = Phrase("How long the video is")
ANIMATE_VARIATIONS: Final = Phrase("How many different clips of the same picture: 1 to 10")
ANIMATE_AVOID: Final = Phrase("What should not be in the video")
ANIMATE_LAST_FRAME: Final = Phrase("A picture to end on; not every model can")
ANIMATE_SOUND: Final = Phrase("Let the model make sound, too; not every model can")
ANIMATE_PRIVATE: Final = Phrase(
    "Send it to you alone, by direct message; moderators can still look at it"
)
CREDITS_COMMAND: Final = Phrase(
    "What you can spend, what is left of your allowance, and what you spent"
)

VIDEOS: Final = Phrase("Your orders in this server, and what became of them")
VIDEOS_ORDER: Final = Phrase(
    "One order, by its code or a word of its prompt: brings its videos back"
)
VIDEOS_MEMBER: Final = Phrase("For moderators: whose orders to look at")

EFFECT: Final = Phrase("Turn a picture into a short video with a ready-made effect")
EFFECT_EFFECT: Final = Phrase("Which effect; /effects shows them all")
EFFECT_SOUND: Final = Phrase("Let the video service make sound, too")
EFFECT_TRACK: Final = Phrase("Your own sound: MP3, WAV, OGG or M4A, up to 10 minutes and 20 MB")
EFFECT_FAST: Final = Phrase("Render it faster; it may cost more")

MODELS: Final = Phrase("Which models there are: sizes, lengths, prices, sound, last frame")
EFFECTS: Final = Phrase("Which effects there are, with pictures and previews")

# --- choices while typing -------------------------------------------------------------------

CHOICE: Final = Phrase("{name} · about {price} a clip")
CHOICE_SOUND: Final = Phrase("{name}, with sound")
CHOICE_SECONDS: Final = Phrase("{n} s")

# --- buttons --------------------------------------------------------------------------------

CONFIRM: Final = Phrase("Confirm")
CANCEL: Final = Phrase("Cancel")
AGAIN: Final = Phrase("Again")
DELETE: Final = Phrase("Delete")
DELETE_FOR_GOOD: Final = Phrase("Delete for good")
NEWER: Final = Phrase("Newer")
OLDER: Final = Phrase("Older")
BACK: Final = Phrase("All orders")
BRING: Final = Phrase("Get the video")

# --- offers and receipts --------------------------------------------------------------------

PRICE: Final = Phrase("**{price}**")
PRICE_AT_MOST: Final = Phrase("At most **{price}**")
PRICE_OF_SEVERAL: Final = Phrase("{price} ({n} × {each})")  # noqa: RUF001 - it is a product
OFFER: Final = Phrase("{price}; you can spend {spendable} and would keep {left}{wait}.")
OFFER_CONFIRM: Final = Phrase("Nothing is spent until you press **Confirm**.")
RECEIPT: Final = Phrase("{price}, you keep {left}{wait}.")
WAIT: Final = Phrase("; usually ready in {wait}")
ORDER: Final = Phrase("Order #{code}")
PRIVATE: Final = Phrase("It comes to you by direct message. Members don't see it; moderators can.")
FIRST_FRAME: Final = Phrase("Your picture moves: only its first frame is used.")
CONVERTED: Final = Phrase("Your picture was converted, because not every format can be sent on.")
ASKS_FIRST: Final = Phrase(
    "-# Such a clip lately cost more than was quoted, so this asks first. You never pay more than "
    "the price above."
)
ALREADY: Final = Phrase("That is ordered already, as #{code}: nothing is spent twice.")
DISMISSED: Final = Phrase("Cancelled. Nothing was spent.")
TOO_LATE: Final = Phrase(
    "That was ordered already. While it is queued, **Cancel** on its card gives everything back."
)
RETRY: Final = Phrase("**Confirm** tries again, and orders once at most.")

# --- the card -------------------------------------------------------------------------------

CARD_HEAD: Final = Phrase("**Order #{code}**")
CARD: Final = Phrase("{head} for {asker}: {state}")
QUEUED: Final = Phrase("queued, {ahead} ahead")
QUEUED_NEXT: Final = Phrase("queued, next in line")
RENDERING: Final = Phrase("rendering, started {since}")
RENDERING_USUAL: Final = Phrase("rendering, usually ready {ready}")
LONGER: Final = Phrase("taking longer than usual, started {since}")
PROMISE: Final = Phrase("nothing is charged without a video")
SO_FAR: Final = Phrase("{ready} of {total} ready")
SO_FAR_FAILED: Final = Phrase("{failed} not charged")
DONE: Final = Phrase("{clips} ready, {price}")
DONE_PARTLY: Final = Phrase("{ready} of {clips} ready, {price}")
DONE_FAILED: Final = Counted(
    "{n} did not work out and was not charged",
    "{n} did not work out and were not charged",
)
DONE_KEPT: Final = Counted(
    "{n} could not be posted here: `/videos` has it",
    "{n} could not be posted here: `/videos` has them",
)
DONE_NOTHING: Final = Phrase("no video came of it, and nothing was charged")
DONE_CANCELLED: Final = Phrase("cancelled, and nothing was charged")

# --- results and notices --------------------------------------------------------------------

RESULT: Final = Phrase("{asker}, here is your clip.")
RESULT_OF_SEVERAL: Final = Phrase("{asker}, here is clip {number} of {total}.")
RESULT_PRIVATE: Final = Phrase("Here is your private clip from {channel}.")
RESULT_PRIVATE_OF_SEVERAL: Final = Phrase(
    "Here is your private clip {number} of {total} from {channel}."
)
RESULT_ELSEWHERE: Final = Phrase("I could not post in {channel}, so here is your clip.")
RESULT_ELSEWHERE_OF_SEVERAL: Final = Phrase(
    "I could not post in {channel}, so here is your clip {number} of {total}."
)
NOT_CHARGED: Final = Phrase("not charged")
LENGTH: Final = Phrase("{n} s")
WITH_SOUND: Final = Phrase("with sound")
WITH_TRACK: Final = Phrase("with your own sound")
FASTER: Final = Phrase("faster")
WITH_LAST_FRAME: Final = Phrase("with last frame")
AVOIDING: Final = Phrase("avoiding: {avoid}")
SHRUNK: Final = Phrase("Made smaller to fit the upload limit here.")
SHRUNK_TO: Final = Phrase("Made smaller ({height}p) to fit the upload limit here.")
LINKED: Final = Phrase(
    "It is too large to upload here. [Watch or save it]({link}) until {end} ({left})."
)
NO_LINK: Final = Phrase("It is too large to upload here, and is kept.")
NOTICE: Final = Phrase("{asker}, no video came of order #{code}, and nothing was charged.")
NOTICE_ELSEWHERE: Final = Phrase(
    "No video came of order #{code} in {channel}, and nothing was charged."
)
NOTICE_PARTLY: Final = Phrase(
    "Of the {total} videos of order #{code} in {channel}, {lost} did not come, and nothing was "
    "charged for that."
)
REASON_REFUSED: Final = Phrase(
    "The video service turned it down{note}. Use `/animate` with another prompt or picture."
)
REASON_RENDER_FAILED: Final = Phrase(
    "The video service could not render it{note}. Press **Again**, or change prompt or picture."
)
REASON_NOT_FETCHED: Final = Phrase("The video was made and could not be fetched. Press **Again**.")
REASON_NEVER_FINISHED: Final = Phrase("The video service never finished it. Press **Again**.")
REASON_IN_DOUBT: Final = Phrase(
    "The video service never said whether it took the order. Press **Again** to try once more."
)
REASON_PICTURE_GONE: Final = Phrase(
    "The picture could no longer be handed over. Use `/animate` and attach it again."
)
REASON_RESTORED: Final = Phrase(
    "The bot was set back to a backup, and nobody can tell whether this was sent before. "
    "Press **Again**."
)
REASON_CANCELLED: Final = Phrase("It was cancelled. Press **Again** if you want it after all.")
REASON_BY_OPERATOR: Final = Phrase(
    "The bot's operator cancelled it before it was sent. Press **Again** if you still want it."
)
NOTE: Final = Phrase(" (“{note}”)")

# --- buttons on cards and results -----------------------------------------------------------

ASK_DELETE: Final = Phrase(
    "Delete this clip for everybody? The message and the file go for good, and what it cost "
    "({price}) stays spent."
)
DELETED: Final = Phrase("Deleted. The message goes in a moment.")
DELETED_BEFORE: Final = Phrase("It was deleted already.")
CANCELLED: Final = Phrase("Cancelled: {clips}. The credits are yours again.")
CANCELLED_PARTLY: Final = Phrase(
    "Cancelled: {clips}, and those credits are yours again. The rest is being made and will come."
)
NOT_CANCELLED: Final = Phrase("It is too late to cancel: the video service has it. It will come.")

# --- the wallet -----------------------------------------------------------------------------

SPENDABLE: Final = Phrase("**You can spend {spendable} now.**")
ALLOWANCE: Final = Phrase("Allowance: {left} of {size} left {period}, renews {renews}")
NO_ALLOWANCE: Final = Phrase("Allowance: none")
GRANTS: Final = Phrase("Granted: {grants}")
GRANTS_EXPIRING: Final = Phrase("{part} of them until {end}")
HELD: Final = Phrase("Held for clips in the making: {held}")
ENTRIES: Final = Phrase("**Lately**")
NO_ENTRIES_YET: Final = Phrase(
    "Nothing spent yet. Ask a moderator for credits; then `/animate` makes your first clip."
)
NO_ENTRIES: Final = Phrase("Nothing spent yet: `/animate` makes your first clip.")
ENTRY: Final = Phrase("{at} {what}")
ENTRY_OF_SEVERAL: Final = Phrase("{what} ({clips})")
ENTRY_REASON: Final = Phrase("{what}: {reason}")
ENTRY_KINDS: Final = {
    "grant": Phrase("{credits} granted"),
    "take": Phrase("{credits} taken back"),
    "expire": Phrase("{credits} expired"),
    "hold": Phrase("{credits} held"),
    "settle": Phrase("{credits} spent"),
    "release": Phrase("{credits} given back"),
    "undo": Phrase("{credits} undone"),
}

# --- refusals: what is the matter, and what to do next --------------------------------------

NOT_ENOUGH: Final = Phrase(
    "This costs {price}, and you can spend {spendable}. Choose fewer or shorter clips, wait for "
    "your allowance ({renews}), or ask a moderator for credits."
)
NEVER_ENOUGH: Final = Phrase(
    "This costs {price}, and you can spend {spendable}. Choose fewer or shorter clips, or ask a "
    "moderator for credits."
)
PRICE_ROSE: Final = Phrase("The price rose from {before} to {now} meanwhile.")
ABOVE_CLIP_LIMIT: Final = Phrase(
    "One such clip would cost {price}, and {limit} is the most here. Choose a lower resolution or "
    "fewer seconds."
)
CEILING: Final = Phrase(
    "This bot has spent what it may spend in a day, so nothing was ordered. Try again {opens}."
)
TOO_MANY: Final = Phrase(
    "You have {running} in the making, and {limit} at once is the most. Ask for {room} now, or "
    "wait until some are ready."
)
TOO_MANY_FULL: Final = Phrase(
    "You have {running} in the making, and {limit} at once is the most. Try again when some are "
    "ready."
)
FROZEN: Final = Phrase(
    "A moderator has frozen your wallet. Ask the moderators of this server about it."
)
BAD_MODEL: Final = Phrase("There is no model called {value}. Choose one of: {offered}.")
BAD_RESOLUTION: Final = Phrase("This model does not offer {value}. Choose one of: {offered}.")
BAD_SECONDS: Final = Phrase("This model makes no clips of {value} s. Choose one of: {offered}.")
BAD_VARIATIONS: Final = Phrase("{value} variations are not on offer. Ask for {low} to {high}.")
BAD_LAST_FRAME: Final = Phrase("{value} can't end on a picture. Leave `last_frame` out{instead}.")
BAD_SOUND: Final = Phrase("{value} makes no sound. Leave `sound` out{instead}.")
BAD_EFFECT: Final = Phrase("There is no effect called {value}. Choose one of: {offered}.")
BAD_EFFECT_RESOLUTION: Final = Phrase(
    "Effects come in {offered}, not in {value}. Choose one of those."
)
BAD_EFFECT_SECONDS: Final = Phrase(
    "Effects are {offered} s long, not {value} s. Choose one of those."
)
SOUND_AND_TRACK: Final = Phrase(
    "A clip has one sound: leave `sound` out to use your file, or leave `track` out."
)
INSTEAD: Final = Phrase(", or choose one of: {offered}")
NO_PROMPT: Final = Phrase("The prompt is empty. Say in `prompt` what should move.")
LONG_TEXT: Final = Phrase(
    "`{option}` has {value} characters, and {offered} is the most. Shorten it."
)
NOT_A_PICTURE: Final = Phrase("That file is not a picture. Attach a PNG or JPEG.")
EMPTY_PICTURE: Final = Phrase("That file is empty. Attach the picture again.")
HEAVY_PICTURE: Final = Phrase("That picture has more than {limit}. Save it smaller, or as JPEG.")
LARGE_PICTURE: Final = Phrase(
    "That picture has too many pixels. Scale it down and attach it again."
)
SMALL_PICTURE: Final = Phrase(
    "That picture is too small. Attach one with at least {limit} pixels a side."
)
UNSUPPORTED_PICTURE: Final = Phrase("That file ({found}) can't be read. Save it as PNG or JPEG.")
DAMAGED_PICTURE: Final = Phrase(
    "That picture is cut short or damaged. Save it anew and attach it again."
)
PICTURE_LINK_DEAD: Final = Phrase("Discord did not hand the picture over. Attach it again.")
PICTURE_GONE: Final = Phrase(
    "The picture is not kept any more. Use `/animate` and attach it again; the prompt above can "
    "be copied."
)
PICTURE_NEEDS_CARD: Final = Phrase(
    "This picture can only be sent on from a public message. Save it as PNG or JPEG and attach "
    "that, or leave `private` out."
)
NOT_SOUND: Final = Phrase("That file is not sound. Attach an MP3, WAV, OGG or M4A as `track`.")
EMPTY_TRACK: Final = Phrase("That audio file is empty. Attach it again.")
HEAVY_TRACK: Final = Phrase(
    "That audio file has more than {limit}. Save it as MP3, or cut it shorter."
)
LONG_TRACK: Final = Phrase("That sound is longer than {limit} minutes. Save a shorter part of it.")
DAMAGED_TRACK: Final = Phrase(
    "That audio file is cut short, damaged or silent. Save it anew as MP3 and attach it again."
)
TRACK_LINK_DEAD: Final = Phrase("Discord did not hand the audio file over. Attach it again.")
TRACK_GONE: Final = Phrase(
    "The audio file is not kept any more. Use `/effect` and attach it again."
)
NOT_OFFERED: Final = Phrase(
    "That is no longer on offer. Use `/models` or `/effects` to see what there is."
)
NO_EFFECTS: Final = Phrase("The list of effects has not arrived yet. Try again in a minute.")
NO_CATALOGUE: Final = Phrase("The list of models has not arrived yet. Try again in a minute.")
CANNOT_POST: Final = Phrase(
    "I can't post in this channel, because I lack: {missing}. Ask a moderator for it, or use "
    "another channel."
)
NOT_YOURS: Final = Phrase(
    "Only the member who asked for it can do that. Use `/animate` to make one of your own."
)
DRAFT_GONE: Final = Phrase("That offer is gone. Use `/animate` to start again.")
ORDER_GONE: Final = Phrase("That clip is gone. Use `/animate` to make a new one.")
NOT_SERVED: Final = Phrase(
    "This bot does not work in this server. Ask the person who runs it to add the server."
)
STORAGE_DOWN: Final = Phrase(
    "Nothing was ordered, because my records can't be reached. Try again soon."
)
DECLINED: Final = Phrase("That can't be done, and nothing was spent. Try it in another way.")
COMMAND_CHANGED: Final = Phrase(
    "That command has changed. Reload Discord (Ctrl+R), then use it again."
)
OUT_OF_DATE: Final = Phrase("That button is from an older version. Use the command again.")
FORM_OUT_OF_DATE: Final = Phrase("That form is from an older version. Use the command again.")
UNEXPECTED: Final = Phrase(
    "Something went wrong on my side. Try again in a minute; if it happens again, tell a "
    "moderator the code `{code}`."
)

# --- permissions, by the names that Discord's settings show ---------------------------------

PERMISSIONS: Final = {
    "view_channel": Phrase("View Channels"),
    "send_messages": Phrase("Send Messages"),
    "send_messages_in_threads": Phrase("Send Messages in Threads"),
    "attach_files": Phrase("Attach Files"),
    "read_message_history": Phrase("Read Message History"),
}
