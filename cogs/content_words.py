"""Every sentence about a server's content rules, reviews, reports and blocked members."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

# --- refusals ---------------------------------------------------------------------------------

BLOCKED_TEXT: Final = Phrase(
    "Your prompt has something in it that this server does not allow. Say it in other words, or "
    "ask a moderator what the rules are. Nothing was spent."
)
BLOCKED_AVOID: Final = Phrase(
    "What you want to avoid has something in it that this server does not allow. Leave it out or "
    "say it in other words. Nothing was spent."
)
MEMBER_BLOCKED: Final = Phrase(
    "A moderator has blocked you from making videos in this server. What you have ordered is still "
    "delivered. If you think this is a mistake, ask the moderators."
)
REVIEW_CLOSED: Final = Phrase(
    "A moderator has to look at your order first, and the channel for that is gone or closed to "
    "me. Ask a moderator to choose one under Content in /settings. Nothing was spent."
)
TOO_MANY_RULES: Final = Phrase(
    "A server can have {limit} blocked words and patterns. Remove some, or use one pattern in the "
    "place of many words."
)
