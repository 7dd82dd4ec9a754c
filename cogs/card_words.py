"""What is said of files that hang on a card, on messages ahead of it, or nowhere."""

from __future__ import annotations

from typing import Final

from cogs.language import Phrase

HEAVY_FOR_CARD: Final = Phrase(
    "I have to send your files on from here, and one of them has more than {limit}, the most that "
    "this server takes. Attach it once more as a fresh upload: a picture as JPEG or PNG, a track "
    "as MP3. If that does not help, save it smaller."
)
PARCEL: Final = Phrase("File {first} of {total} for order #{code}")
PARCEL_OF_SEVERAL: Final = Phrase("Files {first} to {last} of {total} for order #{code}")
