"""Reading the vendor's list of models, whose field table no stored page shows in full.

Field names are from the official demo (AKOOL.md 4): https://docs.akool.com/ai-tools-suite/aimodel.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from akool import fields
from akool.envelope import open_success
from akool.models import AudioSupport, Model, Resolution

if TYPE_CHECKING:
    from akool.envelope import Answer

IMAGE_TO_VIDEO: Final = 1501
"""The list's type number of image-to-video models (AKOOL.md 4)."""

_LIST_KEYS: Final = ("result", "list")


def read_models(answer: Answer) -> tuple[Model, ...]:
    """Read the models on offer, highest `sort` first as the vendor asks (AKOOL.md 4).

    One without a `value`, of another type or named twice is left out. Raises AkoolError.
    """
    data = open_success(answer).data
    found: dict[str, Model] = {}
    for item in _listed(data):
        raw = fields.mapping(item)
        model = _model(raw)
        if model.value and fields.whole(raw.get("type")) in (None, IMAGE_TO_VIDEO):
            found.setdefault(model.value, model)
    return tuple(sorted(found.values(), key=_order, reverse=True))


def _listed(data: object) -> list[object]:
    if isinstance(data, list):
        return data
    within = (fields.mapping(data).get(key) for key in _LIST_KEYS)
    return next((value for value in within if isinstance(value, list)), [])


def _order(model: Model) -> Decimal:
    return model.sort or Decimal(0)


def _model(raw: fields.JsonObject) -> Model:
    value = fields.text(raw.get("value"))
    return Model(
        value=value,
        label=fields.text(raw.get("label")) or fields.text(raw.get("name")) or value,
        sort=fields.decimal(raw.get("sort")),
        provider=fields.text(raw.get("provider")),
        group=fields.text(raw.get("group")),
        description=fields.text(raw.get("description"), 2000),
        pro=fields.flag(raw.get("isPro")) or False,
        requires_pay=fields.flag(raw.get("requiresPay")) or False,
        resolutions=_resolutions(raw.get("resolutionList")),
        durations=_durations(raw.get("durationList")),
        audio=_audio(raw.get("generate_audio")),
        last_frame=fields.flag(raw.get("supportedLastFrame")) or False,
        extend_prompt=fields.flag(raw.get("supportedExtendPrompt")) or False,
        most_images=_count(raw.get("maxImageCount")),
        most_clips=_count(raw.get("maxCount")),
        raw=raw,
    )


def _resolutions(value: object) -> tuple[Resolution, ...]:
    found = (_resolution(item) for item in fields.items(value))
    return tuple({one.value: one for one in found if one.value}.values())


def _resolution(item: object) -> Resolution:
    """Read `{label, value, width, height, unit_credit}`; a bare string is value and label."""
    raw = fields.mapping(item)
    value = fields.text(raw.get("value")) or fields.text(item)
    return Resolution(
        value=value,
        label=fields.text(raw.get("label")) or value,
        width=_count(raw.get("width")),
        height=_count(raw.get("height")),
        unit_credit=_price(raw.get("unit_credit")),
        durations=_durations(raw.get("durationList")),
    )


def _durations(value: object) -> tuple[int, ...]:
    found = (_count(item) for item in fields.items(value))
    return tuple(dict.fromkeys(seconds for seconds in found if seconds is not None))


def _audio(value: object) -> AudioSupport | None:
    """Read `generate_audio`: "non-null means supported", as an object or a truth value.

    False is read as no: a model that said so would most likely mean it, and offering sound
    that never comes is worse than not offering it.
    """
    raw = fields.mapping(value)
    if not raw and not fields.flag(value):
        return None
    return AudioSupport(
        required=fields.flag(raw.get("required")) or False,
        default=fields.flag(raw.get("default")) or False,
        multiplier=_price(raw.get("extra_credit_multiplier")),
    )


def _price(value: object) -> Decimal | None:
    found = fields.decimal(value)
    return found if found is not None and found >= 0 else None


def _count(value: object) -> int | None:
    """Return a whole number above nothing, or None."""
    found = fields.whole(value)
    return found if found is not None and found > 0 else None
