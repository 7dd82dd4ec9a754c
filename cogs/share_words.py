"""The sentences about sharing a private video, and about channels that take no message."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

SHARE: Final = Phrase("Share")

RESULT_SHARED: Final = Phrase("{asker} shares this clip.")
RESULT_SHARED_OF_SEVERAL: Final = Phrase("{asker} shares clip {number} of {total}.")

SHARED: Final = Phrase(
    "Shared in {channel}: [to the message]({link}). **Delete** below it takes it down again, with "
    "the clip."
)
SHARED_BEFORE: Final = Phrase("It is shared already: [to the message]({link}).")
CLIP_SHARED: Final = Phrase("[shared]({link})")

# --- refusals -------------------------------------------------------------------------------

PUBLIC: Final = Phrase("That video is for everybody already. Use **Share** on private ones.")
CHANGED: Final = Phrase("That video can't be shared any more. Use `/videos` to see what there is.")
FILE_GONE: Final = Phrase(
    "Its file is no longer kept, so there is nothing to share. Press **Again** to make it once "
    "more."
)
CHANNEL_GONE: Final = Phrase(
    "The channel that it was ordered in is gone or closed to me. Use **Get the video** in "
    "`/videos` to have the file."
)
NO_ROOM: Final = Phrase(
    "Discord does not let me post it in {channel}. Use **Get the video** in `/videos` to have the "
    "file."
)
LATER: Final = Phrase(
    "Discord did not answer just now. Press **Share** again in a minute: it is posted once at most."
)
UNSEEN: Final = Phrase(
    "I can't see whether an earlier try got through to {channel}, so it is not posted again. Look "
    "there, or use **Get the video** in `/videos`."
)
NOT_HERE: Final = Phrase(
    "This server does not use me in {channel}, where it was ordered, so it is not shared. Use "
    "**Get the video** in `/videos` to have the file."
)
AGE_ONLY: Final = Phrase(
    "This server uses me in age-restricted channels only, and {channel}, where it was ordered, is "
    "none. Use **Get the video** in `/videos` to have the file."
)
BLOCKED_WORDS: Final = Phrase(
    "Its text has something in it that this server does not allow, so it is not shared. Use **Get "
    "the video** in `/videos` to have the file."
)
NOWHERE_TO_POST: Final = Phrase(
    "The channel where the video would go is gone or closed to me. Use `/animate` in another one."
)
LEFT_SERVER: Final = Phrase(
    "You are not in the server any more where this was made, and its credits count only there. "
    "Join it again, then press once more."
)
SERVER_GONE: Final = Phrase(
    "The server where this was made is gone, or I am not in it any more. Save what you see here, "
    "and use `/animate` in another server."
)
NOT_WELCOME: Final = Phrase(
    "You can't use commands in {channel} now, so nothing of yours is shared there. Ask a moderator."
)
CANNOT_POST_IN: Final = Phrase(
    "I can't post in {channel}, because I lack: {missing}. Ask a moderator for it."
)

# --- what stands in the way of a message, besides the permissions in `cogs.words` -----------

CONNECT: Final = Phrase("Connect")
MANAGE_THREADS: Final = Phrase("Manage Threads (this thread is locked)")
PRIVATE_THREAD: Final = Phrase("a place in this private thread (mention me in it)")
