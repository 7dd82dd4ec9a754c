"""Buttons carry their ids, fit Discord's bounds, and are read again by a client that is new."""

from __future__ import annotations

import re

import pytest
from discord.ui import Button

from cogs.browsing import Bring, ChooseClip, Leaf, Look, Narrow, Open
from cogs.confirm import Cancel, Confirm
from cogs.deleting import Delete, Erase
from cogs.dynamic import LARGEST_ID, Pick, Press, Turn, custom_id, row
from cogs.results import Again, AgainOrder, CancelOrder
from tests.cogs.scenes import Scene, last, said

ALL: list[type[Press]] = [Confirm, Cancel, Again, AgainOrder, Delete, Erase, CancelOrder, Bring]
LISTS: list[type[Turn | Pick]] = [Leaf, Narrow, Open, ChooseClip]


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("about", [0, 1, 57_000_000_000_000_000, LARGEST_ID])
async def test_a_custom_id_is_short_and_is_read_back(kind: type[Press], about: int) -> None:
    made = kind(about).item.custom_id
    assert made is not None
    assert len(made) <= 100
    match = kind.__discord_ui_compiled_template__.fullmatch(made)
    assert match is not None
    assert int(match["id"]) == about


@pytest.mark.parametrize("kind", ALL)
def test_no_button_is_mistaken_for_another(kind: type[Press]) -> None:
    made = custom_id(kind.name, 7)
    fits = [
        other for other in (*ALL, *LISTS) if other.__discord_ui_compiled_template__.fullmatch(made)
    ]
    assert fits == [kind]


@pytest.mark.parametrize("kind", LISTS)
def test_no_part_of_a_list_is_mistaken_for_another(kind: type[Turn | Pick]) -> None:
    made = f"{kind.name}:{Look(owner=7).state}"
    fits = [
        other for other in (*ALL, *LISTS) if other.__discord_ui_compiled_template__.fullmatch(made)
    ]
    assert fits == [kind]


async def test_a_new_client_knows_every_kind_of_button_before_any_message_is_posted(
    scene: Scene,
) -> None:
    known = scene.bot._connection._view_store._dynamic_items
    assert set(known.values()) >= {*ALL, *LISTS}


async def test_rows_never_expire_and_hold_nothing_but_our_buttons() -> None:
    view = row(Again(1), Delete(1))
    assert view.timeout is None
    assert view.is_persistent()
    assert all(isinstance(child, Press) for child in view.children)
    assert all(
        isinstance(child.item, Button) for child in view.children if isinstance(child, Press)
    )


async def test_an_id_that_no_database_holds_is_gone(scene: Scene) -> None:
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("made up", view=row(Again(9_999_999_999_999_999_999)))
    result = await scene.alice.click(last(scene.studio), label="Again")
    assert said(result) == "That clip is gone. Use `/animate` to make a new one."


@pytest.mark.parametrize("kind", ALL)
async def test_a_button_about_nothing_that_is_known_says_so(
    scene: Scene, kind: type[Press]
) -> None:
    channel = scene.bot.get_partial_messageable(scene.studio.id)
    await channel.send("lost", view=row(kind(123)))
    result = await scene.alice.click(last(scene.studio), label=kind.label())
    shown = [last(scene.studio).content, *(one.content for one in result.followups)]
    if result.response is not None:
        shown.append(result.response.content)
    assert any(re.search(r"is gone\.|Nothing was spent\.", text) for text in shown), shown
