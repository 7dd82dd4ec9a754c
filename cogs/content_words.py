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

# --- orders that a moderator looks at first -------------------------------------------------------

RECEIPT_REVIEW: Final = Phrase(
    "A moderator looks at it first: you are told what they say. The credits are set aside until "
    "then, and nothing is charged if it does not go on."
)
IN_REVIEW: Final = Phrase("waiting for a moderator")
NOT_APPROVED: Final = Phrase("not approved, and nothing was charged")
REASON_REJECTED: Final = Phrase(
    "A moderator did not approve it{note}. Change what they name, and use `/animate` again."
)
REASON_REVIEW_EXPIRED: Final = Phrase(
    "No moderator decided about it in time. Press **Again**, or ask a moderator to look."
)
REASON_REVIEW_CLOSED: Final = Phrase(
    "I could not show it to the moderators, who have to look at it first. Tell them to choose "
    "another review channel under Content in `/settings`, then press **Again**."
)

REVIEW_HEAD: Final = Phrase("**Review · order #{code}**")
REVIEW: Final = Phrase("{head} of {asker}: {price}, nothing is sent or charged yet")
REVIEW_ENDS: Final = Phrase("ends by itself {when}")
REVIEW_LEFT_OUT: Final = Phrase("Its pictures are too large to be shown here.")
REVIEW_TOLD: Final = Phrase("{head} of {asker}: {outcome}")
APPROVED: Final = Phrase("approved by {moderator}")
REJECTED: Final = Phrase("not approved by {moderator}")
EXPIRED: Final = Phrase("nobody decided in time, and it was cancelled")
WITHDRAWN: Final = Phrase("it was cancelled before anybody decided")
REASON: Final = Phrase("Reason: {reason}")

APPROVE: Final = Phrase("Approve")
REJECT: Final = Phrase("Reject")
REJECT_TITLE: Final = Phrase("Reject an order")
REJECT_REASON: Final = Phrase("Reason")
REJECT_REASON_HINT: Final = Phrase("Its member reads it with the refusal. Say what to change.")
DECIDED_APPROVED: Final = Phrase("Order #{code} goes on: it is in the line now.")
DECIDED_REJECTED: Final = Phrase(
    "Order #{code} is not made. All credits are back, and its member is told why."
)
DECIDED_BEFORE: Final = Phrase("That order is decided: {outcome}.")
