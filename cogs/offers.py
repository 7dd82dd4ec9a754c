"""What autocomplete offers for model, resolution and seconds, from the model list in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice

from billing.prices import Endpoint, PriceKey, price_of
from cogs import words
from cogs.escape import one_line
from cogs.where import services_of
from jobs.errors import BadOption, NoCatalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord.app_commands import Namespace

    from jobs.catalogue import Catalogue, Model

MOST: Final = 25
"""Choices of one list, and
https://discord.com/developers/docs/interactions/application-commands says so."""

_T = TypeVar("_T", str, int)
_Command = TypeVar("_Command")

LONGEST: Final = 100
"""Characters of a choice's name and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the other options so far; it may be anything, and is never trusted."""

    model: str | None = None
    resolution: str | None = None
    seconds: int | None = None
    sound: bool = False

    @classmethod
    def of(cls, namespace: Namespace) -> Typed:
        """Read the options of a half-typed command; what is missing is None there."""
        seconds = namespace.seconds
        return cls(
            model=namespace.model or None,
            resolution=namespace.resolution or None,
            seconds=seconds if isinstance(seconds, int) else None,
            sound=bool(namespace.sound),
        )


async def _models(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
    catalogue = services_of(interaction).catalogue
    return models(catalogue, Typed.of(interaction.namespace), current)


async def _resolutions(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
    catalogue = services_of(interaction).catalogue
    return resolutions(catalogue, Typed.of(interaction.namespace), current)


async def _seconds(interaction: discord.Interaction, current: str | int) -> list[Choice[int]]:
    catalogue = services_of(interaction).catalogue
    return seconds(catalogue, Typed.of(interaction.namespace), str(current))


def completed(command: _Command) -> _Command:
    """Decorate a command that has these three options."""
    texts = app_commands.autocomplete(model=_models, resolution=_resolutions)
    return app_commands.autocomplete(seconds=_seconds)(texts(command))


def models(catalogue: Catalogue, typed: Typed, text: str) -> list[Choice[str]]:
    """Offer the models whose name holds the text, each with its price a clip."""
    found = []
    for model in catalogue.models:
        label = one_line(model.label)
        if model.sound_multiplier is not None:
            label = words.CHOICE_SOUND(name=label)
        shown = _priced(label, model, typed)
        found.append(Choice(name=shown, value=model.value))
    return fitting(found, text)


def resolutions(catalogue: Catalogue, typed: Typed, text: str) -> list[Choice[str]]:
    """Offer the resolutions of the model that is typed, or of the default one."""
    model = _model(catalogue, typed)
    if model is None:
        return []
    found = []
    for one in model.resolutions:
        chosen = Typed(
            model=typed.model, resolution=one.value, seconds=typed.seconds, sound=typed.sound
        )
        found.append(Choice(name=_priced(one_line(one.label), model, chosen), value=one.value))
    return fitting(found, text)


def seconds(catalogue: Catalogue, typed: Typed, text: str) -> list[Choice[int]]:
    """Offer the lengths of the model that is typed, or of the default one."""
    model = _model(catalogue, typed)
    if model is None:
        return []
    found = []
    for one in model.seconds:
        chosen = Typed(
            model=typed.model, resolution=typed.resolution, seconds=one, sound=typed.sound
        )
        label = words.CHOICE_SECONDS(n=one)
        found.append(Choice(name=_priced(label, model, chosen), value=one))
    return fitting(found, text)


def _model(catalogue: Catalogue, typed: Typed) -> Model | None:
    try:
        return catalogue.model(typed.model)
    except (BadOption, NoCatalogue):
        return None


def fitting(found: Iterable[Choice[_T]], text: str) -> list[Choice[_T]]:
    """Keep the choices that hold the text in name or value, as many as one list takes."""
    wanted = text.casefold().strip()
    fits = [
        one
        for one in found
        if len(str(one.value)) <= LONGEST
        and (wanted in one.name.casefold() or wanted in str(one.value).casefold())
    ]
    return fits[:MOST]


def _priced(label: str, model: Model, typed: Typed) -> str:
    """Put the list's price beside a name; the quote may know better, hence "about"."""
    resolution = typed.resolution
    known = {one.value for one in model.resolutions}
    key = PriceKey(
        endpoint=Endpoint.BATCH,
        model=model.value,
        resolution=resolution if resolution in known else model.resolutions[0].value,
        seconds=typed.seconds if typed.seconds in model.seconds else model.seconds[0],
        sound=(typed.sound and model.sound_multiplier is not None) or model.sound_required,
    )
    credits_ = price_of(key, model.listed(key), None, 0).credits
    name = words.CHOICE(name=label, price=words.money(credits_))
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
