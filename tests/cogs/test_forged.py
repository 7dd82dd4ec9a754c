"""Buttons and forms that somebody made up by hand move nothing and show nothing of others."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from discord.http import MultipartParameters
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.enums import InteractionType

from cogs.browsing import Look
from cogs.dynamic import LARGEST_ID, Pick, Press, Turn, read_id
from jobs.errors import OrderGone
from tests.cogs.looking_back import moderator
from tests.cogs.scenes import Scene, last

if TYPE_CHECKING:
    import discord
    from simcord import InteractionResult

    from storage.database import Rows, Transaction

SECRET: Final = "the garden behind the blue house"
NOTHING: Final = "9" * 19
"""An id that is larger than any database holds."""

TABLES: Final = ("orders", "sends", "clips", "holds", "entries", "wallets", "drafts", "forms")


def everything(table: str, user_id: int) -> Transaction[Rows]:
    """Read what a table holds of a member: a transaction of the test's own."""
    of = {"sends": "order_id IN (SELECT id FROM orders WHERE user_id = $1)"}
    of["holds"] = of["entries"] = "user_id = $1"
    return (yield (f"SELECT * FROM {table} WHERE {of.get(table, 'user_id = $1')}", (user_id,)))  # noqa: S608


async def books(scene: Scene) -> str:
    """Return all that is stored of Alice."""
    rows = [await scene.store._read(everything, table, scene.alice.id) for table in TABLES]
    return json.dumps([[dict(cast("Any", row)) for row in table] for table in rows])


async def forge(
    scene: Scene, custom_id: str, kind: type[Any], values: tuple[str, ...]
) -> discord.Message:
    """Post a button or a select that no code of ours has made, in a message like those it is in."""
    item: dict[str, Any] = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
    if issubclass(kind, Pick):
        options = [{"label": "?", "value": one} for one in values]
        item = {"type": 3, "custom_id": custom_id, "options": options}
    flags, texts = (0, []) if issubclass(kind, Press) else (1 << 15, [{"type": 10, "content": "?"}])
    body: dict[str, Any] = {
        "components": [*texts, {"type": 1, "components": [item]}],
        "flags": flags,
    }
    body |= {} if texts else {"content": "forged"}
    with MultipartParameters(body, None, None) as params:
        await scene.bot.http.send_message(scene.studio.id, params=params)
    return last(scene.studio)


def words(result: InteractionResult) -> str:
    """Return all that somebody was shown."""
    shown = [*result.followups, *([result.response] if result.response is not None else [])]
    return "\n".join(f"{one.content} {one.components}" for one in shown)


def states(kind: type[Any], mine: tuple[str, ...]) -> list[str]:
    """List custom ids of a kind about somebody else's things, and about nothing."""
    if issubclass(kind, Press):
        return [f"{kind.name}:{one}" for one in (*mine[1:], NOTHING)]
    alice, order, *_ = mine
    places = (f"{alice}:all:t", f"{NOTHING}:kept:b{'9' * 18}", f"{alice}:all:a{order}")
    if issubclass(kind, Pick):
        return [f"{kind.name}:{places[0]}", f"{kind.name}:{NOTHING}"]
    return [f"{kind.name}:{one}" for one in (order, NOTHING, *places)]


async def private_things(scene: Scene) -> tuple[str, ...]:
    """Let Alice have a private order, an offer and an open form; return the ids of them all."""
    await scene.animate(prompt=SECRET, private=True)
    await scene.animate(prompt=SECRET, private=True, variations=6)
    found = [str(scene.alice.id)]
    for table in ("orders", "clips", "drafts"):
        rows = await scene.store._read(everything, table, scene.alice.id)
        found += [str(row["id"]) for row in rows]
    assert len(found) == 1 + 1 + 1 + 2
    return tuple(found)


async def test_no_made_up_button_moves_or_shows_what_is_somebody_elses(scene: Scene) -> None:
    mine = await private_things(scene)
    before = await books(scene)
    known = scene.bot._connection._view_store._dynamic_items.values()
    assert len(known) > 15
    shown = []
    for kind in sorted(known, key=str):
        for custom_id in states(kind, mine):
            values = (mine[1], mine[2], NOTHING, "?") if issubclass(kind, Pick) else ()
            message = await forge(scene, custom_id, kind, values)
            for value in values:
                result = await scene.bob.select(message, [value], custom_id=custom_id)
                shown.append((custom_id, words(result)))
            if not values:
                result = await scene.bob.click(message, custom_id=custom_id)
                shown.append((custom_id, words(result)))
    assert [one for one in shown if SECRET in one[1] or "went wrong" in one[1]] == []
    assert len(shown) > 60
    assert await books(scene) == before


async def test_a_made_up_language_is_left_to_discord(scene: Scene) -> None:
    custom_id = "settings-choose:more:language"
    mona = moderator(scene)
    for value in ("de", "xx"):
        message = await forge(scene, custom_id, Pick, (value,))
        await mona.select(message, [value], custom_id=custom_id)
    assert (await scene.store.rules(scene.guild.id)).language == ""


async def test_a_menu_or_switch_sets_nothing_that_is_not_set_in_that_way(scene: Scene) -> None:
    mona, before = moderator(scene), await scene.store.rules(scene.guild.id)
    for setting in ("poolperiod", "poolcredits", "confirmprice", "zone", "reuse"):
        custom_id = f"settings-choose:money:{setting}"
        message = await forge(scene, custom_id, Pick, ("5",))
        await mona.select(message, ["5"], custom_id=custom_id)
    for setting in ("channels", "zone", "moderatorroles"):
        custom_id = f"settings-switch:where:{setting}:on"
        await mona.click(await forge(scene, custom_id, Turn, ()), custom_id=custom_id)
    assert await scene.store.rules(scene.guild.id) == before


async def test_no_made_up_form_moves_or_shows_what_is_somebody_elses(scene: Scene) -> None:
    mine = await private_things(scene)
    order, clip = await scene.ordering.clip(int(mine[2]))
    form = await scene.bot.services.forms.edit(order.member, order, clip)
    before = await books(scene)
    shown = []
    for name in scene.bot._forms:
        for about in (str(form.id), mine[1], NOTHING, "0", "-1", "\u0663", "x", ""):
            data = {"custom_id": f"{name}:{about}", "components": []}
            result = await scene.bob._dispatch_interaction(
                InteractionType.MODAL_SUBMIT, scene.studio, data
            )
            shown.append((data["custom_id"], words(result)))
    assert [one for one in shown if SECRET in one[1] or "went wrong" in one[1]] == []
    assert len(shown) >= 24
    assert await books(scene) == before


KINDS: Final = sorted(
    (
        kind
        for base in (Press, Pick, Turn)
        for kind in base.__subclasses__()
        if "cogs." in kind.__module__
    ),
    key=lambda kind: kind.name,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_any_custom_id_is_read_or_is_not_ours(kind: type[Any], data: st.DataObject) -> None:
    """Whatever fits a kind's pattern makes its item; ids that it takes are numbers."""
    template = kind.__discord_ui_compiled_template__
    text = data.draw(st.one_of(st.from_regex(template, fullmatch=True), st.text(max_size=100)))
    match = template.fullmatch(text)
    if match is None:
        return
    item = await kind.from_custom_id(None, None, match)
    assert isinstance(item, kind)
    assert len(item.item.custom_id) <= 100 or len(text) > 100


@given(text=st.text(max_size=100))
def test_a_place_in_a_list_is_read_or_is_gone(text: str) -> None:
    for state in (text, f"7:all:a{text}", f"{text}:all:t"):
        with contextlib.suppress(OrderGone):
            assert Look.of(Look.of(state).state) == Look.of(state)


@given(text=st.one_of(st.text(max_size=30), st.integers().map(str)))
def test_an_id_from_outside_is_one_that_a_database_holds_or_is_gone(text: str) -> None:
    with contextlib.suppress(OrderGone):
        assert 0 <= read_id(text) <= LARGEST_ID
