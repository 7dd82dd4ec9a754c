"""What Cancel says while an order is on its way to the video service."""

from __future__ import annotations

from typing import Final

from cogs.language import Counted, Phrase

WISHED: Final = Phrase(
    "It is on its way to the video service right now, too late to stop. If it comes back unmade, "
    "it is cancelled and costs nothing; otherwise the video will come."
)
WISHED_REST: Final = Phrase(
    "What is on its way to the video service right now is cancelled, too, if it comes back unmade."
)
CANCELLED_BEFORE: Final = Phrase("It is cancelled already, and the credits are yours again.")
NOTHING_TO_CANCEL: Final = Phrase(
    "Nothing of it is left to cancel. `/videos` shows what came of it."
)
HIDE: Final = Phrase("Delete it unseen")
HIDDEN: Final = Counted(
    "{n} clip will be deleted as soon as it is ready, and is posted nowhere. What the video "
    "service takes for it is charged.",
    "{n} clips will be deleted as soon as they are ready, and are posted nowhere. What the video "
    "service takes for them is charged.",
)
NOTHING_TO_HIDE: Final = Phrase(
    "Everything of it is here already. **Delete** below a video removes it."
)
