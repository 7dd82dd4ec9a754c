"""Links that end: uploads that the vendor fetches, and the vendor's own to a finished clip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

from jobs.errors import BadPicture, PictureFault
from jobs.model import Picture, Track
from jobs.schedule import LIFETIME_MS

if TYPE_CHECKING:
    from jobs.model import Clip, Options

_File = TypeVar("_File", Picture, Track)

MARGIN_MS: Final = 2 * 3600 * 1000
"""A link must live this much longer: the vendor fetches when it gets to it (AKOOL.md 8)."""


def expires_at(link: str) -> int | None:
    """Read when a signed Discord link dies (epoch ms): `ex` holds hexadecimal seconds.

    Source: Discord's reference, "Signed Attachment CDN URLs". None for a link without `ex`.
    """
    try:
        values = parse_qs(urlsplit(link).query).get("ex", [])
        return int(values[0], 16) * 1000 if values else None
    except ValueError:
        return None


def alive(link: str, now: int) -> bool:
    """Tell whether a link will live for hours from now (epoch ms).

    One without a time of death is fresh from an upload, and taken as alive.
    """
    if not link:
        return False
    end = expires_at(link)
    return end is None or end > now + MARGIN_MS


def servable(picture: Picture | Track, now: int) -> bool:
    """Tell whether the upload's own link serves the very bytes that were checked."""
    return not picture.converted and alive(picture.link, now)


def pictures_of(options: Options) -> tuple[Picture | Track, ...]:
    """Return every file of an order that the vendor fetches, in the order of the card's files.

    First the pictures, then the last frame, then the own track. An order of sound sends no picture.
    """
    pictures = options.pictures if options.source is None else ()
    more = (options.last_frame, options.track)
    return (*pictures, *(one for one in more if one is not None))


def needs_card(options: Options, now: int) -> bool:
    """Tell whether only the card can serve the files, where the bot has no public address."""
    return not all(servable(picture, now) for picture in pictures_of(options))


def check_card(options: Options, limit: int) -> None:
    """Look whether cards can carry an order's files, each of at most `limit` bytes.

    What is too much for one message goes ahead of it in others (jobs/parcels.py).

    A private order has no card. Raises BadPicture.
    """
    if options.private:
        raise BadPicture(fault=PictureFault.NEEDS_CARD)
    if any(one.bytes > limit for one in pictures_of(options)):
        raise BadPicture(fault=PictureFault.TOO_HEAVY_FOR_CARD, limit=limit)


def relinked(options: Options) -> Options:
    """Forget links without a time of death: they were good for their own upload only."""

    def kept(file: _File) -> _File:
        return file if expires_at(file.link) else replace(file, link="")

    return replace(
        options,
        pictures=tuple(kept(picture) for picture in options.pictures),
        last_frame=None if options.last_frame is None else kept(options.last_frame),
        track=None if options.track is None else kept(options.track),
    )


def vendor_link(clip: Clip, now: int) -> tuple[str, int] | None:
    """Return the vendor's link to a clip while it lives, and when it ends (epoch ms).

    Counted from the submit on, not from the finish: it is never promised for too long
    (AKOOL.md 3.3).
    """
    made_at = clip.submitted_at or clip.ready_at
    if not clip.video_link or made_at is None or made_at + LIFETIME_MS <= now:
        return None
    return clip.video_link, made_at + LIFETIME_MS
