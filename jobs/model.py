"""What an order is made of: the values that cogs, engine and storage hand to one another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from billing.prices import Endpoint, PriceKey
from jobs.rules import Guards, GuildRules, ReviewRules

if TYPE_CHECKING:
    from billing.periods import Period
    from jobs.ports import MessageRef
    from jobs.states import ClipState, FailReason

__all__ = [
    "Clip",
    "Draft",
    "Guards",
    "GuildRules",
    "Member",
    "NewDraft",
    "Options",
    "Order",
    "Ordered",
    "Picture",
    "Place",
    "Quote",
    "ReviewRules",
    "Send",
    "Source",
    "Track",
    "WalletEntry",
    "WalletView",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who acts, in which guild, with which roles (known from the interaction at hand)."""

    guild_id: int
    user_id: int
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the result goes: channel, upload limit in bytes, and the languages in use there.

    `asked_in` is the channel of the command where the result goes to another one. `lies_in` are
    what that channel lies in: a thread's channel, and the category. `age_restricted` tells whether
    Discord keeps minors out of it.
    """

    channel_id: int
    upload_limit: int
    locale: str = "en-US"
    guild_locale: str = "en-US"
    asked_in: int | None = None
    lies_in: tuple[int, ...] = ()
    age_restricted: bool = False

    @property
    def origin(self) -> int:
        """Where it was asked for."""
        return self.channel_id if self.asked_in is None else self.asked_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A checked picture in the media store.

    `key` is its name there, `link` the upload's own signed link (empty when it has none),
    `converted` tells that the stored bytes differ from what that link serves.
    """

    key: str
    link: str = ""
    converted: bool = False
    width: int = 0
    height: int = 0
    bytes: int = 0
    first_frame_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A checked audio file in the media store: key, the upload's own signed link, bytes, seconds.

    It is never converted: the stored bytes are those that the link serves.
    """

    key: str
    link: str = ""
    bytes: int = 0
    seconds: float = 0.0

    @property
    def converted(self) -> bool:
        """Tell whether the stored bytes differ from what the link serves."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The finished clip that sound is put on: its id, the vendor's id of it, what members call it.

    The name is its order's code, with the clip's number where the order has several.
    """

    clip_id: int
    vendor_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for, in full: enough to ask for it again.

    An order of an effect has its code and name and no prompt; `fast` belongs to the single endpoint
    only. An order of sound has a `source`, whose prompt and picture only tell what it shows.
    """

    endpoint: Endpoint
    model: str
    resolution: str
    seconds: int
    prompt: str
    pictures: tuple[Picture, ...]
    variations: int = 1
    avoid: str = ""
    last_frame: Picture | None = None
    sound: bool = False
    private: bool = False
    effect: str = ""
    effect_name: str = ""
    track: Track | None = None
    fast: bool = False
    source: Source | None = None

    @property
    def price_key(self) -> PriceKey:
        """What the price of each clip depends on."""
        return PriceKey(
            endpoint=self.endpoint,
            model=self.model,
            resolution=self.resolution,
            seconds=self.seconds,
            sound=self.sound,
            fast=self.fast,
            track=self.track is not None,
        )

    @property
    def clips(self) -> int:
        """How many clips this asks for."""
        return self.variations * len(self.pictures)

    @property
    def title(self) -> str:
        """Tell an order from others in a few words: its prompt, or its effect's name."""
        return self.prompt or self.effect_name

    def to_json(self) -> str:
        """Return the stored form."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Options:
        """Read the stored form; fields that it lacks get their defaults."""
        data = json.loads(text)
        data["endpoint"] = Endpoint(data["endpoint"])
        data["pictures"] = tuple(Picture(**picture) for picture in data["pictures"])
        last = data.get("last_frame")
        data["last_frame"] = Picture(**last) if last else None
        track = data.get("track")
        data["track"] = Track(**track) if track else None
        source = data.get("source")
        data["source"] = Source(**source) if source else None
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The price shown before anything is spent, in credits.

    `learned` tells that it is what such a clip really cost. `wait` is the usual wait in
    seconds, where enough such clips are known.
    """

    per_clip: int
    clips: int
    learned: bool = False
    wait: tuple[int, int] | None = None

    @property
    def total(self) -> int:
        """Credits for all clips together: the most that will be charged."""
        return self.per_clip * self.clips


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A click, before it is stored.

    `interaction_id` is what there is only one draft for: an interaction, or minus the id of a form.
    """

    id: int
    interaction_id: int
    member: Member
    place: Place
    options: Options
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a click asked for; becomes at most one order."""

    id: int
    member: Member
    place: Place
    options: Options
    quote: Quote
    created_at: int
    order_id: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A placed order as its receipt tells it; credits. `review`: a moderator looks at it first."""

    order_id: int
    quote: Quote
    spendable: int
    again: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletEntry:
    """One ledger line as a member reads it."""

    at: int
    kind: str
    credits: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """A member's wallet: credits, and when the allowance renews (epoch ms)."""

    spendable: int
    allowance_left: int
    allowance: int
    period: Period
    renews_at: int
    grants: int
    expiring: tuple[tuple[int, int], ...]
    held: int
    entries: tuple[WalletEntry, ...]
    frozen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One paid request that this process has claimed, with its fence.

    `parcels` are the messages with those files of its order that its card has no room for.
    """

    id: int
    order_id: int
    clip_ids: tuple[int, ...]
    picture: Picture
    options: Options
    place: Place
    member: Member
    token: str
    fence: int
    attempts: int
    card_channel_id: int | None
    card_message_id: int | None
    price: int
    queued_at: int
    parcels: tuple[MessageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One video: where it stands and what is known of it.

    `quote` is its hold in credits; `cost` what the vendor says it charged; `file` its name in
    the media store with `bytes`; times are epoch ms. `newcomer` tells that its message is the
    first that its asker gets in the guild, `spoiler` that it is covered there; only `begin_post`
    knows that. The shared message is a private clip's second one, in the channel of its order.
    """

    id: int
    order_id: int
    send_id: int
    number: int
    state: ClipState
    quote: int
    price_key: str = ""
    vendor_id: str | None = None
    cost: int | None = None
    charged: int | None = None
    video_link: str = ""
    file: str = ""
    bytes: int = 0
    reason: FailReason | None = None
    note: str = ""
    channel_id: int | None = None
    message_id: int | None = None
    first_try_at: int | None = None
    submitted_at: int | None = None
    ready_at: int | None = None
    polls: int = 0
    misses: int = 0
    attempts: int = 0
    fence: int = 0
    free: bool = False
    deleted: bool = False
    mention: bool = False
    newcomer: bool = False
    spoiler: bool = False
    share_first_try_at: int | None = None
    shared_channel_id: int | None = None
    shared_message_id: int | None = None
    keep_message: bool = False

    @property
    def is_shared(self) -> bool:
        """Tell whether its owner has shared it: then everybody in the channel sees it."""
        return self.shared_message_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A confirmed draft with its clips, as cards and results are drawn from it."""

    id: int
    member: Member
    place: Place
    options: Options
    quote: Quote
    created_at: int
    clips: tuple[Clip, ...]
    card_channel_id: int | None = None
    card_message_id: int | None = None
    card_first_try_at: int | None = None
    card_text: str = ""
    card_edits: int = 0
    card_picture: bool = False
    card_wanted: int = 0
    notice_message_id: int | None = None
    notice_first_try_at: int | None = None
    pause_message_id: int | None = None
    pause_first_try_at: int | None = None
    ahead: int = 0
    fence: int = 0
    attempts: int = 0
    paused: bool = False

    def with_clip(self, clip: Clip) -> Order:
        """Return the order with one clip replaced by its newer form."""
        clips = tuple(clip if one.id == clip.id else one for one in self.clips)
        return replace(self, clips=clips)
