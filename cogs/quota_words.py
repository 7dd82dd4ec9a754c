"""The sentences of the moderators' desk for wallets; the rest is in `cogs.words`."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

# --- commands -------------------------------------------------------------------------------

QUOTA: Final = Phrase("For moderators: members' credits")
SHOW: Final = Phrase("A member's wallet: what can be spent, and what happened lately")
GRANT: Final = Phrase("Give a member credits on top of the allowance")
TAKE: Final = Phrase("Take granted credits back, as far as they are unspent")
FREEZE: Final = Phrase("Stop a member from ordering; what is ordered goes on")
UNFREEZE: Final = Phrase("Let a frozen member order again")
UNDO: Final = Phrase("Undo a grant or a take, up to what is unspent")
MEMBER: Final = Phrase("Whose wallet; also somebody who has left")
GRANT_CREDITS: Final = Phrase("How many credits to give")
GRANT_EXPIRES: Final = Phrase("How long they last: 12h, 30d or 4w; for good without it")
TAKE_CREDITS: Final = Phrase("How many credits to take; what was spent already stays spent")
REASON: Final = Phrase("Why; it stands in the history, and the member can read it")
FREEZE_REASON: Final = Phrase("Why; it stands in the history")
UNDO_ENTRY: Final = Phrase("Which grant or take: choose one, or type its code from the history")

# --- what was done --------------------------------------------------------------------------

WALLET_OF: Final = Phrase("## Credits of {member}")
CAN_SPEND: Final = Phrase("**{member} can spend {spendable} now.**")
IS_FROZEN: Final = Phrase("Frozen: orders are turned down until a moderator unfreezes the wallet.")
NOTHING_SPENT: Final = Phrase("Nothing was spent or granted yet.")
GRANTED: Final = Phrase("Granted {credits} to {member}, who has {left} of grants to spend now.")
GRANTED_UNTIL: Final = Phrase("Expires {end}.")
TOOK: Final = Phrase("Took {credits} from {member}, who has {left} of grants to spend now.")
TOOK_LESS: Final = Phrase(
    "Took {credits} from {member}: of the {asked} that you asked for, no more was granted and "
    "unspent."
)
UNDOING: Final = Phrase("Choose #{code} in `/quota undo` to undo it.")
UNDONE_GRANT: Final = Phrase(
    "Undone: {credits} went from {member}, who has {left} of grants to spend now. What was spent "
    "stays spent."
)
UNDONE_TAKE: Final = Phrase(
    "Undone: {member} has {credits} back, and {left} of grants to spend now."
)
FROZE: Final = Phrase("{member} can't order any more. What is ordered already goes on and comes.")
FROZE_BEFORE: Final = Phrase("{member} was frozen already. Use `/quota unfreeze` to undo that.")
THAWED: Final = Phrase("{member} can order again.")
THAWED_BEFORE: Final = Phrase("{member} was not frozen.")
UNDOABLE_GRANT: Final = Phrase("#{code} · granted, {credits} left · {member} · {reason}")
UNDOABLE_TAKE: Final = Phrase("#{code} · took {credits} · {member} · {reason}")
NO_REASON: Final = Phrase("no reason given")

# --- refusals -------------------------------------------------------------------------------

BAD_EXPIRY: Final = Phrase(
    "“{typed}” is no time that a grant can last. Use a number with h, d or w, such as 12h, 30d or "
    "4w, up to five years."
)
NOTHING_GRANTED: Final = Phrase(
    "There is nothing to take: no granted credits are unspent. Use `/quota allowance` to change "
    "what members may spend without grants."
)
NO_SUCH_ENTRY: Final = Phrase(
    "There is no grant or take #{code} here. Choose one from the list that `/quota undo` offers."
)
UNDONE_BEFORE: Final = Phrase(
    "That was undone already. Use `/quota history` to see by whom and when."
)
NOTHING_LEFT: Final = Phrase(
    "Nothing of it is left to undo: it is spent, held for clips in the making, expired, or taken "
    "back. Use `/quota history` to see what became of it."
)
MODERATORS_ONLY: Final = Phrase("Only moderators can do that. Ask one of them if you need it done.")

# --- allowances -----------------------------------------------------------------------------

ALLOWANCE: Final = Phrase("What members may spend in a period without grants; alone it lists them")
ALLOWANCE_CREDITS: Final = Phrase("How many credits; 0 allows nothing but grants")
ALLOWANCE_PERIOD: Final = Phrase("How often it starts afresh, in the server's time zone")
ALLOWANCE_ROLE: Final = Phrase("For whom; without it, for everybody")
DAY: Final = Phrase("day")
WEEK: Final = Phrase("week")
MONTH: Final = Phrase("month")
ALLOWANCES: Final = Phrase("## Allowances")
ALLOWANCE_SET: Final = Phrase("**{who} can spend {allowance} from now on.**")
ALLOWANCE_KEPT: Final = Phrase("**It was {allowance} for {who} already.**")
ALLOWANCE_REMOVED: Final = Phrase("**The allowance of {who} is removed.**")
ALLOWANCE_GONE: Final = Phrase("**There was none for {who}.**")
ALLOWANCE_INCOMPLETE: Final = Phrase("Give `credits` and `period` together to set an allowance.")
ALLOWANCE_LINE: Final = Phrase("- {who}: {allowance}")
ALLOWANCE_OWN: Final = Phrase("- {who}: {allowance}, the bot's own default")
ALLOWANCES_HINT: Final = Phrase(
    "A member has the best of the roles, from the next order on. It is a limit, and is spent "
    "before grants: what was spent in a period counts, whatever the role was."
)
EVERYBODY: Final = Phrase("everybody")
A_DAY: Final = Phrase("{credits} a day")
A_WEEK: Final = Phrase("{credits} a week")
A_MONTH: Final = Phrase("{credits} a month")
REMOVE_ALLOWANCE: Final = Phrase("Remove an allowance")
REMOVABLE: Final = Phrase("{who}: {allowance}")

# --- history --------------------------------------------------------------------------------

HISTORY: Final = Phrase("What moderators did, and what was spent, newest first")
HISTORY_MEMBER: Final = Phrase("Only what is about this member")
HISTORY_HEAD: Final = Phrase("## History")
HISTORY_HEAD_OF: Final = Phrase("## History of {member}")
HISTORY_NONE: Final = Phrase("Nothing has happened yet.")
HISTORY_END: Final = Phrase("There is nothing older. Press **Newest** to start again.")
NEWEST: Final = Phrase("Newest")
HISTORY_LINE: Final = Phrase("- {at} {what}")
BOOKED: Final = Phrase("{what} · {member}")
BOOKED_ORDER: Final = Phrase("{what} · order #{code}")
BOOKED_HOUSE: Final = Phrase("{credits} at the operator's expense")
_REPLY_LOST: Final = Phrase("the video service's answer was lost")
BOOKED_WHY: Final = {
    "cancelled": Phrase("cancelled"),
    "refused": Phrase("the video service turned it down"),
    "render_failed": Phrase("the video service could not render it"),
    "not_fetched": Phrase("the video could not be fetched"),
    "never_finished": Phrase("the video service never finished it"),
    "in_doubt": _REPLY_LOST,
    "the vendor's reply was lost": _REPLY_LOST,
    "picture_gone": Phrase("the picture could not be handed over"),
    "restored": Phrase("the bot was set back to a backup"),
    "rejected": Phrase("not approved by a moderator"),
    "review_expired": Phrase("no moderator decided in time"),
    "review_closed": Phrase("the moderators could not be asked"),
    "by_operator": Phrase("cancelled by the operator"),
    "the released clip turned up": Phrase("a clip that was given up turned up"),
}
"""By what the ledger says; of the rest the kind says enough."""

# --- the menu of a member -------------------------------------------------------------------

MENU_CREDITS: Final = Phrase("Credits")
PRESS_GRANT: Final = Phrase("Grant")
PRESS_TAKE: Final = Phrase("Take")
PRESS_FREEZE: Final = Phrase("Freeze")
PRESS_UNFREEZE: Final = Phrase("Unfreeze")
FORM_GRANT: Final = Phrase("Grant credits")
FORM_TAKE: Final = Phrase("Take credits back")
FORM_FREEZE: Final = Phrase("Stop this member from ordering")
FORM_UNFREEZE: Final = Phrase("Let this member order again")
FIELD_CREDITS: Final = Phrase("Credits")
FIELD_REASON: Final = Phrase("Reason")
FIELD_EXPIRES: Final = Phrase("Expires after")
BAD_AMOUNT: Final = Phrase(
    "“{typed}” is no number of credits. Press the button again and use a whole number from 1 to "
    "{most}."
)

# --- export ---------------------------------------------------------------------------------

EXPORT: Final = Phrase("The wallets and the last days' entries as CSV files")
EXPORT_DAYS: Final = Phrase("How many days of entries: 1 to 400, 30 without it")
EXPORTED: Final = Counted(
    "The wallets as they are now, and the entries of the last day. Times are UTC.",
    "The wallets as they are now, and the entries of the last {n} days. Times are UTC.",
)
EXPORTED_MORE: Final = Phrase("Part {number} of {total}.")
