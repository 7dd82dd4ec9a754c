"""Check what `/effect` asks for against the vendor's effects, and make it options of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.prices import SINGLE_TABLE, Endpoint
from jobs.errors import BadOption, OptionKind
from jobs.model import Options

if TYPE_CHECKING:
    from jobs.catalogue import Catalogue, Effect
    from jobs.model import Picture, Track

RESOLUTIONS: Final = tuple(dict.fromkeys(resolution for _, resolution in SINGLE_TABLE))
"""What the single endpoint offers, spelt as the vendor spells it (AKOOL.md 3.1)."""

SECONDS: Final = tuple(dict.fromkeys(seconds for seconds, _ in SINGLE_TABLE))
"""Lengths that the single endpoint offers (AKOOL.md 3.1)."""

NEUTRAL_PROMPT: Final = "Animate this image."
"""The vendor wants a prompt beside an effect, and ignores it (AKOOL.md 3.1)."""

NEUTRAL_AVOID: Final = "blurry, distorted"
"""The vendor requires a negative prompt; whether an empty one passes is unknown (AKOOL.md 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effected:
    """What `/effect` was given, as it was typed; None where an option was left out.

    `sound` wants the vendor's own sound, `track` tells that an own audio file came with it.
    """

    effect: str
    resolution: str | None = None
    seconds: int | None = None
    sound: bool = False
    track: bool = False
    fast: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenEffect:
    """A request whose every option is on offer."""

    effect: Effect
    resolution: str
    seconds: int
    asked: Effected

    def options(self, picture: Picture, track: Track | None) -> Options:
        """Return the options of the order, now that its picture and its track are kept."""
        return Options(
            endpoint=Endpoint.SINGLE,
            model="",
            resolution=self.resolution,
            seconds=self.seconds,
            prompt="",
            pictures=(picture,),
            sound=self.asked.sound,
            private=self.asked.private,
            effect=self.effect.code,
            effect_name=self.effect.name,
            track=track,
            fast=self.asked.fast,
        )


def choose_effect(asked: Effected, catalogue: Catalogue) -> ChosenEffect:
    """Check every option; raises BadOption with what is on offer, or NoEffects."""
    effect = catalogue.effect(asked.effect)
    if asked.sound and asked.track:
        raise BadOption(option=OptionKind.TRACK, value=effect.name)
    return ChosenEffect(
        effect=effect, resolution=_resolution(asked), seconds=_seconds(asked), asked=asked
    )


def _resolution(asked: Effected) -> str:
    if asked.resolution is None:
        return RESOLUTIONS[0]
    wanted = asked.resolution.strip().casefold()
    if wanted not in RESOLUTIONS:
        raise BadOption(
            option=OptionKind.EFFECT_RESOLUTION, value=asked.resolution, offered=RESOLUTIONS
        )
    return wanted


def _seconds(asked: Effected) -> int:
    if asked.seconds is None:
        return SECONDS[0]
    if asked.seconds not in SECONDS:
        offered = tuple(str(one) for one in SECONDS)
        raise BadOption(option=OptionKind.EFFECT_SECONDS, value=str(asked.seconds), offered=offered)
    return asked.seconds
