"""What Cancel says while an order is on its way to the video service."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

WISHED: Final = Phrase(
    "It is on its way to the video service right now, too late to stop. If it comes back unmade, "
    "it is cancelled and costs nothing; otherwise the video will come."
)
WISHED_REST: Final = Phrase(
    "What is on its way to the video service right now is cancelled, too, if it comes back unmade."
)
