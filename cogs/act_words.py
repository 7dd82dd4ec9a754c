"""The sentences that tell of moderators' acts, in the history and in the log channel."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

ACT: Final = Phrase("{what}: {reason}")
OPERATOR: Final = Phrase("the operator")
NOTHING: Final = Phrase("nothing")
ON: Final = Phrase("on")
OFF: Final = Phrase("off")
ADDED: Final = Phrase("added {rules}")
REMOVED: Final = Phrase("removed {rules}")
CHANGED: Final = Phrase("{before} → {after}")

GRANT: Final = Phrase("{actor} granted {credits} to {subject}")
GRANT_UNTIL: Final = Phrase("{actor} granted {credits} to {subject} until {about}")
TAKE: Final = Phrase("{actor} took {credits} from {subject}")
UNDO_GRANT: Final = Phrase("{actor} undid #{about} and took {credits} from {subject}")
UNDO_TAKE: Final = Phrase("{actor} undid #{about} and gave {credits} back to {subject}")
FREEZE: Final = Phrase("{actor} froze {subject}")
UNFREEZE: Final = Phrase("{actor} unfroze {subject}")
ALLOWANCE: Final = Phrase("{actor} changed the allowance of {subject}, {change}")
SETTING: Final = Phrase("{actor} changed **{about}**: {change}")
PAUSE: Final = Phrase("{actor} paused the bot")
RESUME: Final = Phrase("{actor} resumed the bot")
BLOCK: Final = Phrase("{actor} blocked {subject} from the bot")
UNBLOCK: Final = Phrase("{actor} let {subject} use the bot again")
APPROVE: Final = Phrase("{actor} approved order #{subject}")
REJECT: Final = Phrase("{actor} rejected order #{subject}")
REPORT: Final = Phrase("{actor} reported #{subject}")
KEEP: Final = Phrase("{actor} kept #{subject}, which was reported")
DELETE: Final = Phrase("{actor} deleted #{subject}")
REFUSE: Final = Phrase("{actor} was refused what was typed for `{about}`, by the rule {after}")
RELEASE: Final = Phrase("{actor} released clip #{subject}")
RESUBMIT: Final = Phrase("{actor} had clip #{subject} sent again")
CANCEL: Final = Phrase("{actor} cancelled order #{subject}")
POOL: Final = Phrase("The server's pool is {percent} % used: {used} of {size}")
POOL_DRY: Final = Phrase(
    "The server's pool has no room for an order of {price}: {used} used of {size}"
)
OTHER: Final = Phrase("{actor}: {kind} {about} {change}")
