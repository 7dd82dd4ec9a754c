"""The forms behind "Use it": an order with its model or effect set, sent in whenever."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from cogs import list_words, words
from cogs.catalogue_view import list_price
from cogs.dynamic import custom_id
from cogs.effect_fields import (
    SOUND,
    TRACK,
    chosen_format,
    effect_fields,
    format_field,
    labelled,
    read_effect,
    sound_field,
)
from cogs.escape import one_line
from cogs.forms import in_time
from cogs.where import client_of, member_of, services_of
from jobs.asking import LONGEST_PROMPT, Animate, Upload
from jobs.errors import BadPicture, NotOffered, PictureFault
from jobs.forms import FormKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cogs.client import Muybridge
    from jobs.catalogue import Catalogue, Effect, Model

USE_MODEL: Final = "use-model"
USE_EFFECT: Final = "use-effect"

REMEMBERED_S: Final = 15 * 60
"""How long discord.py keeps a form in memory; it is routed by its id, also after that."""

_TITLE: Final = 45
"""Characters of a form's title (Discord's reference, "Modal")."""

_IMAGE, _PROMPT, _AVOID = "image", "prompt", "avoid"


def mark(value: str) -> int:
    """Return a number for a model's value or an effect's code that is the same after a restart."""
    return zlib.crc32(value.encode())


def marked_model(catalogue: Catalogue, number: int) -> Model:
    """Find a model by its mark. Raises NotOffered when it is not on offer any more."""
    for one in catalogue.models:
        if mark(one.value) == number:
            return one
    raise NotOffered


def marked_effect(catalogue: Catalogue, number: int) -> Effect:
    """Find an effect by its mark. Raises NotOffered when it is not on offer any more."""
    for one in catalogue.effects:
        if mark(one.code) == number:
            return one
    raise NotOffered


# --- what is shown ------------------------------------------------------------------------------


def model_form(model: Model) -> ui.Modal:
    """Return the form of an order with that model."""
    form = _form(USE_MODEL, model.value, model.label)
    form.add_item(_image())
    form.add_item(_text(_PROMPT, list_words.FIELD_PROMPT(), words.ANIMATE_PROMPT(), required=True))
    formats = (
        (one.value, one.label, seconds, list_price(model, one.value, seconds))
        for one in model.resolutions
        for seconds in model.seconds
    )
    form.add_item(format_field(formats))
    form.add_item(_text(_AVOID, list_words.FIELD_AVOID(), words.ANIMATE_AVOID(), required=False))
    if model.sound_multiplier is not None and not model.sound_required:
        form.add_item(sound_field(words.ANIMATE_SOUND()))
    return form


def effect_form(effect: Effect) -> ui.Modal:
    """Return the form of an order with that effect."""
    form = _form(USE_EFFECT, effect.code, effect.name)
    form.add_item(_image())
    for field in effect_fields():
        form.add_item(field)
    return form


def _form(name: str, value: str, title: str) -> ui.Modal:
    return ui.Modal(
        title=one_line(title)[:_TITLE], custom_id=custom_id(name, mark(value)), timeout=REMEMBERED_S
    )


def _image() -> ui.Label[Any]:
    return labelled(
        list_words.FIELD_IMAGE(), words.ANIMATE_IMAGE(), ui.FileUpload(custom_id=_IMAGE)
    )


def _text(name: str, label: str, hint: str, *, required: bool) -> ui.Label[Any]:
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        required=required,
        max_length=LONGEST_PROMPT,
    )
    return labelled(label, hint, field)


# --- what comes back ----------------------------------------------------------------------------


async def model_sent(interaction: discord.Interaction, number: int) -> None:
    """Hand a form to the desk, like `/animate` that was typed. Raises NotOffered."""
    model = marked_model(services_of(interaction).catalogue, number)
    fields, files = _read(interaction)
    resolution, seconds = chosen_format(fields)
    asked = Animate(
        prompt=str(fields.get(_PROMPT) or ""),
        model=model.value,
        resolution=resolution,
        seconds=seconds,
        avoid=str(fields.get(_AVOID) or ""),
        sound=bool(fields.get(SOUND)),
    )
    image = _needed(files.get(_IMAGE))
    desk = client_of(interaction).desk
    if seconds not in model.seconds or resolution not in {one.value for one in model.resolutions}:
        await desk.take(interaction, asked, image, asks_first=True)  # which refuses it
        return
    # From here on it is a form as any other: when it is refused, it can be reopened.
    async with in_time():
        member = await member_of(interaction)
        form = await services_of(interaction).forms.open(FormKind.USE, member, asked)
    await desk.take(interaction, asked, image, form=form.id)


async def effect_sent(interaction: discord.Interaction, number: int) -> None:
    """Hand a form to the desk, like `/effect` that was typed. Raises NotOffered."""
    effect = marked_effect(services_of(interaction).catalogue, number)
    fields, files = _read(interaction)
    asked = read_effect(fields, effect.code)
    async with in_time():
        member = await member_of(interaction)
        form = await services_of(interaction).forms.open(FormKind.USE, member, asked)
    image, desk = _needed(files.get(_IMAGE)), client_of(interaction).desk
    await desk.take(interaction, asked, image, track=files.get(TRACK), form=form.id)


def _needed(image: Upload | None) -> Upload:
    if image is None:
        raise BadPicture(fault=PictureFault.EMPTY)
    return image


def _read(interaction: discord.Interaction) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Read Discord's own JSON: the form itself may have been another process's."""
    data = cast("dict[str, Any]", interaction.data)
    fields = dict(_values(data.get("components", ())))
    sent = data.get("resolved", {}).get("attachments", {})
    files = {
        name: _upload(sent[fields[name][0]])
        for name in (_IMAGE, TRACK)
        if fields.get(name) and fields[name][0] in sent
    }
    return fields, files


def _values(components: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for one in components:
        inner = one.get("component")
        if inner is not None:
            yield inner["custom_id"], inner.get("values", inner.get("value"))


def _upload(file: dict[str, Any]) -> Upload:
    return Upload(link=file["url"], name=file["filename"], size=file["size"])


async def setup(bot: Muybridge) -> None:
    """Have the forms routed, also after a restart."""
    bot.add_form(USE_MODEL, model_sent)
    bot.add_form(USE_EFFECT, effect_sent)
