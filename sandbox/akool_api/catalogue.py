"""The emulated vendor's models and effects; field names as in AKOOL.md 3.4 and 4, values ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sandbox.animator.plan import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """One entry of a model's `resolutionList`; `unit_credit` is charged per 5 seconds here."""

    value: str
    label: str
    width: int
    height: int
    unit_credit: int

    @property
    def short_side(self) -> int:
        """Pixels of the shorter side; the longer one follows the picture."""
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A model's `generate_audio` object; the multiplier is applied to the price of a clip."""

    required: bool = False
    default: bool = False
    multiplier: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoModel:
    """One entry of the model list."""

    value: str
    label: str
    provider: str
    group: str
    sort: int
    resolutions: tuple[Resolution, ...]
    durations: tuple[int, ...] = (5, 10)
    sound: Sound | None = None
    last_frame: bool = False
    extend_prompt: bool = True
    max_count: int = 10
    is_pro: bool = True
    requires_pay: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the entry as `aigModel/list` shows it."""
        return {
            "sort": self.sort,
            "group": self.group,
            "provider": self.provider,
            "type": 1501,
            "value": self.value,
            "label": self.label,
            "isPro": self.is_pro,
            "requiresPay": self.requires_pay,
            "resolutionList": [
                {
                    "label": one.label,
                    "value": one.value,
                    "width": one.width,
                    "height": one.height,
                    "unit_credit": one.unit_credit,
                }
                for one in self.resolutions
            ],
            "durationList": list(self.durations),
            "generate_audio": self.sound
            and {
                "required": self.sound.required,
                "type": True,
                "default": self.sound.default,
                "extra_credit_multiplier": self.sound.multiplier,
            },
            "supportedLastFrame": self.last_frame,
            "supportedExtendPrompt": self.extend_prompt,
            "maxImageCount": 2 if self.last_frame else 1,
            "maxCount": self.max_count,
        }


def _size(value: str, width: int, height: int, unit_credit: int) -> Resolution:
    return Resolution(value=value, label=value, width=width, height=height, unit_credit=unit_credit)


MODELS: Final = (
    VideoModel(
        value="AkoolImage2VideoFastV1",
        label="Akool Basic",
        provider="akool",
        group="Akool",
        sort=100,
        resolutions=(
            _size("720p", 1280, 720, 4),
            _size("1080p", 1920, 1080, 6),
            _size("4k", 3840, 2160, 10),
        ),
        sound=Sound(),
        max_count=4,
        is_pro=False,
    ),
    VideoModel(
        value="AkoolImage2VideoHDV1",
        label="Akool Premium",
        provider="akool",
        group="Akool",
        sort=90,
        resolutions=(
            _size("720p", 1280, 720, 8),
            _size("1080p", 1920, 1080, 12),
            _size("4k", 3840, 2160, 20),
        ),
        sound=Sound(multiplier=2),
    ),
    VideoModel(
        value="seedance-1-0-lite-i2v-250428",
        label="Seedance 1.0 Lite",
        provider="seedance",
        group="Seedance",
        sort=80,
        resolutions=(
            _size("480p", 854, 480, 3),
            _size("720p", 1280, 720, 5),
            _size("1080p", 1920, 1080, 10),
        ),
        last_frame=True,
    ),
    VideoModel(
        value="MiniMax-Hailuo-2.3/image-to-video",
        label="Hailuo 2.3",
        provider="minimax",
        group="MiniMax",
        sort=70,
        resolutions=(_size("768P", 1366, 768, 10), _size("1080P", 1920, 1080, 20)),
        durations=(6, 10),
        max_count=1,
        requires_pay=True,
    ),
    VideoModel(
        value="alibaba/wan2.5-i2v-preview",
        label="Wan 2.5 Preview",
        provider="alibaba",
        group="Wan",
        sort=60,
        resolutions=(_size("1280x720", 1280, 720, 9), _size("1920x1080", 1920, 1080, 14)),
        sound=Sound(required=True, default=True, multiplier=1.5),
        extend_prompt=False,
        max_count=2,
    ),
)
"""Sorted as listed. Values, labels and the first unit price were seen (AKOOL.md 4); the rest is
invented, and differs on purpose: spelling of resolutions, durations, sound, last frame, counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEffect:
    """One entry of the effects list, and what draws it."""

    id: str
    name: str
    code: str
    drawn: Effect

    def as_json(self, origin: str) -> dict[str, object]:
        """Return the entry as `image2Video/effects` shows it, with assets on the emulator."""
        return {
            "_id": self.id,
            "create_time": 1752576694502,
            "logo": f"{origin}/assets/{self.name}.png",
            "name": self.name,
            "video_url": f"{origin}/assets/{self.name}.mp4",
            "effect_code": self.code,
        }


EFFECTS: Final = (
    NamedEffect(
        id="687632b95a0f52799eeed701",
        name="Squish",
        code="squish_89244231312",
        drawn=Effect.SQUISH,
    ),
    NamedEffect(
        id="687632ba5a0f52799eeed887",
        name="Cakeify",
        code="cakeify_24743216",
        drawn=Effect.CAKEIFY,
    ),
    NamedEffect(
        id="687632bc5a0f52799eeed929",
        name="Samurai",
        code="samurai_99757865",
        drawn=Effect.SAMURAI,
    ),
)
