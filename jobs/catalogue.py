"""The vendor's models and effects, kept in memory for autocomplete and for checking requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from billing.prices import Endpoint, ListedPrice, PriceKey
from jobs.errors import BadOption, NoCatalogue, NoEffects, OptionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A size that a model offers; `value` is sent exactly as it was listed (AKOOL.md 4)."""

    value: str
    label: str
    unit_credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of the vendor's list.

    `sound_multiplier` is what sound multiplies the price by; None where it makes no sound.
    """

    value: str
    label: str
    resolutions: tuple[Resolution, ...]
    seconds: tuple[int, ...]
    sound_multiplier: str | None = None
    sound_required: bool = False
    last_frame: bool = False
    most_clips: int = 10
    paid_plan: bool = False

    def resolution(self, value: str) -> Resolution:
        """Find a resolution by value or label. Raises BadOption with those on offer."""
        for one in self.resolutions:
            if value.casefold() in (one.value.casefold(), one.label.casefold()):
                return one
        offered = tuple(one.value for one in self.resolutions)
        raise BadOption(option=OptionKind.RESOLUTION, value=value, offered=offered)

    def listed(self, key: PriceKey) -> ListedPrice:
        """Return the list's price for one of this model's keys."""
        if key.endpoint is not Endpoint.BATCH:
            return ListedPrice()
        unit = self.resolution(key.resolution).unit_credit
        return ListedPrice(unit_credit=unit, multiplier=self.sound_multiplier or "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A named effect of the single endpoint (AKOOL.md 3.4).

    `picture` and `preview` are links to a still and to a video, empty where there is none.
    """

    code: str
    name: str
    picture: str = ""
    preview: str = ""


class CatalogueStore(Protocol):
    """The vendor's lists, as last read."""

    async def load_models(self) -> tuple[tuple[Model, ...], int] | None:
        """Return the last known models and when they were read (epoch ms)."""

    async def save_models(self, models: tuple[Model, ...], now: int) -> None:
        """Keep a list that was just read."""

    async def load_effects(self) -> tuple[tuple[Effect, ...], int] | None:
        """Return the last known effects and when they were read (epoch ms)."""

    async def save_effects(self, effects: tuple[Effect, ...], now: int) -> None:
        """Keep a list of effects that was just read."""


class Catalogue:
    """The last known lists; each is replaced as a whole when a newer one arrives.

    `read_at` and `effects_read_at` say when (epoch ms). `stale` tells that the vendor did not
    answer when it was asked last, so that these are older lists.
    """

    def __init__(self, default_model: str = "") -> None:
        self._default = default_model
        self.models: tuple[Model, ...] = ()
        self.read_at: int | None = None
        self.effects: tuple[Effect, ...] = ()
        self.effects_read_at: int | None = None
        self.stale = False

    def replace(self, models: tuple[Model, ...], read_at: int) -> None:
        """Take a newer list, read at that time (epoch ms); an empty one is not taken."""
        if models:
            self.models = models
            self.read_at = read_at

    def replace_effects(self, effects: tuple[Effect, ...], read_at: int) -> None:
        """Take a newer list, read at that time (epoch ms); an empty one is not taken."""
        if effects:
            self.effects = effects
            self.effects_read_at = read_at

    def effect(self, value: str) -> Effect:
        """Find an effect by name or code.

        Raises BadOption with those on offer, or NoEffects before the first list came.
        """
        if not self.effects:
            raise NoEffects
        wanted = value.strip().casefold()
        for one in self.effects:
            if wanted in (one.name.casefold(), one.code.casefold()):
                return one
        offered = tuple(one.name for one in self.effects)
        raise BadOption(option=OptionKind.EFFECT, value=value, offered=offered)

    def listed(self, key: PriceKey) -> ListedPrice:
        """Return the list's price for a key; only the batch endpoint has listed prices.

        Raises BadOption or NoCatalogue for a model that is not on offer.
        """
        if key.endpoint is not Endpoint.BATCH:
            return ListedPrice()
        return self.model(key.model).listed(key)

    def model(self, value: str | None) -> Model:
        """Find a model by value or label; None is the default one.

        Raises BadOption with those on offer, or NoCatalogue before the first list came.
        """
        if not self.models:
            raise NoCatalogue
        if not value:
            return self._find(self._default) or self.models[0]
        found = self._find(value)
        if found is None:
            offered = tuple(one.label for one in self.models)
            raise BadOption(option=OptionKind.MODEL, value=value, offered=offered)
        return found

    def _find(self, value: str) -> Model | None:
        wanted = value.casefold()
        for one in self.models:
            if wanted and wanted in (one.value.casefold(), one.label.casefold()):
                return one
        return None
