"""What is asked of Akool and what it answers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from akool.fields import EMPTY, JsonObject

if TYPE_CHECKING:
    from decimal import Decimal

MOST_CLIPS_PER_CALL: Final = 10
"""Upper bound of `count` in a batch create (AKOOL.md 3.2)."""


class VendorStatus(IntEnum):
    """Where a clip stands at the vendor (AKOOL.md 1); UNKNOWN is whatever is not documented."""

    UNKNOWN = 0
    QUEUED = 1
    PROCESSING = 2
    COMPLETED = 3
    FAILED = 4

    @classmethod
    def of(cls, number: int | None) -> VendorStatus:
        """Return the status of that number; UNKNOWN for every other one."""
        return cls(number) if number in _STATUS_NUMBERS else cls.UNKNOWN


_STATUS_NUMBERS: Final = frozenset(int(status) for status in VendorStatus)


class AudioType(IntEnum):
    """Where the sound comes from (AKOOL.md 3.1)."""

    AI = 1
    OWN = 2
    NONE = 3


# --- requests -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleCreate:
    """One clip by the single endpoint, which knows effects and own sound (AKOOL.md 3.1).

    With an `effect_code` the vendor ignores `prompt`, yet wants one. `premium` is "faster" and
    needs a Pro plan, as do 10 `seconds`. Raises ValueError for own sound without its link.
    """

    image_url: str = field(repr=False)
    prompt: str = field(repr=False)
    resolution: str
    seconds: int
    negative_prompt: str = field(default="", repr=False)
    extend_prompt: bool | None = None
    audio_type: AudioType = AudioType.NONE
    audio_url: str | None = field(default=None, repr=False)
    premium: bool | None = None
    effect_code: str | None = None
    webhook_url: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _require_own_sound(self.audio_type, self.audio_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCreate:
    """1 to 10 variations of one picture by the batch endpoint, which knows models (AKOOL.md 3.2).

    `resolution` and `seconds` must be values that the model lists, spelt as it lists them.
    `generate_audio` is ignored by models without sound. Raises ValueError for a `count` out of
    range.
    """

    image_url: str = field(repr=False)
    prompt: str = field(repr=False)
    model: str
    resolution: str
    seconds: int
    count: int = 1
    negative_prompt: str | None = field(default=None, repr=False)
    extend_prompt: bool | None = None
    last_image_url: str | None = field(default=None, repr=False)
    generate_audio: bool | None = None
    webhook_url: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_CLIPS_PER_CALL:
            raise ValueError(f"count is {self.count}, expected 1 to {MOST_CLIPS_PER_CALL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioUpdate:
    """New sound for a finished clip, which becomes a clip of its own (AKOOL.md 3.5).

    Raises ValueError for own sound without its link, and for no sound at all.
    """

    video_id: str
    audio_type: AudioType
    audio_url: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.audio_type is AudioType.NONE:
            raise ValueError("audio_type is NONE, expected AI or OWN")
        _require_own_sound(self.audio_type, self.audio_url)


def _require_own_sound(audio_type: AudioType, audio_url: str | None) -> None:
    if audio_type is AudioType.OWN and not audio_url:
        raise ValueError("audio_type is OWN, expected an audio_url")


# --- answers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorClip:
    """One job document of the vendor's, as much of it as could be read (AKOOL.md 3.1 to 3.5).

    Times are epoch ms (`updated_at` can lie before `created_at`, AKOOL.md 12), `duration` is
    seconds, `deduction_credit` credits. `video_url` is a signed link of a sort: never log it.
    `failure` is the vendor's reason if it gave one; no field for that is documented.
    """

    id: str
    status: VendorStatus
    video_url: str | None = field(default=None, repr=False)
    deduction_credit: int | None = None
    created_at: int | None = None
    updated_at: int | None = None
    duration: float | None = None
    resolution: str = ""
    model: str = ""
    batch_id: str = ""
    batch_count: int | None = None
    pre_video_id: str | None = None
    only_add_audio: bool = False
    failure: str = field(default="", repr=False)
    raw: JsonObject = field(default_factory=lambda: EMPTY, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemError:
    """One refused item of a list: the vendor's code and words, where they could be read.

    The shape of such an item is not documented (AKOOL.md 3.2).
    """

    code: int | None = None
    message: str = field(default="", repr=False)
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """Which clips of a batch were created, and which were refused; together perhaps not all."""

    created: tuple[VendorClip, ...] = ()
    refused: tuple[ItemError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAnswer:
    """Ids that are gone, and those that the vendor kept, with its reasons (AKOOL.md 3.6)."""

    deleted: tuple[str, ...] = ()
    kept: tuple[ItemError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A size that a model offers; send `value` back exactly as it came (AKOOL.md 4).

    `unit_credit` is the only price hint there is; its unit is not documented (AKOOL.md 5).
    """

    value: str
    label: str
    width: int | None = None
    height: int | None = None
    unit_credit: Decimal | None = None
    durations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSupport:
    """How a model makes sound; `multiplier` is what sound presumably multiplies the cost by."""

    required: bool = False
    default: bool = False
    multiplier: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of the vendor's list (AKOOL.md 4); `value` is its name in a create.

    `durations` are seconds. `audio` is None where the model makes no sound. `most_clips` and
    `most_images` are the model's own bounds, None where it names none.
    """

    value: str
    label: str
    sort: Decimal | None = None
    provider: str = ""
    group: str = ""
    description: str = ""
    pro: bool = False
    requires_pay: bool = False
    resolutions: tuple[Resolution, ...] = ()
    durations: tuple[int, ...] = ()
    audio: AudioSupport | None = None
    last_frame: bool = False
    extend_prompt: bool = False
    most_images: int | None = None
    most_clips: int | None = None
    raw: JsonObject = field(default_factory=lambda: EMPTY, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A named effect for the single endpoint (AKOOL.md 3.4), with links to its previews."""

    code: str
    name: str
    logo_url: str | None = None
    video_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account has left, in credits, rounded down; negative is possible."""

    credits: int
