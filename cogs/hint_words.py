"""The sentences of help, first steps and private orders, as templates with named places."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

# --- help -----------------------------------------------------------------------------------

HELP: Final = Phrase("What you can do here, what you can spend, and where to start")
HELP_COMMANDS: Final = Phrase("**What you can do here**")
HELP_LINE: Final = Phrase("- {name} {about}")
HELP_LINE_MENU: Final = Phrase("- {name}")
HELP_MENU_MESSAGE: Final = Phrase("**{name}**, in the menu of a message under Apps")
HELP_MENU_MEMBER: Final = Phrase("**{name}**, in the menu of a member under Apps")
HELP_FIRST_STEP: Final = Phrase(
    "To start, use {animate}: attach a picture and say what should move. You see the price, and "
    "what fails costs nothing."
)
HELP_NO_CREDITS: Final = Phrase(
    "To make clips with {animate} you need credits: wait for your allowance ({renews}), or ask a "
    "moderator."
)
HELP_NO_ALLOWANCE: Final = Phrase(
    "To make clips with {animate} you need credits: ask a moderator for some."
)

# --- the first result of a new member -------------------------------------------------------

FIRST_RESULT: Final = Phrase(
    "Your first clip! **Again** makes another one like it, **Edit** lets you change the words, "
    "`/videos` lists all of yours, and `/help` shows what else you can do."
)

FIRST_EFFECT: Final = Phrase(
    "Your first clip! **Again** makes another one like it, **Edit** changes size, length or sound, "
    "`/videos` lists all of yours, and `/help` shows what else you can do."
)

FIRST_SOUND: Final = Phrase(
    "Your first clip! **Again** makes another one like it, `/videos` lists all of yours, and "
    "`/help` shows what else you can do."
)

# --- private orders -------------------------------------------------------------------------

PRIVATE_CLOSED: Final = Phrase("If your direct messages are closed, it waits for you in `/videos`.")
