"""Every sentence about a server's content rules, reviews, reports and blocked members."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

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
    "A moderator has blocked you from using me in this server. What you have ordered is still "
    "delivered. If you think this is a mistake, ask the moderators."
)
REVIEW_CLOSED: Final = Phrase(
    "A moderator has to look at your order first, and the channel for that is gone or closed to "
    "me. Ask a moderator to choose one under Content in `/settings`. Nothing was spent."
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

# --- reports ----------------------------------------------------------------------------------

REPORT: Final = Phrase("Report")
REPORT_NOW: Final = Phrase("Report it")
ASK_REPORT: Final = Phrase(
    "Report this video? It goes behind a spoiler at once, and the moderators decide whether it "
    "stays. They see that it was you."
)
REPORTED: Final = Phrase("Thank you. It is being hidden, and the moderators are asked.")
REPORT_OWN: Final = Phrase("This video is yours. Press **Delete** below it to take it down.")
REPORT_BEFORE: Final = Phrase(
    "You have reported this video before. The moderators have it: wait for what they say."
)
REPORT_KEPT: Final = Phrase(
    "The moderators have looked at this video and decided. Ask one of them if you see it otherwise."
)
REPORT_TOO_MANY: Final = Phrase(
    "You have reported ten videos in a day. Ask a moderator directly about this one."
)
HIDDEN: Final = Phrase("Reported, and hidden until a moderator has looked")

CASE_HEAD: Final = Phrase("**Report · order #{code}, video {number}**")
CASE: Final = Phrase("{head}: {reporter} reported a video of {asker}. It is behind a spoiler now.")
CASE_OPENLY: Final = Phrase(
    "{head}: a video of {asker} was reported. It is behind a spoiler until a moderator decides."
)
CASE_HINT: Final = Phrase(
    "**Keep** brings it back for good. **Delete it** takes it down for everybody; what it cost "
    "stays spent."
)
CASE_TOLD: Final = Phrase("{head} of {asker}: {outcome}")
CASE_KEPT: Final = Phrase("kept by {moderator}")
CASE_DELETED: Final = Phrase("deleted by {moderator}")
CASE_GONE: Final = Phrase("deleted by its member before anybody decided")

KEEP: Final = Phrase("Keep")
REMOVE: Final = Phrase("Delete it")
BLOCK_ASKER: Final = Phrase("Block its member")
BLOCK_TITLE: Final = Phrase("Block a member")
BLOCK_HINT: Final = Phrase("They can't order here any more. What they have ordered is delivered.")
JUST_KEPT: Final = Phrase("It is brought back, and can't be reported again.")
JUST_DELETED: Final = Phrase("It is deleted for everybody. What it cost stays spent.")
JUDGED_BEFORE: Final = Phrase("That video is decided: {outcome}.")
JUST_BLOCKED: Final = Phrase(
    "{member} can't order here any more. What they have ordered is still delivered. Unblock them "
    "under Content in `/settings`."
)
BLOCKED_BEFORE: Final = Phrase("{member} is blocked already. Nothing has changed.")

# --- the page Content of the settings panel ------------------------------------------------------

CONTENT: Final = Phrase("Content")
CONTENT_HEAD: Final = Phrase("## Content")
RULES: Final = Counted(
    "**Blocked words and patterns:** {n} rule", "**Blocked words and patterns:** {n} rules"
)
RULES_HINT: Final = Phrase(
    "What members type is compared as it looks: accents, other alphabets and digits for letters do "
    "not help. `word` is found as a whole word, `*part*` anywhere, `/pattern/` as RE2 reads it."
)
REVIEW_NAME: Final = Phrase("Review before anything is paid")
REVIEW_TIME: Final = Phrase("Time for a review")
REVIEW_OFF: Final = Phrase("**Review before anything is paid:** off")
REVIEW_ON: Final = Phrase(
    "**Review before anything is paid:** on, in {channel}; after {hours} without a decision an "
    "order ends"
)
REVIEW_TRUSTED: Final = Phrase("Not looked at: {roles}")
REVIEW_EVERYBODY: Final = Phrase(
    "Everybody's orders are looked at, but for who has a moderator role."
)
REVIEW_NO_CHANNEL: Final = Phrase("no channel yet (nobody can order until you choose one below)")
REVIEW_CLOSED_NOW: Final = Phrase(
    "I can't post files in {channel}, so nobody whose orders are looked at can order."
)
HOURS: Final = Counted("{n} hour", "{n} hours")
BLOCKS: Final = Counted("**Blocked members:** {n}", "**Blocked members:** {n}")
BLOCK_LINE: Final = Phrase("- {member}, by {moderator} {when}{reason}")
BLOCK_MORE: Final = Counted("- and {n} more", "- and {n} more")

CHANGE_RULES: Final = Phrase("Add or remove")
SHOW_RULES: Final = Phrase("Show all")
IMPORT: Final = Phrase("Import")
EXPORT: Final = Phrase("Export")
TURN_REVIEW_ON: Final = Phrase("Review orders first")
TURN_REVIEW_OFF: Final = Phrase("Stop reviewing")
PICK_CHANNEL: Final = Phrase("Review channel")
PICK_TRUSTED: Final = Phrase("Roles whose orders are not looked at")
PICK_HOURS: Final = Phrase("An order waits {hours} for a moderator")
PICK_MEMBER: Final = Phrase("Block or unblock a member")

RULES_FORM: Final = Phrase("Blocked words and patterns")
RULES_ADD: Final = Phrase("Add, one a line")
RULES_ADD_HINT: Final = Phrase("word, *part* or /pattern/")
RULES_REMOVE: Final = Phrase("Remove, one a line")
RULES_REMOVE_HINT: Final = Phrase("exactly as they are written in the list")
IMPORT_FORM: Final = Phrase("Import rules")
IMPORT_FILE: Final = Phrase("Text file")
IMPORT_FILE_HINT: Final = Phrase("One rule a line; lines that begin with # are remarks")
IMPORT_HOW: Final = Phrase("And the rules that there are")
IMPORT_KEEP: Final = Phrase("Keep them, and add those of the file")
IMPORT_AFRESH: Final = Phrase("Remove them all first")
UNBLOCK_TITLE: Final = Phrase("Unblock a member")
UNBLOCK_HINT: Final = Phrase("It is written down. They can order again at once.")

RULES_CHANGED: Final = Counted(
    "{added} added, {removed} removed. There is {n} rule now.",
    "{added} added, {removed} removed. There are {n} rules now.",
)
RULES_SAME: Final = Phrase("Nothing has changed: they are there already, or were not.")
RULES_BAD: Final = Phrase("Nothing has changed. Mend these lines and try again:")
RULES_BAD_LINE: Final = Phrase("- line {line}: {why}")
RULES_BAD_MORE: Final = Counted("- and {n} more line", "- and {n} more lines")
RULE_EMPTY: Final = Phrase("there is nothing between the stars or slashes")
RULE_TOO_LONG: Final = Phrase("it is longer than 200 characters")
RULE_NOT_SEEN: Final = Phrase("none of its letters can be seen")
RULE_PATTERN: Final = Phrase("the pattern can't be used ({why})")
RULE_TOO_MANY: Final = Phrase("a server can have 500 rules")
FILE_TOO_LARGE: Final = Phrase("That file is too large. Use a text file of at most 256 kB.")
FILE_NOT_TEXT: Final = Phrase("That file is not plain text. Save it as UTF-8 and try again.")
FILE_NOT_THERE: Final = Phrase("The file could not be fetched. Attach it again.")
RULES_NONE: Final = Phrase("There are no rules yet.")
RULES_PAGE: Final = Phrase("Page {page} of {pages}")
EXPORTED: Final = Phrase("The rules as a file; **Import** takes it back.")
EXPORT_REMARK: Final = Phrase("Rules of Muybridge. One a line: word, *part* or /pattern/.")
JUST_UNBLOCKED: Final = Phrase("{member} can order here again.")
NOT_BLOCKED: Final = Phrase("{member} is not blocked. Nothing has changed.")
