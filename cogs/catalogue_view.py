"""Draw what the vendor offers: pages of models and of effects, each with a button that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discord.ui import Container, LayoutView, Section, TextDisplay, Thumbnail

from billing.prices import Endpoint, PriceKey, price_of
from cogs import list_words, words
from cogs.effect_offers import table_price
from cogs.escape import escaped, link, one_line
from cogs.language import listed, number
from cogs.lists import ACCENT, layout
from cogs.render import dotted
from jobs.effects import RESOLUTIONS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeVar

    from discord.ui import ActionRow, DynamicItem

    from jobs.catalogue import Catalogue, Effect, Model

    _T = TypeVar("_T")

PAGE: Final = 6
"""Entries of one page: Discord takes 40 components a message, and each effect is five."""

_NAME: Final = 80
_VALUES: Final = 200
_LINK: Final = 400


def pages(entries: Sequence[object]) -> int:
    """Return how many pages a list has; an empty one has one."""
    return max(1, -(-len(entries) // PAGE))


def on_page(entries: Sequence[_T], page: int) -> Sequence[_T]:
    """Return the entries of a page; of the last one where the list has become shorter."""
    page = min(page, pages(entries) - 1)
    return entries[page * PAGE : (page + 1) * PAGE]


def models(
    catalogue: Catalogue,
    shown: Sequence[tuple[Model, DynamicItem[Any]]],
    rows: Sequence[ActionRow[Any]],
) -> LayoutView:
    """Draw a page of models, each beside its button."""
    container: Container[Any] = Container(accent_colour=ACCENT)
    container.add_item(
        TextDisplay(_head(list_words.MODELS_HEAD(), catalogue.stale, catalogue.read_at))
    )
    for model, button in shown:
        container.add_item(Section(TextDisplay(model_entry(model)), accessory=button))
    return layout(container, rows)


def effects(
    catalogue: Catalogue,
    shown: Sequence[tuple[Effect, ActionRow[Any]]],
    rows: Sequence[ActionRow[Any]],
) -> LayoutView:
    """Draw a page of effects with their pictures, each above its button."""
    container: Container[Any] = Container(accent_colour=ACCENT)
    head = _head(list_words.EFFECTS_HEAD(), catalogue.stale, catalogue.effects_read_at)
    container.add_item(TextDisplay(f"{head}\n{effects_offer()}"))
    for effect, button in shown:
        container.add_item(_with_picture(effect))
        container.add_item(button)
    return layout(container, rows)


def _head(head: str, stale: bool, read_at: int | None) -> str:
    if not stale or read_at is None:
        return head
    return f"{head}\n{list_words.OLDER_LIST(at=words.when(read_at))}"


def model_entry(model: Model) -> str:
    """Word a model at a glance: sizes, lengths, price of a clip, and what it can do."""
    low, high = price_range(model)
    price = list_words.PRICE_RANGE if low < high else list_words.PRICE_ABOUT
    return "\n".join(
        (
            f"**{escaped(model.label, _NAME)}**",
            dotted(
                escaped(listed(one.label for one in model.resolutions), _VALUES),
                words.LENGTH(n=listed(str(one) for one in model.seconds)),
                price(low=number(low), high=words.money(high)),
            ),
            f"-# {dotted(*_abilities(model))}",
        )
    )


def _abilities(model: Model) -> Iterator[str]:
    if model.sound_required:
        yield list_words.MODEL_ALWAYS_SOUND()
    else:
        yield (
            list_words.MODEL_SILENT()
            if model.sound_multiplier is None
            else list_words.MODEL_SOUND()
        )
    yield list_words.MODEL_LAST_FRAME() if model.last_frame else list_words.MODEL_NO_LAST_FRAME()
    yield list_words.MODEL_MOST(model.most_clips)


def price_range(model: Model) -> tuple[int, int]:
    """Return the least and the most that a clip costs by the list, in credits."""
    found = [
        list_price(model, one.value, seconds)
        for one in model.resolutions
        for seconds in model.seconds
    ]
    return min(found), max(found)


def list_price(model: Model, resolution: str, seconds: int) -> int:
    """Return what a clip costs by the list, in credits, without sound where that is a choice."""
    key = PriceKey(
        endpoint=Endpoint.BATCH,
        model=model.value,
        resolution=resolution,
        seconds=seconds,
        sound=model.sound_required,
    )
    return price_of(key, model.listed(key), None, 0).credits


def effects_offer() -> str:
    """Word what is the same for all effects: sizes, lengths, price of a clip."""
    prices = [table_price(size, seconds) for size in RESOLUTIONS for seconds in SECONDS]
    return dotted(
        listed(RESOLUTIONS),
        words.LENGTH(n=listed(str(one) for one in SECONDS)),
        list_words.PRICE_RANGE(low=number(min(prices)), high=words.money(max(prices))),
        list_words.EFFECTS_SOUND(),
    )


def _with_picture(effect: Effect) -> Section[Any] | TextDisplay[Any]:
    text = effect_entry(effect)
    picture = link(effect.picture)
    if not picture or len(picture) > _LINK:
        return TextDisplay(text)
    return Section(
        TextDisplay(text), accessory=Thumbnail(picture, description=one_line(effect.name)[:_NAME])
    )


def effect_entry(effect: Effect) -> str:
    """Word an effect: its name, and a link to its preview where there is one."""
    name = f"**{escaped(effect.name, _NAME)}**"
    preview = link(effect.preview)
    if not preview or len(preview) > _LINK:
        return name
    return f"{name}\n{list_words.PREVIEW(link=preview)}"
