"""Forms: opened at once, sent in whenever, also to a process that never showed them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from cogs import form_words
from cogs.dynamic import Press, custom_id
from cogs.effect_fields import FORMAT, TRACK, effect_fields, read_effect
from cogs.escape import one_line
from cogs.where import client_of, services_of
from jobs.asking import LONGEST_PROMPT, Animate, Upload
from jobs.effects import Effected
from jobs.errors import NotOffered, RecordsSlow
from jobs.forms import MOST_PICTURES, FormKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from cogs.client import Muybridge
    from jobs.catalogue import Catalogue
    from jobs.forms import Form

NAME: Final = "form"

FIRST_ANSWER_S: Final = 2.0
"""A form has to be the first answer, for which Discord waits three seconds: so long may our
records take."""

REMEMBERED_S: Final = 15 * 60
"""How long discord.py keeps a form in memory; it is routed by its id, also after that."""

LONGEST_TITLE: Final = 45
"""Characters of a form's title (Discord's reference, "Modal")."""

_IMAGES: Final = "images"
_PROMPT: Final = "prompt"
_AVOID: Final = "avoid"


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Bound what is read and written before a form opens. Raises RecordsSlow."""
    try:
        async with asyncio.timeout(FIRST_ANSWER_S):
            yield
    except TimeoutError as error:
        raise RecordsSlow from error


async def show(interaction: discord.Interaction, form: Form, hint: str = "") -> None:
    """Open a form that is written down, filled with what it holds; `hint` is what to know of it.

    Raises NotOffered for one of an effect that is not on offer any more.
    """
    await interaction.response.send_modal(_modal(form, services_of(interaction).catalogue, hint))


def _modal(form: Form, catalogue: Catalogue, hint: str = "") -> ui.Modal:
    if isinstance(form.asked, Effected):
        return _effect_modal(form, form.asked, catalogue)
    return _animate_modal(form, form.asked, hint)


def _effect_modal(form: Form, asked: Effected, catalogue: Catalogue) -> ui.Modal:
    name = next((one.name for one in catalogue.effects if one.code == asked.effect), None)
    if name is None:
        raise NotOffered
    title = one_line(name)[:LONGEST_TITLE]
    modal = ui.Modal(title=title, custom_id=custom_id(NAME, form.id), timeout=REMEMBERED_S)
    modal.add_item(_images(form))
    for field in effect_fields(asked, track_kept=form.track is not None):
        modal.add_item(field)
    return modal


def _animate_modal(form: Form, asked: Animate, hint: str) -> ui.Modal:
    modal = ui.Modal(title=_title(form), custom_id=custom_id(NAME, form.id), timeout=REMEMBERED_S)
    if not form.uploads:
        modal.add_item(_images(form))
    modal.add_item(_prompt(asked.prompt, hint))
    modal.add_item(_avoid(asked.avoid))
    return modal


def _title(form: Form) -> str:
    if form.kind is FormKind.EDIT:
        return form_words.FORM_EDIT()
    if form.kind is FormKind.USE:
        return form_words.FORM_PICTURES(1)
    if form.uploads:
        return form_words.FORM_PICTURES(len(form.uploads))
    return form_words.FORM_BATCH()


def _images(form: Form) -> ui.Label[Any]:
    """Ask for pictures; an upload can't be prefilled, so leaving it empty keeps what is there."""
    most = 1 if form.kind in {FormKind.EDIT, FormKind.USE} else MOST_PICTURES
    single = most == 1
    if form.pictures:
        kept = form_words.FORM_KEEP(len(form.pictures))
    else:
        kept = form_words.FORM_IMAGES_HINT(most=most)
    return ui.Label(
        text=form_words.FORM_IMAGE() if single else form_words.FORM_IMAGES(),
        description=kept,
        component=ui.FileUpload(
            custom_id=_IMAGES,
            required=not form.pictures,
            min_values=0 if form.pictures else 1,
            max_values=most,
        ),
    )


def _prompt(text: str, hint: str) -> ui.Label[Any]:
    return ui.Label(
        text=form_words.FORM_PROMPT(),
        description=hint or form_words.FORM_PROMPT_HINT(),
        component=ui.TextInput(
            custom_id=_PROMPT,
            style=discord.TextStyle.paragraph,
            default=text or None,
            max_length=LONGEST_PROMPT,
        ),
    )


def _avoid(text: str) -> ui.Label[Any]:
    return ui.Label(
        text=form_words.FORM_AVOID(),
        description=form_words.FORM_AVOID_HINT(),
        component=ui.TextInput(
            custom_id=_AVOID,
            style=discord.TextStyle.paragraph,
            default=text or None,
            required=False,
            max_length=LONGEST_PROMPT,
        ),
    )


async def submitted(interaction: discord.Interaction, form_id: int) -> None:
    """Hand what was sent in to the desk, like a command that was typed."""
    data = cast("dict[str, Any]", interaction.data)
    values = typed_into(interaction)
    files = data.get("resolved", {}).get("attachments", {})
    images = tuple(_upload(files[one]) for one in values.get(_IMAGES) or () if one in files)
    tracks = [_upload(files[one]) for one in values.get(TRACK) or () if one in files]
    track = tracks[0] if tracks else None
    desk = client_of(interaction).desk
    await desk.take(interaction, _typed(values), *images, track=track, form=form_id)


def _typed(values: dict[str, Any]) -> Animate | Effected:
    """Read what was typed or chosen: only the form of an effect has its size and length."""
    if FORMAT in values:
        return read_effect(values)
    return Animate(prompt=str(values.get(_PROMPT) or ""), avoid=str(values.get(_AVOID) or ""))


def typed_into(interaction: discord.Interaction) -> dict[str, Any]:
    """Return what was typed or chosen in a form, by field."""
    data = cast("dict[str, Any]", interaction.data)
    return dict(_values(data.get("components", ())))


def _values(components: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Discord's own JSON
    """Read a form's fields from Discord's own JSON: the form itself may be another process's."""
    for one in components:
        inner = one.get("component")
        if inner is not None:
            yield inner["custom_id"], inner.get("values", inner.get("value"))


def _upload(file: dict[str, Any]) -> Upload:
    return Upload(link=file["url"], name=file["filename"], size=file["size"])


class Reopen(Press, name="reopen", label=form_words.REOPEN):
    """Brings a refused form back as it was."""

    async def pressed(self, interaction: discord.Interaction) -> None:
        """Open it at once, or say that it is over."""
        async with in_time():
            forms = services_of(interaction).forms
            form = await forms.renew(await forms.find(self.about, interaction.user.id))
        await show(interaction, form)


async def setup(bot: Muybridge) -> None:
    """Have forms routed, and make the button work."""
    bot.add_form(NAME, submitted)
    bot.add_buttons(Reopen)
