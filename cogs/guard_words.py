"""Sentences about what a server allows its members, and where."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

PAUSED: Final = Phrase(
    "Moderators paused me in this server {since}, so I take no new orders now. What was sent off "
    "still comes. Try again when they let me go on."
)
NOT_HERE: Final = Phrase("I am not used in this channel. Try it in {channels}.")
AGE_ONLY: Final = Phrase(
    "This server uses me in age-restricted channels only. Try it in one of those."
)
NEEDS_ROLE_PRIVATE: Final = Phrase(
    "Private clips are for members with {roles} here. Leave `private` out, or ask a moderator."
)
NEEDS_ROLE_EFFECTS: Final = Phrase(
    "Effects are for members with {roles} here. Use `/animate`, or ask a moderator."
)
NEEDS_ROLE_BATCH: Final = Phrase(
    "Several pictures at once are for members with {roles} here. Send one picture, or ask a "
    "moderator."
)
ROLES_MORE: Final = Counted("{roles} and {n} more role", "{roles} and {n} more roles")
CHANNELS_MORE: Final = Counted(
    "{channels} and {n} more channel", "{channels} and {n} more channels"
)
MODEL_NOT_ALLOWED: Final = Phrase(
    "This server does not use that model. Choose one of these: {allowed}."
)
RESOLUTION_NOT_ALLOWED: Final = Phrase(
    "This server allows at most {allowed}, and that was {asked}. Choose a smaller `resolution`."
)
SECONDS_NOT_ALLOWED: Final = Phrase(
    "This server allows clips of at most {allowed} s, and that was {asked} s. Choose fewer "
    "`seconds`."
)
VARIATIONS_NOT_ALLOWED: Final = Phrase(
    "This server allows at most {allowed} at once, and that was {asked}. Choose fewer `variations`."
)
COOLING_DOWN: Final = Phrase("This server asks for a pause between orders. Try again {until}.")
POOL: Final = Phrase(
    "This server's pool has {left} left, and this costs {price}. Wait until it is filled again "
    "({renews}), or ask a moderator to raise it."
)

# --- cards ------------------------------------------------------------------------------------

QUEUED_PAUSED: Final = Phrase("queued; it waits, because moderators paused me here")
WAITS: Final = Phrase(
    "Moderators paused me in the server of {channel}, so your private order #{code} waits. It goes "
    "on by itself once they resume; until then, **Cancel** gives its credits back."
)
REST_PAUSED: Final = Phrase("the rest waits, because moderators paused me here")
