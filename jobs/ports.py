"""What the engine and the use cases need from the outside, as Protocols that adapters fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from jobs.parcels import ParcelDesk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from billing.prices import Endpoint
    from jobs.catalogue import Effect, Model
    from jobs.model import Clip, Order
    from jobs.progress import Progress


class Clock(Protocol):
    """Wall time and waiting; tests control both."""

    def now(self) -> int:
        """Return epoch milliseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


# --- the vendor -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """One paid request: `count` clips of one picture. Links are secrets of a kind: never log them.

    `effect_code` and `fast` belong to the single endpoint only, `audio_link` to it and to new sound
    for the clip `source_id` (the vendor's id), which needs no picture and tells no webhook.
    `webhook_link` is empty when no webhook is wanted.
    """

    endpoint: Endpoint
    model: str
    image_link: str
    prompt: str
    avoid: str
    resolution: str
    seconds: int
    count: int = 1
    last_image_link: str = ""
    sound: bool = False
    webhook_link: str = ""
    effect_code: str = ""
    audio_link: str = ""
    fast: bool = False
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeClip:
    """A clip that the vendor accepted, and the credits it says it took (None: not said)."""

    vendor_id: str
    cost: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The create was answered: accepted clips, and one note for each refused one."""

    clips: tuple[MadeClip, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingMade:
    """The request did not arrive, or was put off (429, 1005): safe to send again later.

    `retry_after` is the vendor's wish in seconds, or None.
    """

    note: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBlocked:
    """The account can't pay or is not let in: nothing was made, and nothing will be for anybody."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """A readable refusal of this very request: nothing was made, and sending again is useless."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Nobody knows whether the vendor made (and charged) the clips: never send again."""

    note: str


SubmitOutcome = Made | NothingMade | AccountBlocked | RequestRefused | InDoubt


class SeenStatus(StrEnum):
    """What the vendor says of a clip; UNCLEAR is a status that is not documented."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one look at the vendor showed of a clip: `cost` in credits, `link` when it is done."""

    vendor_id: str
    status: SeenStatus
    link: str = ""
    cost: int | None = None
    note: str = ""


class LookFailed(Exception):  # noqa: N818 - one name per way a look can go wrong
    """The status call brought no answer; `refused` tells that the vendor turned the call down."""

    def __init__(self, note: str, *, refused: bool) -> None:
        super().__init__(note)
        self.refused = refused


class FetchGone(Exception):  # noqa: N818
    """The link is dead for good: expired, deleted, or it leads where we do not go."""


class FetchLater(Exception):  # noqa: N818
    """The file did not come this time; a later try may bring it."""


class Renderer(Protocol):
    """The vendor that turns a picture into clips."""

    async def submit(self, request: RenderRequest) -> SubmitOutcome:
        """Send one paid request, once. Raises nothing: every failure is an outcome."""
        ...

    async def look(self, vendor_ids: Sequence[str]) -> tuple[Seen, ...]:
        """Ask for many clips in one call; ids the answer lacks are left out. Raises LookFailed."""
        ...

    async def fetch(self, link: str, target: Path) -> None:
        """Bring a finished video into a file. Raises FetchGone or FetchLater."""
        ...

    async def delete(self, vendor_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete clips; return the ids that are gone. Raises LookFailed when the call fails."""
        ...

    async def models(self) -> tuple[Model, ...]:
        """Return the models on offer, best first. Raises LookFailed."""
        ...

    async def effects(self) -> tuple[Effect, ...]:
        """Return the effects on offer, in the vendor's order. Raises LookFailed."""
        ...


# --- the media store ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """A checked picture in the store: its key, size in pixels and bytes."""

    key: str
    width: int
    height: int
    bytes: int
    converted: bool
    first_frame_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrack:
    """A checked audio file in the store: its key, bytes and seconds."""

    key: str
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVideo:
    """A finished video in the store: its name, bytes, seconds, and size in pixels."""

    file: str
    bytes: int
    seconds: float
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedVideo:
    """A file to upload: where it is, its bytes, and whether it was made smaller for the limit."""

    path: Path
    bytes: int
    shrunk: bool
    height: int = 0


class VideoUnusable(Exception):  # noqa: N818
    """The fetched file is no playable video."""


class VideoTooLarge(Exception):  # noqa: N818
    """The video can't be made small enough for the upload limit."""


class Library(Protocol):
    """Pictures and videos on disk; everything in it survives a restart."""

    async def keep_picture(self, data: bytes) -> KeptPicture:
        """Check and keep an uploaded picture. Raises jobs.errors.BadPicture."""
        ...

    async def keep_track(self, data: bytes) -> KeptTrack:
        """Check and keep an uploaded audio file. Raises jobs.errors.BadTrack."""
        ...

    def picture_path(self, key: str) -> Path | None:
        """Return where a kept picture or audio file lies, or None when it is gone."""
        ...

    async def keep_video(self, clip_id: int, fetch: Callable[[Path], Awaitable[None]]) -> KeptVideo:
        """Have a video fetched into the store and probe it; one already kept is not fetched again.

        Raises VideoUnusable, and whatever `fetch` raises.
        """
        ...

    async def fitted(self, file: str, limit: int) -> FittedVideo:
        """Return the video at a size under `limit` bytes. Raises VideoTooLarge, VideoUnusable."""
        ...

    async def poster(self, file: str) -> Path | None:
        """Return a still of a video (WebP), made at the first call; None when there can be none."""
        ...

    async def drop_video(self, file: str) -> None:
        """Delete a video from the store; nothing happens when it is gone already."""
        ...

    async def sweep(self, before: int) -> int:
        """Delete what was last used before then (epoch ms); return how many files that was."""
        ...


# --- Discord --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message in a channel."""

    channel_id: int
    message_id: int


class PostFault(StrEnum):
    """Why a message did not get posted, by what to do next."""

    NO_ROOM = "no_room"
    TOO_LARGE = "too_large"
    LATER = "later"


class PostFailed(Exception):  # noqa: N818
    """A message was not posted: nowhere to post, too large, or try again later (perhaps it is up).

    `limit` is the upload limit in bytes where Discord named one; `retry_after` seconds.
    """

    def __init__(self, fault: PostFault, note: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{fault}: {note}")
        self.fault = fault
        self.retry_after = retry_after


class MessageKind(StrEnum):
    """Which of an order's messages is meant."""

    CARD = "card"
    CLIP = "clip"
    NOTICE = "notice"
    PAUSE = "pause"
    SHARE = "share"


class CannotLook(Exception):  # noqa: N818
    """The channel's history can't be read, so nobody knows whether our message is up."""


class Courier(ParcelDesk, Protocol):
    """Hands cards and videos over to Discord, with the bot's own token.

    Every post carries a nonce made from the order or clip, so the same post twice within two
    minutes is one message.
    """

    async def post_card(
        self, order: Order, progress: Progress, pictures: Sequence[Path]
    ) -> MessageRef:
        """Post an order's card, with its pictures when only the card can serve them.

        Raises PostFailed.
        """
        ...

    async def edit_card(self, order: Order, progress: Progress) -> bool:
        """Redraw a card; False when the message is gone. Raises PostFailed."""
        ...

    async def post_clip(
        self, order: Order, clip: Clip, video: FittedVideo | None, *, direct: bool
    ) -> MessageRef:
        """Post a finished clip to the channel, or to the asker directly.

        Without a video the vendor's link is posted, with its expiry. Raises PostFailed.
        """
        ...

    async def post_shared(self, order: Order, clip: Clip, video: FittedVideo | None) -> MessageRef:
        """Post a private clip in its order's channel for everybody, mentioning nobody.

        Without a video the vendor's link is posted, with its expiry. Raises PostFailed.
        """
        ...

    async def post_notice(self, order: Order, *, direct: bool) -> MessageRef:
        """Tell the asker that an order, or some of it, brought no video and cost nothing.

        Raises PostFailed.
        """
        ...

    async def post_pause(self, order: Order) -> MessageRef:
        """Tell the asker directly that an order waits for moderators. Raises PostFailed."""
        ...

    async def find(
        self, order: Order, kind: MessageKind, clip_id: int | None, since: int
    ) -> MessageRef | None:
        """Look for a message that may be up since then (epoch ms); None when it is not there.

        A shared one is looked for in the order's channel only.

        Raises CannotLook where the history can't be read, PostFailed(LATER) when Discord is down.
        """
        ...

    async def fresh_links(self, message: MessageRef) -> tuple[str, ...]:
        """Read a message again and return its files' links in order, none when it is gone.

        Raises PostFailed(LATER) when Discord is down.
        """
        ...

    async def remove(self, message: MessageRef) -> None:
        """Delete one of our messages; nothing happens when it is gone. Raises PostFailed."""
        ...

    async def tell_operator(self, text: str) -> None:
        """Tell the person who runs the bot; never raises, the log has it in any case."""
        ...
