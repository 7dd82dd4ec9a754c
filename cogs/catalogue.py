"""`/models` and `/effects`: what there is to choose from, leafed through in private."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.ui import ActionRow

from cogs import catalogue_view as view
from cogs import list_words, words
from cogs.admission import admit
from cogs.dynamic import Turn
from cogs.forms import in_time
from cogs.use_forms import (
    USE_EFFECT,
    USE_MODEL,
    effect_form,
    mark,
    marked_effect,
    marked_model,
    model_form,
)
from cogs.where import services_of
from jobs.errors import NoCatalogue, NoEffects, NotOffered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import LayoutView

    from cogs.client import Muybridge
    from jobs.catalogue import Catalogue


class LeafModels(Turn, name="models"):
    """Another page of models."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Show it in place of this one."""
        page = models_page(services_of(interaction).catalogue, _number(self.state))
        await interaction.response.edit_message(view=page)


class LeafEffects(Turn, name="effects"):
    """Another page of effects."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Show it in place of this one."""
        page = effects_page(services_of(interaction).catalogue, _number(self.state))
        await interaction.response.edit_message(view=page)


class UseModel(Turn, name=USE_MODEL):
    """Opens the form of an order with one model."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        async with in_time():
            await admit(interaction, private=False)
        model = marked_model(services_of(interaction).catalogue, _number(self.state))
        await interaction.response.send_modal(model_form(model))


class UseEffect(Turn, name=USE_EFFECT):
    """Opens the form of an order with one effect."""

    async def turned(self, interaction: discord.Interaction) -> None:
        """Open it at once."""
        async with in_time():
            await admit(interaction, private=False)
        effect = marked_effect(services_of(interaction).catalogue, _number(self.state))
        await interaction.response.send_modal(effect_form(effect))


def models_page(catalogue: Catalogue, page: int) -> LayoutView:
    """Draw a page of models. Raises NoCatalogue before the first list came."""
    if not catalogue.models:
        raise NoCatalogue
    shown = view.on_page(catalogue.models, page)
    buttons = [(one, UseModel(str(mark(one.value)), list_words.USE())) for one in shown]
    return view.models(catalogue, buttons, tuple(_beside(LeafModels, catalogue.models, page)))


def effects_page(catalogue: Catalogue, page: int) -> LayoutView:
    """Draw a page of effects. Raises NoEffects before the first list came."""
    if not catalogue.effects:
        raise NoEffects
    shown = view.on_page(catalogue.effects, page)
    rows = [
        (one, ActionRow[Any](UseEffect(str(mark(one.code)), list_words.USE()))) for one in shown
    ]
    return view.effects(catalogue, rows, tuple(_beside(LeafEffects, catalogue.effects, page)))


def _beside(
    leaf: type[LeafModels | LeafEffects], entries: Sequence[object], page: int
) -> Iterator[ActionRow[Any]]:
    """Lead to the pages before and after this one, where there are any."""
    last = view.pages(entries) - 1
    page = min(page, last)
    near = ((page - 1, list_words.PAGE_BEFORE), (page + 1, list_words.PAGE_AFTER))
    buttons = [leaf(str(one), label()) for one, label in near if 0 <= one <= last]
    if buttons:
        yield ActionRow(*buttons)


def _number(state: str) -> int:
    """Read a button's number. Raises NotOffered for one that no version of ours wrote."""
    if not state.isdecimal():
        raise NotOffered
    return int(state)


class CatalogueCog(commands.Cog):
    """The two commands; both answer from memory."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @app_commands.command(name="models", description=words.MODELS.english)
    async def models(self, interaction: discord.Interaction) -> None:
        """Show the first page of models."""
        page = models_page(self._catalogue, 0)
        await interaction.response.send_message(view=page, ephemeral=True)

    @app_commands.command(name="effects", description=words.EFFECTS.english)
    async def effects(self, interaction: discord.Interaction) -> None:
        """Show the first page of effects."""
        page = effects_page(self._catalogue, 0)
        await interaction.response.send_message(view=page, ephemeral=True)


async def setup(bot: Muybridge) -> None:
    """Add the commands, and make the buttons work."""
    bot.add_buttons(LeafModels, LeafEffects, UseModel, UseEffect)
    await bot.add_cog(CatalogueCog(bot.services.catalogue))
