"""The fields of an effect's form: offered anew, or filled with what was ordered, and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from cogs import form_words, list_words, words
from cogs.effect_offers import table_price
from cogs.escape import one_line
from cogs.offers import LONGEST, MOST
from jobs.effects import RESOLUTIONS, SECONDS, Effected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT: Final = "format"
SOUND: Final = "sound"
TRACK: Final = "track"


def effect_fields(
    asked: Effected | None = None, *, track_kept: bool = False
) -> Iterator[ui.Label[Any]]:
    """Return size and length, sound, and own track, set as they were `asked`."""
    formats = (
        (size, size, seconds, table_price(size, seconds))
        for size in RESOLUTIONS
        for seconds in SECONDS
    )
    chosen = "" if asked is None else f"{asked.resolution}|{asked.seconds}"
    yield format_field(formats, chosen)
    yield sound_field(words.EFFECT_SOUND(), on=asked is not None and asked.sound)
    hint = form_words.FORM_KEEP_TRACK() if track_kept else words.EFFECT_TRACK()
    track: ui.FileUpload[Any] = ui.FileUpload(custom_id=TRACK, required=False, min_values=0)
    yield labelled(list_words.FIELD_TRACK(), hint, track)


def labelled(name: str, hint: str, field: ui.Item[Any]) -> ui.Label[Any]:
    """Return a field with its name and what to know of it."""
    return ui.Label(text=name, description=hint, component=field)


def format_field(found: Iterable[tuple[str, str, int, int]], chosen: str = "") -> ui.Label[Any]:
    """Offer each size and length with its price (credits); the first is chosen unless another is.

    `found` has the size, what it is called, seconds and credits; `chosen` is `size|seconds`.
    """
    options = [
        discord.SelectOption(
            label=list_words.FORMAT(size=one_line(label), n=seconds, price=words.money(price))[
                :LONGEST
            ],
            value=f"{value}|{seconds}",
        )
        for value, label, seconds, price in found
    ][:MOST]
    default = next((one for one in options if one.value == chosen), options[0])
    default.default = True
    menu: ui.Select[Any] = ui.Select(custom_id=FORMAT, options=options)
    return labelled(list_words.FIELD_FORMAT(), list_words.FIELD_FORMAT_HINT(), menu)


def sound_field(hint: str, *, on: bool = False) -> ui.Label[Any]:
    """Ask whether a clip shall have the vendor's own sound."""
    return labelled(list_words.FIELD_SOUND(), hint, ui.Checkbox(custom_id=SOUND, default=on))


def chosen_format(fields: dict[str, Any]) -> tuple[str | None, int | None]:
    """Read size and length; what is not on offer any more is refused by the desk."""
    chosen = fields.get(FORMAT) or ("",)
    resolution, _, seconds = str(chosen[0]).rpartition("|")
    return resolution or None, int(seconds) if seconds.isdecimal() else None


def read_effect(fields: dict[str, Any], effect: str = "") -> Effected:
    """Read what was chosen in an effect's form; one that is written down knows its effect."""
    resolution, seconds = chosen_format(fields)
    return Effected(
        effect=effect,
        resolution=resolution,
        seconds=seconds,
        sound=bool(fields.get(SOUND)),
        track=bool(fields.get(TRACK)),
    )
