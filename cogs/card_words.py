"""What is said of files that have to hang on a card and can't."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

HEAVY_FOR_CARD: Final = Phrase(
    "I have to send your files on from here, and one of them has more than {limit}, the most that "
    "this server takes. Attach it once more as a fresh upload: a picture as JPEG or PNG, a track "
    "as MP3. If that does not help, save it smaller."
)
