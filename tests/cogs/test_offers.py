"""While a member types, the options that depend on the model are offered with their prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cogs import offers
from cogs.offers import Typed
from jobs.catalogue import Catalogue, Model, Resolution
from tests.fakes import START

if TYPE_CHECKING:
    from tests.cogs.scenes import Scene


async def offered(
    scene: Scene, option: str, text: str, **filled: object
) -> list[tuple[str, object]]:
    choices = await scene.alice.autocomplete(scene.studio, "animate", option, text, **filled)
    return [(choice["name"], choice["value"]) for choice in choices]


async def test_models_are_offered_with_their_price_and_whether_they_make_sound(
    scene: Scene,
) -> None:
    assert await offered(scene, "model", "") == [
        ("Seedance 1.0 Pro, with sound · about 10 credits a clip", "seedance-1-0-pro"),
        ("Quick · about 5 credits a clip", "quick"),
    ]


async def test_what_is_typed_narrows_the_list_by_name_or_value(scene: Scene) -> None:
    assert [value for _, value in await offered(scene, "model", "SEED")] == ["seedance-1-0-pro"]
    assert [value for _, value in await offered(scene, "model", "1-0")] == ["seedance-1-0-pro"]
    assert await offered(scene, "model", "nothing like it") == []


async def test_resolutions_are_those_of_the_model_that_is_typed(scene: Scene) -> None:
    assert await offered(scene, "resolution", "", model="quick") == [
        ("480p · about 5 credits a clip", "480p")
    ]
    assert await offered(scene, "resolution", "", seconds=10, sound=True) == [
        ("720p · about 30 credits a clip", "720p"),
        ("1080p · about 60 credits a clip", "1080p"),
    ]
    assert await offered(scene, "resolution", "", model="no such model") == []


async def test_seconds_are_those_of_the_model_that_is_typed(scene: Scene) -> None:
    assert await offered(scene, "seconds", "", resolution="1080p") == [
        ("5 s · about 20 credits a clip", 5),
        ("10 s · about 40 credits a clip", 10),
    ]
    assert await offered(scene, "seconds", "1", model="quick") == []


async def test_half_typed_nonsense_in_the_other_options_is_ignored(scene: Scene) -> None:
    priced = await offered(scene, "model", "quick", resolution="99k", seconds=3)
    assert priced == [("Quick · about 5 credits a clip", "quick")]


@pytest.mark.parametrize("guilds", [frozenset({1})])
async def test_nothing_is_offered_where_the_bot_does_not_serve(scene: Scene) -> None:
    assert await offered(scene, "model", "") == []


def test_without_a_list_nothing_is_offered() -> None:
    empty = Catalogue()
    assert offers.models(empty, Typed(), "") == []
    assert offers.resolutions(empty, Typed(), "") == []
    assert offers.seconds(empty, Typed(), "") == []


def test_lists_and_names_stay_within_discords_bounds() -> None:
    size = Resolution(value="720p", label="7" * 300, unit_credit="1")
    many = tuple(
        Model(value=f"m{number}", label=f"{number} " + "x" * 300, resolutions=(size,), seconds=(5,))
        for number in range(40)
    )
    endless = Model(value="v" * 101, label="endless", resolutions=(size,), seconds=(5,))
    known = Catalogue()
    known.replace((endless, *many), START)
    choices = offers.models(known, Typed(), "")
    assert len(choices) == 25
    assert all(1 <= len(choice.name) <= 100 for choice in choices)
    assert all(len(str(choice.value)) <= 100 for choice in choices)
    (resolution,) = offers.resolutions(known, Typed(model="m1"), "")
    assert len(resolution.name) == 100
